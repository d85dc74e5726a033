"""Feeds as items of the API."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from monitor.store import certificates, polls, sql
from monitor.store import tables as t
from monitor.store.listing.common import Item, stamp


def feed_state(row: Any) -> str:
    """The gravest state that holds."""
    if row.paused_at is not None:
        return "paused"
    return str(row.state)


def feed_item(row: Any) -> Item:
    return {
        "id": str(row.id),
        "url": row.url,
        "name": row.name,
        "tags": sql.load(row.tags),
        "state": feed_state(row),
        "since": stamp(row.paused_at or row.state_since or row.added_at),
        "interval": row.interval,
        "title": row.title,
        "language": row.language,
        "format": row.format,
        "last_poll_at": stamp(row.last_poll_at),
        "last_good_at": stamp(row.last_good_at),
        "last_new_at": stamp(row.last_new_at),
        "next_poll_at": None if row.paused_at is not None else stamp(row.due_at),
        "status": row.last_status,
        "error": row.error_text,
        "error_code": row.error_code,
        "warnings": sql.load(row.warnings),
        "polls": row.polls,
        "entries": row.entries,
        "new": row.last_new,
        "total": row.last_total,
        "rolled_over_at": stamp(row.rolled_over_at),
        "polled_url": row.polled_url,
        "origin": row.origin,
        "posts_a_day": _kept(row.habit).get("day"),
    }


def _kept(habit: str | None) -> dict[str, Any]:
    found = sql.load(habit) if habit else None
    return found if isinstance(found, dict) else {}


def _habit(text: str | None) -> Item | None:
    """When a feed publishes, as it was learnt: entries by hour and by day of the week (UTC, Monday first), older ones for less."""
    kept = _kept(text)
    counts = [float(count) for count in str(kept.get("n", "")).split(",") if count]
    if len(counts) != 168 or not any(counts):
        return None
    return {
        "hours": [round(sum(counts[hour::24]), 2) for hour in range(24)],
        "days": [round(sum(counts[day * 24 : day * 24 + 24]), 2) for day in range(7)],
        "longest_gap_s": kept.get("gap"),
        "last_at": stamp(kept.get("last")),
        "silent_at": stamp(kept.get("silent")),
        "longest_interval_s": kept.get("cap"),
    }


def feeds(conn: sa.Connection, *, state: str | None = None, limit: int = 100_000) -> list[Item]:
    f = t.feeds
    items = [feed_item(row) for row in conn.execute(sa.select(f).where(f.c.configured == 1).order_by(f.c.name, f.c.id))]
    return [item for item in items if state is None or item["state"] == state][:limit]


def find_feed(conn: sa.Connection, name: str) -> Item | None:
    """A feed by id, URL or name; a configured one before one that was taken out."""
    f = t.feeds
    wanted = [f.c.url == name, f.c.name == name, f.c.polled_url == name]
    if name.isdigit():
        wanted.append(f.c.id == int(name))
    row = conn.execute(sa.select(f).where(sa.or_(*wanted)).order_by(f.c.configured.desc(), f.c.id).limit(1)).first()
    if row is None:
        return None
    shown = certificates.until(conn, urlsplit(row.validator_url or row.polled_url).hostname or "")
    return {**feed_item(row), "habit": _habit(row.habit), "certificate_until": stamp(shown)}


def feed_polls(conn: sa.Connection, feed_id: int, limit: int = polls.KEPT) -> list[Item]:
    """The last polls of a feed, the newest first."""
    return [
        {
            "at": stamp(row.at),
            "status": row.status,
            "bytes": row.bytes,
            "new": row.new,
            "total": row.total,
            "took_s": None if row.took is None else round(row.took, 3),
            "error": row.text,
            "error_code": row.code,
        }
        for row in polls.recent(conn, feed_id, limit)
    ]


def feed_entries(conn: sa.Connection, feed_id: int, limit: int = 20) -> list[Item]:
    e, a = t.entries.c, t.articles.c
    rows = conn.execute(
        sa.select(e.guid, e.kind, e.title, e.seen_at, e.published_at, a.url, a.text_state, a.why)
        .join(t.articles, a.id == e.article_id)
        .where(e.feed_id == feed_id)
        .order_by(e.seen_at.desc(), e.id.desc())
        .limit(limit)
    )
    return [
        {
            "guid": row.guid,
            "kind": row.kind,
            "title": row.title,
            "url": row.url,
            "seen_at": stamp(row.seen_at),
            "published_at": stamp(row.published_at),
            "text": row.text_state,
            "why": row.why,
        }
        for row in rows
    ]
