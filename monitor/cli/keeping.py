"""backup, restore, migrate: what an operator does to the store as a whole."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from monitor.cli.context import ConfigOption, JsonOption, StateOption, database_url, run, state_path
from monitor.errors import StoreError


def register(app: typer.Typer) -> None:
    for command in (backup, restore, migrate):
        app.command()(command)


def _file(config: Path | None, folder: Path, otherwise: str) -> Path:
    """The SQLite store's file. Raises StoreError with `otherwise` for PostgreSQL."""
    from monitor.store.files import database_file

    file = database_file(database_url(config), folder)
    if file is None:
        raise StoreError("the store is on PostgreSQL, which has its own means", remedy=otherwise)
    return file


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the copy goes; it must not be there yet.")],
    config: ConfigOption = None,
    state: StateOption = None,
    json_: JsonOption = False,
) -> None:
    """Copy the store, beside a running daemon or without one, and verify the copy before it gets its name.

    \b
    Examples:
      monitor backup /srv/backup/monitor.db
      monitor backup monitor-1.db --state /var/lib/monitor
    """
    from monitor.actions import backup as keeping
    from monitor.cli.output import clean, json_out, out

    how = f"pg_dump --format=custom --file={file} DATABASE, and pg_restore --clean to put it back"
    source = _file(config, state_path(state), how)
    done = keeping.backup(source, file)
    if json_:
        json_out(done)
        return
    out(f"{clean(done['file'])}: {done['bytes'] / 2**20:.1f} MB, verified, in {done['took_s']} s")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What 'monitor backup' wrote.")],
    config: ConfigOption = None,
    state: StateOption = None,
    json_: JsonOption = False,
) -> None:
    """Put a backup in the store's place; the daemon must be stopped. The old store is kept beside it.

    \b
    Examples:
      monitor restore /srv/backup/monitor.db
    """
    from monitor.actions import backup as keeping
    from monitor.cli.context import become_owner
    from monitor.cli.output import clean, json_out, note, out
    from monitor.store.state import StateFolder

    folder = state_path(state)
    target = _file(config, folder, "pg_restore --clean --dbname=DATABASE FILE")
    become_owner(folder)
    keeping.look_for(file)
    with StateFolder(folder, wait=1.0):
        done = keeping.restore(file, target)
    if json_:
        json_out(done)
        return
    out(f"{clean(file)} is the store now: {clean(done['file'])}")
    if done["old"]:
        note(f"the old one is kept: {clean(done['old'])}")


def migrate(config: ConfigOption = None, state: StateOption = None, json_: JsonOption = False) -> None:
    """Bring the store up to this version; 'run' and 'once' do so by themselves. A copy is made before.

    \b
    Examples:
      monitor migrate
    """
    from monitor.cli.context import become_owner
    from monitor.cli.output import json_out, out
    from monitor.store.files import database_file

    folder = state_path(state)
    url = database_url(config)
    file = database_file(url, folder)
    if file is not None and not file.exists():
        raise StoreError(f"there is no store at {file}", remedy="'monitor run' or 'monitor once' makes it")
    become_owner(folder)
    done = run(_migrate(url, folder))
    if json_:
        json_out(done)
    elif done["before"] == done["after"]:
        out(f"the store is of this version already: {done['after']}")
    else:
        out(f"the store was of version {done['before']} and is of {done['after']} now")


async def _migrate(url: str, folder: Path) -> dict[str, Any]:
    import time
    from contextlib import nullcontext

    from monitor.store import schema
    from monitor.store.database import Store
    from monitor.store.state import StateFolder

    lock = StateFolder(folder, wait=1.0) if url.startswith("sqlite") else nullcontext()
    with lock:
        store = Store(url, folder, clock=time.time)
        before = await _version(url, folder)
        await store.open()
        try:
            return {"before": before, "after": await store.read(schema.version)}
        finally:
            await store.close()


async def _version(url: str, folder: Path) -> str | None:
    """The version before, which opening brings up to date."""
    import sqlalchemy as sa
    from sqlalchemy.ext.asyncio import create_async_engine

    from monitor.store import schema
    from monitor.store.files import database_file

    file = database_file(url, folder)
    target = sa.make_url(url).set(drivername="postgresql+asyncpg") if file is None else sa.make_url(f"sqlite+aiosqlite:///{file}")
    engine = create_async_engine(target)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(schema.version)
    finally:
        await engine.dispose()
