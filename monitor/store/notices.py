"""Notices: a trouble is told once when it begins and once when it ends, on the channels under `operations`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from monitor.store import changes, settings, sql
from monitor.store.tables import deliveries, lanes, notices

OK = "ok"
MANY = 10  # notices for people: more than this many within a minute are one message
MINUTE = 60.0
GATHERED = "gathered"


@dataclass(frozen=True, slots=True)
class Told:
    """A change of state of a subject. `state` "ok" ends the trouble; `event` is something that has no end."""

    kind: str
    key: str
    subject: str
    state: str
    cause: str
    remedy: str
    url: str | None = None
    event: bool = False
    not_channel: str | None = None  # the channel that died is not the one to tell of it


def feed_event(feed_id: int, name: str, url: str, state: str, cause: str, remedy: str) -> Told:
    """Something that befell a feed, and has no end."""
    return Told("feed-event", f"{feed_id}:{state}", f"feed {name}", state, cause, remedy, url, event=True)


def tell(conn: sa.Connection, now: float, told: Told, made: list[changes.Change]) -> bool:
    """Writes the notice and its deliveries, unless it is told already. Answers whether a delivery is due."""
    n = notices.c
    open_ = conn.execute(
        sa.select(n.id, n.state, n.since).where(n.kind == told.kind, n.key == told.key, n.ended_at.is_(None)).order_by(n.id.desc()).limit(1)
    ).first()
    if not told.event and (open_ is None if told.state == OK else open_ is not None and open_.state == told.state):
        return False
    if open_ is not None:
        conn.execute(sa.update(notices).where(n.kind == told.kind, n.key == told.key, n.ended_at.is_(None)).values(ended_at=now))
    over = told.event or told.state == OK
    uid = sql.new_uid()
    notice_id: int = conn.execute(
        sa.insert(notices)
        .values(
            uid=uid,
            kind=told.kind,
            key=told.key,
            subject=told.subject,
            state=told.state,
            since=open_.since if open_ is not None and told.state == OK else now,
            cause=told.cause,
            remedy=told.remedy,
            url=told.url,
            created_at=now,
            ended_at=now if over else None,
        )
        .returning(n.id)
    ).scalar_one()
    made.append(changes.Change("notice.created", [uid], after=told.state))
    return _deliver(conn, now, notice_id, told)


def known(conn: sa.Connection, kind: str, key: str) -> bool:
    """Whether anything was ever told of a subject."""
    return bool(conn.execute(sa.select(sa.exists().where(notices.c.kind == kind, notices.c.key == key))).scalar())


def rule_key(name: str, query: str) -> str:
    """A rule as a subject: with another query it is another one."""
    return sql.digest(name, query).hex()


def slow_rules(conn: sa.Connection) -> dict[str, float]:
    """By `rule_key` the rules that were told to be slow, and when."""
    n = notices.c
    return {row.key: row.created_at for row in conn.execute(sa.select(n.key, n.created_at).where(n.kind == "rule", n.state == "slow"))}


def _deliver(conn: sa.Connection, now: float, notice_id: int, told: Told) -> bool:
    wanted = [name for name in settings.get(conn, "operations", []) if name != told.not_channel]
    found = conn.execute(
        sa.select(lanes.c.id, lanes.c.channel, lanes.c.human).where(lanes.c.channel.in_(wanted), lanes.c.configured == 1)
    ).all()
    rows = [
        {"uid": sql.new_uid(), "notice_id": notice_id, "lane_id": lane_id, "channel": channel, "state": "waiting", "created_at": now}
        | _gathered(conn, now, lane_id, human=bool(human))
        for lane_id, channel, human in found
    ]
    sql.many(conn, sa.insert(deliveries), rows)
    for row in rows:
        wake(conn, row["due_at"] or now, [row["lane_id"]], urgent=True)
    return bool(rows)


def _gathered(conn: sa.Connection, now: float, lane_id: int, *, human: bool) -> dict[str, Any]:
    """A person's eleventh notice within a minute waits until that is over, with all that follow: they are one message."""
    row: dict[str, Any] = {"reason": None, "due_at": None}
    if not human:
        return row
    d = deliveries.c
    late = (d.lane_id == lane_id, d.notice_id.is_not(None), d.created_at > now - MINUTE)
    made = conn.execute(sa.select(d.created_at, d.due_at, d.reason, d.message).where(*late).order_by(d.created_at)).all()
    for one in made:
        if one.reason == GATHERED and one.message is None:
            return {"reason": GATHERED, "due_at": one.due_at}
    sent = [one for one in made if one.message is not None]  # those that wait yet go as one by themselves
    return row if len(sent) < MANY else {"reason": GATHERED, "due_at": sent[0].created_at + MINUTE}


def wake(conn: sa.Connection, now: float, lane_ids: list[int], *, urgent: bool = False) -> None:
    """Makes lanes due. One that backs off or is in hand keeps its own time; one that waits for its digest too, unless `urgent`."""
    ready = [lanes.c.owner.is_(None), lanes.c.failures == 0, lanes.c.off == 0, sa.or_(lanes.c.due_at.is_(None), lanes.c.due_at > now)]
    if not urgent:
        ready.append(lanes.c.digest.is_(None))
    sql.lock(conn, lanes, lane_ids)
    for ids in sql.chunks(sorted(set(lane_ids))):
        conn.execute(sa.update(lanes).where(lanes.c.id.in_(ids), *ready).values(due_at=now))
