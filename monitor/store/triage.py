"""Statements of triage: what people decide about alerts, with what undo restores. Each change stands in the log with its actor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from monitor.model import AlertState
from monitor.store import changes, sql
from monitor.store.tables import alerts, notes
from monitor.store.tables import changes as log

REASONS = ("not-relevant", "duplicate", "known")

al = alerts.c


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to become of alerts; what is left out stays as it is. `assignee` "" takes the assignee away."""

    state: str | None = None
    reason: str | None = None
    assignee: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one alert: `status` is done, unchanged, stale (somebody else was first), nothing (to undo) or missing."""

    id: str
    status: str
    state: str | None = None
    reason: str | None = None
    assignee: str | None = None
    version: int | None = None
    changed_by: str | None = None
    changed_at: float | None = None


def change(
    conn: sa.Connection, now: float, uids: Sequence[str], wish: Wish, actor: str, versions: Mapping[str, int] | None = None
) -> list[Done]:
    """Brings alerts to what is wished. With a version, an alert that somebody has changed since is left as it is and told."""
    made: list[changes.Change] = []
    answer = []
    for uid, row in _rows(conn, uids):
        stale = row is not None and versions is not None and uid in versions and versions[uid] != row.version
        if row is None or stale:
            answer.append(_done(uid, row, "missing" if row is None else "stale"))
            continue
        before, after = _facts(row), _wished(row, wish)
        if before == after:
            answer.append(_done(uid, row, "unchanged"))
            continue
        answer.append(_write(conn, now, row, after, actor, previous=before))
        made.append(changes.Change("alert.changed", [uid], actor, sql.dump(before), sql.dump(after)))
    changes.log(conn, now, made)
    return answer


def undo(conn: sa.Connection, now: float, uids: Sequence[str], actor: str, versions: Mapping[str, int] | None = None) -> list[Done]:
    """Restores alerts to what they were before the last change to each, a note of it included."""
    made: list[changes.Change] = []
    answer = []
    for uid, row in _rows(conn, uids):
        if row is None or row.previous is None:
            answer.append(_done(uid, row, "missing" if row is None else "nothing"))
            continue
        if versions is not None and uid in versions and versions[uid] != row.version:
            answer.append(_done(uid, row, "stale"))
            continue
        before, after = _facts(row), sql.load(row.previous)
        note = after.pop("note", None)
        if note is not None:
            text = conn.execute(sa.delete(notes).where(notes.c.id == note).returning(notes.c.text)).scalar()
            before["note"] = text
        answer.append(_write(conn, now, row, after, actor, previous=None))
        made.append(changes.Change("alert.changed", [uid], actor, sql.dump(before), sql.dump({**after, "undone": True})))
    changes.log(conn, now, made)
    return answer


def note(conn: sa.Connection, now: float, uid: str, text: str, actor: str) -> Done:
    """Adds a note."""
    ((_, row),) = _rows(conn, [uid])
    if row is None:
        return _done(uid, None, "missing")
    values = {"alert_id": row.id, "at": now, "actor": actor, "text": sql.clean(text) or ""}
    note_id = conn.execute(sa.insert(notes).values(**values).returning(notes.c.id)).scalar_one()
    facts = _facts(row)
    done = _write(conn, now, row, facts, actor, previous={**facts, "note": note_id})
    changes.log(conn, now, [changes.Change("alert.changed", [uid], actor, sql.dump(facts), sql.dump({**facts, "note": values["text"]}))])
    return done


def _rows(conn: sa.Connection, uids: Sequence[str]) -> list[tuple[str, Any]]:
    wanted = list(dict.fromkeys(uids))
    found: dict[str, Any] = {}
    for some in sql.chunks(sorted(wanted)):
        rows = conn.execute(sa.select(alerts).where(al.uid.in_(some)).order_by(al.id).with_for_update())
        found.update({row.uid: row for row in rows})
    return [(uid, found.get(uid)) for uid in wanted]


def _facts(row: Any) -> dict[str, Any]:
    return {"state": row.state, "reason": row.reason, "assignee": row.assignee}


def _wished(row: Any, wish: Wish) -> dict[str, Any]:
    state = wish.state or row.state
    reason = row.reason
    if wish.state is not None or wish.reason is not None:
        reason = (wish.reason or (row.reason if row.state == state else None) or REASONS[0]) if state == AlertState.DISMISSED else None
    assignee = row.assignee if wish.assignee is None else sql.clean(wish.assignee) or None
    return {"state": state, "reason": reason, "assignee": assignee}


def _write(conn: sa.Connection, now: float, row: Any, facts: Mapping[str, Any], actor: str, *, previous: Mapping[str, Any] | None) -> Done:
    values: dict[str, Any] = {**facts, "changed_at": now, "changed_by": actor, "version": row.version + 1}
    values["previous"] = None if previous is None else sql.dump(previous)
    if facts["state"] == AlertState.OPEN and row.state != AlertState.OPEN:
        values["escalate_at"] = now  # it is looked at again whether others have to hear of it
    conn.execute(sa.update(alerts).where(al.id == row.id).values(**values))
    return Done(row.uid, "done", **facts, version=row.version + 1, changed_by=actor, changed_at=now)


def _done(uid: str, row: Any, status: str) -> Done:
    if row is None:
        return Done(uid, status)
    return Done(uid, status, row.state, row.reason, row.assignee, row.version, row.changed_by, row.changed_at)


def notes_of(conn: sa.Connection, uids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """The notes of alerts, oldest first."""
    n = notes.c
    found: dict[str, list[dict[str, Any]]] = {}
    for some in sql.chunks(sorted(uids)):
        rows = conn.execute(
            sa.select(al.uid, n.at, n.actor, n.text).join(notes, n.alert_id == al.id).where(al.uid.in_(some)).order_by(n.id)
        )
        for uid, at, actor, text in rows:
            found.setdefault(uid, []).append({"at": at, "by": actor, "text": text})
    return found


def history(conn: sa.Connection, uid: str) -> list[dict[str, Any]]:
    """What people did about an alert, oldest first."""
    rows = conn.execute(
        sa.select(log.c.at, log.c.actor, log.c.before, log.c.after)
        .where(log.c.kind.in_(("alert.changed", "alert.escalated")), log.c.ids.contains(f'"{uid}"', autoescape=True))
        .order_by(log.c.id)
    )
    return [{"at": row.at, "by": row.actor, "before": sql.load(row.before), "after": sql.load(row.after)} for row in rows]
