"""What people add at run time: feeds, rules and entities, one YAML text an entry. All daemons on the store take them up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from monitor.store import changes, sql
from monitor.store import tables as t

KINDS = ("feed", "rule", "entity")
m = t.managed.c


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `name` is a feed's URL, a rule's or an entity's name; `at` seconds since the epoch."""

    kind: str
    name: str
    yaml: str
    version: int = 1
    actor: str = ""
    at: float = 0.0


def entries(conn: sa.Connection) -> list[Entry]:
    """All entries, in the order in which they were made."""
    rows = conn.execute(sa.select(m.kind, m.name, m.yaml, m.version, m.actor, m.at).order_by(m.kind, m.at, m.name))
    return [Entry(*row) for row in rows]


def find(conn: sa.Connection, kind: str, name: str) -> Entry | None:
    row = conn.execute(sa.select(m.kind, m.name, m.yaml, m.version, m.actor, m.at).where(m.kind == kind, m.name == name)).first()
    return None if row is None else Entry(*row)


def version(conn: sa.Connection) -> int:
    """A number that grows with every edit: who has loaded another one has to load anew."""
    return conn.execute(sa.select(t.counters.c.value).where(t.counters.c.name == "managed")).scalar() or 0


def put(conn: sa.Connection, now: float, wanted: Sequence[Entry], actor: str, expected: int | None = None) -> list[Entry] | None:
    """Adds or replaces entries, one change each. With `expected` only over that version: None where another stands there."""
    return _edit(conn, now, [(entry.kind, entry.name, entry.yaml) for entry in wanted], actor, expected)


def remove(conn: sa.Connection, now: float, wanted: Sequence[tuple[str, str]], actor: str, expected: int | None = None) -> bool:
    """Takes entries out by kind and name, one change each; False where `expected` is not the version that stands there."""
    return _edit(conn, now, [(kind, name, None) for kind, name in wanted], actor, expected) is not None


def _edit(
    conn: sa.Connection, now: float, edits: Sequence[tuple[str, str, str | None]], actor: str, expected: int | None
) -> list[Entry] | None:
    # The counter's row is locked first: two who edit at once go one after the other, on both databases.
    conn.execute(sql.insert_new(conn, t.counters, "name").values(name="managed", value=0))
    counted = sa.update(t.counters).where(t.counters.c.name == "managed")
    conn.execute(counted.values(value=t.counters.c.value))
    known = {(entry.kind, entry.name): entry for entry in entries(conn)}
    if expected is not None and any((known[kind, name].version if (kind, name) in known else 0) != expected for kind, name, _ in edits):
        return None
    made: list[changes.Change] = []
    stored: list[Entry] = []
    for kind, name, yaml in edits:
        old = known.get((kind, name))
        if yaml is None:
            if old is None:
                continue
            conn.execute(sa.delete(t.managed).where(m.kind == kind, m.name == name))
        elif old is not None and old.yaml == yaml:
            stored.append(old)
            continue
        else:
            entry = Entry(kind, name, yaml, (old.version if old else 0) + 1, actor, now)
            _store(conn, entry)
            stored.append(entry)
        made.append(changes.Change(f"{kind}.edited", [name], actor=actor, before=old.yaml if old else None, after=yaml))
    if made:
        conn.execute(counted.values(value=t.counters.c.value + 1))
    changes.log(conn, now, made)
    return stored


def _store(conn: sa.Connection, entry: Entry) -> None:
    values: dict[str, Any] = {column: getattr(entry, column) for column in ("kind", "name", "yaml", "version", "actor", "at")}
    conn.execute(sql.upsert(conn, t.managed, ["kind", "name"], ["yaml", "version", "actor", "at"]).values(**values))
