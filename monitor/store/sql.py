"""What the statements of all stages share: claims, fences, upserts, chunks."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from operator import itemgetter
from typing import Any, TypeVar

import sqlalchemy as sa
import xxhash
from sqlalchemy.dialects import postgresql, sqlite

T = TypeVar("T")
CHUNK = 500  # values in one IN list: under SQLite's limit of variables, and few enough statements


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    batch: list[T] = []
    for value in values:
        batch.append(value)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def many(conn: sa.Connection, statement: sa.Executable, rows: Sequence[dict[str, Any]]) -> None:
    """Runs a statement for each row. An empty list runs nothing: left to itself it would insert a row of defaults."""
    if rows:
        conn.execute(statement, rows)


_compiled: dict[tuple[str, object], tuple[str, tuple[str, ...]]] = {}


def quick_many(conn: sa.Connection, key: object, make: Callable[[], sa.Executable], rows: Sequence[dict[str, Any]]) -> None:
    """`many` for the statements that most polls run: made and compiled once for each `key`, and run over bare tuples.

    Values go to the driver as they are, so they must be what it takes: numbers, text, bytes, None.
    """
    if not rows:
        return
    found = _compiled.get((conn.dialect.name, key))
    if found is None:
        compiled: Any = make().compile(dialect=conn.dialect)  # type: ignore[attr-defined]
        found = _compiled[conn.dialect.name, key] = (str(compiled), tuple(compiled.positiontup))
    text, names = found
    pick = itemgetter(*names) if len(names) > 1 else lambda row: (row[names[0]],)
    conn.exec_driver_sql(text, [pick(row) for row in rows])


def insert_new(conn: sa.Connection, table: sa.Table, *keys: str) -> Any:
    """An INSERT that leaves a row alone whose `keys` are there already."""
    maker: Any = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    return maker(table).on_conflict_do_nothing(index_elements=list(keys))


def upsert(conn: sa.Connection, table: sa.Table, keys: Sequence[str], columns: Sequence[str]) -> Any:
    """An INSERT that updates `columns` of the row whose `keys` are there already."""
    maker: Any = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    statement = maker(table)
    return statement.on_conflict_do_update(index_elements=list(keys), set_={name: statement.excluded[name] for name in columns})


def claim(table: sa.Table, *, now: Any, until: Any, owner: Any, limit: Any, where: Sequence[sa.ColumnElement[bool]] = ()) -> sa.Update:
    """Takes up to `limit` due rows into `owner`'s hand until `until`: one statement, so that two claimants never share a row.

    The four are values, or parameters for those who make the statement once.
    """
    due = sa.select(table.c.id).where(table.c.due_at <= now, *where).order_by(table.c.due_at).limit(limit)
    # PostgreSQL may run a LIMIT subquery inside IN twice unless it is materialised.
    taken = due.with_for_update(skip_locked=True).cte("due").prefix_with("MATERIALIZED")
    return (
        sa.update(table)
        .where(table.c.id.in_(sa.select(taken.c.id)))
        .values(due_at=until, owner=owner, since=sa.func.coalesce(table.c.since, table.c.due_at))
    )


def held(conn: sa.Connection, table: sa.Table, owner_of: dict[int, str]) -> set[int]:
    """The fence: which of these rows are still in the hand of the owner that claimed them. Locks them till the end."""
    found: set[int] = set()
    for ids in chunks(sorted(owner_of)):
        found.update(id_ for id_, owner in conn.execute(_fence(table), {"ids": ids}) if owner == owner_of[id_])
    return found


@cache
def _fence(table: sa.Table) -> sa.Select[Any]:
    ids: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)
    return sa.select(table.c.id, table.c.owner).where(table.c.id.in_(ids)).order_by(table.c.id).with_for_update()


def lock(conn: sa.Connection, table: sa.Table, ids: Iterable[int]) -> None:
    """Locks rows till the end, in the order of their keys: whoever has them in hand is waited for. SQLite has one writer anyway."""
    if conn.dialect.name != "postgresql":
        return
    for some in chunks(sorted(set(ids))):
        conn.execute(sa.select(table.c.id).where(table.c.id.in_(some)).order_by(table.c.id).with_for_update())


def digest(*parts: object) -> bytes:
    """128 bits that stand for a text or a tuple of them, the same on every machine."""
    return xxhash.xxh3_128_digest("\x00".join(str(part) for part in parts).encode("utf-8", "surrogatepass"))


_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


def new_uid() -> str:
    """Sixteen letters and digits, 80 bits: what the world outside calls a row by."""
    return "".join(_ALPHABET[byte & 31] for byte in secrets.token_bytes(16))


def clean(text: str | None) -> str | None:
    """U+0000 and lone surrogates become U+FFFD: both databases refuse them, and the length must stay."""
    if text is None or (text.isascii() and "\x00" not in text):
        return text
    if "\x00" in text:
        text = text.replace("\x00", "\ufffd")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
    return text


def dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def load(text: str | None) -> Any:
    return json.loads(text) if text else None
