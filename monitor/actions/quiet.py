"""Large loads beside a running loop: ten thousand rules come and go without holding it."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from contextlib import contextmanager

from monitor.pipeline.live import Rules

_AT_ONCE = 100  # rules let go of between two turns of the loop


@contextmanager
def collections_paused() -> Iterator[None]:
    """No garbage collection while hundreds of thousands of objects are made, that all stay.

    Each full collection would walk them all and hold the whole process (measured with 10,000 rules: 1 s, and 50 ms
    without); afterwards they are put out of the collector's sight, so that none of the later ones walks them either.
    """
    if not gc.isenabled():
        yield
        return
    gc.collect(1)
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


async def let_go(old: Rules, new: Rules) -> None:
    """Frees what only the old rules hold, a few at a time: all at once would hold the loop as long as it takes."""
    kept = {id(rule) for rule in new.set.rules}
    doomed = [rule for rule in old.set.rules if id(rule) not in kept]
    del old, new
    while doomed:
        del doomed[-_AT_ONCE:]
        await asyncio.sleep(0)
