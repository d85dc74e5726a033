"""What the daemon looks after between its stages: the clock, the disk, its sign of life, who else loads configurations."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog

from monitor import systemd
from monitor.errors import FetchError
from monitor.pipeline.indexing import index_missing
from monitor.pipeline.stage import LOOK, Stage
from monitor.store import changes, loading, notices, pauses, retention
from monitor.store.database import is_away, is_full
from monitor.web.front import REMEDY

if TYPE_CHECKING:
    import sqlalchemy as sa

    from monitor.daemon import Daemon

log = structlog.get_logger("monitor")

CLOCK_STEP = 5.0  # seconds between two looks that wall clock and monotonic clock may disagree
LEAST_FREE = 64 * 2**20  # bytes of disk below which nothing new is taken in
LEAST_SHARE = 0.02  # or this share of a small disk
STALE = 12 * LOOK  # seconds without a round, after which a stage counts as stuck
_LOOK_EVERY = 1.0
_SEEN_EVERY = 15.0
_HEARTBEAT_EVERY = 60.0
_HUBS_EVERY = 30.0
_EXPIRY_EVERY = 600.0
_INDEX_AT_ONCE = 100  # articles: 30 ms


@dataclass(slots=True)
class _Due:
    """Something done each so many seconds of the monotonic clock."""

    every: float
    at: float = 0.0

    def now(self) -> bool:
        moment = time.monotonic()
        if moment < self.at:
            return False
        self.at = moment + self.every
        return True


def stuck(stages: Iterable[Stage[Any]]) -> list[str]:
    """Stages that have not come round for too long."""
    now = time.monotonic()
    return [stage.name for stage in stages if now - stage.last_round > STALE]


class Upkeep:
    """One task of the daemon. `run` until cancelled."""

    def __init__(self, daemon: Daemon, *, free: Callable[[], tuple[int, int]] | None = None) -> None:
        self.daemon = daemon
        self._free = free or self._disk
        self._clocks = (daemon.clock(), time.monotonic())
        self._seen = _Due(_SEEN_EVERY)
        self._hubs = _Due(_HUBS_EVERY)
        self._beat = _Due(_HEARTBEAT_EVERY)
        self._expiry = _Due(_EXPIRY_EVERY)
        self._watchdog = _Due(systemd.watchdog_seconds() or 1e12)
        self._full = False
        self._told_full: bool | None = None  # what the store was last told of the disk; after a start nobody knows
        self._told_refused: str | None = ""  # and of the server's address
        self._steps = 0.0  # seconds of clock steps that the store has not heard of
        self._other: object = None
        self._asking: asyncio.Task[None] | None = None
        self._indexed = False

    def _disk(self) -> tuple[int, int]:
        usage = shutil.disk_usage(self.daemon.folder.path)
        return usage.free, usage.total

    async def run(self) -> None:
        try:
            while True:
                try:
                    await self.look()
                except Exception as error:
                    if not is_away(error) and not is_full(error):
                        raise
                    log.warning("upkeep.trouble", error=str(error))
                await asyncio.sleep(_LOOK_EVERY)
        finally:
            if self._asking is not None:
                self._asking.cancel()

    async def look(self) -> None:
        """One look at everything that is due to be looked at."""
        self._live()
        await self._clock()
        await self._storage()
        await self._server()
        await self.daemon.follow()
        if self._seen.now():
            await self._others()
        if self._expiry.now():
            await self._retention()
        if not self._indexed and not self._full:
            await self._index()
        if self.daemon.websub.served and self._hubs.now():
            self._ask_hubs()
        if self.daemon.config.heartbeat and self._beat.now():
            await self._heartbeat(self.daemon.config.heartbeat)

    # -- hubs ----------------------------------------------------------------------------------------------------------
    def _ask_hubs(self) -> None:
        """In a task of its own: hubs that don't answer would keep all else waiting."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.get_running_loop().create_task(self._renew(), name="hubs")

    async def _renew(self) -> None:
        try:
            await self.daemon.websub.renew()
        except Exception as error:
            if not is_away(error) and not is_full(error):
                log.exception("websub.bug")
            else:
                log.warning("upkeep.trouble", error=str(error))

    # -- signs of life -------------------------------------------------------------------------------------------------
    def _live(self) -> None:
        """systemd hears of us only while every stage makes progress."""
        if self._watchdog.now():
            if found := stuck(self.daemon.stages):
                log.error("daemon.stuck", stages=found)
            else:
                systemd.notify("WATCHDOG=1")

    async def _heartbeat(self, url: str) -> None:
        if stuck(self.daemon.stages):
            return
        try:
            await self.daemon.client.get(url, deadline=10.0, limit=64_000)
        except FetchError as error:
            log.warning("heartbeat.failed", cause=error.text)

    # -- the clock -----------------------------------------------------------------------------------------------------
    async def _clock(self) -> None:
        wall, steady = self.daemon.clock(), time.monotonic()
        step = (wall - self._clocks[0]) - (steady - self._clocks[1])
        self._clocks = (wall, steady)
        if abs(step) > CLOCK_STEP:
            log.warning("clock.step", seconds=round(step, 1))
            self._steps += step
        if self._steps:
            await self.daemon.store.write(_stepped, self._steps)
            self._steps = 0.0
            self.daemon.wake()

    # -- the disk ------------------------------------------------------------------------------------------------------
    async def _storage(self) -> None:
        if self.daemon.store.dialect != "sqlite":
            return
        free, total = await asyncio.to_thread(self._free)
        least = min(LEAST_FREE, total * LEAST_SHARE)
        full = free < least * (2 if self._full else 1)  # twice the room before it counts as well again
        why = f"only {free // 2**20} MB are free on the disk of {self.daemon.folder.path}" if full else None
        if full != self._full:
            self._full = full
            self.daemon.poll.paused = self.daemon.read.paused = why
            if full:
                log.error("storage.full", free=free, remedy="polling has stopped, delivering goes on; make room")
            else:
                log.info("storage.well", free=free)
        elif not full:
            await asyncio.to_thread(self.daemon.store.keep_reserve, int(least / 4))
        if full != self._told_full:
            # Tried at each look until it stands: a full disk may refuse this as well.
            await self.daemon.store.write(_storage, why)
            self._told_full = full
            self.daemon.wake()

    # -- the server ----------------------------------------------------------------------------------------------------
    async def _server(self) -> None:
        front = self.daemon.front
        why = front.refused if front is not None else None
        if why != self._told_refused:
            await self.daemon.store.write(_served, str(front.listen) if front is not None else "", why)
            self._told_refused = why
            self.daemon.wake()

    # -- old texts, and texts in no index ------------------------------------------------------------------------------
    async def _retention(self) -> None:
        """Lets go of texts past their age, and of the oldest while the store is larger than it may be; in short transactions."""
        kept, store = self.daemon.config.retention, self.daemon.store
        gone = 0
        if kept.articles is not None:
            while number := await store.write(retention.expire, kept.articles):
                gone += number
        if kept.size is not None:
            while await store.read(retention.used) > kept.size and (number := await store.write(retention.expire_oldest)):
                gone += number
        if gone:
            log.info("retention.expired", articles=gone)

    async def _index(self) -> None:
        """After a start: texts of a store that is older than its index are indexed, some at each look, until search finds them all."""
        number = await index_missing(self.daemon.store, _INDEX_AT_ONCE)
        self._indexed = not number
        if number:
            log.info("search.indexed", articles=number)

    # -- others on the same store --------------------------------------------------------------------------------------
    async def _others(self) -> None:
        self.daemon.pauses.learn(await self.daemon.store.read(pauses.all_))
        last = await self.daemon.store.write(loading.seen, self.daemon.folder.instance)
        mine = self.daemon.config.fingerprint
        if last is None or last == self._other:
            return
        self._other = last
        if last.get("instance") != self.daemon.folder.instance and last.get("fingerprint") != mine:
            log.warning(
                "config.other",
                instance=last.get("instance"),
                cause="another daemon on this store has loaded a different configuration; the last loaded wins",
                remedy="give both the same configuration",
            )


