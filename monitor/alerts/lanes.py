"""How long a lane of deliveries waits, after a failure and between messages (design, section 1 "Lanes").

A lane is the row of waiting deliveries of one channel target, sent one at a time. Durations are seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

LADDER = (5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0)
JITTER = 0.2
DEAD_AFTER = 75 * 3600.0  # after the first try of a delivery
MAX_RETRY_AFTER = 24 * 3600.0  # a service that asks for more is asked again once a day: the delivery dies at 75 h anyway


def back_off(failures: int, retry_after: float | None, random: Random) -> float:
    """Seconds until the next try after `failures` failures in a row (at least 1); a longer Retry-After wins, without jitter below it."""
    step = LADDER[min(max(failures, 1), len(LADDER)) - 1]
    wait = step * random.uniform(1 - JITTER, 1 + JITTER)
    if retry_after is None:
        return wait
    return max(wait, min(retry_after, MAX_RETRY_AFTER))


@dataclass(frozen=True, slots=True)
class Rate:
    """What a service bears: `burst` messages at once, then `per_second`."""

    burst: int
    per_second: float


@dataclass(frozen=True, slots=True)
class Bucket:
    """Tokens left at a moment of a monotonic clock."""

    tokens: float
    at: float

    def take(self, rate: Rate, now: float) -> tuple[Bucket, float]:
        """The bucket after one message and the seconds to wait before that message may go."""
        tokens = min(float(rate.burst), self.tokens + max(now - self.at, 0.0) * rate.per_second) - 1.0
        return Bucket(tokens, now), max(-tokens / rate.per_second, 0.0)
