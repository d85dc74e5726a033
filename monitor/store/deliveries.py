"""Statements of the deliver stage: claim lanes, take the next message of a lane, mark what became of it.

A lane sends one message at a time. What it takes next is decided here, from the rows alone:
the oldest delivery that waits; after three failures of that one, the one behind it, as a probe; and when a probe has
passed, the first once more at once. What then fails again goes aside and follows the ladder by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from monitor.store import changes, notices, sql
from monitor.store.tables import deliveries, lanes, tries

PROBE_AFTER = 3  # failures of a lane's head, after which the next is tried in its place
_GROUP = 50  # members of one message at most
_DIGEST = 5000  # of one digest
ABSENT = 86400.0  # seconds of absence after which people get one summary
ABSENT_ALERTS = 50  # of more than this many

d = deliveries.c

Digests = Mapping[str, float]  # channel with a digest -> when its next one is due


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
    digest: str | None  # why many go as one: digest, absence
    recipients: str | None  # JSON: what became of each recipient at the last try

    @property
    def id(self) -> int:
        return self.lane_id


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


def claim_lanes(
    conn: sa.Connection, now: float, owner: str, limit: int, lease: float, channels: Sequence[str], mine: Sequence[int], digests: Digests
) -> list[Job]:
    """Takes due lanes, one message each. `channels`: those that this process can send on; `mine`: lanes it has in hand."""
    where = [lanes.c.off == 0, lanes.c.channel.in_(list(channels))]
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
            release(conn, now, lane_id, digests)
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
    if (reason := _together(conn, now, lane, open_)) is not None:
        return _claim_all(conn, now, lane, owner, open_, reason)
    if lane.digest:
        open_.append(d.notice_id.is_not(None))
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


def _together(conn: sa.Connection, now: float, lane: Any, open_: list[Any]) -> str | None:
    """Why all that waits goes as one message, if it does: a digest, or a summary after long absence."""
    if lane.digest:
        return "digest" if (lane.digest_at or 0) <= now else None
    if not lane.human:
        return None
    fresh = sa.and_(*open_, d.alert_id.is_not(None), d.first_try_at.is_(None), d.created_at < now - ABSENT)
    if conn.execute(sa.select(d.id).where(fresh).limit(1)).first() is None:
        return None
    count = conn.execute(sa.select(sa.func.count()).where(*open_, d.alert_id.is_not(None), d.message.is_(None))).scalar_one()
    return "absence" if count > ABSENT_ALERTS else None


def _claim_all(conn: sa.Connection, now: float, lane: Any, owner: str, open_: list[Any], reason: str) -> Job | None:
    fixed = conn.execute(sa.select(d.message).where(*open_, d.message.is_not(None)).order_by(d.id).limit(1)).scalar()
    which = d.message == fixed if fixed is not None else sa.and_(d.alert_id.is_not(None), sa.or_(d.due_at.is_(None), d.due_at <= now))
    members = list(conn.execute(sa.select(deliveries).where(*open_, which).order_by(d.id).limit(_DIGEST)))
    if not members:
        return None
    return _job(conn, now, lane, members, owner, digest=reason if len(members) > 1 or reason == "digest" else None)


def _claim(conn: sa.Connection, now: float, lane: Any, head_id: int, owner: str, *, aside: bool, probe: bool) -> Job:
    head = conn.execute(sa.select(deliveries).where(d.id == head_id)).one()
    members = [head]
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
    elif lane.human and head.notice_id is not None:
        members = _notices(conn, now, lane) or [head]
    return _job(conn, now, lane, members, owner, aside=aside, probe=probe)


_MANY_NOTICES = 10  # more than this many waiting are one message


def _notices(conn: sa.Connection, now: float, lane: Any) -> list[Any]:
    waiting = sa.and_(d.lane_id == lane.id, d.notice_id.is_not(None), d.delivered_at.is_(None), d.state == "waiting", d.message.is_(None))
    found = list(conn.execute(sa.select(deliveries).where(waiting).order_by(d.id).limit(_DIGEST)))
    return found if len(found) > _MANY_NOTICES else []


def _job(
    conn: sa.Connection,
    now: float,
    lane: Any,
    members: list[Any],
    owner: str,
    *,
    aside: bool = False,
    probe: bool = False,
    digest: str | None = None,
) -> Job:
    head = members[0]
    message = head.message or head.uid
    for ids in sql.chunks([m.id for m in members]):
        conn.execute(
            sa.update(deliveries)
            .where(d.id.in_(ids))
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
        first_try_at=head.first_try_at or now,
        lane_failures=lane.failures,
        aside=aside,
        probe=probe,
        digest=digest,
        recipients=head.recipients,
    )


def release(conn: sa.Connection, now: float, lane_id: int, digests: Digests) -> None:
    """Ends the lane's claim: due again when something of it is, or at its next digest; else idle."""
    waiting = sa.and_(d.lane_id == lane_id, d.delivered_at.is_(None), d.state != "dead")
    lane = conn.execute(
        sa.select(lanes.c.on_unknown, lanes.c.channel, lanes.c.digest, lanes.c.digest_at).where(lanes.c.id == lane_id)
    ).one()
    digest_at = None
    if lane.digest:
        waiting = sa.and_(waiting, d.notice_id.is_not(None))
        digest_at = lane.digest_at if (lane.digest_at or 0) > now else digests.get(lane.channel, now + 3600)
    if lane.on_unknown == "hold":
        waiting = sa.and_(waiting, d.state != "unknown")
    # coalesce: what has no time of its own is due now.
    earliest = conn.execute(sa.select(sa.func.min(sa.func.coalesce(d.due_at, now))).where(waiting)).scalar()
    due = min((at for at in (earliest, digest_at) if at is not None), default=None)
    conn.execute(sa.update(lanes).where(lanes.c.id == lane_id).values(due_at=due, digest_at=digest_at, owner=None, since=None))


