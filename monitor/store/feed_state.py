"""Statements about feeds that people ask for: poll now, pause, resume. A pause is run-time state, not an edit."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from monitor.store import changes
from monitor.store.tables import feeds

f = feeds.c


def find(conn: sa.Connection, names: Sequence[str]) -> dict[str, int]:
    """Configured feeds by name, URL or id: what was asked for, and its row."""
    found: dict[str, int] = {}
    for row in conn.execute(sa.select(f.id, f.url, f.name).where(f.configured == 1)):
        for name in (row.url, row.name, str(row.id)):
            if name in names:
                found.setdefault(name, row.id)
    return found


def with_state(conn: sa.Connection, state: str) -> list[str]:
    """The ids of configured feeds in a state."""
    where = f.paused_at.is_not(None) if state == "paused" else sa.and_(f.state == state, f.paused_at.is_(None))
    return [str(id_) for id_ in conn.execute(sa.select(f.id).where(f.configured == 1, where).order_by(f.id)).scalars()]


def poll_now(conn: sa.Connection, now: float, names: Sequence[str], actor: str) -> list[str]:
    """Makes feeds due at once, ended ones too; answers those found. Paused ones stay paused."""
    found = find(conn, names)
    ids = sorted(set(found.values()))
    conn.execute(sa.update(feeds).where(f.id.in_(ids), f.owner.is_(None), f.paused_at.is_(None)).values(due_at=now))
    _log(conn, now, ids, actor, "poll now")
    return list(found)


def pause(conn: sa.Connection, now: float, names: Sequence[str], actor: str) -> list[str]:
    found = find(conn, names)
    ids = sorted(set(found.values()))
    conn.execute(sa.update(feeds).where(f.id.in_(ids), f.paused_at.is_(None)).values(paused_at=now, due_at=None, owner=None, since=None))
    _log(conn, now, ids, actor, "paused")
    return list(found)


def resume(conn: sa.Connection, now: float, names: Sequence[str], actor: str) -> list[str]:
    """A paused or ended feed is polled again, at once."""
    found = find(conn, names)
    ids = sorted(set(found.values()))
    conn.execute(sa.update(feeds).where(f.id.in_(ids), f.owner.is_(None)).values(paused_at=None, ended_at=None, due_at=now))
    conn.execute(sa.update(feeds).where(f.id.in_(ids), f.state == "ended").values(state="ok", state_since=now))
    _log(conn, now, ids, actor, "resumed")
    return list(found)


def _log(conn: sa.Connection, now: float, ids: Sequence[int], actor: str, what: str) -> None:
    if ids:
        changes.log(conn, now, [changes.Change("feed.changed", [str(id_) for id_ in ids], actor=actor, after=what)])
