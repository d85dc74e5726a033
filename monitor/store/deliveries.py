"""Statements that mark what became of a message, and what people may do about deliveries. What goes next is `taking`'s."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

from monitor.store import changes, notices, sql
from monitor.store.tables import deliveries, lanes, tries
from monitor.store.taking import Digests, Job, claim_lanes, next_due, release, take

__all__ = [
    "Answer",
    "Digests",
    "Job",
    "anchor",
    "claim_lanes",
    "dead",
    "delivered",
    "drop",
    "failed",
    "next_due",
    "put_back",
    "release",
    "retry",
    "take",
    "well",
]

_TRIES = 50  # members of a message up to which each has the try noted; of a larger one the first alone

d = deliveries.c

# Made once: to build a statement anew for each message costs more than to run it. What is set comes with the parameters.
_MARK = sa.update(deliveries).where(d.id.in_(sa.bindparam("ids", expanding=True)), d.delivered_at.is_(None)).values(tries=d.tries + 1)
_LANE = sa.select(lanes).where(lanes.c.id == sa.bindparam("lane")).with_for_update()
_LANE_NOW = sa.update(lanes).where(lanes.c.id == sa.bindparam("lane"))


@dataclass(frozen=True, slots=True)
class Answer:
    """What the channel answered, as the pipeline judges it. `wait`: seconds of back-off after a passing failure."""

    job: Job
    delivered: bool
    text: str
    status: int | None
    took: float
    final: bool = False
    off: bool = False
    reason: str | None = None  # why it is dead: final, age
    wait: float = 0.0
    alone: bool = False  # the fault is the message's own: it goes on by itself and holds nobody up
    recipients: dict[str, str] | None = None
    notice: notices.Told | None = None
    unknown: bool = False  # it may have arrived, and nobody will ever tell
    anchor: str | None = None  # it began its story's thread


def delivered(conn: sa.Connection, now: float, answer: Answer, lease: float, digests: Digests) -> Job | None:
    """Marks a success, never fenced, and takes the lane's next in the same transaction.

    Answers the next job; the lane is released where there is none.
    """
    job = answer.job
    recipients = None if answer.recipients is None else sql.dump(answer.recipients)
    values = {"state": "delivered", "delivered_at": now, "last_try_at": now, "owner": None, "due_at": None, "anchor": answer.anchor}
    values |= {"status": answer.status, "text": answer.text, "recipients": recipients}
    for ids in sql.chunks(job.ids):
        conn.execute(_MARK, {"ids": ids, **values})
    _log_tries(conn, now, answer)
    made = [changes.Change("delivery.changed", list(job.uids), after="delivered")]
    lane = conn.execute(_LANE, {"lane": job.lane_id}).one()
    if lane.failing_since is not None:
        notices.tell(conn, now, well(job.channel), made)
    changes.log(conn, now, made)
    if lane.owner != job.owner:
        return None
    facts = {"last_ok_at": now, "last_status": answer.status, "last_text": answer.text, "due_at": now + lease, "since": now}
    return _next(conn, now, job, lane, {"failures": 0, "failing_since": None, "retry_head": 1 if job.probe else 0, **facts}, digests)


def well(channel: str) -> notices.Told:
    """The notice that ends a channel's trouble."""
    return notices.Told("channel", channel, f"channel {channel}", notices.OK, "it takes messages again", "nothing to do")


def _next(conn: sa.Connection, now: float, job: Job, lane: Any, facts: dict[str, Any], digests: Digests) -> Job | None:
    """Writes down what is new of the lane, and takes its next."""
    conn.execute(_LANE_NOW, {"lane": job.lane_id, **facts})
    following = take(conn, now, SimpleNamespace(**{**lane._mapping, **facts}), job.owner, digests)
    if following is None:
        release(conn, now, job.lane_id, digests)
    return following


def failed(conn: sa.Connection, now: float, answer: Answer, lease: float, digests: Digests) -> Job | None:
    """Marks a failure, fenced. A passing one backs the lane off; a final one costs its own message alone."""
    job = answer.job
    lane = conn.execute(_LANE, {"lane": job.lane_id}).one()
    if lane.owner != job.owner:
        return None
    _log_tries(conn, now, answer)
    dead = answer.final and not answer.off
    aside = not answer.off and (job.aside or answer.alone or (bool(lane.retry_head) and not dead))
    values: dict[str, Any] = {"owner": None, "last_try_at": now, "status": answer.status, "text": answer.text}
    if dead:
        values.update(state="dead", reason=answer.reason or "final", due_at=None)
    elif answer.off:
        values.update(state="waiting")
    else:
        state = "unknown" if answer.unknown else "retrying"  # where an unknown one is held, the lane goes on without it
        values.update(state=state, aside=int(aside), due_at=now + answer.wait if aside else None)
    if answer.recipients is not None:
        values["recipients"] = sql.dump(answer.recipients)
    for ids in sql.chunks(job.ids):
        conn.execute(_MARK, {"ids": ids, **values})
    made = [changes.Change("delivery.changed", list(job.uids), after=values["state"])]
    if answer.notice is not None:
        notices.tell(conn, now, answer.notice, made)
    changes.log(conn, now, made)
    facts: dict[str, Any] = {"last_status": answer.status, "last_text": answer.text, "retry_head": 0}
    if dead or aside:
        return _next(conn, now, job, lane, {**facts, "due_at": now + lease}, digests)
    facts.update(failures=lane.failures + 1, failing_since=lane.failing_since or now, due_at=now + answer.wait, owner=None, since=None)
    if answer.off:
        facts.update(off=1, due_at=None)
    conn.execute(sa.update(lanes).where(lanes.c.id == job.lane_id).values(**facts))
    return None


