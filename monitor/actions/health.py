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
        dead = status["deliver"]["dead"]
        unwell.append(f"{dead} {'delivery is' if dead == 1 else 'deliveries are'} dead: monitor deliveries list --state dead")
    for lane in status["deliver"]["sick"]:
        if lane["off"]:
            unwell.append(f"channel {lane['channel']} is off ({lane['cause']}): monitor channels test {lane['channel']}")
    left = status.get("storage", {}).get("days_left")
    if left is not None and left < LEAST_DAYS:
        unwell.append(f"the disk is full in {left} days at the pace so far: make room, or set retention")
    for instance in status["instances"]:
        if instance["reload_error"]:
            unwell.append(f"the last reload was refused: {_first(instance['reload_error'])}")
    if unwell:
        return "unwell", unwell
    troubled = [(state, status["feeds"].get(state, 0)) for state in ("failing", "silent", "quarantined")]
    attention = [f"{number} {'feed is' if number == 1 else 'feeds are'} {state}" for state, number in troubled if number]
    attention += [f"channel {lane['channel']} is being tried again: {lane['cause']}" for lane in status["deliver"]["sick"]]
    return ("attention", attention) if attention else ("ok", [])


def _first(refusal: str) -> str:
    """The first of a configuration's errors in a line, with its place, as `check` prints it; any other refusal as it is."""
    lines = refusal.splitlines()
    if not refusal.startswith("error: "):
        return " ".join(refusal.split())
    what = " ".join(lines[0].removeprefix("error: ").split())
    place = next((line.strip().removeprefix("--> ") for line in lines[1:3] if line.strip().startswith("--> ")), None)
    return f"{what}{f' at {place}' if place else ''}; 'monitor check' shows all"
