"""Gathers results for a short moment, so that many share one commit: one each costs ten times as much."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Gather(Generic[T, R]):
    """`put` answers what the commit of its batch answers for the item, once it is committed.

    A batch that fails is committed one by one, so that a poison row costs itself alone; where the error is `common`, as
    when the database is away, none would fare better by itself.
    """

    def __init__(
        self,
        commit: Callable[[Sequence[T]], Awaitable[Sequence[R]]],
        *,
        size: float = 100,
        wait: float = 0.05,
        common: Callable[[BaseException], bool] = lambda error: False,
        weigh: Callable[[T], float] = lambda item: 1,
    ) -> None:
        """A batch weighs `size` at most, by what `weigh` says of each item, but for the last that went into it."""
        self._commit = commit
        self._common = common
        self._weigh = weigh
        self._weight = 0.0
        self._size = size
        self._wait = wait
        self._held: list[tuple[T, asyncio.Future[R]]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._flushes: set[asyncio.Task[None]] = set()

    async def put(self, item: T) -> R:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[R] = loop.create_future()
        self._held.append((item, future))
        self._weight += self._weigh(item)
        if self._weight >= self._size:
            self._flush()
        elif self._timer is None:
            self._timer = loop.call_later(self._wait, self._flush)
        return await future

    async def close(self) -> None:
        """Commits what is held and waits for it."""
        self._flush()
        while self._flushes:
            await asyncio.wait(self._flushes)

    def _flush(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self._held:
            return
        held, self._held, self._weight = self._held, [], 0.0
        task = asyncio.get_running_loop().create_task(self._settle(held))
        self._flushes.add(task)
        task.add_done_callback(self._flushes.discard)

    async def _settle(self, held: list[tuple[T, asyncio.Future[R]]]) -> None:
        try:
            answers = await self._commit([item for item, _ in held])
        except Exception as error:  # noqa: BLE001 - handed to whoever put the item
            if len(held) == 1 or self._common(error):
                for _, future in held:
                    if not future.done():
                        future.set_exception(error)
                return
            for one in held:
                await self._settle([one])
            return
        for (_, future), answer in zip(held, answers, strict=True):
            if not future.done():
                future.set_result(answer)
