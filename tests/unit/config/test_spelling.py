"""The likeliest spelling: letters that differ, and words that are cut or lengthened; nothing where nothing is near."""

from __future__ import annotations

import pytest

from monitor.config.spelling import nearest

KEYS = ("aliases", "type", "not", "members", "high", "desk-ops", "HOME", "retention")


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("alias", "aliases"),
        ("aliasses", "aliases"),
        ("typ", "type"),
        ("memebrs", "members"),
        ("highest", "high"),
        ("retain", None),
        ("desk", "desk-ops"),
        ("HOME_TOKEN", None),
        ("zzz", None),
        ("", None),
    ],
)
def test_the_likeliest_spelling(word: str, meant: str | None) -> None:
    assert nearest(word, KEYS) == meant
