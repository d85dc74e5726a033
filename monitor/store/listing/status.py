"""How the daemon fares, judged from the rows alone."""

from __future__ import annotations

import sqlalchemy as sa

from monitor.store import polls
from monitor.store import tables as t
from monitor.store.listing.common import Item, stamp
from monitor.store.listing.feeds import feed_state

_FEED_STATES = ("ok", "failing", "silent", "quarantined", "paused", "ended")


def status(conn: sa.Connection, now: float) -> Item:
    """How the daemon fares, judged from the rows alone."""
    f, a, d, lane, al, i = t.feeds.c, t.articles.c, t.deliveries.c, t.lanes.c, t.alerts.c, t.instances.c
    feeds_by: dict[str, int] = {}
    for row in conn.execute(sa.select(f.state, f.paused_at).where(f.configured == 1)):
        name = feed_state(row)
        feeds_by[name] = feeds_by.get(name, 0) + 1
    minute = now - 60

    def one(*what: sa.ColumnElement[bool]) -> int:
        return conn.execute(sa.select(sa.func.count()).where(*what)).scalar_one()

    open_by: dict[str, int] = dict(
        conn.execute(sa.select(al.severity, sa.func.count()).where(al.state == "open").group_by(al.severity)).all()
    )
    oldest = conn.execute(sa.select(sa.func.min(al.created_at)).where(al.state == "open")).scalar()
    undelivered = sa.and_(d.delivered_at.is_(None), d.state != "dead")
    sick = conn.execute(
        sa.select(lane.channel, lane.due_at, lane.last_text, lane.off).where(sa.or_(lane.failures > 0, lane.off == 1), lane.configured == 1)
    ).all()
    oldest_waiting = {
        "poll": conn.execute(sa.select(sa.func.min(f.due_at)).where(f.due_at <= now)).scalar(),
        "read": conn.execute(sa.select(sa.func.min(sa.func.coalesce(a.since, a.due_at))).where(a.due_at <= now)).scalar(),
        "deliver": conn.execute(sa.select(sa.func.min(d.created_at)).where(undelivered)).scalar(),
    }
    instances = [
        {
            "id": row.id,
            "host": row.host,
            "pid": row.pid,
            "version": row.version,
            "started_at": stamp(row.started_at),
            "seen_at": stamp(row.seen_at),
            "reload_error": row.reload_error,
        }
        for row in conn.execute(sa.select(t.instances).where(i.seen_at > now - 86400).order_by(i.seen_at.desc()))
    ]
    return {
        "now": stamp(now),
        "instances": instances,
        "poll": _stage(polls.since(conn, minute), one(f.due_at <= now), oldest_waiting["poll"], now),
        "read": _stage(one(a.matched_at > minute), one(a.due_at.is_not(None)), oldest_waiting["read"], now),
        "deliver": {
            "last_minute": one(d.delivered_at > minute),
            "waiting": one(undelivered),
            "dead": one(d.state == "dead"),
            "oldest_waiting_s": _age(oldest_waiting["deliver"], now),
            "sick": [{"channel": r.channel, "off": bool(r.off), "cause": r.last_text, "next_try_at": stamp(r.due_at)} for r in sick],
        },
        "feeds": {"total": sum(feeds_by.values()), **{name: feeds_by[name] for name in _FEED_STATES if name in feeds_by}},
        "alerts": {"open": sum(open_by.values()), "by_severity": open_by, "oldest_at": stamp(oldest)},
        "articles": one(a.id.is_not(None)),
    }


def _stage(last_minute: int, waiting: int, oldest: float | None, now: float) -> Item:
    return {"last_minute": last_minute, "waiting": waiting, "oldest_waiting_s": _age(oldest, now)}


def _age(at: float | None, now: float) -> float | None:
    return None if at is None else round(max(0.0, now - at), 1)
