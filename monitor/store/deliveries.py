"""Statements of the deliver stage: claim lanes, take the next message of a lane, mark what became of it.

A lane sends one message at a time. What it takes next is decided here, from the rows alone:
the oldest delivery that waits; after three failures of that one, the one behind it, as a probe; and when a probe has
passed, the first once more at once. What then fails again goes aside and follows the ladder by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from monitor.store import changes, sql
from monitor.store.tables import alerts, deliveries, lanes, notices, tries

PROBE_AFTER = 3  # failures of a lane's head, after which the next is tried in its place
_GROUP = 50  # members of one message at most

d = deliveries.c


@dataclass(frozen=True, slots=True)
class Job:
    """A message in hand: the lane, and the deliveries that go as one."""

    lane_id: int
    channel: str
    owner: str
    ids: tuple[int, ...]
    uids: tuple[str, ...]
    alert_ids: tuple[int, ...]
    notice_ids: tuple[int, ...]
    message: str  # the idempotency key
    tries: int
    first_try_at: float
    lane_failures: int
    aside: bool
    probe: bool
    digest: bool


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
    recipients: dict[str, str] | None = None


def claim_lanes(conn: sa.Connection, now: float, owner: str, limit: int, lease: float, mine: Sequence[int]) -> list[Job]:
    """Takes due lanes, one message each. `mine`: lanes that this process has in hand."""
    where = [lanes.c.off == 0]
    if mine:
        where.append(lanes.c.id.not_in(sorted(mine)))
    claimed = conn.execute(
        sql.claim(lanes, now=now, until=now + lease, owner=owner, limit=limit, where=where).returning(lanes.c.id)
    ).scalars()
    jobs = []
    for lane_id in sorted(claimed):
        _lost_claims(conn, lane_id)
        job = take(conn, now, lane_id, owner)
        if job is None:
            release(conn, now, lane_id)
        else:
            jobs.append(job)
    return jobs


def _lost_claims(conn: sa.Connection, lane_id: int) -> None:
    """What an owner that died had in hand may have arrived: nobody knows."""
    conn.execute(
        sa.update(deliveries)
        .where(d.lane_id == lane_id, d.owner.is_not(None), d.delivered_at.is_(None), d.state != "dead")
        .values(state="unknown", owner=None)
    )


def take(conn: sa.Connection, now: float, lane_id: int, owner: str) -> Job | None:
    """The lane's next message, claimed; None where nothing may go now."""
    lane = conn.execute(sa.select(lanes).where(lanes.c.id == lane_id)).one()
    open_ = [d.lane_id == lane_id, d.delivered_at.is_(None), d.state != "dead"]
    if lane.on_unknown == "hold":
        open_.append(d.state != "unknown")
    queue = conn.execute(
        sa.select(d.id, d.tries, d.message)
        .where(*open_, d.aside == 0, sa.or_(d.due_at.is_(None), d.due_at <= now))
        .order_by(d.id)
        .limit(_GROUP)
    ).all()
    head, probe = (queue[0] if queue else None), False
    if head is not None and head.tries >= PROBE_AFTER and not lane.retry_head and lane.failures:
        behind = [row for row in queue if row.message is None or row.message != head.message]
        if behind:
            head, probe = behind[0], True
    aside = False
    if head is None or (not lane.failures and not lane.retry_head):
        late = conn.execute(
            sa.select(d.id, d.tries, d.message).where(*open_, d.aside == 1, d.due_at <= now).order_by(d.due_at).limit(1)
        ).first()
        if late is not None:
            head, aside, probe = late, True, False
    if head is None:
        return None
    return _claim(conn, now, lane, head.id, owner, aside=aside, probe=probe)


