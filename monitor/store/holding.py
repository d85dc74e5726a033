"""What becomes of an alert for each channel: a delivery, due now or held, or the reason for none. In the commit that makes the alert."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa

from monitor.model import Article, Severity
from monitor.store import sql
from monitor.store.mutes import Mute
from monitor.store.notices import wake
from monitor.store.tables import alerts, deliveries, lanes, withheld

d = deliveries.c


@dataclass(frozen=True, slots=True)
class Hold:
    """Not now: `reason` is quiet-hours or throttled, `until` seconds since the epoch."""

    reason: str
    until: float


@dataclass(frozen=True, slots=True)
class About:
    """An alert that is about to be made, as a mute looks at it."""

    rule: str
    story_id: str
    host: str
    article: Article


class Policies(Protocol):
    """What rules and channels want, as the configuration says. Plain values of time: seconds since the epoch."""

    def throttle(self, channel: str) -> tuple[int, float] | None:
        """How many messages in how many seconds."""
        ...

    def hold(self, channel: str, severity: Severity, now: float, sent: Sequence[float], not_before: float | None) -> Hold | None:
        """Whether an alert waits. `sent`: moments of the channel's latest messages; `not_before`: its rule has alerted often enough."""
        ...

    def free_at(self, limit: tuple[int, float], sent: Sequence[float], now: float) -> float | None:
        """When one more is allowed by a throttle; None if it is now."""
        ...

    def escalation(self, channel: str) -> tuple[float, tuple[str, ...]] | None:
        """After how many seconds others hear of what nobody took, and who."""
        ...

    def mute(self, mutes: Sequence[Mute], about: About, now: float) -> tuple[Mute | None, Mute | None]:
        """The mute that keeps an alert back; or, where none does, the one that has ended and would have."""
        ...


@dataclass(frozen=True, slots=True)
class Alert:
    """What is to be delivered."""

    id: int
    story_id: int
    severity: Severity
    muted: bool = False
    not_before: float | None = None


def deliver(conn: sa.Connection, now: float, alert: Alert, notify: Sequence[str], policies: Policies | None) -> tuple[bool, float | None]:
    """A delivery for each channel, or the reason for none. Answers whether one is due, and when the alert escalates unless it is taken."""
    channels = list(dict.fromkeys(notify))
    if not channels:
        conn.execute(sa.insert(withheld).values(alert_id=alert.id, channel="", reason="no-channel"))
        return False, None
    found = {row.channel: row for row in conn.execute(sa.select(lanes).where(lanes.c.channel.in_(channels), lanes.c.configured == 1))}
    due: list[dict[str, Any]] = []
    kept: list[dict[str, Any]] = []
    for channel in channels:
        lane = found.get(channel)
        reason = _withheld(lane, alert)
        if lane is None or reason is not None:
            kept.append({"alert_id": alert.id, "channel": channel, "reason": reason or "channel-gone"})
        else:
            due.append(_row(conn, now, alert, lane, policies))
    sql.many(conn, sql.insert_new(conn, withheld, "alert_id", "channel"), kept)
    sql.many(conn, sa.insert(deliveries), due)
    _wake(conn, now, due)
    asked = [policies.escalation(row["channel"]) for row in due] if policies is not None else []
    after = [wish[0] for wish in asked if wish is not None]
    return bool(due), now + min(after) if after else None


def _withheld(lane: Any, alert: Alert) -> str | None:
    if lane is None:
        return "channel-gone"
    if alert.muted:
        return "muted"
    if lane.min_severity and alert.severity.rank > Severity(lane.min_severity).rank:
        return "severity-floor"
    return None


def _row(conn: sa.Connection, now: float, alert: Alert, lane: Any, policies: Policies | None) -> dict[str, Any]:
    hold = None if policies is None or lane.digest else _hold(conn, now, alert, lane, policies)
    return {
        "uid": sql.new_uid(),
        "alert_id": alert.id,
        "lane_id": lane.id,
        "channel": lane.channel,
        "story_id": alert.story_id,
        "state": "waiting",
        "reason": hold.reason if hold else None,
        "due_at": hold.until if hold else None,
        "held_until": hold.until if hold else None,
        "created_at": now,
    }


