"""Search on both databases: what it finds is what the matcher finds, and what it did not look at it tells."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from monitor.pipeline.clues import clues
from monitor.pipeline.indexing import words_of_row
from monitor.pipeline.search import Result, Wish, search
from monitor.rules import RuleSet, parse
from monitor.store import search as index
from monitor.store import sql
from monitor.store import tables as t
from monitor.store.database import Store
from monitor.store.search import Bounds
from monitor.store.views import as_article
from tests.unit.store.helpers import Ticks, claim_articles, claim_feeds, load, make_due, plan, poll, read, seen

TEXTS = [
    (
        "US nuclear envoy urges FFVD",
        "The final, fully verified denuclearization is a primary requirement. Sanctions exemptions were discussed.",
    ),
    ("Exemptions from sanctions", "Seoul asked for exemptions. The sanctions stay."),
    ("북한 제재 면제 논의", "정부는 안보리에 대북 제재를 면제해 달라고 요청했다. FFVD를 강조했다."),
    ("北朝鮮への制裁", "日本政府は制裁免除に反対した。"),
    ("制裁", "安理会讨论豁免制裁。"),
    ("มาตรการคว่ำบาตร", "ประเทศไทยสนับสนุนมาตรการคว่ำบาตรของสหประชาชาติ"),
    ("العقوبات على كوريا", "طلبت سيول إعفاءات من العقوبات."),
    ("Nothing of the kind", "A town fair opens. Sanc\u00adtions are not its matter, the sаnctions of look-alikes are."),
]
QUERIES = [
    "FFVD", '"sanctions exemptions"', "sanctions NEAR/9 exemptions", "exempt*",
    "제재", '"제재 면제"', "制裁", "制裁免除", "คว่ำบาตร", "عقوبات",
    "sanctions AND NOT exemptions", "title:sanctions", "site:a.example AND 制裁", "/verified.*zation/", "feed:a.example FFVD",
    "stem:sanction",
]  # fmt: skip


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
async def store(database_url: str, tmp_path: Path, ticks: Ticks) -> AsyncIterator[Store]:
    store = Store(database_url, tmp_path, clock=ticks, server_time=False)
    await store.open()
    yield store
    await store.close()


async def fill(store: Store, ticks: Ticks, texts: Sequence[tuple[str, str]] = TEXTS) -> None:
    """Articles of one feed that were read and indexed, an hour apart."""
    await load(store, plan(rules=()))
    await store.write(_fill, ticks.now, texts)
    ticks.now += 3600 * len(texts)


def _fill(conn: sa.Connection, now: float, begin: float, texts: Sequence[tuple[str, str]]) -> None:
    rows = []
    for number, (title, body) in enumerate(texts, 1):
        url = f"https://a.example/{number}"
        facts = {"key": sql.digest(url), "host": "a.example", "language": "en", "text_state": "page"}
        rows.append({"id": number, "url": url, "title": title, "body": body, "first_seen_at": begin + 3600 * number, **facts})
    sql.many(conn, sa.insert(t.articles), rows)
    entry = {"feed_id": 1, "kind": "new", "seen_at": begin}
    sql.many(conn, sa.insert(t.entries), [{**entry, "key": row["key"], "guid": row["url"], "article_id": row["id"]} for row in rows])
    index.put(conn, [(row["id"], row["first_seen_at"], words_of_row(row)) for row in rows])


async def titles(store: Store, query: str, **more: Any) -> list[str]:
    result = await search(store, Wish(parse(query), **more))
    return [found.row.title for found in result.found]


async def by_force(store: Store, query: str) -> list[str]:
    """The titles of all stored articles that the matcher takes, the newest first."""
    rules = RuleSet.compile([("q", parse(query))])
    rows = await store.read(lambda conn: conn.execute(sa.select(t.articles).order_by(t.articles.c.first_seen_at.desc())).all())
    carriers = (("https://a.example/feed", "https://a.example/feed"),), ()
    return [row.title for row in rows if rules.match(as_article(row, carriers))]


async def test_it_finds_what_the_matcher_finds(store: Store, ticks: Ticks) -> None:
    await fill(store, ticks)
    for query in QUERIES:
        expected = await by_force(store, query)
        assert await titles(store, query) == expected, query
        assert expected, query


async def test_snippets_are_marked_and_hits_are_counted(store: Store, ticks: Ticks) -> None:
    await fill(store, ticks)
    result = await search(store, Wish(parse("exemptions OR sanctions"), order="hits", limit=1))
    (found,) = result.found
    assert (found.row.title, len(found.spans)) == ("Exemptions from sanctions", 4)
    assert found.snippets() == ["Seoul asked for «exemptions».", "The «sanctions» stay."]
    item = found.item()
    assert item["hits"] == 4
    assert item["feeds"] == [{"name": "https://a.example/feed", "url": "https://a.example/feed"}]
    assert item["matches"][0] == {"field": "title", "start": 0, "end": 10, "text": "Exemptions", "term": "exemptions"}
    (in_title,) = (await search(store, Wish(parse("title:envoy")))).found
    assert in_title.snippets() == ["US nuclear «envoy» urges FFVD"]


async def test_by_day_counts_all_that_match(store: Store, ticks: Ticks) -> None:
    await fill(store, ticks, [("FFVD", "x")] * 30)
    result = await search(store, Wish(parse("FFVD"), limit=3, days=True, zone=ZoneInfo("Asia/Seoul")))
    assert (result.count, result.exact, len(result.found), result.stories) == (30, True, 3, 30)
    assert result.days == {"2018-10-29": 8, "2018-10-30": 22}


async def test_a_page_ends_where_the_next_begins(store: Store, ticks: Ticks) -> None:
    await fill(store, ticks, [(f"FFVD {number}", "x") for number in range(7)])
    wish = Wish(parse("FFVD"), limit=3)
    pages: list[Result] = [await search(store, wish)]
    while pages[-1].next is not None:
        pages.append(await search(store, replace(wish, after=pages[-1].next)))
    assert [[found.row.title[-1] for found in page.found] for page in pages] == [["6", "5", "4"], ["3", "2", "1"], ["0"]]
    assert [page.exact for page in pages] == [False, False, True]


async def test_bounds_of_time_and_feed(store: Store, ticks: Ticks) -> None:
    begin = ticks.now
    await fill(store, ticks, [(f"FFVD {number}", "x") for number in range(4)])
    assert await titles(store, "FFVD", bounds=Bounds(since=begin + 2 * 3600, until=begin + 4 * 3600)) == ["FFVD 2", "FFVD 1"]
    assert len(await titles(store, "FFVD", bounds=Bounds(feed="https://a.example/feed"))) == 4
    assert await titles(store, "FFVD", bounds=Bounds(feed="another")) == []


async def test_backlog_is_found_by_the_feeds_text_and_date(store: Store, ticks: Ticks) -> None:
    await load(store, plan(rules=()))
    old = [
        seen("old", title="Old news", text="On FFVD.", published=ticks.now - 5 * 86400),
        seen("undated", title="Undated", text="FFVD too"),
    ]
    await poll(store, old, index=words_of_row)
    assert await titles(store, "FFVD") == ["Undated", "Old news"]
    assert await titles(store, "FFVD", bounds=Bounds(since=ticks.now - 86400)) == ["Undated"]


async def test_what_waits_to_be_read_is_found_by_the_feeds_text(store: Store, ticks: Ticks) -> None:
    await load(store, plan(rules=()))
    await poll(store, [])
    await make_due(store, t.feeds)
    await poll(store, [seen("read", title="FFVD was read")])
    (article,) = await claim_articles(store)
    await read(store, article, words=words_of_row({"title": article.title}))
    await make_due(store, t.feeds)
    await poll(store, [seen("waiting", title="Waits", text="FFVD")])
    assert sorted(await titles(store, "FFVD")) == ["FFVD was read", "Waits"]


async def test_a_changed_text_counts_as_it_is_now(store: Store, ticks: Ticks) -> None:
    await load(store, plan(rules=(), feeds_=["https://a.example/feed", "https://b.example/feed"]))
    first, second = await claim_feeds(store)
    await poll(store, [seen("one", url="https://a.example/one", text="The feed says waiver")], feed=first, index=words_of_row)
    await poll(store, [], feed=second)
    assert await titles(store, "waiver") == ["A title"]
    await make_due(store, t.feeds)
    _, second = await claim_feeds(store)
    await poll(store, [seen("its", url="https://a.example/one")], feed=second)
    (article,) = await claim_articles(store)
    await read(store, article, body="The page says exemption", words=words_of_row({"title": "A title", "body": "The page says exemption"}))
    assert (await titles(store, "waiver"), await titles(store, "exemption")) == ([], ["A title"])


async def test_partitions_are_asked_together_and_dropped_when_empty(store: Store, ticks: Ticks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "PARTITION", 3)
    await fill(store, ticks, [(f"FFVD {number}", "x") for number in range(8)])
    assert await titles(store, "FFVD") == [f"FFVD {number}" for number in range(7, -1, -1)]
    parts = await store.read(index.partitions)
    await store.write(lambda conn, now: index.forget(conn, [1, 2, 3]))
    assert await titles(store, "FFVD") == [f"FFVD {number}" for number in range(7, 2, -1)]
    if store.dialect == "sqlite":
        assert (parts, await store.read(index.partitions)) == ([2, 1, 0], [2, 1])


async def test_more_candidates_than_a_page_of_the_index(store: Store, ticks: Ticks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.pipeline.search.FIRST", 2)
    monkeypatch.setattr("monitor.pipeline.search.PAGE", 4)
    await fill(store, ticks, [(f"FFVD {number}", "x") for number in range(11)])
    assert await titles(store, "FFVD") == [f"FFVD {number}" for number in range(10, -1, -1)]
    assert len(await titles(store, "/FFVD/")) == 11


async def test_a_spent_budget_is_told(store: Store, ticks: Ticks) -> None:
    await fill(store, ticks, [(f"FFVD {number}", "x") for number in range(30)])
    result = await search(store, Wish(parse("/FFVD/"), days=True, budget=0.0))
    assert (result.narrowed, result.exact, result.looked, result.count) == (False, False, 25, 25)
    assert result.next is not None
    assert result.until == ticks.now - 24 * 3600
    rest = await search(store, Wish(parse("/FFVD/"), after=result.next))
    assert (rest.count, rest.exact) == (5, True)


async def test_a_huge_article_is_a_candidate_of_every_query(store: Store, ticks: Ticks) -> None:
    body = " ".join(f"word{number}" for number in range(120_000)) + " waiver"
    await fill(store, ticks, [("Huge", body), ("Small", "waiver")])
    assert await titles(store, "waiver") == ["Small", "Huge"]
    assert await titles(store, "word7 word119999") == ["Huge"]


async def test_why_nothing_was_found(store: Store, ticks: Ticks) -> None:
    await fill(store, ticks)
    wish = Wish(parse('FFVD "sanctions exemptions" lang:en NOT envoy'))
    assert (await search(store, wish)).count == 0
    found = {clue.text: (clue.count, clue.without) for clue in await clues(store, wish)}
    assert found == {"FFVD": (2, 0), '"sanctions exemptions"': (1, 1), "lang:en": (8, 0), "NOT envoy": (None, 1)}


async def test_words_that_a_database_would_read_as_operators(store: Store, ticks: Ticks) -> None:
    await fill(store, ticks, [("It's AND, OR; NOT a:b (x) \\ & | ! * ^", "NEAR 'quoted' \"double\" 1,000 3.5% C++ AT&T a-b")])
    for query in ('"AND"', '"NOT"', '"NEAR"', "quoted", '"it\'s"', "1000", "3.5", "C++", "AT&T", '"a-b"', '"a\\b"', "double", "x"):
        assert len(await titles(store, query)) == 1, query


async def test_what_was_indexed_before_no_longer_counts(store: Store) -> None:
    await store.write(lambda conn, now: index.put(conn, [(1, 5.0, {"one"})]))
    await store.write(lambda conn, now: index.put(conn, [(1, 6.0, {"two"})]))
    assert await store.read(index.count) == 1
    assert await store.read(lambda conn: index.candidates(conn, 0, index.Word("one"), Bounds(), None, 5)) == []
    assert await store.read(lambda conn: index.candidates(conn, 0, index.Word("tw", prefix=True), Bounds(), None, 5)) == [index.Doc(1, 6.0)]
