"""Two transactions at once on PostgreSQL: who makes work for a lane that another lets go at that moment still wakes it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from monitor.store import deliveries, lanes, notices
from monitor.store import tables as t
from monitor.store.database import Store
from tests.unit.store.helpers import Ticks, load, matched, news, read, rows


def _told(conn: sa.Connection, now: float) -> None:
    notices.tell(conn, now, notices.Told("clock", "x", "the clock", "stepped", "it moved", "nothing to do", event=True), [])


def _retried(conn: sa.Connection, now: float) -> None:
    uid = conn.execute(sa.select(t.deliveries.c.uid)).scalar_one()
    assert deliveries.retry(conn, now, [uid], "someone")


def _switched_on(conn: sa.Connection, now: float) -> None:
    assert lanes.switch_on(conn, now, "desk", "someone")


def _made(conn: sa.Connection, now: float) -> None:
    notices.wake(conn, now, [conn.execute(sa.select(t.lanes.c.id)).scalar_one()])


@pytest.mark.parametrize("wakes", [_made, _told, _retried, _switched_on])
async def test_a_lane_that_is_let_go_at_that_moment_is_woken(
    postgres_url: str, tmp_path: Path, wakes: Callable[[sa.Connection, float], Any]
) -> None:
    store = Store(postgres_url, tmp_path, clock=Ticks(), server_time=False)
    await store.open()
    (article,) = await news(store, "1")
    await load(store, instance="here")
    await read(store, article, matched())

    def in_hand(conn: sa.Connection, now: float) -> None:
        failing = 1 if wakes is _switched_on else 0
        conn.execute(sa.update(t.lanes).values(owner="there.s.1", due_at=now + 60, failures=failing))
        conn.execute(sa.update(t.meta).where(t.meta.c.key == "operations").values(value='["desk"]'))

    await store.write(in_hand)
    async with store._engine.connect() as other:
        held = await other.begin()
        await other.execute(sa.update(t.lanes).values(owner=None, due_at=None))
        waking = asyncio.create_task(store.write(wakes))
        # It waits for the lane; had it passed it by, it would be done as soon as the other.
        await other.execute(sa.select(sa.func.pg_sleep(0.05)))
        assert not waking.done()
        await held.commit()
    await waking
    (lane,) = await rows(store, t.lanes)
    assert lane.due_at is not None
    await store.close()
