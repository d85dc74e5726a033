"""When a feed is asked again."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.schedule import back_off, next_poll

NOW = datetime(2026, 1, 1, tzinfo=UTC)
seeds = st.integers(0, 2**32)


@given(seeds, st.floats(1, 86_400), st.floats(0, 20_000))
def test_the_interval_is_a_minimum_with_a_tenth_of_jitter(seed: int, interval: float, floor: float) -> None:
    wait = (next_poll(now=NOW, interval=interval, floor=floor, random=Random(seed)) - NOW).total_seconds()
    least = max(interval, floor)
    assert least - 1e-5 <= wait <= least + 0.1 * interval + 1e-5


@given(seeds, st.floats(1, 7_200), st.integers(1, 1_000), st.sampled_from([None, 500, 404, 403, 429]), st.floats(0, 100_000))
def test_back_off_is_bounded_and_never_below_the_interval(
    seed: int, interval: float, failures: int, status: int | None, asked: float
) -> None:
    later = back_off(now=NOW, interval=interval, failures=failures, status=status, retry_after=asked, random=Random(seed))
    wait = (later - NOW).total_seconds()
    cap = 86_400 if status in (403, 404) else 1_800
    assert wait >= max(interval, asked) - 1e-5
    assert wait <= 1.2 * max(cap, interval, asked) + 1e-5


@pytest.mark.parametrize(("failures", "least"), [(1, 120), (2, 240), (3, 480), (4, 960), (5, 1_800), (50, 1_800)])
def test_back_off_starts_at_twice_the_interval_and_doubles(failures: int, least: float) -> None:
    wait = (back_off(now=NOW, interval=60, failures=failures, status=503, retry_after=None, random=Random(1)) - NOW).total_seconds()
    assert least <= wait <= 1.2 * least


def test_a_day_at_most_on_404() -> None:
    wait = (back_off(now=NOW, interval=60, failures=40, status=404, retry_after=None, random=Random(1)) - NOW).total_seconds()
    assert 86_400 <= wait <= 1.2 * 86_400


def test_a_retry_after_of_a_year_is_not_kept_for_a_year() -> None:
    wait = (next_poll(now=NOW, interval=60, floor=366 * 86_400, random=Random(1)) - NOW).total_seconds()
    assert wait <= 8 * 86_400
