"""How a lane of deliveries goes on after an answer: plain functions of values (design, section 1 "Lanes").

A lane is the row of waiting deliveries of one channel target, sent one at a time. Durations are seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from monitor.model import DeliveryState, Outcome

LADDER = (5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0)
JITTER = 0.2
DEAD_AFTER = 75 * 3600.0  # after the first try of a delivery
MAX_RETRY_AFTER = 24 * 3600.0  # a service that asks for more is asked again once a day: the delivery dies at 75 h anyway
PROBE_AFTER = 3


def back_off(failures: int, retry_after: float | None, random: Random) -> float:
    """Seconds until the next try after `failures` failures in a row (at least 1); a longer Retry-After wins, without jitter below it."""
    step = LADDER[min(max(failures, 1), len(LADDER)) - 1]
    wait = step * random.uniform(1 - JITTER, 1 + JITTER)
    if retry_after is None:
        return wait
    return max(wait, min(retry_after, MAX_RETRY_AFTER))


def pick(failures: Sequence[int]) -> int:
    """Which of a sick lane's waiting deliveries is tried next: their failures in order give an index.

    The head until it has failed three times, then the first after it that has not: a probe that tells a poisoned
    message from a dead service. Where all have failed so often, the head again.
    """
    for index, count in enumerate(failures):
        if count < PROBE_AFTER:
            return index
    return 0


@dataclass(frozen=True, slots=True)
class Settled:
    """What an answer makes of a delivery and of its lane.

    `retry_in` is when the delivery itself is due again; `lane_wait` how long the lane holds still. `aside`: the delivery goes on by
    itself on its own ladder and holds nobody up. `heads_at_once`: the service is well, so deliveries that failed three times before are
    tried once more now, before the rest.
    """

    state: DeliveryState
    retry_in: float | None
    lane_wait: float
    lane_failures: int
    aside: bool = False
    heads_at_once: bool = False
    off: bool = False


def settle(outcome: Outcome, *, failures: int, lane_failures: int, aside: bool, age: float, random: Random) -> Settled:
    """Judges an answer.

    `failures`: of this delivery before this answer; `lane_failures`: of the lane since its last success; `aside`: the delivery
    already goes by itself; `age`: seconds since the delivery's first try.
    """
    if outcome.delivered:
        return Settled(DeliveryState.DELIVERED, None, 0.0, 0, heads_at_once=lane_failures >= PROBE_AFTER)
    if outcome.off:
        return Settled(DeliveryState.DEAD, None, 0.0, lane_failures, off=True)
    if outcome.final or age >= DEAD_AFTER:
        # A final answer is an answer: the service speaks, so the lane is not sick.
        return Settled(DeliveryState.DEAD, None, 0.0, 0 if outcome.final else lane_failures)
    wait = back_off(failures + 1, outcome.retry_after, random)
    wait = min(wait, max(DEAD_AFTER - age, 1.0))  # one last try at the end of its life
    if aside or _alone(outcome, failures, lane_failures):
        return Settled(DeliveryState.RETRYING, wait, 0.0, lane_failures, aside=True)
    return Settled(DeliveryState.RETRYING, wait, back_off(lane_failures + 1, outcome.retry_after, random), lane_failures + 1)


def _alone(outcome: Outcome, failures: int, lane_failures: int) -> bool:
    """Whether the fault is the delivery's and not the service's.

    So it is when the lane is well and this one has failed three times before, or when the service took the message for some recipients.
    A 429 is never the delivery's own.
    """
    if outcome.status == 429:
        return False
    if "delivered" in outcome.recipients.values():
        return True
    return lane_failures == 0 and failures >= PROBE_AFTER


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


def summarise(*, absent: float, waiting: int, human: bool) -> bool:
    """Whether what waits goes as one summary: a human channel, away for over a day, over 50 alerts waiting (design, section 6)."""
    return human and absent > 86_400.0 and waiting > 50
