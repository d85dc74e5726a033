"""The ladder of a lane, and the bursts that a service bears."""

from __future__ import annotations

from random import Random

import pytest

from monitor.alerts.lanes import LADDER, MAX_RETRY_AFTER, Bucket, Rate, back_off


@pytest.mark.parametrize(
    ("failures", "step"), [(0, 5), (1, 5), (2, 15), (3, 30), (4, 60), (5, 120), (6, 300), (7, 600), (8, 600), (500, 600)]
)
def test_the_ladder_with_a_fifth_of_jitter(failures: int, step: float) -> None:
    waits = [back_off(failures, None, Random(seed)) for seed in range(200)]
    assert 0.8 * step <= min(waits) < 0.85 * step
    assert 1.15 * step < max(waits) <= 1.2 * step


def test_a_longer_retry_after_wins_and_a_shorter_does_not() -> None:
    assert back_off(1, 90.0, Random(1)) == 90.0
    assert back_off(7, 1.0, Random(1)) >= 0.8 * LADDER[-1]
    assert back_off(1, 1e9, Random(1)) == MAX_RETRY_AFTER


def test_a_burst_of_thirty_and_then_one_a_second() -> None:
    rate, bucket, waits = Rate(30, 1.0), Bucket(30.0, 0.0), []
    for _ in range(33):
        bucket, wait = bucket.take(rate, 0.0)
        waits.append(wait)
    assert waits == [0.0] * 30 + [1.0, 2.0, 3.0]
    bucket, wait = bucket.take(rate, 3.0)
    assert wait == pytest.approx(1.0)
    assert bucket.take(rate, 1000.0) == (Bucket(29.0, 1000.0), 0.0)
