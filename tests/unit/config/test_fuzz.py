"""Whatever the files hold: problems, never an exception; and what is told can be rendered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.config import as_json, load, render
from monitor.config.includes import SECTIONS
from monitor.config.keys.base import keys_of
from monitor.config.keys.channels import ChannelKeys
from monitor.config.keys.feeds import FeedKeys
from monitor.config.keys.rules import RuleKeys

KEYS = [
    *SECTIONS,
    *keys_of(FeedKeys),
    *keys_of(RuleKeys),
    *keys_of(ChannelKeys),
    "listen",
    "users",
    "webhook_url",
    "smtp",
    "secret",
    "from",
    "to",
]
SAMPLES = """
    auto 5m 10/1h 22:00-07:00 https://a.example.org/f ftp://x ${X} ${Y} $${ ${file:/nowhere} FFVD entity:A ~ true 5 slack webhook console
    email sqlite:///x postgresql://a:b@h/d 0.0.0.0:1 unix:/x UTC a*b NEAR/5 ( -x /re( *.yaml 10.0.0.0/8 20GB scrypt:abc
"""
WORDS = st.one_of(st.sampled_from(SAMPLES.split()), st.text(max_size=8))
TYPES = st.fixed_dictionaries({"type": st.sampled_from(["slack", "email", "webhook", "console"])})
REST = ("defaults", "network", "web", "retention", "database", "include", "operations", "heartbeat", "workers")


def quoted(text: str) -> str:
    safe = "".join(char if char.isalnum() or char in " :/${}.*(-@[]" else f"\\U{ord(char):08x}" for char in text)
    return f'"{safe}"'


def flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{quoted(key)}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    return value if value in ("~", "true", "5") else quoted(value)


keys = st.one_of(st.sampled_from(KEYS), st.text(max_size=6))
values = st.recursive(WORDS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=5), max_leaves=12)
items = st.dictionaries(keys, values, max_size=6)
documents = st.fixed_dictionaries(
    {},
    optional={
        "feeds": st.lists(items | WORDS, max_size=3) | values,
        "rules": st.lists(items, max_size=3) | values,
        "entities": st.dictionaries(WORDS, items, max_size=3) | values,
        "channels": st.dictionaries(WORDS, items | TYPES, max_size=3),
        **dict.fromkeys(REST, items | values),
    },
)
slow = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)


def judge(path: Path) -> None:
    loaded = load(path, env={"X": "a value", "Z": ""})
    assert (loaded.config is None) == bool(loaded.errors)
    for width in (None, 40):
        assert render(loaded, width=width)
    assert as_json(loaded)["ok"] == (loaded.config is not None and loaded.fence is None)
    for problem in loaded.problems:
        assert problem.message
        if problem.line is not None and problem.excerpt is not None:
            assert problem.column is not None
            assert 1 <= problem.column <= len(problem.excerpt) + 1


@slow
@given(documents)
def test_documents_of_nearly_right_keys(tmp_path: Path, document: dict[str, Any]) -> None:
    path = tmp_path / "monitor.yaml"
    path.write_text(flow(document), encoding="utf-8")
    judge(path)


@slow
@given(st.binary(max_size=200) | st.text("ab: -[]{},&*!|>'\"%@`#?\n\t$é", max_size=80).map(str.encode))
def test_any_bytes(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "monitor.yaml"
    path.write_bytes(data)
    judge(path)


@slow
@given(st.data())
def test_the_design_s_example_with_a_piece_changed(tmp_path: Path, data: st.DataObject) -> None:
    from tests.unit.config.test_load import DESIGN

    start = data.draw(st.integers(0, len(DESIGN)))
    end = data.draw(st.integers(start, min(len(DESIGN), start + 12)))
    text = DESIGN[:start] + data.draw(st.text("ab: -[]{},&*!|>'\"%@`#?\n\t$é", max_size=6)) + DESIGN[end:]
    path = tmp_path / "monitor.yaml"
    path.write_text(text, encoding="utf-8")
    judge(path)


@slow
@given(st.binary(max_size=300) | st.text("<>/=\"'& opmlutinexUrhs:", max_size=120).map(lambda text: f"<opml>{text}</opml>".encode()))
def test_any_opml(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "f.opml").write_bytes(data)
    path = tmp_path / "monitor.yaml"
    path.write_text("feeds: [{opml: f.opml}]", encoding="utf-8")
    judge(path)
