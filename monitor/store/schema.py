"""Brings a store's schema up to date, in one transaction, and refuses a store from a newer version untouched."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import sqlalchemy as sa

from monitor.errors import StoreError
from monitor.store.tables import counters, metadata

HEAD = "0001"
MIGRATIONS = Path(__file__).with_name("migrations")
_ADVISORY_LOCK = 0x6D6F6E69746F72  # any number of our own: two daemons that start at once on PostgreSQL wait here for each other


def version(conn: sa.Connection) -> str | None:
    """The schema's version, or None for an empty database. Raises StoreError for another program's database."""
    tables = set(sa.inspect(conn).get_table_names())
    if "alembic_version" not in tables:
        if tables:
            raise StoreError("this database holds tables of another program", remedy="name another database, or an empty one")
        return None
    found: str | None = conn.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return found


def check(conn: sa.Connection) -> None:
    """Raises StoreError unless the store is of this version."""
    found = version(conn)
    if found is None:
        raise StoreError("the store is empty", remedy="start it with 'monitor run' or 'monitor once'")
    _refuse_newer(found)
    if found != HEAD:
        raise StoreError(f"the store is of an older version ({found}, this is {HEAD})", remedy="'monitor migrate' brings it up to date")


def upgrade(conn: sa.Connection, now: float, backup: Path | None = None) -> bool:
    """Migrates to this version; answers whether anything had to be done. A kill in it leaves the old schema whole."""
    if conn.dialect.name == "postgresql":
        conn.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK})
    found = version(conn)
    if found == HEAD:
        return False
    if found is None:
        create(conn)
        return True
    _refuse_newer(found)
    if backup is not None:
        _copy(backup, backup.with_name(f"{backup.name}.before-{HEAD}"))
    migrate(conn)
    return True


def create(conn: sa.Connection) -> None:
    """An empty database gets the tables as they are now: the same that the migrations make, without loading their library."""
    metadata.create_all(conn)
    conn.execute(sa.insert(counters).values(name="changes", value=0))
    conn.execute(sa.text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL CONSTRAINT alembic_version_pkc PRIMARY KEY)"))
    conn.execute(sa.text("INSERT INTO alembic_version (version_num) VALUES (:head)"), {"head": HEAD})


def _refuse_newer(found: str) -> None:
    if found > HEAD:
        raise StoreError(
            f"the store is from a newer version of this program ({found}, this one knows {HEAD}); it is left untouched",
            remedy="install the newer version, or restore a backup made before it",
        )


def _copy(source: Path, target: Path) -> None:
    """A verified copy of the last committed state, beside an open write transaction."""
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    with sqlite3.connect(f"file:{source}?mode=ro", uri=True) as old, sqlite3.connect(part) as new:
        old.backup(new)
    old.close()
    new.close()
    descriptor = os.open(part, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    part.rename(target)


def migrate(conn: sa.Connection) -> None:
    """Runs the migrations from the database's version to this one, in the transaction of `conn`."""
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.runtime.migration import MigrationStep
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    scripts = ScriptDirectory.from_config(config)

    def steps(revision: object, context: object) -> list[MigrationStep]:
        return list(scripts._upgrade_revs(HEAD, revision))  # type: ignore[arg-type]

    with EnvironmentContext(config, scripts, fn=steps, destination_rev=HEAD) as environment:
        environment.configure(connection=conn, transactional_ddl=True, transaction_per_migration=False)
        environment.run_migrations()
