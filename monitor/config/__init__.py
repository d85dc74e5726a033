"""Configuration: YAML files read, checked and explained. `load` is the way in; it stands above the wings and gives them plain values."""

from __future__ import annotations

from monitor.config.json_schema import schema
from monitor.config.load import Counts, Loaded, load
from monitor.config.problems import Level, Problem
from monitor.config.render import as_json, render, summary
from monitor.config.settings import Channel, Config, Feed, Rule

__all__ = ["Channel", "Config", "Counts", "Feed", "Level", "Loaded", "Problem", "Rule", "as_json", "load", "render", "schema", "summary"]
