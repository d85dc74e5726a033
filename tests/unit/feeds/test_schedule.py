"""When a feed is asked again."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.schedule import back_off, window

seeds = st.integers(0, 2**32)


@given(st.floats(1, 86_400), st.floats(0, 20_000))
def test_the_interval_is_a_minimum_with_a_tenth_for_chance(interval: float, floor: float) -> None:
    least, most = window(interval=interval, floor=floor)
    assert least == max(interval, floor)
    assert most == pytest.approx(least + 0.1 * interval)


@given(seeds, st.floats(1, 7_200), st.integers(1, 1_000), st.sampled_from([None, 500, 404, 403, 429]), st.floats(0, 100_000))
def test_back_off_is_bounded_and_never_below_the_interval(
    seed: int, interval: float, failures: int, status: int | None, asked: float
) -> None:
    wait = back_off(interval=interval, failures=failures, status=status, retry_after=asked, random=Random(seed))
    cap = 86_400 if status in (403, 404) else 1_800
    assert max(interval, asked) <= wait <= 1.2 * max(cap, interval, asked)


@pytest.mark.parametrize(("failures", "least"), [(1, 120), (2, 240), (3, 480), (4, 960), (5, 1_800), (50, 1_800)])
def test_back_off_starts_at_twice_the_interval_and_doubles(failures: int, least: float) -> None:
    wait = back_off(interval=60, failures=failures, status=503, retry_after=None, random=Random(1))
    assert least <= wait <= 1.2 * least


def test_a_day_at_most_on_404() -> None:
    wait = back_off(interval=60, failures=40, status=404, retry_after=None, random=Random(1))
    assert 86_400 <= wait <= 1.2 * 86_400


def test_a_retry_after_of_a_year_is_not_kept_for_a_year() -> None:
    assert window(interval=60, floor=366 * 86_400)[1] <= 8 * 86_400
