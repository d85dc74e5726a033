"""Reload: a configuration is taken up whole, or the old one runs on and the reason is told."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from monitor.actions import managed
from monitor.config.settings import Config
from monitor.errors import ConfigError
from monitor.store import loading
from monitor.store import managed as stored
from monitor.store.database import Store


@dataclass(frozen=True, slots=True)
class Reloaded:
    """What a reload changed, and what waits for the next start."""

    config: Config
    later: tuple[str, ...]  # keys whose change takes effect at the next start alone


async def read(store: Store, path: Path, old: Config) -> Reloaded:
    """Reads the files and the store's entries anew, in a thread: many take their time. Raises ConfigError with all errors."""
    loaded = await managed.configuration(store, path)
    if loaded.config is None or loaded.fence is not None:
        from monitor.config import render

        raise ConfigError(render(loaded), remedy="the running configuration is unchanged")
    new = loaded.config
    later = tuple(key for key in ("database", "network", "workers") if getattr(old, key) != getattr(new, key))
    if old.web.opened != new.web.opened:
        later = (*later, "web")
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


async def with_added(store: Store, config: Config) -> Config:
    """The configuration of the files with what the store holds beside. Raises ConfigError where the two don't go together."""
    if not await store.read(stored.entries):
        return config
    return (await read(store, config.path, config)).config
