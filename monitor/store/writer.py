"""SQLite's one writer: a thread that owns the one connection that writes, and runs transactions in turn."""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from monitor.errors import StoreError

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # NORMAL may forget a delivery's mark on a power cut
    "PRAGMA mmap_size=0",
    "PRAGMA busy_timeout=10000",
    "PRAGMA foreign_keys=OFF",
    "PRAGMA cache_size=-4000",
    "PRAGMA temp_store=MEMORY",
)

type_Job = tuple[Callable[..., Any], tuple[Any, ...], "asyncio.Future[Any]", "asyncio.AbstractEventLoop"]


def open_engine(path: Path) -> sa.Engine:
    """An engine over one connection, whose transactions begin IMMEDIATE. To be used by the thread that made it."""

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=512)
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        return connection

    engine = sa.create_engine("sqlite://", creator=connect, poolclass=sa.StaticPool)

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


class Writer:
    """Runs `fn(conn, now, *args)` in one transaction each, in turn, in one thread.

    A caller that is cancelled does not stop its transaction: it is committed or rolled back as a whole all the same.
    """

    def __init__(self, path: Path, clock: Callable[[], float]) -> None:
        self._path = path
        self._clock = clock
        self._jobs: queue.SimpleQueue[type_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="store-writer", daemon=True)
        self._ready: asyncio.Future[None] | None = None
        self._broken: StoreError | None = None

    async def start(self) -> None:
        self._thread.start()
        await self.run(_nothing)

    async def run(self, fn: Callable[..., Any], *args: Any) -> Any:
        """Answers what `fn` answers; raises what it raises, with the transaction rolled back."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        self._jobs.put((fn, args, future, loop))
        return await future

    async def stop(self) -> None:
        """Ends the thread once all that was handed to it is done."""
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join, 8.0)

    def _work(self) -> None:
        engine: sa.Engine | None = None
        try:
            engine = open_engine(self._path)
            engine.connect().close()
        except (sa.exc.SQLAlchemyError, sqlite3.Error, OSError) as error:
            engine = None
            why = getattr(error, "orig", None) or error
            damaged = isinstance(why, sqlite3.DatabaseError) and not isinstance(why, sqlite3.OperationalError)
            remedy = "'monitor restore FILE' puts a backup in its place" if damaged else "is the state folder there, and yours?"
            self._broken = StoreError(f"the database {self._path} can't be opened: {why}", remedy=remedy)
        while (job := self._jobs.get()) is not None:
            fn, args, future, loop = job
            try:
                if engine is None:
                    raise self._broken or StoreError(f"the database {self._path} can't be opened")
                with engine.begin() as connection:
                    answer = fn(connection, self._clock(), *args)
            except BaseException as error:  # noqa: BLE001 - belongs to the caller, whoever it is
                _settle(loop, future, None, error)
            else:
                _settle(loop, future, answer, None)
        if engine is not None:
            engine.dispose()


def _nothing(connection: sa.Connection, now: float) -> None:
    connection.exec_driver_sql("SELECT 1")


def _settle(loop: asyncio.AbstractEventLoop, future: asyncio.Future[Any], answer: Any, error: BaseException | None) -> None:
    def settle() -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(answer)

    try:
        loop.call_soon_threadsafe(settle)
    except RuntimeError:
        # The loop that asked is gone; the transaction stands, and nobody is left to hear of it.
        return
