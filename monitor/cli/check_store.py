"""What the store says of a configuration: what waits for channels that are gone, and aliases that are common words of its articles."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from monitor.cli.context import run

if TYPE_CHECKING:
    from pathlib import Path

    from monitor.config import Loaded, Problem
    from monitor.config.settings import Config
    from monitor.store.database import Store

_NEWEST = 500  # articles whose words are counted


def with_store_problems(loaded: Loaded, folder: Path, *, orphans: bool) -> Loaded:
    """The configuration with the problems that a store knows; as it is where there is none, or none that can be read."""
    from sqlalchemy.exc import SQLAlchemyError

    from monitor.config import Level
    from monitor.errors import StoreError

    settings = loaded.config
    if settings is None:
        return loaded
    try:
        found = run(_asked(settings, folder, orphans=orphans))
    except (StoreError, SQLAlchemyError, OSError):
        return loaded
    wrong = any(one.severity is Level.ERROR for one in found)
    return replace(loaded, config=None if wrong else settings, problems=(*loaded.problems, *found)) if found else loaded


async def _asked(settings: Config, folder: Path, *, orphans: bool) -> list[Problem]:
    import time

    from monitor.store.database import Store

    store = Store(settings.database, folder, clock=time.time)
    await store.open(create=False)
    try:
        problems = await _orphans(store, settings) if orphans else []
        return problems + (await _common_aliases(store, settings) if settings.entities.names else [])
    finally:
        await store.close()


async def _orphans(store: Store, settings: Config) -> list[Problem]:
    """Deliveries that wait for a channel which is no longer there are an error, as they are for a reload."""
    from monitor.config import Level, Problem
    from monitor.store import loading

    waiting = await store.read(loading.orphans, sorted(settings.channels))
    return [
        Problem(
            Level.ERROR,
            "channel-gone",
            f"{number} deliveries wait for channel '{name}', which is not in the configuration",
            file=str(settings.path),
            suggestion="keep the channel until they are delivered, or check and reload with --drop",
        )
        for name, number in waiting.items()
    ]


async def _common_aliases(store: Store, settings: Config) -> list[Problem]:
    """Aliases that are common words of the newest articles. Those that two entities share are told without a store."""
    from monitor.config import Level, Problem
    from monitor.pipeline.ambiguous import ambiguous
    from monitor.pipeline.search import newest

    doubts = ambiguous(await newest(store, _NEWEST), settings.entities)
    return [
        Problem(
            Level.WARNING,
            "common-alias",
            f"'{one.alias}' of entity '{one.entity}' {one.text}",
            file=settings.entity_places[one.entity].file,
            line=settings.entity_places[one.entity].line,
            suggestion=one.remedy,
        )
        for one in doubts
        if not one.shared
    ]
