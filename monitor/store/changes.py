"""The log of changes: what happened, in commit order. The same number serves live pages, ETags and resumed streams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from monitor.store import sql
from monitor.store.tables import changes, counters


@dataclass(frozen=True, slots=True)
class Change:
    kind: str
    ids: Sequence[str] = ()
    actor: str = "monitor"
    before: str | None = None
    after: str | None = None


# Made once: every transaction that tells of something runs them.
_NEXT = (
    sa.update(counters)
    .where(counters.c.name == "changes")
    .values(value=counters.c.value + sa.bindparam("by", type_=sa.Integer))
    .returning(counters.c.value)
)
_INSERT = sa.insert(changes)


def log(conn: sa.Connection, now: float, made: Sequence[Change]) -> None:
    """Takes the numbers last in the transaction: the counter's row stays locked until the commit, so ids follow commits."""
    if not made:
        return
    last: int = conn.execute(_NEXT, {"by": len(made)}).scalar_one()
    sql.many(
        conn,
        _INSERT,
        [
            {
                "id": last - len(made) + 1 + number,
                "at": now,
                "actor": change.actor,
                "kind": change.kind,
                "ids": sql.dump(list(change.ids)),
                "before": change.before,
                "after": change.after,
            }
            for number, change in enumerate(made)
        ],
    )


def latest(conn: sa.Connection) -> int:
    """The number of the last change."""
    return conn.execute(sa.select(counters.c.value).where(counters.c.name == "changes")).scalar() or 0


def since(conn: sa.Connection, after: int, limit: int = 500) -> list[sa.Row[tuple[int, float, str, str, str]]]:
    """Changes later than the number `after`, oldest first."""
    c = changes.c
    return list(conn.execute(sa.select(c.id, c.at, c.actor, c.kind, c.ids).where(c.id > after).order_by(c.id).limit(limit)))
