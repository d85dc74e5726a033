"""Lanes: one message at a time, in order; a probe and not a storm; nothing lost, nothing twice."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from monitor.model import Message, Outcome
from monitor.store import deliveries, lanes, listing
from monitor.store import tables as t
from tests.unit.pipeline.deliver.desk import DOWN, OK, Desk, FakeChannel, whole
from tests.unit.store.helpers import Ticks, rows

HOUR = 3600.0


def poison(title: str) -> object:
    def answer(message: Message) -> Outcome:
        return DOWN if title in message.payload[1] else OK

    return answer


def down_until(channel: FakeChannel, moment: float) -> None:
    channel.answer = lambda message: OK if channel.ticks() >= moment else DOWN


async def test_what_waits_goes_in_order_each_once(desk: Desk) -> None:
    channel = desk.channel()
    await desk.start()
    await desk.alert(5)
    await desk.now()
    assert channel.titles == [f"story {n}" for n in range(1, 6)]
    assert len({sent.id for sent in channel.taken}) == 5
    assert await whole(desk.store)


async def test_six_hours_of_a_dead_sink_end_in_order_and_without_a_storm(desk: Desk, ticks: Ticks) -> None:
    channel = desk.channel()
    await desk.start()
    heal = ticks.now + 6 * HOUR
    down_until(channel, heal)
    for _ in range(12):
        await desk.alert(3)
        await desk.later(HOUR / 2)
    before = len(channel.tried)
    assert before < 60  # the ladder: 5 s to 10 min, one try each
    await desk.until(heal + 15 * 60)
    assert sorted(channel.titles, key=lambda title: int(title.split()[1])) == [f"story {n}" for n in range(1, 37)]
    # A probe passes first, then the head; everything else keeps its order.
    rest = [title for title in channel.titles if title not in channel.titles[:2]]
    assert rest == sorted(rest, key=lambda title: int(title.split()[1]))
    assert len(channel.tried) - before <= 38
    assert await whole(desk.store)


async def test_a_poisonous_head_holds_nobody_up(desk: Desk, ticks: Ticks) -> None:
    channel = desk.channel()
    await desk.start()
    channel.answer = poison("story 1")  # type: ignore[assignment]
    await desk.alert(4)
    await desk.later(60)
    assert channel.titles == ["story 2", "story 3", "story 4"]
    first = [sent for sent in channel.tried if sent.told == ("story 1",)]
    # Three tries, then the probe passed: once more at once, and from then on by itself.
    assert len(first) >= 4
    probe = next(sent for sent in channel.tried if sent.taken)
    assert first[3].at == probe.at
    (row,) = [row for row in await rows(desk.store, t.deliveries) if row.state == "retrying"]
    assert row.aside == 1
    await desk.alert(1)
    await desk.now()
    assert channel.titles[-1] == "story 5"
    channel.answer = lambda message: OK
    await desk.later(11 * 60)
    assert channel.titles[-1] == "story 1"
    assert len({sent.id for sent in first}) == 1


async def test_the_poison_is_dead_after_75_hours_and_can_be_retried_under_its_id(desk: Desk, ticks: Ticks) -> None:
    channel = desk.channel()
    await desk.start()
    channel.answer = poison("story 1")  # type: ignore[assignment]
    await desk.alert(2)
    await desk.later(60)
    ticks.now += 75 * HOUR
    await desk.now()
    (dead,) = [row for row in await rows(desk.store, t.deliveries) if row.state == "dead"]
    assert dead.reason == "age"
    tries = len(channel.tried)
    await desk.later(2 * HOUR)
    assert len(channel.tried) == tries
    assert await desk.store.write(deliveries.retry, [dead.uid], "me") == [dead.uid]
    channel.answer = lambda message: OK
    await desk.now()
    assert channel.taken[-1].id == dead.message
    assert await whole(desk.store)


async def test_a_final_answer_costs_its_own_message_alone(desk: Desk) -> None:
    channel = desk.channel()
    await desk.start()
    channel.answer = lambda message: Outcome(False, "400 no", 400, final=True) if "story 1" in message.payload[1] else OK
    await desk.alert(3)
    await desk.now()
    assert channel.titles == ["story 2", "story 3"]
    assert len(channel.tried) == 3


@pytest.mark.parametrize("digest", [None, "0 7 * * *"])
async def test_a_channel_that_is_gone_is_off_until_it_is_tested(desk: Desk, digest: str | None) -> None:
    channel = desk.channel(digest=digest)
    await desk.start()
    channel.answer = lambda message: Outcome(False, "410 Gone", 410, final=True, off=True)
    await desk.alert(2)
    await desk.later(24 * HOUR)
    assert len(channel.tried) == 1
    await desk.alert(1)
    await desk.later(HOUR)
    assert len(channel.tried) == 1
    assert {row.state for row in await rows(desk.store, t.deliveries)} == {"waiting"}
    listed = await desk.store.read(listing.deliveries)
    assert {(item["state"], item["reason"], item["next_try_at"]) for item in listed} == {("waiting", "channel-off", None)}
    assert len(await desk.store.read(listing.deliveries, state="waiting")) == 3
    assert await desk.store.read(listing.deliveries, state="retrying") == []
    assert {state for item in await desk.store.read(listing.alerts) for state in item["deliveries"].values()} == {"waiting"}
    channel.answer = lambda message: OK
    assert await desk.store.write(lanes.switch_on, "desk", "me")
    await desk.later(25 * HOUR)
    assert sorted(channel.titles) == ["story 1", "story 2", "story 3"]
    assert await whole(desk.store)


async def test_what_a_dead_owner_had_in_hand_is_sent_again_under_its_id_or_held(desk: Desk, ticks: Ticks) -> None:
    sent = desk.channel("resends")
    held = desk.channel("holds", on_unknown="hold")
    await desk.start()
    await desk.alert(2)
    jobs = await desk.store.write(deliveries.claim_lanes, "dead.s.1", 10, 60.0, ["resends", "holds"], [], {})
    assert len(jobs) == 2
    await desk.later(120)
    assert sent.titles == ["story 1", "story 2"]
    assert sent.taken[0].id == next(job.message for job in jobs if job.channel == "resends")
    assert held.titles == ["story 2"]
    (unknown,) = [row for row in await rows(desk.store, t.deliveries) if row.state == "unknown"]
    assert await whole(desk.store)
    await desk.store.write(deliveries.retry, [unknown.uid], "me")
    await desk.now()
    assert held.titles == ["story 2", "story 1"]


async def test_alerts_of_one_story_are_one_message_for_people_and_stay_together(desk: Desk) -> None:
    people, program = desk.channel("people", human=True), desk.channel("program")
    await desk.start()
    fails = [True]
    people.answer = lambda message: DOWN if fails else OK
    await desk.alert(1, rules=["ffvd", "other"])
    await desk.now()
    fails.clear()
    await desk.later(10)
    assert [sent.told for sent in people.taken] == [("story 1", "story 1")]
    assert len({sent.id for sent in people.tried}) == 1
    assert [sent.told for sent in program.taken] == [("story 1",), ("story 1",)]


async def test_after_a_day_of_absence_people_get_one_summary_and_programs_all(desk: Desk, ticks: Ticks) -> None:
    people, program = desk.channel("people", human=True), desk.channel("program")
    await desk.start()
    await desk.alert(60)
    ticks.now += 25 * HOUR
    await desk.now()
    assert [(sent.reason, len(sent.told)) for sent in people.taken] == [("absence", 60)]
    assert len(program.taken) == 60
    assert await whole(desk.store)


async def test_fifty_after_a_day_still_go_one_by_one(desk: Desk, ticks: Ticks) -> None:
    people = desk.channel("people", human=True)
    await desk.start()
    await desk.alert(50)
    ticks.now += 25 * HOUR
    await desk.now()
    assert len(people.taken) == 50


async def test_a_summary_that_fails_is_the_same_summary_later(desk: Desk, ticks: Ticks) -> None:
    people = desk.channel("people", human=True)
    await desk.start()
    await desk.alert(55)
    ticks.now += 25 * HOUR
    down_until(people, ticks.now + 20)
    await desk.alert(1)
    await desk.later(60)
    assert len({sent.id for sent in people.tried if sent.reason == "absence"}) == 1
    assert sorted(people.titles, key=lambda title: int(title.split()[1])) == [f"story {n}" for n in range(1, 57)]


async def test_a_retry_of_nothing_that_waits_does_nothing(desk: Desk) -> None:
    channel = desk.channel()
    await desk.start()
    await desk.alert(1)
    await desk.now()
    (row,) = await rows(desk.store, t.deliveries)
    assert await desk.store.write(deliveries.retry, [row.uid, "nothing"], "me") == []
    assert await desk.store.write(deliveries.drop, [row.uid], "me") == []
    await desk.now()
    assert len(channel.tried) == 1


async def test_a_message_given_up_while_its_probe_passes_leaves_the_lane_alive(desk: Desk) -> None:
    channel = desk.channel()
    await desk.start()
    channel.answer = poison("story 1")  # type: ignore[assignment]
    await desk.alert(2)
    await desk.later(60)
    (row,) = [row for row in await rows(desk.store, t.deliveries) if row.state == "retrying"]

    def stuck(conn: sa.Connection, now: float) -> None:
        conn.execute(sa.update(t.lanes).values(retry_head=1))

    await desk.store.write(stuck)
    channel.answer = lambda message: OK
    await desk.later(11 * 60)
    assert channel.titles == ["story 2", "story 1"]
    assert row.uid == channel.taken[-1].id


async def test_an_alert_that_can_t_be_read_holds_up_nobody(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from monitor.pipeline import deliver

    read = deliver._subjects

    def broken(conn: sa.Connection, job: deliveries.Job, *, threads: bool) -> deliver.Subjects:
        found = read(conn, job, threads=threads)
        if any(alert.title == "story 1" for alert in found.alerts):
            raise ValueError("a row that no code of ours can read")
        return found

    monkeypatch.setattr(deliver, "_subjects", broken)
    channel = desk.channel()
    await desk.start()
    await desk.alert(3)
    await desk.until(desk.ticks.now + HOUR)
    assert channel.titles == ["story 2", "story 3"]
    monkeypatch.setattr(deliver, "_subjects", read)
    await desk.until(desk.ticks.now + HOUR)
    assert sorted(channel.titles) == ["story 1", "story 2", "story 3"]
    assert await whole(desk.store)