def _stepped(conn: sa.Connection, now: float, step: float) -> None:
    moved = loading.pull_in(conn, now)
    made: list[changes.Change] = []
    told = notices.Told(
        kind="clock",
        key=f"step-{now:.0f}",
        subject="the clock",
        state="stepped",
        cause=f"the clock of this machine moved by {step:+.0f} s; {moved} waits were shortened",
        remedy="nothing to do; if it happens again, look at the machine's time service",
        event=True,
    )
    notices.tell(conn, now, told, made)
    changes.log(conn, now, made)


def _served(conn: sa.Connection, now: float, listen: str, why: str | None) -> None:
    made: list[changes.Change] = []
    if why is None:
        told = notices.Told("web", "listen", "the server", notices.OK, "the address could be had, or is no longer wanted", "nothing to do")
    else:
        told = notices.Told("web", "listen", "the server", "refused", f"{listen}: {why}; feeds are watched all the same", REMEDY)
    notices.tell(conn, now, told, made)
    changes.log(conn, now, made)


def _storage(conn: sa.Connection, now: float, why: str | None) -> None:
    made: list[changes.Change] = []
    if why is None:
        told = notices.Told("storage", "disk", "storage", notices.OK, "there is room again; polling goes on", "nothing to do")
    else:
        told = notices.Told(
            "storage", "disk", "storage", "full", why, "make room; polling has stopped, delivering goes on, nothing is lost"
        )
    notices.tell(conn, now, told, made)
    changes.log(conn, now, made)
