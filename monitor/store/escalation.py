"""Others hear of an alert that nobody took: statements for alerts whose time for that has come."""

from __future__ import annotations

import sqlalchemy as sa

from monitor.model import Severity
from monitor.store import changes, holding, sql
from monitor.store.tables import alerts, deliveries, withheld

_BATCH = 200
al = alerts.c


def next_at(conn: sa.Connection) -> float | None:
    return conn.execute(sa.select(sa.func.min(al.escalate_at)).where(al.escalate_at.is_not(None))).scalar()


def escalate(conn: sa.Connection, now: float, policies: holding.Policies) -> int:
    """Makes deliveries for those who hear of what is still open. Answers how many alerts that were."""
    due = conn.execute(sa.select(alerts).where(al.escalate_at <= now).order_by(al.escalate_at).limit(_BATCH).with_for_update()).all()
    made: list[changes.Change] = []
    for row in due:
        told = {*_reached(conn, row.id)}
        later: list[float] = []
        wanted: dict[str, str] = {}
        for channel in sql.load(row.notify) if row.state == "open" else []:
            wish = policies.escalation(channel)
            if wish is None or not _delivered_to(conn, row.id, channel):
                continue
            if row.created_at + wish[0] > now:
                later.append(row.created_at + wish[0])
            else:
                wanted.update((to, channel) for to in wish[1] if to not in told)
        values: dict[str, object] = {"escalate_at": min(later, default=None)}
        if wanted:
            names = ", ".join(dict.fromkeys(wanted.values()))
            values["note"] = f"Nobody has taken it since {names} was told" if row.note is None else row.note
            holding.deliver(conn, now, holding.Alert(row.id, row.story_id, Severity(row.severity)), list(wanted), policies)
            made.append(changes.Change("alert.escalated", [row.uid], after=sql.dump(sorted(wanted))))
        conn.execute(sa.update(alerts).where(al.id == row.id).values(**values))
    changes.log(conn, now, made)
    return len(made)


def _reached(conn: sa.Connection, alert_id: int) -> list[str]:
    d, w = deliveries.c, withheld.c
    both = sa.union(sa.select(d.channel).where(d.alert_id == alert_id), sa.select(w.channel).where(w.alert_id == alert_id))
    return [channel for (channel,) in conn.execute(both)]


def _delivered_to(conn: sa.Connection, alert_id: int, channel: str) -> bool:
    """Whether the channel was to hear of it at all: what is below its floor is not escalated for it."""
    d = deliveries.c
    return conn.execute(sa.select(d.id).where(d.alert_id == alert_id, d.channel == channel).limit(1)).first() is not None
