"""The one shape of every stage: claim due rows, work on them at once, commit. The store is the only queue."""

from __future__ import annotations

import asyncio
import math
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import count, takewhile
from typing import Generic, Protocol, TypeVar

import sqlalchemy as sa
import structlog

from monitor.store.database import LEASE, Store, is_away, is_full

LOOK = 5.0  # seconds of monotonic time after which a stage looks in any case
_SPIN = 0.02  # seconds: no stage looks more often than this for what is not due yet
_PAUSE = (0.5, 1.0, 2.0, 5.0)  # seconds between tries while the database is away

log = structlog.get_logger("monitor")


class Row(Protocol):
    @property
    def id(self) -> int: ...


R = TypeVar("R", bound=Row)


class Owners:
    """Names for claims: instance.start.batch, new for each claim."""

    def __init__(self, instance: str, started: str) -> None:
        self.instance = instance
        self.started = started
        self._batches = count(1)

    def next(self) -> str:
        return f"{self.instance}.{self.started}.{next(self._batches)}"


class Stage(ABC, Generic[R]):
    """A loop over the rows of one table. `wake` is set by whoever makes work for it."""

    name: str
    pace = 0.0  # seconds between two claims at least, unless the last took a whole batch: a claim of a few costs as much as one of many
    tells = False  # calls `sooner` for each row that it settles, so that the end of a row alone is no reason to look

    def __init__(self, store: Store, owners: Owners, *, limit: int, batch: int) -> None:
        self.store = store
        self.owners = owners
        self.limit = limit
        self.batch = batch
        self.wake = asyncio.Event()
        self.in_hand: dict[int, R] = {}
        self._taken_at: dict[int, float] = {}
        self.paused: str | None = None  # why nothing is claimed for now
        self.starved = False  # something was due and not claimed: a turn that comes free is worth a look
        self.done: Counter[str] = Counter()
        self.last_round = time.monotonic()
        self.on_trouble: Callable[[BaseException], None] | None = None
        self._stopping = False
        self._away = 0
        self._more = False
        self._watched = False  # the run ends by itself: every row that ends is worth a look
        self._timer: asyncio.TimerHandle | None = None
        self._target = self._soonest = math.inf  # of the loop's clock

    # -- what a stage is made of ---------------------------------------------------------------------------------------
    @abstractmethod
    async def claim(self, owner: str, limit: int) -> Sequence[R]:
        """Takes due rows."""

    @abstractmethod
    async def work(self, row: R) -> None:
        """Does all that is due for one row, the commit included."""

    @abstractmethod
    def next_due(self, conn: sa.Connection) -> float | None:
        """When the earliest row is due, in seconds since the epoch."""

    async def look(self) -> float | None:
        """When the earliest row is due, after a claim that took less than it could."""
        return await self.store.read(self.next_due)

    # -- the loop ------------------------------------------------------------------------------------------------------
    async def run(self) -> None:
        """Works until `stop`; then what is in hand is finished. Cancel it to leave that undone: its claims run out."""
        async with asyncio.TaskGroup() as group:
            while not self._stopping:
                if self.pace and (early := self.last_round + self.pace - time.monotonic()) > 0 and not self._more:
                    await asyncio.sleep(early)
                self.wake.clear()
                wait = await self._round(group)
                self.last_round = time.monotonic()
                if wait > 0 and not self._stopping:
                    await self._sleep(wait)

    async def _sleep(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        self._target = min(loop.time() + seconds, self._soonest)
        self._timer = loop.call_at(self._target, self.wake.set)
        try:
            await self.wake.wait()
        finally:
            self._timer.cancel()
            self._timer = None

    def sooner(self, seconds: float) -> None:
        """A row is due again in so many seconds: the next look is not later than that."""
        loop = asyncio.get_running_loop()
        at = loop.time() + max(seconds, _SPIN, self.pace)
        self._soonest = min(self._soonest, at)
        if self._timer is not None and at < self._target:
            self._timer.cancel()
            self._target = at
            self._timer = loop.call_at(at, self.wake.set)

    def stop(self) -> None:
        self._stopping = True
        self.wake.set()

    async def drain(self) -> bool:
        """Does all that is due now, for a run that ends by itself. Answers whether there was anything."""
        worked, self._watched = False, True
        async with asyncio.TaskGroup() as group:
            while True:
                self.wake.clear()
                wait = await self._round(group)
                worked = worked or bool(self.in_hand)
                if self.in_hand:
                    await _wait(self.wake, LOOK)
                    await asyncio.sleep(0)  # what ends at one moment is claimed for at once
                elif wait > 0:
                    return worked

    async def _round(self, group: asyncio.TaskGroup) -> float:
        """Claims once. Answers seconds to wait, 0 when there may be more."""
        free = min(self.limit - len(self.in_hand), self.batch)
        self.starved = free <= 0
        self._more = False
        if free <= 0 or self.paused:
            return LOOK
        self._soonest = math.inf
        try:
            rows = await self.claim(self.owners.next(), free)
            due = None if len(rows) == free else await self.look()
        except Exception as error:
            if not is_away(error) and not is_full(error):
                raise
            return self._trouble(error)
        self._away = 0
        taken_at = time.monotonic()
        for row in rows:
            self.in_hand[row.id] = row
            self._taken_at[row.id] = taken_at
            group.create_task(self._one(row), name=f"{self.name}-{row.id}")
        self._more = len(rows) == self.batch
        if len(rows) == free:
            return 0.0
        if due is None:
            return LOOK
        self.starved = due <= self.store.clock()
        # Due and yet not claimed: it waits for a turn, and whoever gives one back wakes us.
        return min(max(due - self.store.clock(), _SPIN if rows else 0.25), LOOK)

    def _trouble(self, error: BaseException) -> float:
        pause = _PAUSE[min(self._away, len(_PAUSE) - 1)]
        self._away += 1
        log.warning("store.trouble", stage=self.name, error=str(getattr(error, "orig", error)), again_s=pause)
        if self.on_trouble is not None:
            self.on_trouble(error)
        return pause

    def overdue(self) -> list[int]:
        """Rows in hand whose lease is at least half gone: only these can look due to a claim of our own."""
        limit = time.monotonic() - LEASE / 2
        return sorted(id_ for id_, at in takewhile(lambda item: item[1] < limit, self._taken_at.items()))

    async def _one(self, row: R) -> None:
        try:
            await self.work(row)
        except Exception as error:  # one row's trouble is its own: its claim runs out, and it is done again
            if is_away(error) or is_full(error):
                self._trouble(error)
            else:
                log.exception("stage.failed", stage=self.name, row=row.id)
            self.wake.set()
        finally:
            self.in_hand.pop(row.id, None)
            self._taken_at.pop(row.id, None)
            if self.starved or self._watched or not self.tells:
                self.wake.set()


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
