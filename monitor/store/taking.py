"""What a lane sends next: statements that claim lanes and take one message of each.

A lane sends one message at a time. What it takes next is decided here, from the rows alone: the oldest delivery that
waits; after three failures of that one, the one behind it, as a probe; and when a probe has passed, the first once more
at once. What then fails again goes aside and follows the ladder by itself. What goes as one (a digest, what quiet hours
or a throttle held, a summary after long absence) is fixed when it is first taken, and from then on a message like others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from monitor.store import notices, sql
from monitor.store.tables import deliveries, lanes

PROBE_AFTER = 3  # failures of a lane's head, after which the next is tried in its place
ABSENT = 86400.0  # seconds of absence after which people get one summary
ABSENT_ALERTS = 50  # of more than this many
_GROUP = 50  # alerts of one story in one message at most
_MACHINE = 25  # alerts in one bundle for programs: more would not fit into a request

d = deliveries.c

Digests = Mapping[str, float]  # channel with a digest -> when its next one is due

# Literals and no parameters: SQLite takes a partial index only where it can read that its condition holds.
_DEAD: sa.ColumnElement[str] = sa.literal_column("'dead'")
_ONE: sa.ColumnElement[int] = sa.literal_column("1")
_OPEN = sa.and_(d.delivered_at.is_(None), d.state != _DEAD)
_FRESH = sa.and_(_OPEN, d.message.is_(None), d.owner.is_(None))
_MEMBER = (d.id, d.uid, d.alert_id, d.notice_id, d.message, d.bundle, d.tries, d.first_try_at, d.recipients)
_TAKE = (
    sa.update(deliveries)
    .where(d.id.in_(sa.bindparam("ids", expanding=True)))
    .values(first_try_at=sa.func.coalesce(d.first_try_at, sa.bindparam("now", type_=sa.Float)))
)
_HEAD = (*_MEMBER, d.story_id, d.held_until, d.reason)


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
    digest: str | None  # why many go as one: digest, absence, quiet-hours, throttled
    recipients: str | None  # JSON: what became of each recipient at the last try

    @property
    def id(self) -> int:
        return self.lane_id


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
        job = take(conn, now, conn.execute(sa.select(lanes).where(lanes.c.id == lane_id)).one(), owner, digests)
        if job is None:
            release(conn, now, lane_id, digests)
        else:
            jobs.append(job)
    return jobs


def next_due(conn: sa.Connection, channels: Sequence[str], mine: Sequence[int]) -> float | None:
    """When the earliest lane is due that this process can send on and has not in hand."""
    where = [lanes.c.due_at.is_not(None), lanes.c.off == 0, lanes.c.channel.in_(list(channels)), lanes.c.id.not_in(list(mine))]
    return conn.execute(sa.select(sa.func.min(lanes.c.due_at)).where(*where)).scalar()


def _lost_claims(conn: sa.Connection, lane_id: int) -> None:
    """What an owner that died had in hand may have arrived: nobody knows."""
    conn.execute(sa.update(deliveries).where(d.lane_id == lane_id, d.owner.is_not(None), _OPEN).values(state="unknown", owner=None))


def take(conn: sa.Connection, now: float, lane: Any, owner: str, digests: Digests) -> Job | None:
    """The next message of a lane (its row, as it stands), claimed; None where nothing may go now."""
    kind, asked = (lane.on_unknown == "hold", bool(lane.digest)), {"lane": lane.id, "now": now}
    head, probe = conn.execute(_line(*kind), asked).first(), False
    if head is not None and head.tries >= PROBE_AFTER and not lane.retry_head and lane.failures:
        # All behind the head, whatever went with it.
        others = sa.or_(d.message.is_(None), d.message != head.message)
        behind = conn.execute(_line(*kind).where(d.id > head.id, others), asked).first()
        head, probe = (behind, True) if behind is not None else (head, False)
    ordered = head is not None and (lane.retry_head or lane.failures)
    aside = None if ordered else conn.execute(_aside(*kind), asked).first()
    if aside is not None:
        return _fixed(conn, now, lane, owner, aside.message, aside=True)
    if head is None:
        return _digest(conn, now, lane, owner, digests)
    if head.message is not None:
        return _fixed(conn, now, lane, owner, head.message, probe=probe)
    members, why = _together(conn, now, lane, head)
    return _claim(conn, now, lane, owner, members, why, probe=probe)


@lru_cache(maxsize=4)
def _line(hold: bool, digest: bool) -> sa.Select[Any]:
    """The first of a lane that may go; made once, since building it for each message costs more than running it."""
    due = sa.or_(d.due_at.is_(None), d.due_at <= sa.bindparam("now", type_=sa.Float))
    return sa.select(*_HEAD).where(_waiting(hold, digest), d.aside == 0, due).order_by(d.id).limit(_ONE)


@lru_cache(maxsize=4)
def _aside(hold: bool, digest: bool) -> sa.Select[Any]:
    """What of a lane went aside and is due, the longest due first."""
    due = (d.aside == _ONE, d.due_at <= sa.bindparam("now", type_=sa.Float), d.message.is_not(None))
    return sa.select(d.id, d.message).where(_waiting(hold, digest), *due).order_by(d.due_at).limit(_ONE)


def _waiting(hold: bool, digest: bool) -> sa.ColumnElement[bool]:
    """What of a lane waits to be sent; of one that sends digests, what goes by itself: notices, and digests made before."""
    waiting = sa.and_(d.lane_id == sa.bindparam("lane", type_=d.lane_id.type), _OPEN)
    if hold:
        waiting = sa.and_(waiting, d.state != "unknown")
    if digest:
        waiting = sa.and_(waiting, sa.or_(d.alert_id.is_(None), d.message.is_not(None)))
    return waiting


def _due(now: float) -> sa.ColumnElement[bool]:
    return sa.or_(d.due_at.is_(None), d.due_at <= now)


def _together(conn: sa.Connection, now: float, lane: Any, head: Any) -> tuple[list[Any], str | None]:
    """The deliveries that go with the head, and why, if they go as a bundle."""
    fresh = sa.and_(d.lane_id == lane.id, _FRESH, d.state != "unknown", d.aside == 0, _due(now))
    if head.notice_id is not None:
        told = _members(conn, fresh, d.notice_id.is_not(None)) if lane.human else []
        if len(told) > notices.MANY or (told and head.reason == notices.GATHERED):
            return told, None
        return [head], None
    if head.held_until is not None:
        return _members(conn, fresh, d.held_until.is_not(None)), head.reason or "throttled"
    if lane.human and _absent(conn, now, fresh):
        return _members(conn, fresh, d.alert_id.is_not(None)), "absence"
    if lane.human and head.story_id is not None:
        story = _members(conn, fresh, d.story_id == head.story_id, d.held_until.is_(None), limit=_GROUP)
        if any(member.id == head.id for member in story):
            return story, None
    return [head], None


def _absent(conn: sa.Connection, now: float, fresh: sa.ColumnElement[bool]) -> bool:
    alerts = sa.and_(fresh, d.alert_id.is_not(None), d.held_until.is_(None))
    oldest = conn.execute(sa.select(d.created_at).where(alerts).order_by(d.id).limit(1)).scalar()
    if oldest is None or oldest >= now - ABSENT:
        return False
    return conn.execute(sa.select(sa.func.count()).where(alerts)).scalar_one() > ABSENT_ALERTS


def _members(conn: sa.Connection, *where: sa.ColumnElement[bool], limit: int | None = None) -> list[Any]:
    return list(conn.execute(sa.select(*_MEMBER).where(*where).order_by(d.id).limit(limit)))


def _digest(conn: sa.Connection, now: float, lane: Any, owner: str, digests: Digests) -> Job | None:
    """The lane's digest, if it is due: all that waits. Its next time is set with the claim."""
    if not lane.digest or lane.digest_at is None or lane.digest_at > now:
        return None
    members = _members(conn, d.lane_id == lane.id, _FRESH, d.alert_id.is_not(None), d.state != "unknown", _due(now))
    if not members and lane.digest_empty == "send":
        row = {"uid": sql.new_uid(), "lane_id": lane.id, "channel": lane.channel, "reason": "digest-empty", "created_at": now}
        conn.execute(sa.insert(deliveries).values(**row))
        members = _members(conn, d.uid == row["uid"])
    if not members:
        return None
    conn.execute(sa.update(lanes).where(lanes.c.id == lane.id).values(digest_at=digests.get(lane.channel, now + 3600)))
    return _claim(conn, now, lane, owner, members, "digest")


