"""SQLite's writer: in turn, whole or not at all, whatever becomes of the caller."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from monitor.errors import StoreError
from monitor.store import schema, settings, sql
from monitor.store import tables as t
from monitor.store.database import Store, is_away, is_full
from monitor.store.writer import Writer
from tests.unit.store.helpers import Ticks


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'monitor.db'}"


async def opened(url: str, folder: Path) -> Store:
    store = Store(url, folder, clock=Ticks())
    await store.open()
    return store


def put_two(conn: sa.Connection, now: float, key: str, gate: threading.Event | None = None) -> None:
    settings.put(conn, f"{key}-a", 1)
    if gate is not None:
        gate.wait(60)
    settings.put(conn, f"{key}-b", 1)


def keys(conn: sa.Connection) -> set[str]:
    return set(conn.execute(sa.select(t.meta.c.key)).scalars())


async def test_a_cancelled_caller_leaves_no_half_transaction(sqlite_url: str, tmp_path: Path) -> None:
    store = await opened(sqlite_url, tmp_path)
    gate = threading.Event()
    writing = asyncio.create_task(store.write(put_two, "one", gate))
    behind = asyncio.create_task(store.write(put_two, "two"))
    await asyncio.sleep(0)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    gate.set()
    await behind
    assert await store.read(keys) == {"one-a", "one-b", "two-a", "two-b"}
    await store.close()


async def test_hundreds_of_cancelled_callers_leave_whole_transactions_alone(sqlite_url: str, tmp_path: Path) -> None:
    store = await opened(sqlite_url, tmp_path)
    tasks = [asyncio.create_task(store.write(put_two, str(n))) for n in range(300)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await store.write(put_two, "last")
    found = await store.read(keys)
    assert all((f"{n}-a" in found) == (f"{n}-b" in found) for n in range(300))
    assert {f"{n}-a" for n in range(1, 300, 2)} <= found
    await store.close()


async def test_what_raises_is_rolled_back_and_its_neighbours_stand(sqlite_url: str, tmp_path: Path) -> None:
    store = await opened(sqlite_url, tmp_path)

    def fails(conn: sa.Connection, now: float) -> None:
        settings.put(conn, "lost", 1)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await store.write(fails)
    await store.write(put_two, "kept")
    assert await store.read(keys) == {"kept-a", "kept-b"}
    await store.close()


async def test_reading_can_t_write(sqlite_url: str, tmp_path: Path) -> None:
    store = await opened(sqlite_url, tmp_path)

    def writes(conn: sa.Connection) -> None:
        settings.put(conn, "no", 1)

    with pytest.raises(sa.exc.OperationalError, match="readonly"):
        await store.read(writes)
    await store.close()


async def test_a_folder_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "nowhere" / "monitor.db", Ticks())
    with pytest.raises(StoreError, match="can't be opened"):
        await writer.start()
    await writer.stop()


async def test_a_store_that_is_not_there_is_not_made_by_looking(tmp_path: Path) -> None:
    store = Store("sqlite:///monitor.db", tmp_path, clock=Ticks())
    with pytest.raises(StoreError, match="no store"):
        await store.open(create=False)
    assert list(tmp_path.iterdir()) == []


async def test_a_store_from_a_newer_version_is_refused_untouched(sqlite_url: str, tmp_path: Path) -> None:
    store = await opened(sqlite_url, tmp_path)

    def newer(conn: sa.Connection, now: float) -> None:
        conn.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))

    await store.write(newer)
    await store.close()
    before = (tmp_path / "monitor.db").read_bytes()
    for create in (True, False):
        with pytest.raises(StoreError, match="newer version"):
            await Store(sqlite_url, tmp_path, clock=Ticks()).open(create=create)
    assert (tmp_path / "monitor.db").read_bytes() == before


async def test_another_program_s_database_is_refused(database_url: str, tmp_path: Path) -> None:
    store = Store(database_url, tmp_path, clock=Ticks())
    await store.open()

    def foreign(conn: sa.Connection, now: float) -> None:
        conn.execute(sa.text("DROP TABLE alembic_version"))

    await store.write(foreign)
    await store.close()
    with pytest.raises(StoreError, match="another program"):
        await Store(database_url, tmp_path, clock=Ticks()).open()


async def test_the_migrations_make_what_the_tables_say(database_url: str, tmp_path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    store = Store(database_url, tmp_path, clock=Ticks())
    await store.open()

    def from_nothing(conn: sa.Connection, now: float) -> None:
        t.metadata.drop_all(conn)
        conn.execute(sa.text("DROP TABLE alembic_version"))
        schema.migrate(conn)

    await store.write(from_nothing)

    def differences(conn: sa.Connection) -> list[object]:
        return [found for found in compare_metadata(MigrationContext.configure(conn), t.metadata) if "alembic_version" not in str(found)]

    assert await store.read(differences) == []
    assert await store.read(schema.version) == schema.HEAD
    await store.close()


async def test_two_that_open_an_empty_store_at_once_both_find_it_whole(postgres_url: str, tmp_path: Path) -> None:
    stores = [Store(postgres_url, tmp_path, clock=Ticks()) for _ in range(4)]
    await asyncio.gather(*(store.open() for store in stores))
    assert await stores[0].read(schema.version) == schema.HEAD
    for store in stores:
        await store.close()


def test_an_empty_list_inserts_nothing(tmp_path: Path) -> None:
    engine = sa.create_engine("sqlite://")
    t.metadata.create_all(engine)
    with engine.begin() as conn:
        sql.many(conn, sa.insert(t.meta), [])
        assert conn.execute(sa.select(sa.func.count()).select_from(t.meta)).scalar() == 0
    engine.dispose()


def test_errors_of_a_database_are_told_apart() -> None:
    class Orig(Exception):
        sqlstate = "53300"

    assert is_away(ConnectionRefusedError())
    assert is_away(sa.exc.DBAPIError("", {}, Orig()))
    assert not is_away(sa.exc.DBAPIError("", {}, Exception("syntax")))
    assert is_full(sa.exc.OperationalError("", {}, Exception("database or disk is full")))
    assert not is_full(ValueError("disk is full"))
