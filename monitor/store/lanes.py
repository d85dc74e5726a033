"""Statements about channels' lanes that people ask for."""

from __future__ import annotations

import sqlalchemy as sa

from monitor.store import changes, notices
from monitor.store.tables import lanes


def switch_on(conn: sa.Connection, now: float, channel: str, actor: str) -> bool:
    """A channel that was off, or backs off, is well again: what waits for it is due. Answers whether it was sick."""
    row = conn.execute(sa.select(lanes.c.id, lanes.c.off, lanes.c.failures).where(lanes.c.channel == channel).with_for_update()).first()
    if row is None or not (row.off or row.failures):
        return False
    conn.execute(sa.update(lanes).where(lanes.c.id == row.id).values(off=0, failures=0, failing_since=None, retry_head=0))
    conn.execute(sa.update(lanes).where(lanes.c.id == row.id, lanes.c.owner.is_(None)).values(due_at=now))
    made = [changes.Change("channel.changed", [channel], actor=actor, before="off" if row.off else "failing", after="ok")]
    notices.tell(
        conn, now, notices.Told("channel", channel, f"channel {channel}", notices.OK, "it takes messages again", "nothing to do"), made
    )
    changes.log(conn, now, made)
    return True