def _log_tries(conn: sa.Connection, now: float, answer: Answer) -> None:
    ids = answer.job.ids if len(answer.job.ids) <= _TRIES else answer.job.ids[:1]
    facts = {"at": now, "delivered": int(answer.delivered), "status": answer.status, "text": answer.text[:500], "took": answer.took}
    sql.many(conn, sa.insert(tries), [{"delivery_id": id_, **facts} for id_ in ids])


def anchor(conn: sa.Connection, job: Job) -> str | None:
    """What a message of a story hangs on: the anchor of the thread that was begun last in its channel."""
    story = sa.select(d.story_id).where(d.id == job.ids[0]).scalar_subquery()
    where = (d.lane_id == job.lane_id, d.story_id == story, d.anchor.is_not(None))
    return conn.execute(sa.select(d.anchor).where(*where).order_by(d.id.desc()).limit(1)).scalar()


def put_back(conn: sa.Connection, now: float, job: Job, digests: Digests) -> None:
    """A claimed message that was not sent: due again as it was."""
    untried = sa.case((d.tries == 0, sa.null()), else_=d.first_try_at)
    for ids in sql.chunks(job.ids):
        conn.execute(sa.update(deliveries).where(d.id.in_(ids), d.owner == job.owner).values(owner=None, first_try_at=untried))
    if conn.execute(sa.select(lanes.c.owner).where(lanes.c.id == job.lane_id).with_for_update()).scalar() == job.owner:
        release(conn, now, job.lane_id, digests)


# -- what people may do ------------------------------------------------------------------------------------------------


def retry(conn: sa.Connection, now: float, uids: Sequence[str], actor: str) -> list[str]:
    """Makes dead, held or retrying deliveries due at once; answers those found. They keep their ids."""
    found: list[str] = []
    lane_ids: set[int] = set()
    for some in sql.chunks(uids):
        rows = conn.execute(
            sa.select(d.id, d.uid, d.lane_id)
            .join(lanes, lanes.c.id == d.lane_id)
            .where(d.uid.in_(some), d.delivered_at.is_(None), d.owner.is_(None), lanes.c.configured == 1)
            .order_by(d.id)
        ).all()
        values = {"state": "waiting", "reason": None, "aside": 0, "due_at": None, "held_until": None, "first_try_at": None}
        conn.execute(sa.update(deliveries).where(d.id.in_([row.id for row in rows])).values(**values))
        found += [row.uid for row in rows]
        lane_ids.update(row.lane_id for row in rows)
    if found:
        sql.lock(conn, lanes, lane_ids)
        conn.execute(sa.update(lanes).where(lanes.c.id.in_(sorted(lane_ids)), lanes.c.owner.is_(None), lanes.c.off == 0).values(due_at=now))
        changes.log(conn, now, [changes.Change("delivery.changed", found, actor=actor, after="waiting")])
    return found


def dead(conn: sa.Connection, channel: str | None) -> list[str]:
    """The ids of dead deliveries, of one channel or of all; those whose channel is gone are left out."""
    where = [d.state == "dead", lanes.c.configured == 1]
    if channel is not None:
        where.append(d.channel == channel)
    return list(conn.execute(sa.select(d.uid).join(lanes, lanes.c.id == d.lane_id).where(*where).order_by(d.id)).scalars())


def drop(conn: sa.Connection, now: float, uids: Sequence[str], actor: str) -> list[str]:
    """Gives up deliveries that wait and are not in hand; answers those given up."""
    found: list[str] = []
    for some in sql.chunks(uids):
        waiting = (d.uid.in_(some), d.delivered_at.is_(None), d.state != "dead", d.owner.is_(None))
        rows = conn.execute(sa.select(d.id, d.uid).where(*waiting).order_by(d.id)).all()
        values = {"state": "dead", "reason": "dropped", "due_at": None, "text": f"given up by {actor}"}
        conn.execute(sa.update(deliveries).where(d.id.in_([row.id for row in rows])).values(**values))
        found += [row.uid for row in rows]
    if found:
        changes.log(conn, now, [changes.Change("delivery.changed", found, actor=actor, after="dead")])
    return found
