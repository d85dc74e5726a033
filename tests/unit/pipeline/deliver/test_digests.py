"""Digests: at their time, once a day whatever the clock does, with all that waits."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from monitor.pipeline.deliver import next_digest
from monitor.store import deliveries
from monitor.store.database import Store
from tests.unit.pipeline.deliver.desk import DOWN, OK, Desk, at, whole
from tests.unit.store.helpers import Ticks

HOUR, DAY = 3600.0, 86400.0


async def test_a_digest_goes_at_its_time_with_all_that_came_and_no_sooner(desk: Desk, ticks: Ticks) -> None:
    ticks.now = at("2018-10-29T06:00")
    people = desk.channel(human=True, digest="0 7 * * *")
    await desk.start()
    await desk.alert(3)
    await desk.until(at("2018-10-29T06:59"))
    assert people.tried == []
    await desk.until(at("2018-10-29T07:01"))
    assert [(sent.reason, len(sent.told)) for sent in people.taken] == [("digest", 3)]
    await desk.alert(1)
    await desk.until(at("2018-10-31T12:00"))
    assert [(sent.reason, sent.told) for sent in people.taken[1:]] == [("digest", ("story 4",))]
    assert people.taken[1].at == pytest.approx(at("2018-10-30T07:00"), abs=1)
    assert await whole(desk.store)


async def test_an_empty_digest_is_sent_only_where_it_is_wanted(desk: Desk, ticks: Ticks) -> None:
    ticks.now = at("2018-10-29T06:00")
    skips = desk.channel("skips", human=True, digest="0 7 * * *")
    sends = desk.channel("sends", human=True, digest="0 7 * * *", digest_empty="send")
    await desk.start()
    await desk.until(at("2018-10-31T12:00"))
    assert skips.tried == []
    assert [(sent.reason, sent.told) for sent in sends.taken] == [("digest", ())] * 3
    assert len({sent.id for sent in sends.taken}) == 3
    assert await whole(desk.store)


async def test_a_digest_that_fails_is_the_same_digest_later_and_the_next_has_only_the_new(desk: Desk, ticks: Ticks) -> None:
    ticks.now = at("2018-10-29T06:00")
    people = desk.channel(human=True, digest="0 7 * * *")
    await desk.start()
    await desk.alert(2)
    people.answer = lambda message: OK if ticks() > at("2018-10-29T09:00") else DOWN
    await desk.until(at("2018-10-29T08:00"))
    await desk.alert(1)
    await desk.until(at("2018-10-29T10:00"))
    assert [sent.told for sent in people.taken] == [("story 1", "story 2")]
    assert len({sent.id for sent in people.tried}) == 1
    await desk.until(at("2018-10-30T08:00"))
    assert [sent.told for sent in people.taken[1:]] == [("story 3",)]


async def test_a_digest_put_back_by_a_stop_does_not_wait_for_the_next_day(desk: Desk, ticks: Ticks) -> None:
    ticks.now = at("2018-10-29T06:00")
    people = desk.channel(human=True, digest="0 7 * * *")
    await desk.start()
    await desk.alert(2)
    ticks.now = at("2018-10-29T07:00")
    digests = {"desk": at("2018-10-30T07:00")}
    (job,) = await desk.store.write(deliveries.claim_lanes, "here.s.9", 1, 60.0, ["desk"], [], digests)
    await desk.store.write(deliveries.put_back, job, digests)
    await desk.later(60)
    assert [sent.told for sent in people.taken] == [("story 1", "story 2")]


async def test_a_digest_for_programs_goes_in_requests_they_can_take(desk: Desk, ticks: Ticks) -> None:
    ticks.now = at("2018-10-29T06:00")
    program = desk.channel(digest="0 7 * * *")
    await desk.start()
    await desk.alert(60)
    await desk.until(at("2018-10-29T07:01"))
    assert [len(sent.told) for sent in program.taken] == [25, 25, 10]
    assert program.titles == [f"story {n}" for n in range(1, 61)]
    assert {sent.reason for sent in program.taken} == {"digest"}


@pytest.mark.parametrize(
    ("zone", "cron", "start", "days"),
    [
        ("Europe/Berlin", "30 2 * * *", "2018-10-26T12:00", 5),
        ("Europe/Berlin", "30 2 * * *", "2019-03-29T12:00", 5),
        ("America/New_York", "30 1 * * *", "2018-11-02T12:00", 5),
        ("America/New_York", "30 2 * * *", "2019-03-08T12:00", 5),
        ("Europe/Berlin", "0 7 * * mon-fri", "2018-10-26T12:00", 4),
    ],
)
def test_over_both_changes_of_the_clock_each_digest_is_due_once(zone: str, cron: str, start: str, days: int) -> None:
    where, moment = ZoneInfo(zone), at(start, zone)
    due = []
    while len(due) < days:
        moment = next_digest(cron, where, moment)
        due.append(datetime.fromtimestamp(moment, UTC).astimezone(where))
    assert len({day.date() for day in due}) == days
    gaps = [(later.date() - sooner.date()).days for sooner, later in zip(due, due[1:], strict=False)]
    assert all(gap == 1 or (gap == 3 and sooner.weekday() == 4) for gap, sooner in zip(gaps, due, strict=False))


@pytest.mark.parametrize(
    ("zone", "cron", "start"),
    [
        ("Europe/Berlin", "30 2 * * *", "2018-10-26T12:00"),  # 02:30 comes twice on the 28th
        ("Europe/Berlin", "30 2 * * *", "2019-03-29T12:00"),  # and not at all on 31 March
        ("America/New_York", "30 1 * * *", "2018-11-02T12:00"),
        ("America/New_York", "30 2 * * *", "2019-03-08T12:00"),
    ],
)
async def test_over_both_changes_of_the_clock_each_day_has_one_digest(store: Store, ticks: Ticks, zone: str, cron: str, start: str) -> None:
    ticks.now = at(start, zone)
    desk = Desk(store, ticks, zone=zone)
    people = desk.channel(human=True, digest=cron)
    await desk.start()
    for _ in range(10):  # two alerts a day
        await desk.alert(1)
        await desk.later(12 * 3600)
    days = [datetime.fromtimestamp(sent.at, UTC).astimezone(ZoneInfo(zone)).date() for sent in people.taken]
    assert len(days) == len(set(days)) == 5
    assert [(later - sooner).days for sooner, later in zip(days, days[1:], strict=False)] == [1] * 4
    assert sorted(people.titles, key=lambda title: int(title.split()[1])) == [f"story {n}" for n in range(1, 11)]
    assert await whole(store)
