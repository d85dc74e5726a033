"""What a person may do about feeds while they are watched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from monitor.errors import StoreError
from monitor.store import feed_state
from monitor.store.database import Store

_DOINGS: dict[str, Callable[..., list[str]]] = {"poll": feed_state.poll_now, "pause": feed_state.pause, "resume": feed_state.resume}


async def do(store: Store, what: str, names: Sequence[str], actor: str) -> dict[str, Any]:
    """`what` is poll, pause or resume. Raises StoreError for feeds that are not there."""
    found = await store.write(_DOINGS[what], list(names), actor)
    if left := [name for name in names if name not in found]:
        raise StoreError(f"there is no feed '{left[0]}'", remedy="'monitor feeds list' shows those there are")
    return {"feeds": list(found)}
