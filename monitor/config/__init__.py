"""Configuration: YAML files read, checked and explained. `load` is the way in; it stands above the wings and gives them plain values.

The names are loaded when they are first used: who has a configuration in hand needs nothing of what reads one.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from monitor.config.loading import Counts, Loaded, load
    from monitor.config.problems import Level, Problem
    from monitor.config.rendering import as_json, render, summary
    from monitor.config.settings import Channel, Config, Feed, Rule

__all__ = ["Channel", "Config", "Counts", "Feed", "Level", "Loaded", "Problem", "Rule", "as_json", "load", "render", "schema", "summary"]

_HOMES = {
    "Channel": "settings",
    "Config": "settings",
    "Counts": "loading",
    "Feed": "settings",
    "Level": "problems",
    "Loaded": "loading",
    "Problem": "problems",
    "Rule": "settings",
    "as_json": "rendering",
    "load": "loading",
    "render": "rendering",
    "summary": "rendering",
}


def schema() -> dict[str, Any]:
    """The JSON schema of one configuration file, as editors read it from config/monitor.schema.json."""
    from monitor.config import json_schema  # pydantic's part for it is needed for nothing else

    return json_schema.schema()


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    return getattr(importlib.import_module(f"{__name__}.{home}"), name)
