"""One judgement of how it fares, for status, page and health check: ok, attention, unwell."""

from __future__ import annotations

from typing import Any

LEAST_DAYS = 7  # days of storage
STUCK = 300.0  # seconds that a stage may leave due work lying


def judge(status: dict[str, Any]) -> tuple[str, list[str]]:
    """The word and its causes. Feeds alone make it "attention": they are others' troubles."""
    unwell: list[str] = []
    for stage in ("poll", "read"):
        facts = status[stage]
        if status["running"] and facts["waiting"] and (facts["oldest_waiting_s"] or 0) > STUCK and not facts["last_minute"]:
            unwell.append(f"stage {stage} is stuck: {facts['waiting']} wait, the oldest for {round(facts['oldest_waiting_s'])} s")
    if status["deliver"]["dead"]:
        unwell.append(f"{status['deliver']['dead']} deliveries are dead: monitor deliveries list --state dead")
    for lane in status["deliver"]["sick"]:
        if lane["off"]:
            unwell.append(f"channel {lane['channel']} is off ({lane['cause']}): monitor channels test {lane['channel']}")
    left = status.get("storage", {}).get("days_left")
    if left is not None and left < LEAST_DAYS:
        unwell.append(f"the disk is full in {left} days at the pace so far: make room, or set retention")
    for instance in status["instances"]:
        if instance["reload_error"]:
            unwell.append(f"the last reload was refused: {instance['reload_error']}")
    if unwell:
        return "unwell", unwell
    attention = [
        f"{status['feeds'][state]} feeds are {state}" for state in ("failing", "silent", "quarantined") if status["feeds"].get(state)
    ]
    attention += [f"channel {lane['channel']} is being tried again: {lane['cause']}" for lane in status["deliver"]["sick"]]
    return ("attention", attention) if attention else ("ok", [])