def _claim(conn: sa.Connection, now: float, lane: Any, owner: str, members: list[Any], kind: str | None, *, probe: bool = False) -> Job:
    """Fixes who goes together, and claims the first message; of a bundle for programs more may follow."""
    if kind in ("quiet-hours", "throttled", "absence") and len(members) == 1:
        kind = None
    size = len(members) if lane.human or kind is None else _MACHINE
    for start in range(size, len(members), size):
        group = members[start : start + size]
        _update(conn, [member.id for member in group], {"message": group[0].uid, "bundle": kind})
    fixed = {"message": members[0].uid, "bundle": kind}
    return _job(conn, now, lane, owner, members[:size], fixed, probe=probe)


def _fixed(conn: sa.Connection, now: float, lane: Any, owner: str, message: str, *, aside: bool = False, probe: bool = False) -> Job:
    """Claims a message whose members are fixed."""
    held = sa.true() if lane.on_unknown != "hold" else d.state != "unknown"
    members = _members(conn, d.message == message, _OPEN, held)
    return _job(conn, now, lane, owner, members, {"message": message, "bundle": members[0].bundle}, aside=aside, probe=probe)


def _job(
    conn: sa.Connection,
    now: float,
    lane: Any,
    owner: str,
    members: Sequence[Any],
    fixed: dict[str, str | None],
    *,
    aside: bool = False,
    probe: bool = False,
) -> Job:
    head = members[0]
    values = {} if head.message is not None else fixed
    for ids in sql.chunks([member.id for member in members]):
        conn.execute(_TAKE, {"ids": ids, "now": now, "owner": owner, **values})
    return Job(
        lane_id=lane.id,
        channel=lane.channel,
        owner=owner,
        ids=tuple(m.id for m in members),
        uids=tuple(m.uid for m in members),
        alert_ids=tuple(m.alert_id for m in members if m.alert_id is not None),
        notice_ids=tuple(m.notice_id for m in members if m.notice_id is not None),
        message=fixed["message"] or head.uid,
        tries=head.tries,
        first_try_at=head.first_try_at or now,
        lane_failures=lane.failures,
        aside=aside,
        probe=probe,
        digest=fixed["bundle"],
        recipients=head.recipients,
    )


