"""What tests of the store make: feeds, polls, reads, and a clock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from monitor.model import Severity, Span
from monitor.store import articles, entries, feeds, loading
from monitor.store import tables as t
from monitor.store.database import LEASE, Store

OWNER = "here.start.1"


class Ticks:
    """Seconds since the epoch that stand still until they are moved."""

    def __init__(self) -> None:
        self.now = 1_540_795_263.0  # 29 October 2018, 06:41:03 UTC

    def __call__(self) -> float:
        return self.now


def plan(
    *,
    feeds_: Sequence[str] = ("https://a.example/feed",),
    rules: Sequence[str] = ("ffvd",),
    channels: Sequence[str] = ("desk",),
    backlog: str = "none",
    human: bool = False,
    fingerprint: str = "one",
    operations: Sequence[str] = (),
    **lane: Any,
) -> loading.Plan:
    return loading.Plan(
        fingerprint=fingerprint,
        feeds=[loading.FeedRow(url, url, url.split("/")[2], backlog=backlog, interval=300.0) for url in feeds_],
        rules=[loading.RuleRow(name, name, "normal", tuple(channels)) for name in rules],
        lanes=[loading.LaneRow(name, "webhook", name, human, f"options of {name}", **lane) for name in channels],
        operations=operations,
    )


async def load(store: Store, wanted: loading.Plan | None = None, instance: str = "here") -> loading.Loaded:
    return await store.write(loading.load, wanted or plan(), instance)


def seen(
    guid: str, *, url: str | None = None, title: str = "A title", published: float | None = None, text: str = "A summary."
) -> entries.Seen:
    link = url or f"https://a.example/{guid}"
    return entries.Seen(
        guid=guid,
        article_key=link,
        url=link,
        host="a.example",
        title=title,
        author=None,
        published_at=published,
        updated_at=None,
        text=text,
        read_page=True,
    )


async def claim_feeds(store: Store, owner: str = OWNER, without: Sequence[str] = ()) -> list[feeds.DueFeed]:
    return await store.write(feeds.claim_feeds, owner, 100, LEASE, without)


async def poll(
    store: Store, found: Sequence[entries.Seen] | None, *, feed: feeds.DueFeed | None = None, wait: float = 300.0, **more: Any
) -> feeds.PollReport:
    """Claims the first due feed, unless one is given, and commits what its poll brought."""
    feed = feed or (await claim_feeds(store))[0]
    facts = {"last_status": 200, "failures": 0, "state": "ok"} | more.pop("facts", {})
    (report,) = await store.write(feeds.commit_polls, [feeds.PollDone(feed, wait, facts, found, good=True, **more)])
    return report


async def make_due(store: Store, table: sa.Table) -> None:
    def due(conn: sa.Connection, now: float) -> None:
        conn.execute(sa.update(table).where(table.c.due_at.is_not(None)).values(due_at=now))

    await store.write(due)


async def claim_articles(store: Store, owner: str = OWNER) -> list[articles.DueArticle]:
    return await store.write(articles.claim_articles, owner, 100, LEASE, [])


def matched(rule: str = "ffvd", *, notify: Sequence[str] = ("desk",), severity: Severity = Severity.NORMAL) -> articles.Matched:
    return articles.Matched(rule, rule, severity, tuple(notify), (Span("body", 0, 4, "FFVD", rule),))


async def read(
    store: Store, article: articles.DueArticle, *matches: articles.Matched, body: str = "FFVD is what the envoy wants.", **more: Any
) -> articles.ReadReport:
    """Commits a page that was read."""
    facts = {"body": body, "text_state": "page", "fetched_at": store.clock(), "tries": 1} | more.pop("facts", {})
    (report,) = await store.write(articles.commit_reads, [articles.ReadDone(article, facts, matches=matches, **more)])
    return report


async def rows(store: Store, table: sa.Table) -> list[Any]:
    def all_(conn: sa.Connection) -> list[Any]:
        return list(conn.execute(sa.select(table).order_by(*table.primary_key.columns)))

    return await store.read(all_)


async def news(store: Store, *guids: str, wanted: loading.Plan | None = None) -> list[articles.DueArticle]:
    """A feed with an empty first document, then these entries: their articles, in hand."""
    await load(store, wanted)
    await poll(store, [])
    await make_due(store, t.feeds)
    await poll(store, [seen(guid) for guid in guids])
    return await claim_articles(store)
