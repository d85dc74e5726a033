"""Facts about the store as a whole, for status: its engine, its size, since when it grows, which configuration it took up."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from monitor.store import retention, settings
from monitor.store.listing import stamp
from monitor.store.tables import feeds

LEAST_AGE = 2.0  # days that a store must have grown before its growth says anything


def about(conn: sa.Connection) -> dict[str, Any]:
    """`bytes` are those of the rows, `configuration_at` when a configuration was last loaded, `since` the first feed's day."""
    row: Any = settings.get(conn, "configuration") or {}
    return {
        "database": _engine(conn),
        "bytes": retention.used(conn),
        "since": stamp(conn.execute(sa.select(sa.func.min(feeds.c.added_at))).scalar()),
        "configuration_at": stamp(row.get("at")),
    }


def _engine(conn: sa.Connection) -> str:
    if conn.dialect.name == "postgresql":
        return "PostgreSQL " + str(conn.execute(sa.text("SHOW server_version")).scalar()).split(" ")[0]
    return "SQLite " + str(conn.execute(sa.text("SELECT sqlite_version()")).scalar())
