"""Alerts as items of the API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from monitor.store import sql
from monitor.store import tables as t
from monitor.store.listing.common import Item, stamp
from monitor.store.listing.deliveries import shown_state


def alerts(
    conn: sa.Connection,
    *,
    state: str | None = None,
    rule: str | None = None,
    severity: str | None = None,
    assignee: str | None = None,
    muted: bool | None = None,
    since: float | None = None,
    until: float | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Item]:
    al = t.alerts.c
    where = _chosen(state=state, rule=rule, severity=severity, assignee=assignee, muted=muted, since=since, until=until)
    if before is not None:
        where.append(al.id < before)
    return [item for _, item in _items(conn, where, al.id.desc(), limit)]


def export_alerts(conn: sa.Connection, after: int, limit: int, /, **chosen: Any) -> tuple[list[Item], int]:
    """Alerts by key, oldest first; and the key to go on after (0 at the end)."""
    found = _items(conn, [*_chosen(**chosen), t.alerts.c.id > after], t.alerts.c.id, limit)
    return [item for _, item in found], found[-1][0] if len(found) == limit else 0


def _chosen(
    *,
    state: str | None = None,
    rule: str | None = None,
    severity: str | None = None,
    assignee: str | None = None,
    muted: bool | None = None,
    since: float | None = None,
    until: float | None = None,
) -> list[Any]:
    al = t.alerts.c
    pairs = ((al.state, state), (al.rule, rule), (al.severity, severity), (al.assignee, assignee))
    where: list[Any] = [column == value for column, value in pairs if value is not None]
    if muted is not None:
        where.append(al.muted_by.is_not(None) if muted else al.muted_by.is_(None))
    if since is not None:
        where.append(al.created_at >= since)
    if until is not None:
        where.append(al.created_at < until)
    return where


def _items(conn: sa.Connection, where: Sequence[Any], order: Any, limit: int) -> list[tuple[int, Item]]:
    al, a = t.alerts.c, t.articles.c
    rows = conn.execute(
        sa.select(t.alerts, a.url, a.title, a.site, a.host, a.language, a.published_at)
        .join(t.articles, a.id == al.article_id)
        .where(*where)
        .order_by(order)
        .limit(limit)
    ).all()
    states = _delivery_states(conn, [row.id for row in rows])
    return [(row.id, alert_item(row, states.get(row.id, {}))) for row in rows]


def alert_item(row: Any, deliveries_: Mapping[str, str]) -> Item:
    return {
        "id": row.uid,
        "rule": row.rule,
        "query": row.query,
        "severity": row.severity,
        "state": row.state,
        "reason": row.reason,
        "assignee": row.assignee,
        "title": row.title,
        "url": row.url,
        "site": row.site or row.host or None,
        "language": row.language,
        "published_at": stamp(row.published_at),
        "created_at": stamp(row.created_at),
        "changed_at": stamp(row.changed_at),
        "changed_by": row.changed_by,
        "muted": row.muted_by is not None,
        "note": row.note,
        "story_id": str(row.story_id),
        "version": row.version,
        "deliveries": dict(deliveries_),
    }


def _delivery_states(conn: sa.Connection, ids: Sequence[int]) -> dict[int, dict[str, str]]:
    d, w, lane = t.deliveries.c, t.withheld.c, t.lanes.c
    found: dict[int, dict[str, str]] = {}
    for some in sql.chunks(ids):
        rows = conn.execute(
            sa.select(d.alert_id, d.channel, d.state, lane.failures, lane.off)
            .join(t.lanes, lane.id == d.lane_id)
            .where(d.alert_id.in_(some))
        )
        for alert_id, channel, *state in rows:
            found.setdefault(alert_id, {})[channel] = shown_state(*state)
        for alert_id, channel, reason in conn.execute(sa.select(w.alert_id, w.channel, w.reason).where(w.alert_id.in_(some))):
            found.setdefault(alert_id, {})[channel or "-"] = reason
    return found
