"""Everything the store knows of a URL's way, read in one snapshot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from monitor.store import articles as carried
from monitor.store import sql
from monitor.store import tables as t


@dataclass(slots=True)
class Trail:
    """What is known of a URL. Rows are as the tables have them; `article` is None for a URL that was never seen."""

    article: Any = None
    entries: Sequence[Any] = ()  # oldest first, each with its feed's columns
    page: Any = None
    story: Any = None
    first_of_story: Any = None
    duplicate_of: str | None = None
    matches: Sequence[Any] = ()  # with rule and, where there is one, alert
    deliveries: dict[int, list[Any]] = field(default_factory=dict)  # alert id -> deliveries with their lanes
    withheld: dict[int, list[Any]] = field(default_factory=dict)
    told: dict[int, Any] = field(default_factory=dict)  # rule id -> the story's alert
    rules: Sequence[Any] = ()  # all configured
    site_feeds: Sequence[Any] = ()  # feeds of the URL's site
    carriers: tuple[tuple[tuple[str, str], ...], tuple[str, ...]] = ((), ())


def trail(conn: sa.Connection, url: str, key: bytes, host: str) -> Trail:
    """Reads the trail. `key` is the digest of the normalised URL, `host` its host as turns count it."""
    found = Trail()
    a = t.articles.c
    found.article = conn.execute(sa.select(t.articles).where(sa.or_(a.key == key, a.url == url)).order_by(a.id).limit(1)).first()
    if found.article is None:
        found.article = conn.execute(sa.select(t.articles).where(a.canonical_url == url).order_by(a.id).limit(1)).first()
    found.site_feeds = _site_feeds(conn, host)
    found.rules = conn.execute(sa.select(t.rules).where(t.rules.c.configured == 1).order_by(t.rules.c.name)).all()
    if found.article is not None:
        _way(conn, found)
    return found


def _site_feeds(conn: sa.Connection, host: str) -> Sequence[Any]:
    """Feeds of the host, and feeds that brought articles of it."""
    f, e, a = t.feeds.c, t.entries.c, t.articles.c
    seen = f.id.in_(sa.select(e.feed_id).join(t.articles, a.id == e.article_id).where(a.host == host))
    return conn.execute(sa.select(t.feeds).where(sa.or_(f.host == host, seen)).order_by(f.configured.desc(), f.id)).all()


def _way(conn: sa.Connection, found: Trail) -> None:
    article = found.article
    e, f, m, r, al, d, lane, w = (
        t.entries.c, t.feeds.c, t.matches.c, t.rules.c, t.alerts.c, t.deliveries.c, t.lanes.c, t.withheld.c,
    )  # fmt: skip
    feed_columns = [
        f.name,
        f.interval,
        f.last_poll_at,
        f.last_status,
        f.last_new,
        f.last_total,
        f.state,
        f.paused_at,
        f.configured,
        f.error_text,
    ]
    found.entries = conn.execute(
        sa.select(e.id, e.guid, e.kind, e.seen_at, e.title, f.url.label("feed_url"), *feed_columns)
        .join(t.feeds, f.id == e.feed_id)
        .where(e.article_id == article.id)
        .order_by(e.id)
    ).all()
    found.page = conn.execute(sa.select(t.pages).where(t.pages.c.article_id == article.id)).first()
    found.carriers = carried.carriers(conn, [article.id]).get(article.id, ((), ()))
    if article.duplicate_of is not None:
        found.duplicate_of = conn.execute(sa.select(t.articles.c.url).where(t.articles.c.id == article.duplicate_of)).scalar()
    if article.story_id is not None:
        found.story = conn.execute(sa.select(t.stories).where(t.stories.c.id == article.story_id)).first()
        if found.story is not None and found.story.article_id != article.id:
            found.first_of_story = conn.execute(sa.select(t.articles).where(t.articles.c.id == found.story.article_id)).first()
        found.told = {
            row.rule_id: row for row in conn.execute(sa.select(t.alerts).where(al.story_id == article.story_id).order_by(al.id.desc()))
        }
    found.matches = conn.execute(
        sa.select(m.rule_id, m.alert_id, m.reason, m.spans, m.created_at, r.name, r.query)
        .join(t.rules, r.id == m.rule_id)
        .where(m.article_id == article.id)
        .order_by(r.name)
    ).all()
    ids = [row.alert_id for row in found.matches if row.alert_id is not None]
    for some in sql.chunks(ids):
        rows = conn.execute(
            sa.select(t.deliveries, lane.failures, lane.due_at.label("lane_due"), lane.off, lane.digest, lane.digest_at, lane.last_text)
            .join(t.lanes, lane.id == d.lane_id)
            .where(d.alert_id.in_(some))
            .order_by(d.id)
        )
        for row in rows:
            found.deliveries.setdefault(row.alert_id, []).append(row)
        for row in conn.execute(sa.select(t.withheld).where(w.alert_id.in_(some)).order_by(w.channel)):
            found.withheld.setdefault(row.alert_id, []).append(row)
