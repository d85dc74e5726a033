"""Claims: two claimants never share a row, a lease that ran out passes on, hosts without a turn are left out."""

from __future__ import annotations

import asyncio

from monitor.store import feeds, loading
from monitor.store import tables as t
from monitor.store.database import LEASE, Store
from tests.unit.store.helpers import Ticks, claim_feeds, load, make_due, plan, poll, rows, seen

HOSTS = [f"https://h{n}.example/feed" for n in range(20)]


async def test_claims_at_once_share_no_row(store: Store) -> None:
    await load(store, plan(feeds_=HOSTS))
    claims = await asyncio.gather(*(store.write(feeds.claim_feeds, f"p{n}.s.1", 5, LEASE, []) for n in range(4)))
    taken = [feed.id for claim in claims for feed in claim]
    assert len(taken) == len(set(taken)) == 20


async def test_a_claim_holds_for_its_lease_and_then_passes_on(store: Store, ticks: Ticks) -> None:
    await load(store)
    (mine,) = await claim_feeds(store, "here.s.1")
    assert await claim_feeds(store, "there.s.1") == []
    ticks.now += LEASE + 1
    (theirs,) = await claim_feeds(store, "there.s.1")
    assert theirs.since == mine.since
    assert (await poll(store, [seen("1")], feed=mine)).lost
    assert not (await poll(store, [seen("1")], feed=theirs)).lost


async def test_hosts_whose_turns_are_taken_are_left_out(store: Store) -> None:
    await load(store, plan(feeds_=HOSTS))
    found = await claim_feeds(store, without=["h0.example", "h1.example"])
    assert len(found) == 18


async def test_what_is_given_back_is_due_as_it_was(store: Store) -> None:
    await load(store)
    (feed,) = await claim_feeds(store)
    await store.write(feeds.give_back_feeds, [feed])
    (row,) = await rows(store, t.feeds)
    assert (row.due_at, row.owner, row.since) == (feed.since, None, None)


async def test_a_restart_frees_what_its_own_instance_held_and_nobody_elses(store: Store) -> None:
    await load(store, plan(feeds_=HOSTS[:2]))
    await store.write(feeds.claim_feeds, "here.old.1", 1, LEASE, [])
    await store.write(feeds.claim_feeds, "there.old.1", 1, LEASE, [])
    freed = await store.write(loading.start, "here", host="h", pid=1, version="1")
    assert freed == 1
    owners = [row.owner for row in await rows(store, t.feeds)]
    assert sorted(owner or "" for owner in owners) == ["", "there.old.1"]


async def test_an_instance_whose_name_begins_like_ours_is_another(store: Store) -> None:
    await load(store)
    await store.write(feeds.claim_feeds, "heretic.old.1", 1, LEASE, [])
    assert await store.write(loading.start, "here", host="h", pid=1, version="1") == 0


async def test_after_a_step_of_the_clock_nothing_waits_beyond_its_longest_wait(store: Store, ticks: Ticks) -> None:
    await load(store, plan(feeds_=HOSTS[:2]))
    first, second = await claim_feeds(store)
    await poll(store, [], feed=first, wait=3600.0)
    await poll(store, [], feed=second, wait=3600.0)
    ticks.now -= 10 * 86400
    assert await store.write(loading.pull_in) == 2
    assert len(await claim_feeds(store)) == 2


async def test_an_interval_that_is_shortened_counts_from_the_last_poll(store: Store, ticks: Ticks) -> None:
    await load(store)
    await poll(store, [], wait=3600.0)
    short = plan()
    quick = loading.Plan("two", [loading.FeedRow("https://a.example/feed", "a", "a.example", interval=60.0)], short.rules, short.lanes)
    await load(store, quick)
    (row,) = await rows(store, t.feeds)
    assert row.due_at == ticks.now + 60
    await make_due(store, t.feeds)
    assert len(await claim_feeds(store)) == 1
