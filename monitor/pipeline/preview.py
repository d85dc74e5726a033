"""What a channel would have sent in a past period, by the policy it has now: nothing is stored, nothing is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from monitor.model import Severity
from monitor.pipeline.holding import Policies
from monitor.store.listing.common import Item


@dataclass(slots=True)
class Would:
    """A message that would have gone: when, why as one of many, and the alerts in it."""

    at: float
    kind: str  # alert, digest, quiet-hours, throttled
    alerts: list[Item] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The channel as it is configured: `next_digest` answers the next time of its cron after a moment."""

    name: str
    human: bool
    min_severity: Severity
    next_digest: Callable[[float], float] | None = None


def preview(alerts: Sequence[tuple[float, Item]], channel: Wanted, policies: Policies) -> tuple[list[Would], Counter[str]]:
    """Messages in order, and how many alerts would have been kept back, by reason. `alerts`: (made at, item), oldest first."""
    messages: list[Would] = []
    held: dict[tuple[str, float], Would] = {}
    kept: Counter[str] = Counter()
    for at, item in alerts:
        severity = Severity(item["severity"])
        if item["muted"]:
            kept["muted"] += 1
        elif severity.rank > channel.min_severity.rank:
            kept["severity-floor"] += 1
        elif channel.next_digest is not None:
            _hold(messages, held, "digest", channel.next_digest(at), item)
        elif (same := _same_message(messages, channel, at, item)) is not None:
            same.alerts.append(item)
        else:
            pending = min((message.at for message in messages if message.kind == "throttled" and message.at > at), default=None)
            sent = [] if pending is not None else [message.at for message in messages if message.at <= at]
            hold = policies.hold(channel.name, severity, at, sent, pending)
            if hold is None:
                messages.append(Would(at, "alert", [item]))
            else:
                _hold(messages, held, hold.reason, hold.until, item)
    return sorted(messages, key=lambda message: message.at), kept


def _hold(messages: list[Would], held: dict[tuple[str, float], Would], kind: str, until: float, item: Item) -> None:
    message = held.get((kind, until))
    if message is None:
        message = held[kind, until] = Would(until, kind)
        messages.append(message)
    message.alerts.append(item)


def _same_message(messages: Sequence[Would], channel: Wanted, at: float, item: Item) -> Would | None:
    """For people, alerts of one story that were made together are one message."""
    if not channel.human or not messages:
        return None
    last = messages[-1]
    same = last.kind == "alert" and last.at == at and last.alerts[0]["story_id"] == item["story_id"]
    return last if same else None
