"""Waiting for something to become true, with a deadline: the only place in the tests that lets time pass."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

PAUSE = 0.01  # seconds between two looks


class NotInTime(AssertionError):
    """The condition did not come true before its deadline."""


async def until(condition: Callable[[], T | Awaitable[T]], *, seconds: float = 30.0, what: str = "") -> T:
    """Answers the first true value of `condition` (a function or a coroutine function), looked at every 10 ms.

    Raises NotInTime after `seconds`; its text has `what` and the last value seen.
    """
    end = time.monotonic() + seconds
    while True:
        found = condition()
        value: T = await found if isinstance(found, Awaitable) else found
        if value:
            return value
        if time.monotonic() > end:
            raise NotInTime(f"not within {seconds:g} s: {what or getattr(condition, '__name__', condition)} (last seen: {value!r})")
        await asyncio.sleep(PAUSE)


def until_sync(condition: Callable[[], T], *, seconds: float = 30.0, what: str = "") -> T:
    """`until` for tests without an event loop."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise NotInTime(f"not within {seconds:g} s: {what or getattr(condition, '__name__', condition)} (last seen: {value!r})")
        time.sleep(PAUSE)
