"""What one poll says for others, and what is kept of polls, on both databases."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
import sqlalchemy as sa

from monitor.store import feeds, pauses, polls, websub
from monitor.store import tables as t
from monitor.store.database import Store
from tests.unit.store.helpers import Ticks, claim_feeds, load, make_due, plan, poll, rows, seen

SAME = ("https://a.example/1", "https://a.example/2", "https://a.example/3", "https://b.example/1")


async def test_a_pause_moves_a_hosts_feeds_and_no_others(store: Store, ticks: Ticks) -> None:
    await load(store, plan(feeds_=SAME))
    held = await claim_feeds(store)
    first, second = (feed for feed in held if feed.host == "a.example" and feed.url.endswith(("1", "2")))
    await store.write(feeds.give_back_feeds, [feed for feed in held if feed not in (first, second)])
    await poll(store, None, feed=first, facts={"last_status": 429, "state": "failing", "failures": 1}, pause=3600.0)
    due = {row.url: row.due_at - ticks.now for row in await rows(store, t.feeds)}
    assert due["https://a.example/3"] == 3600.0
    assert due["https://b.example/1"] == 0.0
    assert due[second.url] == 60.0, "what is in hand is looked after by whoever holds it"
    await store.write(pauses.put_off_feeds, [second], ticks.now + 3600.0)
    assert next(row for row in await rows(store, t.feeds) if row.id == second.id).due_at == ticks.now + 3600.0


async def test_only_the_last_polls_of_a_feed_are_kept(store: Store, ticks: Ticks) -> None:
    await load(store)
    for number in range(2 * polls.KEPT + 1):
        ticks.now += 400
        await make_due(store, t.feeds)
        await poll(store, [seen("1")] if number == 0 else None)
    (feed,) = await rows(store, t.feeds)
    assert [await store.read(polls.since, ticks.now - ago) for ago in (0.0, 1.0, 400.0, 401.0, 1200.5)] == [0, 1, 1, 2, 4]
    kept = await store.read(polls.recent, feed.id, 1000)
    assert polls.KEPT <= len(kept) <= 2 * polls.KEPT
    assert kept[0].at == ticks.now
    assert feed.polls == 2 * polls.KEPT + 1


async def test_what_new_entries_teach_takes_the_place_of_what_was_planned(store: Store, ticks: Ticks) -> None:
    await load(store)
    asked: list[list[float | None]] = []

    def learn(report: feeds.PollReport) -> feeds.Learnt:
        asked.append(report.times)
        return feeds.Learnt({"habit": "learnt"}, 77.0)

    await poll(store, [seen("1", published=5.0), seen("2")], learn=learn)
    (feed,) = await rows(store, t.feeds)
    assert (feed.habit, feed.due_at) == ("learnt", ticks.now + 77.0)
    assert asked == [[5.0, None]]
    await make_due(store, t.feeds)
    await poll(store, [seen("1"), seen("2")], learn=learn, wait=300.0)
    (feed,) = await rows(store, t.feeds)
    assert feed.due_at == ticks.now + 300.0
    assert len(asked) == 1, "nothing new teaches nothing"


async def test_what_a_budget_is_shared_by(store: Store) -> None:
    wanted = plan(feeds_=SAME)
    await load(store, replace(wanted, feeds=[*wanted.feeds[:1], *(replace(feed, interval=None) for feed in wanted.feeds[1:])]))

    def learn(conn: sa.Connection, now: float) -> None:
        conn.execute(sa.update(t.feeds).where(t.feeds.c.url == SAME[1]).values(habit=json.dumps({"rate": 2.5, "n": "0"})))
        conn.execute(sa.update(t.feeds).where(t.feeds.c.url == SAME[2]).values(habit=json.dumps({"n": "0"})))

    await store.write(learn)
    shared, fixed = await store.read(polls.spending)
    assert shared == pytest.approx(2.7)
    assert fixed == pytest.approx(1 / 300)


async def test_a_claim_tells_when_the_rest_is_due(store: Store, ticks: Ticks) -> None:
    await load(store, plan(feeds_=SAME))
    found, due = await store.write(feeds.claim_and_look, "here.s.1", 3, 60.0, [])
    assert (len(found), due) == (3, None)
    found, due = await store.write(feeds.claim_and_look, "here.s.2", 3, 60.0, [])
    assert (len(found), due) == (1, ticks.now + 60.0)


async def test_what_a_claim_sorts_out_is_due_again_as_it_was(store: Store, ticks: Ticks) -> None:
    await load(store, plan(feeds_=SAME))
    started = ticks.now

    def sort(found: Sequence[feeds.DueFeed]) -> tuple[list[feeds.DueFeed], list[feeds.DueFeed]]:
        return list(found[:1]), list(found[1:])

    found, due = await store.write(feeds.claim_and_look, "here.s.1", 3, 60.0, [], [], sort)
    assert (len(found), due) == (1, started)
    held = {row.id: (row.owner, row.due_at, row.since) for row in await rows(store, t.feeds)}
    assert held.pop(found[0].id) == ("here.s.1", started + 60.0, started)
    assert set(held.values()) == {(None, started, None)}


async def test_a_hubs_word_makes_a_feed_due_but_not_right_after_a_poll(store: Store, ticks: Ticks) -> None:
    await load(store)
    await poll(store, [])
    (feed,) = await rows(store, t.feeds)
    assert await store.write(websub.due_soon, feed.id)
    (feed,) = await rows(store, t.feeds)
    assert feed.due_at == feed.last_poll_at + 10
    ticks.now += 20
    (held,) = await store.write(feeds.claim_feeds, "here.s.9", 1, 60.0, [])
    assert not await store.write(websub.due_soon, feed.id), "what is in hand may be older than the news"
    await store.write(feeds.give_back_feeds, [held])
    await poll(store, None, facts={"failures": 1, "state": "failing"})
    (failing,) = await rows(store, t.feeds)
    ticks.now += 20
    assert await store.write(websub.due_soon, feed.id)
    (feed,) = await rows(store, t.feeds)
    assert feed.due_at == failing.due_at, "one that fails keeps its back-off"


async def test_a_hubs_word_waits_for_the_end_of_a_pause(store: Store, ticks: Ticks) -> None:
    await load(store)
    await poll(store, [])
    (feed,) = await rows(store, t.feeds)
    await store.write(pauses.put, {feed.host: ticks.now + 500})
    assert await store.write(websub.due_soon, feed.id)
    (feed,) = await rows(store, t.feeds)
    assert feed.due_at >= ticks.now + 500
    assert await store.write(websub.due_soon, 4711), "nothing is waited for where there is no such feed"


async def test_subscriptions_are_kept_and_go_with_their_feeds(store: Store) -> None:
    await load(store)
    (feed,) = await rows(store, t.feeds)
    one = websub.Subscription(feed.id, "https://hub.example/", feed.url, "token", "secret", 1.0)
    await store.write(websub.keep, one)
    await store.write(websub.keep, replace(one, until=5.0))
    assert await store.read(websub.of_token, "token") == replace(one, until=5.0)
    assert await store.read(websub.of_token, "other") is None
    await store.write(websub.forget_removed)
    assert len(await store.read(websub.all_)) == 1
    await load(store, plan(feeds_=()))
    await store.write(websub.forget_removed)
    assert await store.read(websub.all_) == []
