"""The steps of an explanation, and the words that times take in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

State = Literal["ok", "no", "nearly", "waiting", "not-reached"]


@dataclass(frozen=True, slots=True)
class Step:
    """One station of the way. `at` is in seconds since the epoch; `counts` says whether the verdict may rest on it."""

    step: str
    state: State
    text: str
    code: str | None = None
    name: str | None = None
    at: float | None = None
    remedy: str | None = None
    counts: bool = True

    def as_json(self) -> dict[str, Any]:
        from monitor.store.listing import stamp

        return {
            "step": self.step,
            "name": self.name,
            "state": self.state,
            "code": self.code,
            "at": stamp(self.at),
            "text": self.text,
            "remedy": self.remedy,
        }


@dataclass(slots=True)
class Explanation:
    url: str
    steps: list[Step] = field(default_factory=list)
    _from: int = 0

    def add(self, *steps: Step) -> None:
        self.steps.extend(steps)

    def skip(self, *names: str) -> None:
        """Steps that the way did not reach."""
        self.add(*(Step(name, "not-reached", "not reached") for name in names))

    def only_matched(self) -> None:
        """A rule matched: what came before it no longer decides."""
        self._from = len(self.steps)

    @property
    def verdict(self) -> str:
        """The code of the first step that is not ok; `delivered` if all are."""
        for step in self.steps[self._from :]:
            if step.counts and step.state in ("no", "nearly", "waiting") and step.code:
                return step.code
        return "delivered"

    def as_json(self) -> dict[str, Any]:
        return {"url": self.url, "verdict": self.verdict, "steps": [step.as_json() for step in self.steps]}


def clock(at: float | None, zone: ZoneInfo) -> str:
    """A time for people: the clock alone for today, with its date before; the zone is named."""
    if at is None:
        return "never"
    local = datetime.fromtimestamp(at, UTC).astimezone(zone)
    day = "" if local.date() == datetime.now(UTC).astimezone(zone).date() else f"{local:%d %b %Y} "
    return f"{day}{local:%H:%M:%S} {local.tzname()}"


def lasting(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.0f} s"
    if seconds < 3600:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.0f} h"


def counted(number: int, one: str) -> str:
    return f"{number:,} {one if number == 1 else one + 's'}"