def delivered(conn: sa.Connection, now: float, answer: Answer, lease: float, digests: Digests) -> Job | None:
    """Marks a success, never fenced, and takes the lane's next in the same transaction.

    Answers the next job; the lane is released where there is none.
    """
    job = answer.job
    conn.execute(
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
    )
    _log_tries(conn, now, answer)
    made = [changes.Change("delivery.changed", list(job.uids), after="delivered")]
    lane = conn.execute(sa.select(lanes.c.owner, lanes.c.failing_since).where(lanes.c.id == job.lane_id).with_for_update()).one()
    if lane.failing_since is not None:
        notices.tell(conn, now, well(job.channel), made)
    changes.log(conn, now, made)
    if lane.owner != job.owner:
        return None
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
    return _next(conn, now, job, digests)


def well(channel: str) -> notices.Told:
    """The notice that ends a channel's trouble."""
    return notices.Told("channel", channel, f"channel {channel}", notices.OK, "it takes messages again", "nothing to do")


def _next(conn: sa.Connection, now: float, job: Job, digests: Digests) -> Job | None:
    following = None if job.digest == "digest" else take(conn, now, job.lane_id, job.owner)
    if following is None:
        release(conn, now, job.lane_id, digests)
    return following


def failed(conn: sa.Connection, now: float, answer: Answer, lease: float, digests: Digests) -> Job | None:
    """Marks a failure, fenced. A passing one backs the lane off; a final one costs its own message alone."""
    job = answer.job
    lane = conn.execute(sa.select(lanes).where(lanes.c.id == job.lane_id).with_for_update()).one()
    if lane.owner != job.owner:
        return None
    _log_tries(conn, now, answer)
    retried_head = bool(lane.retry_head)
    dead = answer.final and not answer.off
    aside = not answer.off and (job.aside or answer.alone or (retried_head and not dead))
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
    made = [changes.Change("delivery.changed", list(job.uids), after=values["state"])]
    if answer.notice is not None:
        notices.tell(conn, now, answer.notice, made)
    changes.log(conn, now, made)
    facts: dict[str, Any] = {"last_status": answer.status, "last_text": answer.text, "retry_head": 0}
    if dead or aside:
        conn.execute(sa.update(lanes).where(lanes.c.id == job.lane_id).values(**facts, due_at=now + lease))
        return _next(conn, now, job, digests)
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


def next_due(conn: sa.Connection, channels: Sequence[str], mine: Sequence[int]) -> float | None:
    """When the earliest lane is due that this process can send on and has not in hand."""
    where = [lanes.c.due_at.is_not(None), lanes.c.off == 0, lanes.c.channel.in_(list(channels)), lanes.c.id.not_in(list(mine))]
    return conn.execute(sa.select(sa.func.min(lanes.c.due_at)).where(*where)).scalar()


def put_back(conn: sa.Connection, now: float, job: Job, digests: Digests) -> None:
    """A claimed message that was not sent: due again as it was."""
    conn.execute(sa.update(deliveries).where(d.id.in_(job.ids), d.owner == job.owner).values(owner=None))
    if conn.execute(sa.select(lanes.c.owner).where(lanes.c.id == job.lane_id).with_for_update()).scalar() == job.owner:
        release(conn, now, job.lane_id, digests)


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


def dead(conn: sa.Connection, channel: str | None) -> list[str]:
    """The ids of dead deliveries, of one channel or of all; those whose channel is gone are left out."""
    where = [d.state == "dead", lanes.c.configured == 1]
    if channel is not None:
        where.append(d.channel == channel)
    return list(conn.execute(sa.select(d.uid).join(lanes, lanes.c.id == d.lane_id).where(*where).order_by(d.id)).scalars())


def drop(conn: sa.Connection, now: float, uids: Sequence[str], actor: str) -> list[str]:
    """Gives up deliveries that wait and are not in hand; answers those given up."""
    rows = conn.execute(
        sa.select(d.id, d.uid).where(d.uid.in_(list(uids)), d.delivered_at.is_(None), d.state != "dead", d.owner.is_(None)).order_by(d.id)
    ).all()
    if rows:
        conn.execute(
            sa.update(deliveries)
            .where(d.id.in_([row.id for row in rows]))
            .values(state="dead", reason="dropped", due_at=None, text=f"given up by {actor}")
        )
        changes.log(conn, now, [changes.Change("delivery.changed", [row.uid for row in rows], actor=actor, after="dead")])
    return [row.uid for row in rows]
