"""Domains that asked to be left alone, kept so that a restart and every other daemon on the store leave them alone too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from monitor.store import settings, sql
from monitor.store.tables import articles, feeds, meta

if TYPE_CHECKING:
    from monitor.store.articles import DueArticle
    from monitor.store.feeds import DueFeed

_PREFIX = "pause:"


def all_(conn: sa.Connection) -> dict[str, float]:
    """Until when (seconds since the epoch) each domain is left alone, those that are over among them."""
    rows = conn.execute(sa.select(meta.c.key, meta.c.value).where(meta.c.key.startswith(_PREFIX)))
    return {key.removeprefix(_PREFIX): float(sql.load(value)) for key, value in rows}


def put(conn: sa.Connection, now: float, asked: Mapping[str, float]) -> None:
    """Domains ask for quiet: no feed of theirs is due before that. What is in hand is looked after by who holds it.

    Their pages stay due as they are: whoever claims one puts it off, those that come later too.
    """
    known = all_(conn)
    for host, until in sorted(asked.items()):
        settings.put(conn, f"{_PREFIX}{host}", max(until, known.get(host, 0.0)))
        f = feeds.c
        conn.execute(sa.update(feeds).where(f.host == host, f.owner.is_(None), f.due_at < until).values(due_at=until, since=None))
    over = [f"{_PREFIX}{host}" for host, until in known.items() if until <= now and host not in asked]
    for keys in sql.chunks(over):
        conn.execute(sa.delete(meta).where(meta.c.key.in_(keys)))


def put_off_feeds(conn: sa.Connection, now: float, given: Sequence[DueFeed], until: float) -> None:
    """Gives claimed feeds back unasked, due at `until`."""
    statement = (
        sa.update(feeds)
        .where(feeds.c.id == sa.bindparam("b_id"), feeds.c.owner == sa.bindparam("b_owner"))
        .values(due_at=max(until, now), owner=None, since=None)
    )
    sql.many(conn, statement, [{"b_id": f.id, "b_owner": f.owner} for f in sorted(given, key=lambda f: f.id)])


def put_off_articles(conn: sa.Connection, now: float, given: Sequence[tuple[DueArticle, float, str]]) -> None:
    """Gives claimed articles back unasked: each with when it is due again, and why, for `explain`. `since` stays."""
    statement = (
        sa.update(articles)
        .where(articles.c.id == sa.bindparam("b_id"), articles.c.owner == sa.bindparam("b_owner"))
        .values(
            due_at=sa.bindparam("b_until"), owner=None, since=sa.bindparam("b_since"), why="page-failed", why_text=sa.bindparam("b_why")
        )
    )
    rows = [{"b_id": a.id, "b_owner": a.owner, "b_until": until, "b_why": why, "b_since": a.since} for a, until, why in given]
    sql.many(conn, statement, sorted(rows, key=lambda row: row["b_id"]))
