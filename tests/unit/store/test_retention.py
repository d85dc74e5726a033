"""Retention lets texts go and keeps what the sums need."""

from __future__ import annotations

from monitor.store import audit, retention
from monitor.store import tables as t
from monitor.store.database import Store
from tests.unit.store.helpers import Ticks, make_due, matched, news, poll, read, rows, seen

DAY = 86400.0


async def test_texts_past_their_age_go_and_the_sums_still_come_out(store: Store, ticks: Ticks) -> None:
    old, _waiting = await news(store, "1", "2")
    await read(store, old, matched())
    ticks.now += 91 * DAY
    assert await store.write(retention.expire, 90 * DAY) == 1
    assert await store.write(retention.expire, 90 * DAY) == 0
    first, second = await rows(store, t.articles)
    assert (first.body, first.why, second.body) == ("", "retention", "A summary.")
    assert (await store.read(audit.audit)).ok


async def test_what_was_let_go_of_is_not_new_again(store: Store, ticks: Ticks) -> None:
    (article,) = await news(store, "1")
    await read(store, article, matched())
    ticks.now += 91 * DAY
    await store.write(retention.expire, 90 * DAY)
    await make_due(store, t.feeds)
    assert (await poll(store, [seen("1")])).new == 0


async def test_the_oldest_go_first_when_the_store_is_too_large(store: Store, ticks: Ticks) -> None:
    first, second = await news(store, "1", "2")
    await read(store, first)
    await read(store, second)
    assert await store.read(retention.used) > 0
    assert await store.write(retention.expire_oldest) == 2
    assert {row.body for row in await rows(store, t.articles)} == {""}
