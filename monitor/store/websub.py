"""Subscriptions at hubs, kept as small facts: a feed has one at most."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import sqlalchemy as sa

from monitor.store import pauses, settings, sql
from monitor.store.tables import feeds, meta

_PREFIX = "websub:"
_APART = 10.0  # seconds between a poll and one that a hub's word starts


@dataclass(frozen=True, slots=True)
class Subscription:
    """`token` is the callback's last part, `secret` signs what the hub sends; times are seconds since the epoch."""

    feed_id: int
    hub: str
    topic: str
    token: str
    secret: str
    ask_at: float  # when the hub is asked next: for the first time, again, or to renew
    until: float | None = None  # the end of the lease; None: not confirmed
    failures: int = 0
    pings: int = 0
    problem: str | None = None


def all_(conn: sa.Connection) -> list[Subscription]:
    rows = conn.execute(sa.select(meta.c.value).where(meta.c.key.startswith(_PREFIX)))
    return [Subscription(**sql.load(value)) for (value,) in rows]


def of_token(conn: sa.Connection, token: str) -> Subscription | None:
    return next((one for one in all_(conn) if one.token == token), None)


def of_feed(conn: sa.Connection, feed_id: int) -> Subscription | None:
    found = settings.get(conn, f"{_PREFIX}{feed_id}")
    return None if found is None else Subscription(**found)


def keep(conn: sa.Connection, now: float, one: Subscription) -> None:
    settings.put(conn, f"{_PREFIX}{one.feed_id}", asdict(one))


def drop(conn: sa.Connection, now: float, feed_id: int) -> None:
    conn.execute(sa.delete(meta).where(meta.c.key == f"{_PREFIX}{feed_id}"))


def forget_removed(conn: sa.Connection, now: float) -> None:
    """Subscriptions of feeds that are no longer watched."""
    watched = set(conn.execute(sa.select(feeds.c.id).where(feeds.c.configured == 1)).scalars())
    for one in all_(conn):
        if one.feed_id not in watched:
            drop(conn, now, one.feed_id)


def due_soon(conn: sa.Connection, now: float, feed_id: int) -> bool:
    """The hub says that there is news: the feed is due at once, but not right after a poll, nor before a pause of its domain ends.

    False where it is in hand: then the news may be younger than what is being read. One that fails keeps its back-off, one that is
    paused or gone stays so.
    """
    f = feeds.c
    row = conn.execute(sa.select(f.host, f.owner, f.due_at, f.failures, f.last_poll_at).where(f.id == feed_id)).first()
    if row is None or row.due_at is None or row.failures:
        return True
    if row.owner is not None:
        return False
    at = max(now, (row.last_poll_at or 0.0) + _APART, pauses.all_(conn).get(row.host, 0.0))
    conn.execute(sa.update(feeds).where(f.id == feed_id, f.owner.is_(None), f.due_at > at).values(due_at=at))
    return True