def _claim(conn: sa.Connection, now: float, lane: Any, head_id: int, owner: str, *, aside: bool, probe: bool) -> Job:
    head = conn.execute(sa.select(deliveries).where(d.id == head_id)).one()
    members = [head]
    digest = bool(lane.digest)
    if head.message is not None:  # fixed at its first try
        members = list(
            conn.execute(sa.select(deliveries).where(d.message == head.message, d.delivered_at.is_(None), d.state != "dead").order_by(d.id))
        )
    elif lane.human and head.story_id is not None:
        members = list(
            conn.execute(
                sa.select(deliveries)
                .where(
                    d.lane_id == lane.id,
                    d.story_id == head.story_id,
                    d.delivered_at.is_(None),
                    d.state == "waiting",
                    d.message.is_(None),
                    sa.or_(d.due_at.is_(None), d.due_at <= now),
                )
                .order_by(d.id)
                .limit(_GROUP)
            )
        ) or [head]
    message = head.message or members[0].uid
    first = head.first_try_at or now
    conn.execute(
        sa.update(deliveries)
        .where(d.id.in_([m.id for m in members]))
        .values(owner=owner, message=message, first_try_at=sa.func.coalesce(d.first_try_at, now))
    )
    return Job(
        lane_id=lane.id,
        channel=lane.channel,
        owner=owner,
        ids=tuple(m.id for m in members),
        uids=tuple(m.uid for m in members),
        alert_ids=tuple(m.alert_id for m in members if m.alert_id is not None),
        notice_ids=tuple(m.notice_id for m in members if m.notice_id is not None),
        message=message,
        tries=head.tries,
        first_try_at=first,
        lane_failures=lane.failures,
        aside=aside,
        probe=probe,
        digest=digest,
    )


def release(conn: sa.Connection, now: float, lane_id: int) -> None:
    """Ends the lane's claim: due again when something of it is, else idle."""
    waiting = sa.and_(d.lane_id == lane_id, d.delivered_at.is_(None), d.state != "dead")
    lane = conn.execute(sa.select(lanes.c.on_unknown).where(lanes.c.id == lane_id)).one()
    if lane.on_unknown == "hold":
        waiting = sa.and_(waiting, d.state != "unknown")
    # coalesce: what has no time of its own is due now.
    earliest = conn.execute(sa.select(sa.func.min(sa.func.coalesce(d.due_at, now))).where(waiting)).scalar()
    conn.execute(sa.update(lanes).where(lanes.c.id == lane_id).values(due_at=earliest, owner=None, since=None))


def delivered(conn: sa.Connection, now: float, answer: Answer, lease: float) -> tuple[int, Job | None]:
    """Marks a success, never fenced, and takes the lane's next in the same transaction.

    Answers how many deliveries it settled and the next job; the lane is released where there is none.
    """
    job = answer.job
    settled = conn.execute(
        sa.update(deliveries)
        .where(d.id.in_(job.ids), d.delivered_at.is_(None))
        .values(
            state="delivered",
            delivered_at=now,
            last_try_at=now,
            tries=d.tries + 1,
            owner=None,
            due_at=None,
            status=answer.status,
            text=answer.text,
            recipients=None if answer.recipients is None else sql.dump(answer.recipients),
        )
    ).rowcount
    _log_tries(conn, now, answer)
    changes.log(conn, now, [changes.Change("delivery.changed", list(job.uids), after="delivered")])
    mine = conn.execute(sa.select(lanes.c.owner).where(lanes.c.id == job.lane_id).with_for_update()).scalar() == job.owner
    if not mine:
        return settled, None
    conn.execute(
        sa.update(lanes)
        .where(lanes.c.id == job.lane_id)
        .values(
            failures=0,
            failing_since=None,
            retry_head=1 if job.probe else 0,
            last_ok_at=now,
            last_status=answer.status,
            last_text=answer.text,
            due_at=now + lease,
            since=now,
        )
    )
    return settled, _next(conn, now, job)


def _next(conn: sa.Connection, now: float, job: Job) -> Job | None:
    following = take(conn, now, job.lane_id, job.owner)
    if following is None:
        release(conn, now, job.lane_id)
    return following


