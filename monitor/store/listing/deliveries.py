"""Deliveries and channels as items of the API."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from monitor.store import sql
from monitor.store import tables as t
from monitor.store.listing.common import Item, stamp


def deliveries(
    conn: sa.Connection, *, state: str | None = None, channel: str | None = None, before: int | None = None, limit: int = 50
) -> list[Item]:
    d, lane = t.deliveries.c, t.lanes.c
    where: list[Any] = []
    if state == "retrying":
        where += [lane.off == 0, sa.or_(d.state == "retrying", sa.and_(d.state == "waiting", lane.failures > 0))]
    elif state == "waiting":
        off = sa.and_(lane.off == 1, d.state.in_(("waiting", "retrying")))
        where.append(sa.or_(off, sa.and_(d.state == "waiting", lane.failures == 0)))
    elif state is not None:
        where.append(d.state == state)
    if channel is not None:
        where.append(d.channel == channel)
    if before is not None:
        where.append(d.id < before)
    rows = conn.execute(_deliveries().where(*where).order_by(d.id.desc()).limit(limit))
    return [delivery_item(row) for row in rows]


def _deliveries() -> Any:
    d, al, a, n, lane = t.deliveries.c, t.alerts.c, t.articles.c, t.notices.c, t.lanes.c
    return sa.select(
        t.deliveries,
        al.uid.label("alert"),
        al.rule,
        al.severity,
        a.title,
        n.subject,
        n.uid.label("notice"),
        lane.failures,
        lane.due_at.label("lane_due"),
        lane.off,
    ).select_from(
        t.deliveries.join(t.lanes, lane.id == d.lane_id)
        .outerjoin(t.alerts, al.id == d.alert_id)
        .outerjoin(t.articles, a.id == al.article_id)
        .outerjoin(t.notices, n.id == d.notice_id)
    )


def shown_state(state: str, failures: int, off: int) -> str:
    """What a delivery's state is called: all behind a sick channel are tried again, and all behind one that is off wait."""
    if off and state == "retrying":
        return "waiting"
    return "retrying" if state == "waiting" and failures and not off else state


def delivery_item(row: Any) -> Item:
    waiting = row.delivered_at is None and row.state != "dead"
    return {
        "id": row.uid,
        "channel": row.channel,
        "state": shown_state(row.state, row.failures, row.off),
        "reason": row.reason or ("channel-off" if waiting and row.off else None),
        "alert": row.alert,
        "notice": row.notice,
        "rule": row.rule,
        "severity": row.severity,
        "title": row.title or row.subject,
        "message": row.message,
        "tries": row.tries,
        "status": row.status,
        "text": row.text,
        "created_at": stamp(row.created_at),
        "first_try_at": stamp(row.first_try_at),
        "last_try_at": stamp(row.last_try_at),
        "next_try_at": stamp(row.due_at or row.lane_due) if waiting else None,
        "delivered_at": stamp(row.delivered_at),
        "recipients": sql.load(row.recipients),
    }


def find_delivery(conn: sa.Connection, uid: str) -> Item | None:
    """A delivery by its id, with each try."""
    row = conn.execute(_deliveries().where(t.deliveries.c.uid == uid)).first()
    if row is None:
        return None
    tr = t.tries.c
    made = conn.execute(sa.select(t.tries).where(tr.delivery_id == row.id).order_by(tr.id))
    item = delivery_item(row)
    item["attempts"] = [
        {"at": stamp(one.at), "delivered": bool(one.delivered), "status": one.status, "text": one.text, "took_s": one.took} for one in made
    ]
    return item


def channels(conn: sa.Connection, now: float) -> list[Item]:
    lane, d = t.lanes.c, t.deliveries.c
    counts: dict[int, dict[str, int]] = {}
    for lane_id, state, number in conn.execute(sa.select(d.lane_id, d.state, sa.func.count()).group_by(d.lane_id, d.state)):
        counts.setdefault(lane_id, {})[state] = number
    day: dict[int, int] = dict(
        conn.execute(sa.select(d.lane_id, sa.func.count()).where(d.delivered_at > now - 86400).group_by(d.lane_id)).all()
    )
    rows = conn.execute(sa.select(t.lanes).where(lane.configured == 1).order_by(lane.channel))
    return [
        {
            "name": row.channel,
            "type": row.type,
            "target": row.target,
            "state": "off" if row.off else "failing" if row.failures else "ok",
            "since": stamp(row.failing_since),
            "waiting": sum(n for state, n in counts.get(row.id, {}).items() if state not in ("delivered", "dead")),
            "dead": counts.get(row.id, {}).get("dead", 0),
            "delivered_24h": day.get(row.id, 0),
            "last_ok_at": stamp(row.last_ok_at),
            "next_digest_at": stamp(row.digest_at),
            "status": row.last_status,
            "text": row.last_text,
        }
        for row in rows
    ]
