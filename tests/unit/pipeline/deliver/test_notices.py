"""Notices: one message a change of state, and one for many."""

from __future__ import annotations

import sqlalchemy as sa

from monitor.store import audit, changes, notices
from tests.unit.pipeline.deliver.desk import Desk


async def trouble(desk: Desk, first: int, count: int = 1) -> None:
    """So many feeds that fail in one commit."""

    def tell(conn: sa.Connection, now: float) -> None:
        made: list[changes.Change] = []
        for number in range(first, first + count):
            notices.tell(conn, now, notices.Told("feed", str(number), f"feed {number}", "failing", "503", "wait"), made)
        changes.log(conn, now, made)

    await desk.store.write(tell)


async def started(desk: Desk) -> Desk:
    desk.channel("people", human=True)
    desk.channel("program")
    desk.operations = ("people", "program")
    return await desk.start()


async def test_more_than_ten_at_once_are_one_message_for_people(desk: Desk) -> None:
    await started(desk)
    await trouble(desk, 0, 12)
    await desk.now()
    assert [len(sent.told) for sent in desk.channels["people"].taken] == [12]
    assert [len(sent.told) for sent in desk.channels["program"].taken] == [1] * 12


async def test_more_than_ten_within_a_minute_are_gathered_until_it_is_over(desk: Desk) -> None:
    await started(desk)
    people = desk.channels["people"]
    for number in range(15):
        await trouble(desk, number)
        await desk.later(3)
    assert [len(sent.told) for sent in people.taken] == [1] * 10
    await desk.alert(1, notify=["people"])
    await desk.now()
    assert people.titles[-1] == "story 1", "news does not wait for them"
    await desk.later(60)
    assert [len(sent.told) for sent in people.taken] == [1] * 11 + [5]
    assert people.taken[-1].told == tuple(f"feed {number}: failing" for number in range(10, 15))
    await trouble(desk, 99)
    await desk.now()
    assert people.taken[-1].told == ("feed 99: failing",)
    assert len(desk.channels["program"].taken) == 16
    assert (await desk.store.read(audit.audit)).leaks == []


async def test_ten_within_a_minute_go_at_once(desk: Desk) -> None:
    await started(desk)
    for number in range(10):
        await trouble(desk, number)
        await desk.now()
    assert len(desk.channels["people"].taken) == 10
