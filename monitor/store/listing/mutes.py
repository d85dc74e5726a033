"""Mutes as items of the API."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from monitor.store import mutes as mutes_
from monitor.store import tables as t
from monitor.store.listing.common import Item, stamp

m = t.mutes.c


def mute_item(row: Any, now: float) -> Item:
    mute = mutes_.of_row(row)
    return {
        "id": row.uid,
        "scope": dict(mute.scope),
        "state": "on" if mute.holds(now) else "ended",
        "by": row.actor,
        "reason": row.reason,
        "created_at": stamp(row.created_at),
        "until": stamp(row.until),
        "ended_at": stamp(mute.over) if not mute.holds(now) else None,
        "ended_by": row.ended_by,
        "muted": row.muted,
        "version": row.version,
    }


def mutes(conn: sa.Connection, now: float, *, state: str | None = None, before: int | None = None, limit: int = 50) -> list[Item]:
    """Newest first."""
    over = sa.func.coalesce(m.ended_at, m.until)
    where: list[sa.ColumnElement[bool]] = [] if before is None else [m.id < before]
    if state == "on":
        where.append(sa.or_(over.is_(None), over > now))
    elif state == "ended":
        where.append(over <= now)
    return [mute_item(row, now) for row in conn.execute(sa.select(t.mutes).where(*where).order_by(m.id.desc()).limit(limit))]


def find_mute(conn: sa.Connection, uid: str, now: float) -> Item | None:
    row = conn.execute(sa.select(t.mutes).where(m.uid == uid)).first()
    return None if row is None else mute_item(row, now)