def _update(conn: sa.Connection, ids: Sequence[int], values: dict[str, Any]) -> None:
    for some in sql.chunks(ids):
        conn.execute(sa.update(deliveries).where(d.id.in_(some)).values(**values))


def release(conn: sa.Connection, now: float, lane_id: int, digests: Digests) -> None:
    """Ends the lane's claim: due again when something of it is, or at its next digest; else idle."""
    lane = conn.execute(sa.select(lanes).where(lanes.c.id == lane_id)).one()
    # coalesce: what has no time of its own is due now.
    waiting = _waiting(lane.on_unknown == "hold", bool(lane.digest))
    earliest = conn.execute(sa.select(sa.func.min(sa.func.coalesce(d.due_at, now))).where(waiting), {"lane": lane_id}).scalar()
    digest_at = None
    if lane.digest:
        digest_at = lane.digest_at
        waits = sa.select(d.id).where(d.lane_id == lane_id, _FRESH, d.alert_id.is_not(None), d.state != "unknown", _due(now)).limit(1)
        if digest_at is None or (digest_at <= now and conn.execute(waits).first() is None):
            digest_at = digests.get(lane.channel, now + 3600)
    due = min((at for at in (earliest, digest_at) if at is not None), default=None)
    conn.execute(sa.update(lanes).where(lanes.c.id == lane_id).values(due_at=due, digest_at=digest_at, owner=None, since=None))
