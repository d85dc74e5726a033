"""When a feed is polled next. Pure: time and chance are arguments.

All durations are seconds. An interval is a minimum: jitter only ever adds to it.
"""

from __future__ import annotations

from random import Random

DEFAULT_INTERVAL = 900.0
INTERVAL_JITTER = 0.10
BACK_OFF_JITTER = 0.20
BACK_OFF_CAP = 1_800.0  # 5xx, time-outs, names not found: half an hour at most
BACK_OFF_CAP_REFUSED = 86_400.0  # 403 and 404: a day
RETRY_AFTER_CAP = 7 * 86_400.0  # what a server asks is kept, but not for ever: no feed is given up in silence


def window(*, interval: float, floor: float) -> tuple[float, float]:
    """The least and the most seconds until the next poll after a good one.

    The least is `interval` or `floor` (Retry-After, max-age), whichever is longer; a tenth of the interval is for chance.
    """
    least = max(interval, min(floor, RETRY_AFTER_CAP))
    return least, least + INTERVAL_JITTER * interval


def back_off(*, interval: float, failures: int, status: int | None, retry_after: float | None, random: Random) -> float:
    """Seconds until the next poll after the `failures`-th failure in a row (1 is the first).

    Twice the interval, doubled with each failure, up to a cap; never sooner than the interval or Retry-After; plus ≤ 20 %.
    """
    cap = BACK_OFF_CAP_REFUSED if status in (401, 403, 404, 410, 451) else BACK_OFF_CAP
    wait = min(interval * 2.0 ** min(max(failures, 1), 30), cap)
    wait = max(wait, interval, min(retry_after or 0.0, RETRY_AFTER_CAP))
    return wait * (1 + random.uniform(0.0, BACK_OFF_JITTER))
