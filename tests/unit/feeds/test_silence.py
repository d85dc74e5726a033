"""When a feed counts as silent."""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.feeds.silence import silent_from
from monitor.feeds.week import BINS, DAY, HOUR, hour_of_week

EVENLY = [1 / BINS] * BINS
MONDAY = datetime(2026, 3, 2, tzinfo=UTC).timestamp()


def test_the_week_begins_on_monday() -> None:
    assert hour_of_week(MONDAY) == 0
    assert hour_of_week(MONDAY + 25.5 * HOUR) == 25
    assert hour_of_week(MONDAY - 1) == BINS - 1


def test_a_busy_feed_is_silent_once_enough_was_to_be_expected() -> None:
    hourly = silent_from(MONDAY, HOUR, EVENLY, weekly=168.0)
    assert hourly is not None
    assert 6 * HOUR < hourly - MONDAY <= 9 * HOUR
    daily = silent_from(MONDAY, DAY, EVENLY, weekly=7.0)
    assert daily is not None
    assert 7 * DAY < daily - MONDAY <= 9 * DAY


def test_hours_in_which_nothing_ever_comes_are_no_silence() -> None:
    only_nine = [1 / 7 if hour % 24 == 9 else 0.0 for hour in range(BINS)]
    silent = silent_from(MONDAY + 10 * HOUR, DAY, only_nine, weekly=7.0)
    assert silent is not None
    assert hour_of_week(silent) % 24 in (9, 10)


def test_a_feed_that_publishes_once_in_a_while_is_never_silent() -> None:
    assert silent_from(MONDAY, DAY, EVENLY, weekly=1.0) is None
