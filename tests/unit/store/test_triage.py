"""Triage: states and reasons, notes, undo to the letter, conflicts, and the log that keeps who did what."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.actions import triage as actions
from monitor.errors import StoreError
from monitor.store import changes, triage
from monitor.store import tables as t
from monitor.store.database import Store
from tests.unit.store.helpers import matched, news, read, rows


async def alerted(store: Store, count: int = 1) -> list[str]:
    for article in await news(store, *map(str, range(count))):
        await read(store, article, matched())
    return [row.uid for row in await rows(store, t.alerts)]


async def facts(store: Store) -> list[tuple[Any, ...]]:
    return [(row.state, row.reason, row.assignee) for row in await rows(store, t.alerts)]


@pytest.mark.parametrize(
    ("wish", "then"),
    [
        ({"state": "acked"}, ("acked", None, None)),
        ({"state": "dismissed"}, ("dismissed", "not-relevant", None)),
        ({"state": "dismissed", "reason": "duplicate"}, ("dismissed", "duplicate", None)),
        ({"state": "dismissed", "reason": "Not relevant"}, ("dismissed", "not-relevant", None)),
        ({"assignee": "desk2"}, ("open", None, "desk2")),
        ({"state": "acked", "assignee": "desk2"}, ("acked", None, "desk2")),
    ],
)
async def test_each_decision_and_its_undo_with_both_in_the_log(store: Store, wish: dict[str, str], then: tuple[Any, ...]) -> None:
    (uid,) = await alerted(store)
    (done,) = (await actions.change(store, [uid], "me", **wish))["items"]
    assert (done["status"], done["version"], done["changed_by"]) == ("done", 2, "me")
    assert await facts(store) == [then]
    (undone,) = (await actions.undo(store, [uid], "you"))["items"]
    assert (undone["status"], undone["version"]) == ("done", 3)
    assert await facts(store) == [("open", None, None)]
    assert [item["status"] for item in (await actions.undo(store, [uid], "you"))["items"]] == ["nothing"]
    log = [row for row in await store.read(changes.since, 0) if row.kind == "alert.changed"]
    assert [row.actor for row in log] == ["me", "you"]
    history = await store.read(triage.history, uid)
    assert [change["after"]["state"] for change in history] == [then[0], "open"]


async def test_a_note_can_be_undone_too(store: Store) -> None:
    (uid,) = await alerted(store)
    await actions.change(store, [uid], "me", state="acked")
    await actions.note(store, uid, " Called the embassy ", "me")
    assert (await store.read(triage.notes_of, [uid]))[uid][0]["text"] == "Called the embassy"
    await actions.undo(store, [uid], "me")
    assert await store.read(triage.notes_of, [uid]) == {}
    assert await facts(store) == [("acked", None, None)]
    assert (await store.read(triage.history, uid))[-1]["before"]["note"] == "Called the embassy"


async def test_of_two_people_at_once_the_second_is_told_who_was_first(store: Store) -> None:
    (uid,) = await alerted(store)
    await actions.change(store, [uid], "desk1", state="acked", versions={uid: 1})
    (second,) = (await actions.change(store, [uid], "desk2", state="dismissed", versions={uid: 1}))["items"]
    assert (second["status"], second["state"], second["changed_by"], second["version"]) == ("stale", "acked", "desk1", 2)
    (undo,) = (await actions.undo(store, [uid], "desk2", {uid: 1}))["items"]
    assert undo["status"] == "stale"
    assert await facts(store) == [("acked", None, None)]


async def test_many_at_once_each_with_its_own_answer(store: Store) -> None:
    uids = await alerted(store, 3)
    await actions.change(store, [uids[0]], "me", state="acked")
    answer = await actions.change(store, [*uids, "nowhere", uids[0]], "me", state="acked")
    assert [item["status"] for item in answer["items"]] == ["unchanged", "done", "done", "missing"]


async def test_what_was_dismissed_and_is_acked_loses_its_reason_and_keeps_its_assignee(store: Store) -> None:
    (uid,) = await alerted(store)
    await actions.change(store, [uid], "me", state="dismissed", reason="known", assignee="desk1")
    await actions.change(store, [uid], "me", state="acked")
    assert await facts(store) == [("acked", None, "desk1")]
    await actions.undo(store, [uid], "me")
    assert await facts(store) == [("dismissed", "known", "desk1")]
    await actions.change(store, [uid], "me", assignee="")
    assert await facts(store) == [("dismissed", "known", None)]


@pytest.mark.parametrize(
    "wish", [{"state": "gone"}, {"state": "dismissed", "reason": "bored"}, {"state": "acked", "reason": "known"}, {"assignee": "x" * 200}]
)
async def test_what_is_no_decision_is_refused_with_a_remedy(store: Store, wish: dict[str, str]) -> None:
    (uid,) = await alerted(store)
    with pytest.raises(StoreError) as refused:
        await actions.change(store, [uid], "me", **wish)
    assert refused.value.remedy
    assert await facts(store) == [("open", None, None)]


async def test_nothing_and_too_many_are_refused_and_so_is_an_empty_note(store: Store) -> None:
    (uid,) = await alerted(store)
    for ids in ([], ["x"] * 501):
        with pytest.raises(StoreError):
            await actions.change(store, ids, "me", state="acked")
    for id_, text in ((uid, "  "), (uid, "x" * 10_001), ("nowhere", "text")):
        with pytest.raises(StoreError):
            await actions.note(store, id_, text, "me")
