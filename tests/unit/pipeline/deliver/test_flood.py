"""Many alerts at once to one channel: a short form of `python -m tests.bench flood`."""

from __future__ import annotations

import sqlalchemy as sa

from monitor.model import Message, Outcome
from monitor.store.database import Store
from tests.system.kills_channels import publish
from tests.unit.pipeline.deliver.desk import DOWN, OK, Desk

ALERTS = 150


async def test_a_flood_goes_one_by_one_in_order_each_once(desk: Desk, store: Store) -> None:
    channel = desk.channel("desk")
    await desk.start()
    most: list[int] = []

    def answer(message: Message) -> Outcome:
        most.append(len(desk.stage.in_hand))
        return DOWN if len(most) == 100 else OK

    channel.answer = answer

    def flood(conn: sa.Connection, now: float) -> None:
        for number in range(ALERTS):
            publish(conn, now, number)

    await store.write(flood)
    await desk.later(600)
    assert [int(title.split("item")[1][:6]) for title in channel.titles] == list(range(ALERTS))
    assert max(most) == 1, "one message in hand, however many wait"
