"""A clock that stands still until it is moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

START = datetime(2018, 10, 29, 6, 41, 3, tzinfo=UTC)


class Clock:
    """`clock()` and `clock.now()` are the wall clock (aware, UTC); `clock.monotonic()` counts seconds and never goes back."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start
        self._ticks = 1000.0

    def __call__(self) -> datetime:
        return self._now

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._ticks

    def advance(self, seconds: float = 0.0, **parts: float) -> datetime:
        """Time passes: both clocks move on. `parts` are those of timedelta: minutes=5, hours=1."""
        step = timedelta(seconds=seconds, **parts)
        if step < timedelta(0):
            raise ValueError("time does not pass backwards; use step() for a wall clock that is set")
        self._now += step
        self._ticks += step.total_seconds()
        return self._now

    def step(self, seconds: float) -> datetime:
        """Somebody sets the wall clock, by `seconds` forward or back; the monotonic one is not touched."""
        self._now += timedelta(seconds=seconds)
        return self._now
