"""The last polls of each feed, and what one poll says for others: kept cheaply, since most polls change nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from monitor.store import sql
from monitor.store.tables import feeds
from monitor.store.tables import polls as t

if TYPE_CHECKING:
    from monitor.store.feeds import PollDone, PollReport

KEPT = 50  # polls of a feed that can be looked at; up to twice as many lie there


def add(conn: sa.Connection, now: float, kept: Sequence[tuple[PollDone, PollReport]]) -> None:
    """Writes a row for each poll, and takes the oldest away once in so many."""
    sql.quick_many(conn, "polls", _insert, [_row(now, poll, report) for poll, report in kept])
    for poll, _ in kept:
        if poll.feed.polls and poll.feed.polls % KEPT == 0:
            _trim(conn, poll.feed.id)


def _insert() -> sa.Insert:
    columns = ("feed_id", "at", "status", "bytes", "new", "total", "took", "code", "text")
    return sa.insert(t).inline().values({name: sa.bindparam(name) for name in columns})


def _row(now: float, poll: PollDone, report: PollReport) -> dict[str, Any]:
    facts = poll.facts
    return {
        "feed_id": poll.feed.id,
        "at": now,
        "status": facts.get("last_status"),
        "bytes": facts.get("last_bytes"),
        "new": report.new + report.backlog + report.duplicates,
        "total": None if poll.entries is None else len(poll.entries),
        "took": facts.get("last_took"),
        "code": facts.get("error_code"),
        "text": facts.get("error_text"),
    }


def _trim(conn: sa.Connection, feed_id: int) -> None:
    oldest = sa.select(t.c.id).where(t.c.feed_id == feed_id).order_by(t.c.id.desc()).offset(KEPT - 1).limit(1).scalar_subquery()
    conn.execute(sa.delete(t).where(t.c.feed_id == feed_id, t.c.id < oldest))


def recent(conn: sa.Connection, feed_id: int, limit: int = KEPT) -> Sequence[Any]:
    """The last polls of a feed, the newest first."""
    return conn.execute(sa.select(t).where(t.c.feed_id == feed_id).order_by(t.c.id.desc()).limit(limit)).all()


def since(conn: sa.Connection, moment: float) -> int:
    """How many polls there were after a moment; rows lie in the order of time, so that only those are looked at."""
    before = sa.select(t.c.id).where(t.c.at <= moment).order_by(t.c.id.desc()).limit(1).scalar_subquery()
    return conn.execute(sa.select(sa.func.count()).where(t.c.id > sa.func.coalesce(before, 0))).scalar_one()


# -- what one poll says for others ---------------------------------------------------------------------------------------
def spending(conn: sa.Connection) -> tuple[float, float]:
    """What the feeds that are polled would share: the sum of the learnt rates of those on `auto`, and polls a second of the others.

    The rate is the mean of the square root of entries an hour; a feed of which nothing is known counts as 0.1.
    """
    f = feeds.c
    if conn.dialect.name == "postgresql":
        rate: sa.ColumnElement[Any] = sa.cast(sa.cast(f.habit, sa.JSON)["rate"].as_string(), sa.Float)
    else:
        rate = sa.func.json_extract(f.habit, "$.rate")
    active = (f.configured == 1, f.due_at.is_not(None))
    shared = conn.execute(sa.select(sa.func.sum(sa.func.coalesce(rate, 0.1))).where(*active, f.interval.is_(None))).scalar()
    fixed = conn.execute(sa.select(sa.func.sum(1.0 / f.interval)).where(*active, f.interval.is_not(None))).scalar()
    return float(shared or 0.0), float(fixed or 0.0)
