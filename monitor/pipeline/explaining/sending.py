"""The steps of an explanation from the alert to its deliveries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from monitor.pipeline.explaining.steps import Explanation, Step, clock
from monitor.store import explaining

_WITHHELD: dict[str, tuple[str, str | None]] = {
    "no-channel": ("the rule names no channel: the alert is made and seen, and sent nowhere", "name channels under the rule's 'notify'"),
    "severity-floor": ("the alert is below the channel's min_severity", "lower the channel's min_severity, or raise the rule's severity"),
    "channel-gone": ("the channel was not in the configuration", "put the channel back"),
    "muted": ("a mute covers it", "'monitor mutes list' shows it, 'monitor mutes end' ends it"),
}
_DEAD = {
    "channel-gone": ("channel-gone", "its channel was taken out of the configuration"),
    "dropped": ("dead", "it was given up by hand"),
    "age": ("dead", "it was tried for 75 h"),
    "final": ("dead", "the service refused it for good"),
}


def sending_steps(answer: Explanation, found: explaining.Trail, matched: Sequence[Any], zone: ZoneInfo) -> None:
    """What came of each rule that matched, in the order of the way: mutes, then alerts, then deliveries."""
    steps = [step for match in matched for step in _of_match(found, match, zone, several=len(matched) > 1)]
    for station in ("mute", "alert", "delivery"):
        answer.add(*(step for step in steps if step.step == station))


def _of_match(found: explaining.Trail, match: Any, zone: ZoneInfo, *, several: bool) -> Iterator[Step]:
    """Mute, alert and deliveries of one rule; where several matched, a delivery names its own."""
    if match.alert_id is None:
        told = found.told.get(match.rule_id)
        first = found.first_of_story
        text = f"another article of the story alerted: {first.url}" if first is not None else "another article of the story alerted"
        at = told.created_at if told is not None else match.created_at
        remedy = f"monitor alerts show {told.uid}" if told is not None else None
        yield Step("alert", "no", text, code="story-told", name=match.name, at=at, remedy=remedy)
        return
    alert = found.told.get(match.rule_id)
    withheld = found.withheld.get(match.alert_id, ())
    if any(row.reason == "muted" for row in withheld):
        text, remedy = _WITHHELD["muted"]
        yield Step("mute", "no", text, code="muted", name=match.name, remedy=remedy)
    yield Step("alert", "ok", f"alert {alert.uid if alert is not None else '?'}", name=match.name, at=match.created_at)
    of_rule = f" ({match.name})" if several else ""
    for row in withheld:
        if row.reason != "muted":
            text, remedy = _WITHHELD.get(row.reason, (row.reason, None))
            yield Step("delivery", "no", text + of_rule, code=row.reason, name=row.channel or None, remedy=remedy)
    for row in found.deliveries.get(match.alert_id, ()):
        step = _delivery(row, zone)
        yield replace(step, text=step.text + of_rule)


def _delivery(row: Any, zone: ZoneInfo) -> Step:
    name = row.channel
    tries = f"{row.tries} {'try' if row.tries == 1 else 'tries'}"
    if row.delivered_at is not None:
        return Step("delivery", "ok", f"delivered {clock(row.delivered_at, zone)}, {tries}", name=name, at=row.delivered_at)
    if row.state == "dead":
        code, why = _DEAD.get(row.reason or "", ("dead", row.reason or "it was given up"))
        return Step(
            "delivery",
            "no",
            f"{why}; last answer: {row.text or 'none'}",
            code=code,
            name=name,
            at=row.last_try_at,
            remedy=f"monitor deliveries retry {row.uid}",
        )
    if row.state == "unknown":
        return Step(
            "delivery",
            "waiting",
            f"it may have arrived; {row.text}" if row.text else "the daemon died while it was being sent: it may have arrived",
            code="unknown",
            name=name,
            at=row.last_try_at or row.first_try_at,
            remedy=f"it is sent again by itself unless 'on_unknown: hold' is set; monitor deliveries retry {row.uid}",
        )
    if row.off:
        return Step(
            "delivery",
            "waiting",
            f"the channel is off: {row.last_text}",
            code="retrying",
            name=name,
            remedy=f"monitor channels test {name}",
        )
    if row.failures or row.state == "retrying":
        again = row.due_at if row.due_at is not None else row.lane_due
        return Step(
            "delivery",
            "waiting",
            f"{tries}; last answer of the channel: {row.text or row.last_text}; again at {clock(again, zone)}",
            code="retrying",
            name=name,
            at=row.last_try_at,
            remedy="it is tried again by itself",
        )
    if row.reason in ("quiet-hours", "throttled"):
        return Step(
            "delivery",
            "waiting",
            f"held: {row.reason}; due {clock(row.due_at, zone)}",
            code=row.reason,
            name=name,
            remedy="it goes then by itself",
        )
    if row.digest:
        return Step(
            "delivery",
            "waiting",
            f"waits for the digest of {clock(row.digest_at, zone)}",
            code="digest",
            name=name,
            at=row.digest_at,
            remedy="it goes with the digest",
        )
    return Step("delivery", "waiting", "is about to be sent", code="retrying", name=name, remedy="ask again in a moment")
