"""Rules with what they brought."""

from __future__ import annotations

import sqlalchemy as sa

from monitor.store import notices, sql
from monitor.store import tables as t
from monitor.store.listing.common import Item, stamp

DAYS = 30


def rules(conn: sa.Connection, now: float) -> list[Item]:
    """Configured rules with what they brought."""
    r, al, m = t.rules.c, t.alerts.c, t.matches.c
    total: dict[int, int] = dict(conn.execute(sa.select(al.rule_id, sa.func.count()).group_by(al.rule_id)).all())
    month: dict[int, int] = dict(
        conn.execute(sa.select(al.rule_id, sa.func.count()).where(al.created_at > now - 30 * 86400).group_by(al.rule_id)).all()
    )
    days = _by_day(conn, now)
    last = dict(conn.execute(sa.select(m.rule_id, sa.func.max(m.created_at)).group_by(m.rule_id)).all())
    slow = notices.slow_rules(conn)
    rows = conn.execute(sa.select(t.rules).where(r.configured == 1).order_by(r.name))
    return [
        {
            "name": row.name,
            "query": row.query,
            "severity": row.severity,
            "notify": sql.load(row.notify),
            "alerts": total.get(row.id, 0),
            "alerts_30d": month.get(row.id, 0),
            "by_day": days.get(row.id, [0] * DAYS),
            "last_match_at": stamp(last.get(row.id)),
            "since": stamp(row.created_at),
            "changed_at": stamp(row.changed_at),
            "slow_since": stamp(slow.get(notices.rule_key(row.name, row.query))) if slow else None,
            "origin": row.origin,
        }
        for row in rows
    ]


def _by_day(conn: sa.Connection, now: float) -> dict[int, list[int]]:
    """For each rule its alerts in each of the last 30 spans of 24 h, the oldest first."""
    al = t.alerts.c
    found: dict[int, list[int]] = {}
    counts = sa.select(al.rule_id, al.created_at).where(al.created_at > now - DAYS * 86400)
    for rule, created in conn.execute(counts):
        days = found.setdefault(rule, [0] * DAYS)
        days[DAYS - 1 - min(DAYS - 1, max(0, int((now - created) // 86400)))] += 1
    return found
