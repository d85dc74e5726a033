"""Who hears now, later, or not at all, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from monitor.alerts.policy import SEND, Mute, Policy, Throttle, decide, ended_mute, muted_by, summarise, throttled_until
from monitor.model import AlertView, Severity
from tests.unit.alerts.example import SEOUL, alert

NOON = datetime(2026, 10, 26, 12, tzinfo=SEOUL)
NIGHT = NOON.replace(hour=23)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Hours:
    days: frozenset[int]
    start: int
    end: int


NIGHTS = (Hours(frozenset(range(7)), 22 * 60, 7 * 60),)


def test_nothing_set_sends() -> None:
    assert decide(Severity.LOW, Policy(SEOUL), now=NOON) == SEND


def test_the_floor() -> None:
    policy = Policy(SEOUL, min_severity=Severity.HIGH)
    decision = decide(Severity.NORMAL, policy, now=NOON)
    assert (decision.action, decision.code) == ("drop", "severity-floor")
    assert decision.text == "normal is below the channel's min_severity high"
    assert decide(Severity.HIGH, policy, now=NOON) == SEND


def test_quiet_hours_hold_all_but_critical() -> None:
    policy = Policy(SEOUL, quiet=NIGHTS)
    decision = decide(Severity.HIGH, policy, now=NIGHT)
    assert (decision.action, decision.code, decision.until) == ("hold", "quiet-hours", NIGHT.replace(day=27, hour=7))
    assert decide(Severity.CRITICAL, policy, now=NIGHT) == SEND
    assert decide(Severity.LOW, policy, now=NOON) == SEND


def test_a_digest_takes_everything() -> None:
    policy = Policy(SEOUL, quiet=NIGHTS, next_digest=lambda now: now + HOUR)
    decision = decide(Severity.CRITICAL, policy, now=NIGHT)
    assert (decision.action, decision.code, decision.until) == ("hold", "digest", NIGHT + HOUR)


def test_a_throttle_holds_the_rest_until_there_is_room() -> None:
    policy = Policy(SEOUL, throttle=Throttle(2, 3600.0))
    sent = [NOON - timedelta(minutes=minutes) for minutes in (10, 50, 70)]
    decision = decide(Severity.CRITICAL, policy, now=NOON, sent=sent)
    assert (decision.action, decision.code, decision.until) == ("hold", "throttled", NOON + timedelta(minutes=10))
    assert decide(Severity.LOW, policy, now=NOON + timedelta(minutes=10), sent=sent) == SEND


def test_the_throttles_window_slides() -> None:
    assert throttled_until(Throttle(1, 60.0), [], NOON) is None
    assert throttled_until(Throttle(1, 60.0), [NOON - timedelta(seconds=60)], NOON) is None
    assert throttled_until(Throttle(1, 60.0), [NOON - timedelta(seconds=20), NOON - timedelta(seconds=59)], NOON) == NOON + timedelta(
        seconds=40
    )


@pytest.mark.parametrize(
    ("absent", "waiting", "human", "one"),
    [(86_401, 51, True, True), (86_400, 51, True, False), (86_401, 50, True, False), (1e6, 99, False, False)],
)
def test_after_a_long_absence_people_get_one_summary(absent: float, waiting: int, human: bool, one: bool) -> None:
    assert summarise(absent=absent, waiting=waiting, human=human) is one


def says(words: str) -> Callable[[str, AlertView], bool]:
    return lambda query, alert: query == words and query in alert.body


NEVER = says("")


@pytest.mark.parametrize(
    ("mute", "covers"),
    [
        ({"rule": "sanctions-exemptions"}, True),
        ({"rule": "ffvd"}, False),
        ({"site": "koreaherald.com"}, True),
        ({"site": "www.koreaherald.com"}, True),
        ({"site": "The Korea Herald"}, True),
        ({"site": "herald.com"}, False),
        ({"rule": "sanctions-exemptions", "site": "koreaherald.com"}, True),
        ({"rule": "sanctions-exemptions", "site": "kcna.kp"}, False),
        ({"feed": "Yonhap"}, True),
        ({"feed": "https://en.yna.co.kr/rss"}, True),
        ({"feed": "Reuters"}, False),
        ({"story": "S1"}, True),
        ({"story": "S2"}, False),
        ({"query": "working group"}, True),
        ({"query": "football"}, False),
        ({}, False),
    ],
)
def test_what_a_mute_covers(mute: dict[str, str], covers: bool) -> None:
    assert Mute("M1", "desk1", **mute).covers(alert(), says("working group")) is covers  # type: ignore[arg-type]


def test_the_mute_that_lasts_longest_is_told() -> None:
    mutes = [
        Mute("M1", "desk1", until=NOON + HOUR, rule="sanctions-exemptions"),
        Mute("M2", "desk2", "noise", until=NOON + 2 * HOUR, story="S1"),
        Mute("M3", "desk3", until=NOON - HOUR, story="S1"),
    ]
    found = muted_by(alert(), mutes, NOON, NEVER)
    assert found is mutes[1]
    decision = decide(Severity.CRITICAL, Policy(SEOUL), now=NOON, muted=found)
    assert (decision.action, decision.code, decision.until, decision.text) == ("drop", "muted", NOON + 2 * HOUR, "muted by desk2: noise")
    forever = Mute("M4", "desk4", story="S1")
    assert muted_by(alert(), [*mutes, forever], NOON, NEVER) is forever
    assert muted_by(alert(), mutes, NOON + 3 * HOUR, NEVER) is None


def test_the_first_alert_after_a_mute_knows_of_it() -> None:
    ended = Mute("M1", "desk1", until=NOON - HOUR, story="S1")
    assert ended_mute(alert(), [ended, Mute("M2", "desk1", story="S1")], NOON, NEVER) is ended
    assert ended_mute(alert(story_id="S2"), [ended], NOON, NEVER) is None
    assert ended_mute(alert(), [Mute("M3", "d", until=datetime(2100, 1, 1, tzinfo=UTC), story="S1")], NOON, NEVER) is None
