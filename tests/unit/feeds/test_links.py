"""Links: absolute http(s) or nothing, and never a fault."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.links import absolute, first


@pytest.mark.parametrize(
    ("link", "base", "found"),
    [
        ("http://example.org/a?b=1&c=2#d", None, "http://example.org/a?b=1&c=2#d"),
        ("  https://example.org/x\n", None, "https://example.org/x"),
        ("HTTP://Example.org/", None, "HTTP://Example.org/"),
        ("http:///example.org/a", None, "http://example.org/a"),
        ("https://예시.한국/기사", None, "https://예시.한국/기사"),
        ("http://h/a b", None, "http://h/a b"),
        ("/rel", "https://h/dir/feed", "https://h/rel"),
        ("rel", "https://h/dir/feed", "https://h/dir/rel"),
        ("//cdn.example.org/x", None, "https://cdn.example.org/x"),
        ("//h2/x", "http://h/", "http://h2/x"),
        ("/rel", None, None),
        ("javascript:alert(1)", "https://h/", None),
        ("mailto:a@b.org", "https://h/", None),
        ("data:text/html,x", None, None),
        ("http://127.0.0.1:x/", None, None),
        ("http://[::1]./", None, None),
        ("http://h:99999/", None, None),
        ("http://", None, None),
        ("http://[", "https://h/", None),
        ("ht\ntp://h/", None, "http://h/"),
        ("", "https://h/", None),
        (None, "https://h/", None),
    ],
)
def test_absolute(link: str | None, base: str | None, found: str | None) -> None:
    assert absolute(link, base) == found


def test_the_first_usable_link_counts() -> None:
    assert first(["javascript:alert(1)", "http://[", "http://good/", "http://later/"]) == "http://good/"
    assert first(["mailto:x"]) is None


@given(st.text(max_size=60), st.sampled_from([None, "https://h/dir/"]))
def test_no_link_is_a_fault(link: str, base: str | None) -> None:
    found = absolute(link, base)
    assert found is None or found.lower().startswith(("http://", "https://"))