def _hold(conn: sa.Connection, now: float, alert: Alert, lane: Any, policies: Policies) -> Hold | None:
    limit = policies.throttle(lane.channel)
    if limit is None:
        return policies.hold(lane.channel, alert.severity, now, (), alert.not_before)
    if lane.human and _goes_along(conn, now, lane.id, alert.story_id):
        return policies.hold(lane.channel, alert.severity, now, (), alert.not_before)
    pending = _pending(conn, now, lane.id)
    if pending is not None:  # nothing overtakes a summary that waits
        return policies.hold(lane.channel, alert.severity, now, (), max(pending, alert.not_before or 0.0))
    return policies.hold(lane.channel, alert.severity, now, _sent(conn, now, lane, limit), alert.not_before)


def _goes_along(conn: sa.Connection, now: float, lane_id: int, story_id: int) -> bool:
    """Whether a message about the same story is being made in this very transaction."""
    same = sa.select(d.id).where(d.lane_id == lane_id, d.created_at == now, d.story_id == story_id, d.held_until.is_(None)).limit(1)
    return conn.execute(same).first() is not None


def _pending(conn: sa.Connection, now: float, lane_id: int) -> float | None:
    """When the summary of what a throttle holds will go, if one waits."""
    waiting = (d.lane_id == lane_id, d.held_until > now, d.reason == "throttled", d.delivered_at.is_(None), d.state != "dead")
    return conn.execute(sa.select(sa.func.min(d.held_until)).where(*waiting)).scalar()


def _sent(conn: sa.Connection, now: float, lane: Any, limit: tuple[int, float]) -> list[float]:
    """Moments of the latest messages within the throttle's window: single ones, and what was held and went as one."""
    count, window = limit
    columns = (d.created_at, d.story_id) if lane.human else (d.created_at, d.id)
    single = (
        sa.select(*columns)
        .where(d.lane_id == lane.id, d.alert_id.is_not(None), d.held_until.is_(None), d.created_at > now - window)
        .distinct()
        .order_by(d.created_at.desc())
        .limit(count)
    )
    held = (
        sa.select(d.held_until)
        .where(d.lane_id == lane.id, d.held_until > now - window, d.held_until <= now)
        .distinct()
        .order_by(d.held_until.desc())
        .limit(count)
    )
    return [row[0] for row in conn.execute(single)] + [at for (at,) in conn.execute(held) if at is not None]


def _wake(conn: sa.Connection, now: float, due: Sequence[dict[str, Any]]) -> None:
    sql.lock(conn, lanes, [row["lane_id"] for row in due])
    wake(conn, now, [row["lane_id"] for row in due if row["held_until"] is None])
    for row in due:
        if row["held_until"] is not None:
            later = sa.or_(
                lanes.c.due_at.is_(None), sa.and_(lanes.c.due_at > row["held_until"], lanes.c.owner.is_(None), lanes.c.failures == 0)
            )
            conn.execute(sa.update(lanes).where(lanes.c.id == row["lane_id"], lanes.c.off == 0, later).values(due_at=row["held_until"]))


def rule_free_at(conn: sa.Connection, now: float, rule_id: int, limit: tuple[int, float], policies: Policies) -> float | None:
    """When a rule that alerts too often may alert again; None if it may now. Its alerts are made all the same, and go as one summary."""
    count, window = limit
    al = alerts.c
    mine = sa.and_(al.rule_id == rule_id, al.muted_by.is_(None))
    pending: float | None = conn.execute(sa.select(sa.func.min(al.throttled_until)).where(mine, al.throttled_until > now)).scalar()
    if pending is not None:
        return pending
    single = sa.select(al.created_at).where(mine, al.throttled_until.is_(None), al.created_at > now - window).order_by(al.created_at.desc())
    held = sa.select(al.throttled_until).where(mine, al.throttled_until > now - window).distinct().order_by(al.throttled_until.desc())
    sent = [at for query in (single, held) for (at,) in conn.execute(query.limit(count)) if at is not None]
    return policies.free_at(limit, sent, now)
