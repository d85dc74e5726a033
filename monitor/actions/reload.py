"""Reload: a configuration is taken up whole, or the old one runs on and the reason is told."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from monitor.config import Config, load, render
from monitor.errors import ConfigError
from monitor.store import loading
from monitor.store.database import Store


@dataclass(frozen=True, slots=True)
class Reloaded:
    """What a reload changed, and what waits for the next start."""

    config: Config
    later: tuple[str, ...]  # keys whose change takes effect at the next start alone


async def read(path: Path, old: Config) -> Reloaded:
    """Reads the configuration anew, in a thread: a large one takes its time. Raises ConfigError with all its errors."""
    loaded = await asyncio.to_thread(load, path)
    if loaded.config is None or loaded.fence is not None:
        raise ConfigError(render(loaded), remedy="the running configuration is unchanged")
    new = loaded.config
    later = tuple(key for key in ("database", "network", "workers") if getattr(old, key) != getattr(new, key))
    return Reloaded(new, later)


async def refuse_orphans(store: Store, config: Config, *, drop: bool) -> None:
    """Raises ConfigError where deliveries wait for a channel that the new configuration no longer has."""
    waiting = await store.read(loading.orphans, sorted(config.channels))
    if waiting and not drop:
        told = ", ".join(f"'{name}' ({number})" for name, number in waiting.items())
        raise ConfigError(
            f"deliveries wait for channels that are not in the new configuration: {told}",
            remedy="keep the channel until they are delivered, or reload with --drop to give them up",
        )
