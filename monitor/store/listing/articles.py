"""Articles as items of the API."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from monitor.store import articles as carried
from monitor.store import tables as t
from monitor.store.listing.common import Item, stamp


def article_item(row: Any, carriers: tuple[tuple[tuple[str, str], ...], tuple[str, ...]], *, body: bool = False) -> Item:
    names, tags = carriers
    item: Item = {
        "id": str(row.id),
        "url": row.url,
        "title": row.title,
        "author": row.author,
        "site": row.site,
        "language": row.language,
        "published_at": stamp(row.published_at),
    }
    if body:
        item["body"] = row.body
    return {
        **item,
        "source": "page" if row.text_state == "page" else "feed",
        "text": row.text_state,
        "why": row.why,
        "seen_at": stamp(row.first_seen_at),
        "fetched_at": stamp(row.fetched_at),
        "feeds": [{"name": name, "url": url} for name, url in names],
        "tags": list(tags),
    }


def articles(conn: sa.Connection, *, before: int | None = None, limit: int = 50, body: bool = False, feed: str | None = None) -> list[Item]:
    a = t.articles
    where: list[Any] = [] if before is None else [a.c.id < before]
    if feed is not None:
        e, f = t.entries.c, t.feeds.c
        where.append(a.c.id.in_(sa.select(e.article_id).join(t.feeds, f.id == e.feed_id).where(sa.or_(f.name == feed, f.url == feed))))
    rows = conn.execute(sa.select(a).where(*where).order_by(a.c.id.desc()).limit(limit)).all()
    names = carried.carriers(conn, [row.id for row in rows])
    return [article_item(row, names.get(row.id, ((), ())), body=body) for row in rows]


def export_page(conn: sa.Connection, after: int, limit: int) -> tuple[list[Item], int]:
    """Articles by key, oldest first, with their bodies; and the key to go on after (0 at the end)."""
    a = t.articles
    rows = conn.execute(sa.select(a).where(a.c.id > after).order_by(a.c.id).limit(limit)).all()
    names = carried.carriers(conn, [row.id for row in rows])
    items = []
    for row in rows:
        item = article_item(row, names.get(row.id, ((), ())), body=True)
        items.append({key: item[key] for key in ("url", "title", "author", "site", "language", "published_at", "body", "source", "tags")})
    return items, rows[-1].id if len(rows) == limit else 0


def find_article(conn: sa.Connection, name: str, key: bytes | None) -> Item | None:
    """An article by id, or by the key of its URL."""
    a = t.articles
    wanted = [] if key is None else [a.c.key == key, a.c.canonical_url == name, a.c.url == name]
    if name.isdigit():
        wanted.append(a.c.id == int(name))
    row = conn.execute(sa.select(a).where(sa.or_(*wanted)).order_by(a.c.id).limit(1)).first() if wanted else None
    if row is None:
        return None
    item = article_item(row, carried.carriers(conn, [row.id]).get(row.id, ((), ())), body=True)
    item["why_text"] = row.why_text
    item["tries"] = row.tries
    item["due_at"] = stamp(row.due_at)
    item["story_id"] = None if row.story_id is None else str(row.story_id)
    return item
