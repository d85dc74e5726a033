"""Opens the store: one shape over SQLite and PostgreSQL. Everything else speaks to `Store` alone."""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.util.concurrency import greenlet_spawn

from monitor.errors import StoreError
from monitor.store import schema
from monitor.store.writer import Writer

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

P = ParamSpec("P")
T = TypeVar("T")

LEASE = 60.0  # seconds that a claim holds; every deadline of work is shorter
_SERVER_NOW = sa.text("SELECT extract(epoch FROM clock_timestamp())")
_TRANSIENT = {"40001", "40P01"}  # serialization failure, deadlock: the same transaction may pass when tried again
_AWAY = ("08", "57P0", "53300")  # the connection or the server is gone, or has no room: ridden out
_FULL = ("disk is full", "disk i/o error", "readonly database")


class Store:
    """The only queue there is. `write` runs `fn(conn, now, …)` in one transaction, `read` `fn(conn, …)` on one snapshot."""

    def __init__(self, url: str, state: Path, *, clock: Callable[[], float], server_time: bool = True) -> None:
        """`server_time`: on PostgreSQL the server's clock counts, since daemons on several machines share it."""
        parsed = make_url(url)
        self.clock = clock
        self._server_time = server_time
        self.dialect = "sqlite" if parsed.get_backend_name() == "sqlite" else "postgresql"
        self._writer: Writer | None = None
        self._engine: AsyncEngine  # PostgreSQL's
        self._reader: sa.Engine  # SQLite's
        self.path: Path | None = None
        if self.dialect == "sqlite":
            self.path = (state / (parsed.database or "monitor.db")).absolute()
        self._url = parsed

    async def open(self, *, create: bool = True) -> None:
        """Opens and, where `create`, brings the schema up to date. Raises StoreError."""
        if self.dialect == "sqlite":
            await self._open_sqlite(create)
        else:
            from sqlalchemy.ext.asyncio import create_async_engine  # it brings the whole ORM along

            url = self._url.set(drivername="postgresql+asyncpg")
            self._engine = create_async_engine(url, pool_size=5, max_overflow=5, pool_pre_ping=True, pool_timeout=10)
        try:
            if create:
                await self._write_once(schema.upgrade, backup=self.path)
            else:
                await self.read(schema.check)
        except BaseException:
            await self.close()
            raise

    async def _open_sqlite(self, create: bool) -> None:
        assert self.path is not None
        if not create and not self.path.exists():
            raise StoreError(
                f"there is no store at {self.path}", remedy="start it with 'monitor run' or 'monitor once', or name its folder with --state"
            )
        if create:
            self._writer = Writer(self.path, self.clock)
            await self._writer.start()
        # Its connections are aiosqlite's, so it is used in a greenlet alone, as an AsyncEngine would.
        self._reader = sa.create_engine(f"sqlite+aiosqlite:///file:{self.path}?mode=ro&uri=true", pool_size=4)

        @sa.event.listens_for(self._reader, "connect")
        def plain(connection: Any, _: object) -> None:
            connection.isolation_level = None
            connection.execute("PRAGMA busy_timeout=10000").close()

        @sa.event.listens_for(self._reader, "begin")
        def begin(connection: sa.Connection) -> None:
            connection.exec_driver_sql("BEGIN")

    async def close(self) -> None:
        if self._writer is not None:
            await self._writer.stop()
            self._writer = None
        if hasattr(self, "_reader"):
            await greenlet_spawn(self._reader.dispose)
        if hasattr(self, "_engine"):
            await self._engine.dispose()

    async def write(self, fn: Callable[Concatenate[sa.Connection, float, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """One transaction. On PostgreSQL it is tried again on deadlocks and serialization failures."""
        for attempt in range(8):
            try:
                return await self._write_once(fn, *args, **kwargs)
            except sa.exc.DBAPIError as error:
                if is_full(error) and self._free_reserve():
                    continue
                if _state(error) not in _TRANSIENT or attempt == 7:
                    raise
                await asyncio.sleep(random.uniform(0.005, 0.02) * 2**attempt)
        raise AssertionError("the loop above answers or raises")

    async def _write_once(self, fn: Callable[Concatenate[sa.Connection, float, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        def transaction(connection: sa.Connection, now: float) -> T:
            return fn(connection, now, *args, **kwargs)

        if self.dialect == "sqlite":
            if self._writer is None:
                raise StoreError("this command opened the store for reading alone")
            answer: T = await self._writer.run(transaction)
            return answer
        async with self._engine.begin() as connection:
            now = None if self._server_time else self.clock()
            return await connection.run_sync(_at, now, transaction)

    def keep_reserve(self, size: int) -> None:
        """Keeps a file of `size` bytes beside the database: given up when the disk is full, so that marks can still be written."""
        reserve = self._reserve()
        if reserve is None or (reserve.exists() and reserve.stat().st_size >= size):
            return
        with reserve.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(size, 1))

    def _free_reserve(self) -> bool:
        reserve = self._reserve()
        if reserve is None or not reserve.exists():
            return False
        reserve.unlink()
        return True

    def _reserve(self) -> Path | None:
        return None if self.path is None else self.path.with_name("reserve")

    async def read(self, fn: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """One read transaction: all that `fn` sees is of one moment."""
        try:
            if self.dialect == "sqlite":
                return await greenlet_spawn(_snapshot, self._reader, fn, args, kwargs)
            async with self._engine.connect() as connection:
                await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
                return await connection.run_sync(_without_time, fn, args, kwargs)
        except sa.exc.OperationalError as error:
            if isinstance(error.orig, sqlite3.OperationalError) and "no such table" in str(error.orig):
                raise StoreError(f"{self.path} is no store of this program", remedy="name its folder with --state") from error
            raise


def _at(connection: sa.Connection, now: float | None, transaction: Callable[[sa.Connection, float], T]) -> T:
    return transaction(connection, float(connection.execute(_SERVER_NOW).scalar_one()) if now is None else now)


def _snapshot(engine: sa.Engine, fn: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> T:
    with engine.connect() as connection:
        return fn(connection, *args, **kwargs)


def _without_time(connection: sa.Connection, fn: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> T:
    return fn(connection, *args, **kwargs)


def _state(error: BaseException) -> str:
    """The SQLSTATE of a database's error; "" where it has none."""
    found = getattr(getattr(error, "orig", None), "sqlstate", None) or getattr(error, "sqlstate", None)
    return str(found or "")


def is_away(error: BaseException) -> bool:
    """Whether a database error says that the server is gone or full for now, and the same may pass later."""
    if isinstance(error, OSError | sa.exc.TimeoutError) or _state(error).startswith(_AWAY):
        return True
    if not isinstance(error, sa.exc.DBAPIError):
        return False
    return error.connection_invalidated or "connection is closed" in str(error) or "connection was closed" in str(error)


def is_full(error: BaseException) -> bool:
    """Whether a database error says that the disk is full, or that it can't be written for now."""
    if not isinstance(error, sa.exc.DBAPIError):
        return False
    text = str(error.orig).lower()
    return _state(error) in ("53100", "25006") or any(words in text for words in _FULL)
