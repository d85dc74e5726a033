"""Configuration: YAML files read, checked and explained. `load` is the way in; it stands above the wings and gives them plain values."""

from __future__ import annotations

from typing import Any

from monitor.config.load import Counts, Loaded, load
from monitor.config.problems import Level, Problem
from monitor.config.render import as_json, render, summary
from monitor.config.settings import Channel, Config, Feed, Rule


def schema() -> dict[str, Any]:
    """The JSON schema of one configuration file, as editors read it from config/monitor.schema.json."""
    from monitor.config import json_schema  # pydantic's part for it is needed for nothing else

    return json_schema.schema()


__all__ = ["Channel", "Config", "Counts", "Feed", "Level", "Loaded", "Problem", "Rule", "as_json", "load", "render", "schema", "summary"]
