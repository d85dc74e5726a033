"""Digests, quiet hours, throttles, escalation, mutes: who hears when, and that the sums hold whatever is held."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from monitor.model import Severity
from monitor.pipeline.holding import Wishes
from monitor.store import escalation, mutes
from monitor.store import tables as t
from tests.unit.pipeline.deliver.desk import Desk, at, whole
from tests.unit.store.helpers import Ticks, rows

HOUR, DAY = 3600.0, 86400.0


@dataclass(frozen=True)
class Hours:
    days: frozenset[int]
    start: int
    end: int


NIGHTS = (Hours(frozenset(range(7)), 22 * 60, 7 * 60),)


# -- quiet hours -------------------------------------------------------------------------------------------------------


async def test_quiet_hours_hold_all_but_critical_and_end_with_one_digest(desk: Desk, ticks: Ticks) -> None:
    ticks.now = at("2018-10-29T23:00")
    people = desk.channel(human=True, wishes=Wishes(quiet=NIGHTS))
    await desk.start()
    await desk.alert(3)
    await desk.alert(1, severity=Severity.CRITICAL)
    await desk.now()
    assert people.titles == ["story 4"]
    held = [row for row in await rows(desk.store, t.deliveries) if row.delivered_at is None]
    assert {(row.reason, row.due_at) for row in held} == {("quiet-hours", at("2018-10-30T07:00"))}
    assert await whole(desk.store)
    await desk.until(at("2018-10-30T06:59"))
    await desk.alert(1)
    assert len(people.taken) == 1
    await desk.until(at("2018-10-30T07:01"))
    assert [(sent.reason, sent.told) for sent in people.taken[1:]] == [("quiet hours", ("story 1", "story 2", "story 3", "story 5"))]
    await desk.alert(1)
    await desk.now()
    assert people.taken[-1].told == ("story 6",)
    assert await whole(desk.store)


async def test_one_alert_held_alone_comes_as_itself(desk: Desk, ticks: Ticks) -> None:
    ticks.now = at("2018-10-29T23:00")
    program = desk.channel(wishes=Wishes(quiet=NIGHTS))
    await desk.start()
    await desk.alert(1)
    await desk.until(at("2018-10-30T08:00"))
    assert [(sent.reason, sent.told) for sent in program.taken] == [(None, ("story 1",))]


async def test_a_long_weekend_of_quiet_does_not_stop_what_is_critical(desk: Desk, ticks: Ticks) -> None:
    ticks.now = at("2018-10-27T01:00")  # a Saturday
    people = desk.channel(human=True, wishes=Wishes(quiet=(Hours(frozenset({5, 6}), 0, 24 * 60),)))
    await desk.start()
    await desk.alert(60)
    await desk.until(at("2018-10-28T12:00"))
    await desk.alert(1, severity=Severity.CRITICAL)
    await desk.now()
    assert people.titles == ["story 61"]
    await desk.until(at("2018-10-29T00:01"))
    assert [len(sent.told) for sent in people.taken] == [1, 60]


# -- throttles ---------------------------------------------------------------------------------------------------------


async def test_a_throttle_lets_so_many_through_and_the_rest_come_in_one_summary(desk: Desk, ticks: Ticks) -> None:
    people = desk.channel(human=True, wishes=Wishes(throttle=(3, HOUR)))
    await desk.start()
    start = ticks.now
    for _ in range(8):
        await desk.alert(1)
        await desk.later(60)
    assert people.titles == ["story 1", "story 2", "story 3"]
    assert await whole(desk.store)
    await desk.until(start + HOUR + 1)
    assert [(sent.reason, sent.told) for sent in people.taken[3:]] == [("throttled", tuple(f"story {n}" for n in range(4, 9)))]
    await desk.alert(1)
    await desk.now()
    assert len(people.taken) == 4  # the window holds two single ones and the summary
    await desk.later(HOUR)
    assert people.titles == [f"story {n}" for n in range(1, 10)]
    for moment in [sent.at for sent in people.taken]:
        assert sum(moment - HOUR < sent.at <= moment for sent in people.taken) <= 3


async def test_a_burst_in_one_commit_is_throttled_too_and_a_story_counts_once(desk: Desk, ticks: Ticks) -> None:
    people = desk.channel("people", human=True, wishes=Wishes(throttle=(2, HOUR)))
    program = desk.channel("program", wishes=Wishes(throttle=(2, HOUR)))
    await desk.start()
    await desk.alert(4, rules=["ffvd", "other"])
    await desk.later(1)
    assert [sent.told for sent in people.taken] == [("story 1", "story 1"), ("story 2", "story 2")]
    assert [sent.told for sent in program.taken] == [("story 1",), ("story 1",)]
    await desk.later(2 * HOUR)
    assert len(people.titles) == len(program.titles) == 8
    assert [len(sent.told) for sent in people.taken] == [2, 2, 4]
    assert await whole(desk.store)


async def test_a_rule_that_alerts_too_often_is_held_on_every_channel(desk: Desk, ticks: Ticks) -> None:
    one, two = desk.channel("one", human=True), desk.channel("two")
    await desk.start()
    for _ in range(4):
        await desk.alert(1, throttle=(2, HOUR))
        await desk.alert(1, rules=["other"])
        await desk.later(60)
    noisy = [f"story {n}" for n in (1, 3, 5, 7)]
    assert [title for title in one.titles if title in noisy] == noisy[:2]
    assert len(one.titles) == len(two.titles) == 6
    await desk.later(HOUR)
    assert (one.taken[-1].reason, one.taken[-1].told) == ("throttled", tuple(noisy[2:]))
    assert sorted(two.titles) == sorted(one.titles)
    assert await whole(desk.store)


async def test_what_a_throttle_holds_into_the_night_waits_for_the_morning(desk: Desk, ticks: Ticks) -> None:
    ticks.now = at("2018-10-29T21:30")
    people = desk.channel(human=True, wishes=Wishes(quiet=NIGHTS, throttle=(1, HOUR)))
    await desk.start()
    await desk.alert(2)
    await desk.until(at("2018-10-30T06:59"))
    assert people.titles == ["story 1"]
    await desk.until(at("2018-10-30T07:01"))
    assert people.titles == ["story 1", "story 2"]


# -- escalation --------------------------------------------------------------------------------------------------------


async def test_what_nobody_takes_in_time_goes_to_others_once(desk: Desk, ticks: Ticks) -> None:
    people = desk.channel("people", human=True, wishes=Wishes(escalate=(1800.0, ("boss", "people"))))
    boss = desk.channel("boss", human=True)
    await desk.start()
    await desk.alert(2, notify=["people"])
    await desk.now()
    assert boss.tried == []

    def ack(conn: object, now: float) -> None:
        conn.execute(t.alerts.update().where(t.alerts.c.id == 1).values(state="acked"))  # type: ignore[attr-defined]

    await desk.store.write(ack)
    await desk.later(1799)
    assert boss.tried == []
    await desk.later(DAY)
    assert (people.titles, boss.titles) == (["story 1", "story 2"], ["story 2"])
    assert boss.taken[0].at == pytest.approx(people.taken[1].at + 1800, abs=2)
    assert await desk.store.read(escalation.next_at) is None
    assert await whole(desk.store)


# -- mutes -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scope", "muted"),
    [
        ({"rule": "ffvd"}, True),
        ({"rule": "other"}, False),
        ({"site": "a.example"}, True),
        ({"site": "b.example"}, False),
        ({"feed": "A"}, True),
        ({"query": "FFVD AND NOT sanctions"}, True),
        ({"query": "sanctions"}, False),
        ({"rule": "ffvd", "site": "b.example"}, False),
    ],
)
async def test_a_mute_keeps_back_what_it_names_and_the_sums_hold(desk: Desk, scope: dict[str, str], muted: bool) -> None:
    channel = desk.channel()
    await desk.start()
    await desk.store.write(mutes.add, scope, None, "noise", "me")
    await desk.alert(1)
    await desk.now()
    assert channel.titles == ([] if muted else ["story 1"])
    assert [row.reason for row in await rows(desk.store, t.withheld)] == (["muted"] if muted else [])
    (mute,) = await rows(desk.store, t.mutes)
    assert mute.muted == int(muted)
    (alert,) = await rows(desk.store, t.alerts)
    assert alert.muted_by == (mute.id if muted else None)
    assert await whole(desk.store)


@pytest.mark.parametrize("by_hand", [True, False])
async def test_the_first_alert_after_a_mute_says_that_it_ended_and_no_other_does(desk: Desk, ticks: Ticks, by_hand: bool) -> None:
    channel = desk.channel()
    await desk.start()
    uid = await desk.store.write(mutes.add, {"rule": "ffvd"}, ticks.now + HOUR, "noise", "me")
    await desk.alert(2)
    if by_hand:
        assert await desk.store.write(mutes.end, uid, "you") == "ended"
        assert await desk.store.write(mutes.end, uid, "you") == "over"
    else:
        ticks.now += HOUR + 1
    await desk.alert(1, rules=["other"])
    await desk.alert(2)
    await desk.now()
    notes = [row.note for row in await rows(desk.store, t.alerts)]
    assert [bool(note) for note in notes] == [False, False, False, True, False]
    assert "rule ffvd" in notes[3]
    assert "kept 2 alerts back" in notes[3]
    assert channel.titles == ["story 3", "story 4", "story 5"]


async def test_a_mute_of_a_story_keeps_back_what_comes_of_it_later(desk: Desk) -> None:
    channel = desk.channel()
    await desk.start()
    await desk.alert(1)
    (alert,) = await rows(desk.store, t.alerts)
    await desk.store.write(mutes.add, {"story": str(alert.story_id)}, None, "enough", "me")
    await desk.alert(1)
    await desk.now()
    assert channel.titles == ["story 1", "story 2"]


async def test_a_query_that_no_longer_parses_mutes_nothing(desk: Desk) -> None:
    channel = desk.channel()
    await desk.start()
    await desk.store.write(mutes.add, {"query": "entity:Gone"}, None, "", "me")
    await desk.alert(1)
    await desk.now()
    assert channel.titles == ["story 1"]
