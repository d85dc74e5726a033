"""The 168 hours of a week, in UTC. Durations are seconds."""

from __future__ import annotations

BINS = 168
HOUR = 3_600.0
DAY = 86_400.0
WEEK = 7 * DAY


def hour_of_week(moment: float) -> int:
    """The hour of the week of a Unix time, Monday 00:00 the first. The epoch was a Thursday."""
    return int(moment // HOUR + 72) % BINS
