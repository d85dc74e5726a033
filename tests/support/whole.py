"""The whole daemon inside the test's own process, on a clock that can be moved: what is due is done by `settle`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from monitor import daemon
from monitor.actions.assemble import Terminal
from monitor.config import load
from monitor.store import audit


class InThread:
    """Stands in for the worker processes, whose start would cost each test more than all its work."""

    def __init__(self, count: int = 1) -> None:
        self.count = count
        self.before: Callable[[Callable[..., Any]], None] | None = None  # called with each task's function; may raise

    async def __aenter__(self) -> InThread:
        return self

    async def __aexit__(self, *error: object) -> None:
        return

    async def run(self, fn: Callable[..., Any], *args: Any, timeout: float = 10.0) -> Any:
        if self.before is not None:
            self.before(fn)
        return await asyncio.to_thread(fn, *args)


class Whole:
    """A daemon that is open. `written` is what its console channels wrote; `move` lets time pass for it alone."""

    def __init__(self, opened: daemon.Daemon, written: list[str], shift: list[float], workers: InThread) -> None:
        self.daemon, self.written, self.workers = opened, written, workers
        self._shift = shift
        self.store = opened.store

    def move(self, seconds: float) -> None:
        self._shift[0] += seconds

    async def settle(self, *, after: float = 0.0) -> None:
        """Lets `after` seconds pass, then polls, reads and delivers all that is due."""
        self.move(after)
        await self.daemon.once()

    async def rows(self, table: sa.Table, *where: sa.ColumnElement[bool]) -> list[Any]:
        def read(conn: sa.Connection) -> list[Any]:
            return list(conn.execute(sa.select(table).where(*where).order_by(*table.primary_key.columns)))

        return await self.store.read(read)

    async def leaks(self) -> list[str]:
        return [leak.text for leak in (await self.store.read(audit.audit)).leaks]


@asynccontextmanager
async def whole(
    monkeypatch: pytest.MonkeyPatch, folder: Path, config: str, *, shift: Sequence[float] = (0.0,), started: bool = False
) -> AsyncIterator[Whole]:
    """`config` as text, its state in `folder`. With `started` its stages run by themselves until the block is left."""
    file = folder / "monitor.yaml"
    file.write_text(config, encoding="utf-8")
    loaded = load(file)
    assert loaded.config is not None, [str(problem) for problem in loaded.problems]
    written: list[str] = []
    moved = list(shift)
    workers = InThread()
    monkeypatch.setattr(daemon, "Workers", lambda count: workers)
    monkeypatch.setitem(daemon.Store.__init__.__kwdefaults__, "server_time", False)  # type: ignore[arg-type]
    terminal = Terminal(written.append)
    async with daemon.opened(loaded.config, folder / "state", terminal, clock=lambda: time.time() + moved[0]) as opened:
        found = Whole(opened, written, moved, workers)
        if not started:
            yield found
            return
        running = asyncio.create_task(opened.run())
        try:
            yield found
        finally:
            opened.stop()
            await running
