"""Small facts of the whole store: which channels operators listen on, which configuration was loaded last."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from monitor.store import sql
from monitor.store.tables import meta


def get(conn: sa.Connection, key: str, default: Any = None) -> Any:
    found = conn.execute(sa.select(meta.c.value).where(meta.c.key == key)).scalar()
    return default if found is None else sql.load(found)


def put(conn: sa.Connection, key: str, value: Any) -> None:
    conn.execute(sql.upsert(conn, meta, ["key"], ["value"]).values(key=key, value=sql.dump(value)))
