"""What a person may do about alerts: take them, dismiss them, assign them, note something, undo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from monitor.errors import StoreError
from monitor.model import AlertState
from monitor.store import triage
from monitor.store.database import Store
from monitor.store.listing.common import stamp

MOST = 500  # alerts at once
NOTE = 10_000  # characters
NAME = 100
_STATES = tuple(str(state) for state in AlertState)


async def change(
    store: Store,
    ids: Sequence[str],
    actor: str,
    *,
    state: str | None = None,
    reason: str | None = None,
    assignee: str | None = None,
    versions: Mapping[str, int] | None = None,
) -> dict[str, Any]:
    """Brings alerts to a state, with a reason where dismissed, and an assignee ("" for nobody).

    Answers each alert with its own status. Raises StoreError for a state or a reason that is none, and for no alert at all.
    """
    _check(ids)
    if state is not None and state not in _STATES:
        raise StoreError(f"there is no state '{state}'", remedy=f"one of: {', '.join(_STATES)}")
    if reason is not None:
        reason = reason.strip().lower().replace(" ", "-")
        if reason not in triage.REASONS:
            raise StoreError(f"there is no reason '{reason}'", remedy=f"one of: {', '.join(triage.REASONS)}")
        if state not in (None, AlertState.DISMISSED):
            raise StoreError("a reason is given where an alert is dismissed", remedy="leave the reason out")
    if assignee is not None and len(assignee) > NAME:
        raise StoreError("the assignee's name is too long", remedy=f"at most {NAME} characters")
    done = await store.write(triage.change, ids, triage.Wish(state, reason, assignee), actor, versions)
    return {"items": [_item(one) for one in done]}


async def undo(store: Store, ids: Sequence[str], actor: str, versions: Mapping[str, int] | None = None) -> dict[str, Any]:
    """Restores alerts to what they were before the last change to each."""
    _check(ids)
    return {"items": [_item(one) for one in await store.write(triage.undo, ids, actor, versions)]}


async def note(store: Store, id_: str, text: str, actor: str) -> dict[str, Any]:
    """Adds a note. Raises StoreError for an empty one, one that is too long, and an alert that is not there."""
    text = text.strip()
    if not text or len(text) > NOTE:
        raise StoreError("the note is empty" if not text else "the note is too long", remedy=f"up to {NOTE:,} characters")
    done = await store.write(triage.note, id_, text, actor)
    if done.status == "missing":
        raise StoreError(f"there is no alert '{id_}'", remedy="'monitor alerts list' shows those there are")
    return {"items": [_item(done)]}


def _check(ids: Sequence[str]) -> None:
    if not ids or len(ids) > MOST:
        raise StoreError("no alert is named" if not ids else f"more than {MOST} alerts at once", remedy="name alerts by their ids")


def _item(done: triage.Done) -> dict[str, Any]:
    return {
        "id": done.id,
        "status": done.status,
        "state": done.state,
        "reason": done.reason,
        "assignee": done.assignee,
        "version": done.version,
        "changed_by": done.changed_by,
        "changed_at": stamp(done.changed_at),
    }
