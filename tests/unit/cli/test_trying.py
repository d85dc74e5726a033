"""search, rules test, diff, lint, explain, and entities suggest: what they print, into a terminal, into a pipe and as JSON."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from monitor.pipeline.indexing import index_missing
from monitor.store.database import Store
from tests.unit.cli.conftest import Ran, run_command
from tests.unit.cli.store import CONFIG, NOW, fill


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A configuration and a filled, indexed store."""
    folder = tmp_path_factory.mktemp("trying")
    (folder / "monitor.yaml").write_text(CONFIG)

    async def index() -> int:
        store = Store("sqlite:///monitor.db", folder, clock=lambda: NOW)
        await store.open()
        try:
            return await index_missing(store)
        finally:
            await store.close()

    asyncio.run(fill(folder))
    assert asyncio.run(index()) > 0
    return folder


def ran(folder: Path, *words: str, tty: bool = False, config: bool = True) -> Ran:
    common = ["--state", str(folder)] + (["--config", str(folder / "monitor.yaml")] if config else [])
    return run_command((*words, *common), tty=tty)


def test_search_finds_marks_and_counts(folder: Path) -> None:
    found = ran(folder, "search", '"sanctions exemptions"', tty=True)
    assert found.status == 0
    assert "koreaherald.com  US nuclear envoy urges" in found.out
    assert "seeking «sanctions exemptions» to push" in found.out
    assert all(len(line) <= 80 for line in found.out.splitlines())
    assert "\x1b" not in found.out
    (item,) = ran(folder, "search", '"sanctions exemptions"', "--json").json_lines
    assert (item["hits"], item["matches"][0]["text"]) == (1, "sanctions exemptions")
    (line,) = ran(folder, "search", '"sanctions exemptions"').out.splitlines()
    assert len(line.split("\t")) == 6
    assert ran(folder, "search", "entity:FFVD", "--by-day", "--json").json_lines == [{"day": "2018-10-29", "count": 1}]
    assert "█ 1" in ran(folder, "search", "entity:FFVD", "--by-day").out


def test_search_that_finds_nothing_says_why(folder: Path) -> None:
    found = ran(folder, "search", "exemptions zzzz")
    assert (found.status, found.out) == (0, "")
    assert "  zzzz: 0 articles; without it the query finds 1\n" in found.err


def test_search_refuses_what_is_no_query_or_no_time(folder: Path) -> None:
    wrong = ran(folder, "search", "sanctions or exemptions")
    assert wrong.status == 2
    assert wrong.err.startswith("error: query:1:11: ")
    assert "\n  |\n1 | sanctions or exemptions\n  |           ^^\n" in wrong.err
    assert ran(folder, "search", "x", "--since", "soon").status == 2
    assert ran(folder, "search", "x", "--order", "size").status == 2


def test_rules_test_shows_what_a_rule_brings(folder: Path) -> None:
    shown = ran(folder, "rules", "test", "ffvd", "--since", "all", tty=True)
    assert shown.status == 0
    head, counts, *_ = shown.out.splitlines()
    assert head.startswith("ffvd   entity:FFVD AND NOT site:kcna.kp   ")
    assert counts.startswith("1 article in 1 story: ")
    assert " 29 Oct ██████████████████ 1" in shown.out
    assert " terms   FFVD 2" in shown.out
    assert "«final, fully, verified denuclearization»" in shown.out
    answer = ran(folder, "rules", "test", "--query", "envoy", "--compare", "ffvd", "--since", "all", "--json").json
    assert (answer["rule"], answer["articles"], answer["gone"]["count"], answer["new"]["count"]) == (None, 1, 0, 0)
    assert ran(folder, "rules", "test", "nobody").status != 0
    assert ran(folder, "rules", "test").status == 2


def test_rules_diff_is_1_where_alerts_are_lost(folder: Path) -> None:
    narrower = folder / "narrower.yaml"
    narrower.write_text(CONFIG.replace("entity:FFVD AND NOT site:kcna.kp", "entity:FFVD AND zzzz"))
    old = str(folder / "monitor.yaml")
    lost = ran(folder, "rules", "diff", old, str(narrower), "--since", "all")
    assert lost.status == 1
    assert lost.out.startswith("- ffvd  2018-10-29 ")
    assert "1 alert lost, 0 gained: 1 rule changed" in lost.err
    gained = ran(folder, "rules", "diff", str(narrower), old, "--since", "all", "--json")
    assert (gained.status, len(gained.json["gained"]), gained.json["lost"]) == (0, 1, [])


def test_rules_lint_and_explain(folder: Path) -> None:
    linted = ran(folder, "rules", "lint", "--since", "all", "--json")
    assert (linted.status, linted.out) == (0, "")
    shown = ran(folder, "rules", "explain", "ffvd", tty=True)
    assert shown.out.splitlines()[:3] == ["AND: all of", "  entity:FFVD", "    FFVD"]
    assert "woken by   'ffvd', " in shown.out
    assert "matches 1" in shown.out
    answer = ran(folder, "rules", "explain", "/a.*b/ OR ab*", "--json").json
    assert (answer["wakes"], answer["indexed"]) == (["ab", "regex:a.*b"], False)
    assert answer["warnings"]
    exact = ran(folder, "rules", "explain", '=US OR "AT&T" OR korea', "--json").json
    assert exact["wakes"] == ["at t", "korea", "us"]


def test_rules_list_with_costs(folder: Path) -> None:
    items = ran(folder, "rules", "list", "--cost", "--json").json_lines
    assert sum(item["share"] for item in items) == pytest.approx(100, abs=0.2)
    assert all(len(item["by_day"]) == 30 for item in items)


def test_entities_suggest(folder: Path) -> None:
    assert ran(folder, "entities", "suggest", "--since", "all").status == 0
    assert ran(folder, "entities", "suggest", "--check", "--since", "all", "--json").out == ""


def test_without_a_store_the_way_out_is_told(tmp_path: Path) -> None:
    found = ran(tmp_path, "search", "x", config=False)
    assert found.status == 1
    assert "monitor run" in found.err
