"""Subscriptions at hubs, kept as small facts: a feed has one at most."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import sqlalchemy as sa

from monitor.store import settings, sql
from monitor.store.tables import feeds, meta

_PREFIX = "websub:"
_APART = 10.0  # seconds after a poll in which a hub's word starts no other


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


def due_now(conn: sa.Connection, now: float, feed_id: int) -> bool:
    """The hub says that there is news: the feed is polled at once, unless it fails, is in hand or was polled just now."""
    f = feeds.c
    where = (
        f.id == feed_id,
        f.owner.is_(None),
        f.failures == 0,
        f.due_at > now,
        sa.or_(f.last_poll_at.is_(None), f.last_poll_at < now - _APART),
    )
    return conn.execute(sa.update(feeds).where(*where).values(due_at=now)).rowcount > 0
