"""How it fares, in one object: what the store knows, what the machine says, and the judgement of both."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from monitor.actions.health import judge
from monitor.store import listing
from monitor.store.about import LEAST_AGE, about
from monitor.store.database import Store


async def status(
    store: Store, now: float, *, running: bool, url: str | None = None, free: Callable[[Path], int] | None = None
) -> dict[str, Any]:
    """The object of `status --json`. `url` is the dashboard's, where there is one; `free` answers a disk's free bytes."""
    item: dict[str, Any] = await store.read(listing.status, now)
    item["running"] = running
    item["url"] = url
    item["storage"] = await store.read(about)
    item["storage"]["free"] = None if store.path is None else (free or _free)(store.path.parent)
    item["storage"]["days_left"] = days_left(item["storage"], item["now"])
    item["word"], item["causes"] = judge(item)
    return item


def _free(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def days_left(storage: dict[str, Any], now: str) -> int | None:
    """Days until the disk is full at the pace so far; None where nobody can tell: a young store, another machine's disk."""
    if storage["free"] is None or storage["since"] is None or not storage["bytes"]:
        return None
    age = (datetime.fromisoformat(now) - datetime.fromisoformat(storage["since"])).total_seconds() / 86400
    if age < LEAST_AGE:
        return None
    return min(99_999, int(storage["free"] / (storage["bytes"] / age)))
