"""The first schema."""

from __future__ import annotations

from alembic import op

from monitor.store.tables import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    metadata.create_all(op.get_bind())
    op.execute("INSERT INTO counters (name, value) VALUES ('changes', 0)")
