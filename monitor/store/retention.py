"""What the configuration lets go of: texts past their age, or the oldest when the store grows too large.

Entries, matches and alerts stay: what was seen once must stay known, and the sums must come out. Only texts go.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from monitor.store import search
from monitor.store import tables as t

EXPIRED = "retention"
BATCH = 500

a = t.articles.c


def expire(conn: sa.Connection, now: float, older_than: float) -> int:
    """Empties the texts of up to BATCH articles first seen before now - `older_than` seconds; answers how many those were."""
    due = sa.and_(a.first_seen_at < now - older_than, _has_text())
    return _empty(conn, list(conn.execute(sa.select(a.id).where(due).order_by(a.first_seen_at).limit(BATCH)).scalars()))


def expire_oldest(conn: sa.Connection, now: float) -> int:
    """Empties the texts of the BATCH oldest articles that have one; answers how many those were."""
    return _empty(conn, list(conn.execute(sa.select(a.id).where(_has_text()).order_by(a.first_seen_at).limit(BATCH)).scalars()))


def _has_text() -> sa.ColumnElement[bool]:
    """Settled articles with a text. What waits to be read or matched once more keeps its own."""
    return sa.and_(a.due_at.is_(None), a.body != "", sa.or_(a.why.is_(None), a.why != EXPIRED))


def _empty(conn: sa.Connection, ids: Sequence[int]) -> int:
    if ids:
        conn.execute(
            sa.update(t.articles).where(a.id.in_(ids)).values(body="", why=EXPIRED, why_text="its text was past the age or size kept")
        )
        conn.execute(sa.delete(t.pages).where(t.pages.c.article_id.in_(ids)))
        search.forget(conn, ids)
        conn.execute(sa.delete(t.sketches).where(t.sketches.c.article_id.in_(ids)))
    return len(ids)


def used(conn: sa.Connection) -> int:
    """Bytes that the store's rows take, free pages left out."""
    if conn.dialect.name == "postgresql":
        return int(conn.execute(sa.text("SELECT pg_database_size(current_database())")).scalar_one())
    pages = conn.exec_driver_sql("PRAGMA page_count").scalar_one()
    free = conn.exec_driver_sql("PRAGMA freelist_count").scalar_one()
    size = conn.exec_driver_sql("PRAGMA page_size").scalar_one()
    return int((pages - free) * size)
