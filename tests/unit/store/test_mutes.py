"""Mutes as people make them: counted beforehand, refused where they name nothing, listed, ended."""

from __future__ import annotations

import pytest

from monitor.actions import mutes as actions
from monitor.errors import StoreError
from monitor.rules import Entities, EntityDef
from monitor.store import listing
from monitor.store import tables as t
from monitor.store.database import Store
from tests.unit.store.helpers import Ticks, matched, news, plan, read, rows

DAY = 86_400.0


async def alerted(store: Store) -> None:
    due = await news(store, "1", "2", "3", wanted=plan(rules=["ffvd", "other"]))
    await read(store, due[0], matched())
    await read(store, due[1], matched("other"), body="Sanctions are the other matter.")
    await read(store, due[2], matched(), matched("other"))


@pytest.mark.parametrize(
    ("scope", "count"),
    [
        ({"rule": "ffvd"}, 2),
        ({"rule": "other", "site": "a.example"}, 2),
        ({"site": "b.example"}, 0),
        ({"feed": "https://a.example/feed"}, 4),
        ({"query": "sanctions"}, 1),
        ({"query": "entity:Goal"}, 3),
        ({"story": "1"}, 1),
    ],
)
async def test_a_mute_says_beforehand_what_it_would_have_kept_back(store: Store, ticks: Ticks, scope: dict[str, str], count: int) -> None:
    await alerted(store)
    entities = Entities({"Goal": EntityDef("Goal", ("FFVD",), None, (), ())})
    answer = await actions.add(store, scope, ticks() + DAY, "", "me", entities)
    assert answer["would_have_muted"] == count
    assert answer["text"] == f"would have muted {count} alert{'' if count == 1 else 's'} in the last 7 days"
    ticks.now += 8 * DAY
    assert await actions.count(store, scope, entities) == 0


@pytest.mark.parametrize(
    ("scope", "days", "reason"),
    [
        ({}, 1, ""),
        ({"rule": " "}, 1, ""),
        ({"rule": "nowhere"}, 1, ""),
        ({"feed": "nowhere"}, 1, ""),
        ({"story": "99"}, 1, ""),
        ({"query": "(open"}, 1, ""),
        ({"colour": "red"}, 1, ""),
        ({"rule": "ffvd"}, 7, ""),
        ({"rule": "ffvd"}, None, " "),
        ({"rule": "ffvd"}, -1, "past"),
        ({"rule": "ffvd"}, 1, "x" * 1001),
    ],
)
async def test_what_mutes_nothing_or_needs_a_reason_is_refused(
    store: Store, ticks: Ticks, scope: dict[str, str], days: float | None, reason: str
) -> None:
    await alerted(store)
    with pytest.raises(StoreError) as refused:
        await actions.add(store, scope, None if days is None else ticks() + days * DAY, reason, "me")
    assert refused.value.remedy
    assert await rows(store, t.mutes) == []


async def test_mutes_are_listed_with_who_why_and_until_and_end_once(store: Store, ticks: Ticks) -> None:
    await alerted(store)
    first = (await actions.add(store, {"rule": "ffvd"}, ticks() + DAY, "summit", "me"))["id"]
    second = (await actions.add(store, {"site": "a.example"}, None, "noise", "you"))["id"]
    items = await store.read(listing.mutes, ticks())
    assert [(item["id"], item["by"], item["reason"], item["state"]) for item in items] == [
        (second, "you", "noise", "on"),
        (first, "me", "summit", "on"),
    ]
    assert (await actions.end(store, second, "me"))["ended"]
    for id_ in (second, "nowhere"):
        with pytest.raises(StoreError):
            await actions.end(store, id_, "me")
    ticks.now += 2 * DAY
    assert [item["state"] for item in await store.read(listing.mutes, ticks())] == ["ended", "ended"]
    assert await store.read(listing.mutes, ticks(), state="on") == []
    ended = await store.read(listing.find_mute, second, ticks())
    assert ended is not None
    assert ended["ended_by"] == "me"