def failed(conn: sa.Connection, now: float, answer: Answer, lease: float) -> Job | None:
    """Marks a failure, fenced. A passing one backs the lane off; a final one costs its own message alone."""
    job = answer.job
    lane = conn.execute(sa.select(lanes).where(lanes.c.id == job.lane_id).with_for_update()).one()
    if lane.owner != job.owner:
        return None
    _log_tries(conn, now, answer)
    retried_head = bool(lane.retry_head)
    dead = answer.final and not answer.off
    aside = job.aside or (retried_head and not dead)
    values: dict[str, Any] = {"owner": None, "last_try_at": now, "tries": d.tries + 1, "status": answer.status, "text": answer.text}
    if dead:
        values.update(state="dead", reason=answer.reason or "final", due_at=None)
    elif answer.off:
        values.update(state="waiting")
    else:
        values.update(state="retrying", aside=int(aside), due_at=now + answer.wait if aside else None)
    if answer.recipients is not None:
        values["recipients"] = sql.dump(answer.recipients)
    conn.execute(sa.update(deliveries).where(d.id.in_(job.ids), d.delivered_at.is_(None)).values(**values))
    changes.log(conn, now, [changes.Change("delivery.changed", list(job.uids), after=values["state"])])
    facts: dict[str, Any] = {"last_status": answer.status, "last_text": answer.text, "retry_head": 0}
    if dead or aside:
        conn.execute(sa.update(lanes).where(lanes.c.id == job.lane_id).values(**facts, due_at=now + lease))
        return _next(conn, now, job)
    facts.update(failures=lane.failures + 1, failing_since=lane.failing_since or now, due_at=now + answer.wait, owner=None, since=None)
    if answer.off:
        facts.update(off=1, due_at=None)
    conn.execute(sa.update(lanes).where(lanes.c.id == job.lane_id).values(**facts))
    return None


def _log_tries(conn: sa.Connection, now: float, answer: Answer) -> None:
    rows = [
        {
            "delivery_id": id_,
            "at": now,
            "delivered": int(answer.delivered),
            "status": answer.status,
            "text": answer.text[:500],
            "took": answer.took,
        }
        for id_ in answer.job.ids
    ]
    sql.many(conn, sa.insert(tries), rows)


def next_due(conn: sa.Connection) -> float | None:
    return conn.execute(sa.select(sa.func.min(lanes.c.due_at)).where(lanes.c.due_at.is_not(None), lanes.c.off == 0)).scalar()


def retry(conn: sa.Connection, now: float, uids: Sequence[str], actor: str) -> list[str]:
    """Makes dead, held or retrying deliveries due at once; answers those found. They keep their ids."""
    c = deliveries.c
    rows = conn.execute(
        sa.select(c.id, c.uid, c.lane_id).where(c.uid.in_(list(uids)), c.delivered_at.is_(None), c.owner.is_(None)).order_by(c.id)
    ).all()
    if rows:
        conn.execute(
            sa.update(deliveries)
            .where(c.id.in_([r.id for r in rows]))
            .values(state="waiting", reason=None, aside=0, due_at=None, first_try_at=None)
        )
        lane_ids = sorted({r.lane_id for r in rows})
        conn.execute(sa.update(lanes).where(lanes.c.id.in_(lane_ids), lanes.c.owner.is_(None), lanes.c.off == 0).values(due_at=now))
        changes.log(conn, now, [changes.Change("delivery.changed", [r.uid for r in rows], actor=actor, after="waiting")])
    return [r.uid for r in rows]


def subjects(conn: sa.Connection, alert_ids: Sequence[int], notice_ids: Sequence[int]) -> tuple[list[Any], list[Any]]:
    """The rows of alerts and notices that a message is about, in the order asked for."""
    a = {row.id: row for row in conn.execute(sa.select(alerts).where(alerts.c.id.in_(list(alert_ids))))} if alert_ids else {}
    n = {row.id: row for row in conn.execute(sa.select(notices).where(notices.c.id.in_(list(notice_ids))))} if notice_ids else {}
    return [a[id_] for id_ in alert_ids if id_ in a], [n[id_] for id_ in notice_ids if id_ in n]
