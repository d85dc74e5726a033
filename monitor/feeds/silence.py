"""When a feed that publishes nothing counts as silent against its own habit. Pure; durations are seconds."""

from __future__ import annotations

from collections.abc import Sequence

from .week import BINS, HOUR, WEEK, hour_of_week

_TIMES = 2.0  # the longest usual gap, this often, is a silence
_EXPECTED = 8.0  # and so many entries were to be expected in it
_LEAST = 2 * HOUR


def silent_from(last: float, gap: float, shares: Sequence[float], weekly: float) -> float | None:
    """When the feed is silent if nothing comes: long after its longest usual gap, and in hours of its own.

    `last` is its latest publication, `gap` that longest gap, `shares` what part of its `weekly` entries each hour of the
    week brings. None for a feed that publishes once in a while: it is never missed in earnest.
    """
    moment = last + max(_TIMES * gap, _LEAST)
    expected = weekly * _between(shares, last, moment)
    if weekly * 4 < _EXPECTED:
        return None
    first = hour_of_week(moment)
    for hour in range(BINS * 4):
        if expected >= _EXPECTED:
            return moment + hour * HOUR
        expected += weekly * shares[(first + hour) % BINS]
    return None


def _between(shares: Sequence[float], start: float, end: float) -> float:
    weeks, rest = divmod(end - start, WEEK)
    first = hour_of_week(start)
    return weeks + sum(shares[(first + hour) % BINS] for hour in range(int(rest // HOUR)))
