"""A configuration read in a process of its own is the one that `load` reads, and only one without faults comes back."""

from __future__ import annotations

import threading
from dataclasses import fields
from pathlib import Path

import pytest

from monitor.config import load
from monitor.config.apart import Apart
from monitor.rules import kept, parse

WELL = """
defaults: {timezone: Asia/Seoul}
feeds:
  - {url: https://news.example.org/feed.xml, tags: [a, b], headers: {X-Key: "${KEY}"}}
  - https://other.example.org/rss
entities: {FFVD: {aliases: [final fully verified denuclearization]}}
rules: [{name: ffvd, query: 'entity:FFVD OR title:"sanctions exemptions"', notify: [desk], severity: high}]
channels: {desk: {type: webhook, url: "https://hooks.example.org/${KEY}", quiet_hours: ["22:00-07:00"]}}
web: {listen: 127.0.0.1:8642}
"""


def test_it_is_the_same_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEY", "sesame-sesame")
    file = tmp_path / "monitor.yaml"
    file.write_text(WELL)
    _nothing_else_runs(monkeypatch)
    here, apart = load(file).config, Apart(file).config()
    assert here is not None
    assert apart is not None
    for field in fields(here):
        if field.name not in ("rules", "entities"):  # their trees are compared by what they say
            assert getattr(apart, field.name) == getattr(here, field.name)
    assert [(rule.name, rule.query.text, rule.where) for rule in apart.rules] == [
        (rule.name, rule.query.text, rule.where) for rule in here.rules
    ]
    assert apart.feeds[0].headers == {"X-Key": "sesame-sesame"}


def test_its_queries_are_found_parsed_by_the_first_reload(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "monitor.yaml"
    file.write_text(
        "entities: {FFVD: {aliases: [words]}}\n"
        "rules: [{name: a, query: 'title:apart AND reload'}, {name: b, any: [apart reload, apart relo*]}, {name: c, query: 'entity:FFVD'}]"
    )
    _nothing_else_runs(monkeypatch)
    monkeypatch.setattr(kept, "_queries", {})
    config = Apart(file).config()
    assert config is not None
    plain, lists, entity = (rule.query for rule in config.rules)
    assert parse(plain.text) is plain
    assert parse(lists.text) is lists
    again = load(file).config
    assert again is not None
    assert again.rules[0].query is plain
    assert again.rules[2].query is not entity, "what an entity means depends on the configuration"


@pytest.mark.parametrize("text", ["feeds: [1", "rules: [{name: x, query: 'a AND'}]", "feeds: ['ftp://x.example/']"])
def test_what_has_faults_is_told_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    file = tmp_path / "monitor.yaml"
    file.write_text(text)
    _nothing_else_runs(monkeypatch)
    assert Apart(file).config() is None


def test_a_missing_file_is_told_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _nothing_else_runs(monkeypatch)
    assert Apart(tmp_path / "none.yaml").config() is None


def test_beside_other_threads_nothing_is_forked(tmp_path: Path) -> None:
    file = tmp_path / "monitor.yaml"
    file.write_text(WELL)
    end = threading.Event()
    other = threading.Thread(target=end.wait)
    other.start()
    try:
        assert Apart(file).config() is None
    finally:
        end.set()
        other.join()


def _nothing_else_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests may have left a thread that waits for work."""
    monkeypatch.setattr(threading, "active_count", lambda: 1)
