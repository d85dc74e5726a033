"""Backtests on both databases: equal to matching every article by brute force, whether here or in workers."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from monitor.actions.trying import alerting, trial_of
from monitor.model import RuleMatch
from monitor.pipeline import backtest as module
from monitor.pipeline.backtest import backtest, difference
from monitor.pipeline.indexing import words_of_row
from monitor.pipeline.lint import lint
from monitor.rules import Entities, EntityDef, Query, RuleSet, parse
from monitor.store import articles as carried
from monitor.store import search as index
from monitor.store import sql
from monitor.store import tables as t
from monitor.store.database import Store
from monitor.store.search import Bounds
from monitor.store.views import as_article
from monitor.workers import Workers
from tests.unit.store.helpers import Ticks, load, plan

COUNT = 120
_WORDS = ["sanctions", "exemptions", "waiver", "FFVD", "제재", "면제를", "summit", "envoy", "talks", "Seoul", "制裁", "final", "verified"]
ANY_TIME = Bounds()


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
async def store(database_url: str, tmp_path: Path, ticks: Ticks) -> AsyncIterator[Store]:
    store = Store(database_url, tmp_path, clock=ticks, server_time=False)
    await store.open()
    await load(store, plan(rules=("ffvd", "near"), feeds_=("https://a.example/feed", "https://b.example/feed")))
    await store.write(_fill, ticks.now)
    yield store
    await store.close()


def _fill(conn: sa.Connection, now: float, begin: float) -> None:
    """Articles an hour apart back from now, three of each story."""
    rng = random.Random(3)
    rows: list[dict[str, Any]] = []
    for number in range(1, COUNT + 1):
        url = f"https://a.example/{number}"
        body = " ".join(rng.choices(_WORDS, k=12))
        story = {"id": number, "url": url, "key": sql.digest(url), "host": "a.example", "language": "en", "text_state": "page"}
        rows.append(
            {**story, "title": f"Title {number}", "body": body, "story_id": number // 3 + 1, "first_seen_at": begin - 3600 * number}
        )
    sql.many(conn, sa.insert(t.articles), rows)
    entries = [
        {"key": row["key"], "guid": row["url"], "article_id": row["id"], "feed_id": 1 + row["id"] % 2, "kind": "new", "seen_at": begin}
        for row in rows
    ]
    sql.many(conn, sa.insert(t.entries), entries)
    index.put(conn, [(row["id"], row["first_seen_at"], words_of_row(row)) for row in rows])


async def by_force(store: Store, query: Query) -> dict[int, RuleMatch]:
    """Every stored article that the query matches."""

    def all_(conn: sa.Connection) -> Any:
        rows = conn.execute(sa.select(t.articles)).all()
        return rows, carried.carriers(conn, [row.id for row in rows])

    rows, carriers = await store.read(all_)
    rules = RuleSet.compile([("q", query)])
    matched = {row.id: rules.match(as_article(row, carriers[row.id])) for row in rows}
    return {id_: found[0] for id_, found in matched.items() if found}


QUERIES = [
    "FFVD", '"sanctions exemptions"', "sanctions NEAR/2 waiver", "제재 NOT FFVD", "/f[a-z]nal/", "feed:b.example summit", "ATLEAST/2 면제",
    "zzz",
]  # fmt: skip


@pytest.mark.parametrize("where", ["here", "in workers"])
async def test_it_is_equal_to_brute_force(store: Store, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if where == "in workers":
        monkeypatch.setattr(module, "INLINE", 0)
        monkeypatch.setattr(module, "PAGE", 25)
    queries = [parse(query) for query in QUERIES]
    told: list[tuple[int, int]] = []
    async with Workers(1) as workers:
        run = await backtest(store, queries, ANY_TIME, workers, progress=lambda done, total: told.append((done, total)))
    assert (run.articles, run.read) == (COUNT, COUNT)  # a regex and a feed: nothing can be narrowed
    assert told[-1] == (COUNT, COUNT)
    for number, query in enumerate(queries):
        expected = await by_force(store, query)
        assert [match.doc.article_id for match in run.matches[number]] == sorted(expected)
        spans = sum(len(match.spans) for match in expected.values())
        assert sum(count for _, count in run.terms(number)) == spans


async def test_the_index_spares_the_matcher(store: Store) -> None:
    async with Workers(1) as workers:
        run = await backtest(store, [parse('"sanctions exemptions"')], ANY_TIME, workers)
    assert run.articles == COUNT
    assert run.read < COUNT
    assert {match.doc.article_id for match in run.matches[0]} == set(await by_force(store, parse('"sanctions exemptions"')))


async def test_what_a_trial_tells(store: Store, ticks: Ticks) -> None:
    queries = [parse("FFVD AND NOT waiver"), parse("FFVD")]

    def judge(conn: sa.Connection, now: float) -> None:
        rule = conn.execute(sa.select(t.rules.c.id).where(t.rules.c.name == "ffvd")).scalar_one()
        base = {"rule_id": rule, "rule": "ffvd", "query": "FFVD", "severity": "normal", "created_at": now, "changed_at": now}
        states = [("acked", None), ("acked", None), ("dismissed", "not relevant"), ("dismissed", "duplicate"), ("open", None)]
        for number, (state, reason) in enumerate(states, 1):
            row = {**base, "uid": str(number), "article_id": number, "story_id": number, "state": state, "reason": reason}
            conn.execute(sa.insert(t.alerts), row)

    await store.write(judge)
    async with Workers(1) as workers:
        run = await backtest(store, queries, Bounds(since=ticks.now - 2 * 86400), workers)
    about = {"rule": "ffvd", "query": "FFVD AND NOT waiver", "compare": "ffvd"}
    answer = await trial_of(store, run, queries, about, ticks.now, ZoneInfo("Asia/Seoul"), 2)
    ours, theirs = [set(await by_force(store, query)) & set(range(1, 49)) for query in queries]
    stories = {number // 3 + 1 for number in ours}
    assert (answer["looked_at"], answer["articles"], answer["stories"]) == (48, len(ours), len(stories))
    assert answer["alerts_a_day"] == round(len(stories) / 2, 2)
    assert answer["judged"] == {"relevant": 2, "judged": 3}
    assert sum(day["count"] for day in answer["days"]) == len(ours)
    assert [term["term"] for term in answer["terms"]] == ["FFVD"]
    assert [item["id"] for item in answer["samples"]] == [str(number) for number in sorted(ours)[:2]]
    assert "«FFVD»" in answer["samples"][0]["snippets"][0]
    gone = theirs - ours
    assert (answer["gone"]["count"], answer["gone"]["acked"], answer["new"]["count"]) == (len(gone), len(gone & {1, 2}), 0)


async def test_alerts_gained_and_lost(store: Store) -> None:
    def rules(**queries: str) -> dict[str, Query]:
        return {name: parse(query, entities) for name, query in queries.items()}

    entities = Entities({"E": EntityDef("E", ("FFVD",))})
    old = rules(same="summit", respelt="FFVD   AND envoy", narrowed="FFVD", gone="waiver", alias="entity:E")
    entities = Entities({"E": EntityDef("E", ("FFVD", "제재"))})
    new = rules(same="summit", respelt="FFVD envoy", narrowed="FFVD AND summit", fresh="talks", alias="entity:E")
    async with Workers(1) as workers:
        found = await difference(store, old, new, ANY_TIME, workers)
    assert found.changed == ["narrowed", "gone", "alias", "fresh"]

    async def alerts(queries: dict[str, Query]) -> dict[tuple[str, int], int]:
        """Rule and story, with the first article of it that matches: the one of the highest number, for they go back in time."""
        made: dict[tuple[str, int], int] = {}
        for name, query in queries.items():
            for id_ in sorted(await by_force(store, query)):
                made[name, id_ // 3 + 1] = id_
        return made

    before, after = await alerts(old), await alerts(new)
    gained = {key: id_ for key, id_ in after.items() if key not in before}
    lost = {key: id_ for key, id_ in before.items() if key not in after}
    assert {(one.rule, one.match.story): one.match.doc.article_id for one in found.gained} == gained
    assert {(one.rule, one.match.story): one.match.doc.article_id for one in found.lost} == lost
    assert gained
    assert lost
    items = await alerting(store, found.lost)
    assert len(items) == len(lost)
    assert items[0]["title"].startswith("Title ")


async def test_lint_names_rules_that_do_not_earn_their_keep(store: Store, ticks: Ticks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.pipeline.lint.FLOOD", 7.0)
    rules = {
        "wide": parse("FFVD"),
        "equal": parse('"FFVD"'),
        "inside": parse("FFVD AND summit"),
        "never": parse("zzz"),
        "same": parse("ffvd*"),
        "other": parse("waiver NOT FFVD"),
    }
    async with Workers(1) as workers:
        run = await backtest(store, list(rules.values()), ANY_TIME, workers)
    found = {(one.rule, one.code) for one in lint(rules, run, ticks.now)}
    alone = {("equal", "equal"), ("inside", "shadowed"), ("never", "never-matched")}
    assert found == alone | {("wide", "flood"), ("same", "flood"), ("same", "same-articles")}
