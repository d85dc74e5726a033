"""mutes add without a daemon: what it may name, and what it refuses."""

from __future__ import annotations

from pathlib import Path

from tests.unit.cli.conftest import Run


def test_a_mute_by_a_query_with_an_entity(run: Run, home: Path) -> None:
    done = run("mutes", "add", "--query", "entity:FFVD OR zzz", "--until", "1d", "--json")
    assert (done.status, done.err) == (0, "")
    assert done.json["scope"] == {"query": "entity:FFVD OR zzz"}
    (listed,) = [item for item in run("mutes", "list", "--json").json_lines if item["id"] == done.json["id"]]
    assert (listed["state"], listed["scope"]) == ("on", done.json["scope"])


def test_what_is_refused_as_wrong_usage(run: Run, home: Path) -> None:
    wrong = run("mutes", "add", "--query", "a OR", "--until", "1h")
    assert wrong.status == 2
    assert "OR needs a term after it" in wrong.err
    nothing = run("mutes", "add", "--until", "1h")
    assert nothing.status == 2
    assert "name a rule, a site, a feed, a story, or a query" in nothing.err
    assert run("mutes", "add", "--rule", "ffvd", "--until", "yesterday").status == 2
    unknown = run("mutes", "add", "--rule", "nope", "--until", "1h")
    assert (unknown.status, unknown.out) == (1, "")
    assert "there is no rule 'nope'" in unknown.err


def test_a_long_mute_needs_a_reason(run: Run, home: Path) -> None:
    for until in ("7d", "forever"):
        done = run("mutes", "add", "--rule", "ffvd", "--until", until)
        assert done.status == 1
        assert "--reason TEXT" in done.err
    assert run("mutes", "add", "--rule", "ffvd", "--until", "7d", "--reason", "moved to another desk").status == 0
