"""Configuration: YAML files read, checked and explained. `load` is the way in; it stands above the wings and gives them plain values.

The names are loaded when they are first used: who has a configuration in hand needs nothing of what reads one.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from monitor.config.load import Counts, Loaded, load
    from monitor.config.problems import Level, Problem
    from monitor.config.render import as_json, render, summary
    from monitor.config.settings import Channel, Config, Feed, Rule

__all__ = ["Channel", "Config", "Counts", "Feed", "Level", "Loaded", "Problem", "Rule", "as_json", "load", "render", "schema", "summary"]

_HOMES = {
    "Channel": "settings",
    "Config": "settings",
    "Counts": "load",
    "Feed": "settings",
    "Level": "problems",
    "Loaded": "load",
    "Problem": "problems",
    "Rule": "settings",
    "as_json": "render",
    "load": "load",
    "render": "render",
    "summary": "render",
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


class _Package(ModuleType):
    """Python binds an imported submodule to its name in the package; a name above that is also a module's stays ours."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
