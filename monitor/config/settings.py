"""The configuration as the program uses it: frozen values, names resolved, defaults filled in."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from yarl import URL

from monitor.config.keys.channels import Escalate, Template
from monitor.config.keys.defaults import Backlog, Body, Defaults, Retention
from monitor.config.keys.feeds import Auth, Select
from monitor.config.keys.network import NetworkKeys
from monitor.config.keys.rules import Examples
from monitor.config.keys.web import WebKeys
from monitor.config.units import Hours, Rate
from monitor.model import Severity
from monitor.rules import Entities, Query

DEFAULT_DATABASE = "sqlite:///monitor.db"
PREFIX = "managed:"  # in front of the name of an entry that lives in the store, where a file's stands otherwise


def origin(file: str, line: int) -> str:
    """Where an item stands: `file:line`, or "managed"."""
    return "managed" if file.startswith(PREFIX) else f"{file}:{line}"


def feed_key(url: str) -> str:
    """Two addresses with the same key are one feed: host and scheme without regard to case, no fragment, no default port."""
    parsed = URL(url).with_fragment(None)
    return str(parsed)


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed to poll. `interval` in seconds, None for auto; `named` says that `name` was given and not made from the URL."""

    url: str
    name: str
    named: bool
    tags: tuple[str, ...]
    interval: float | None
    body: Body
    backlog: Backlog
    max_age: float | None
    type: str | None
    select: Select | None
    auth: Auth | None
    headers: Mapping[str, str]
    cookie: str | None
    user_agent: str | None
    proxy: str | None
    file: str
    line: int

    @property
    def where(self) -> str:
        return origin(self.file, self.line)


@dataclass(frozen=True, slots=True)
class Rule:
    """A watch rule with its parsed query."""

    name: str
    query: Query
    severity: Severity
    notify: tuple[str, ...]
    again: str
    throttle: Rate | None
    examples: Examples | None
    file: str
    line: int

    @property
    def where(self) -> str:
        return origin(self.file, self.line)


@dataclass(frozen=True, slots=True)
class EntityPlace:
    """Where an entity is written, for those who show it."""

    name: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Channel:
    """Where deliveries go. `options` are the type's own keys, as its `Options` model checked them."""

    name: str
    type: str
    options: Mapping[str, Any]
    min_severity: Severity
    digest: str | None
    digest_empty: str
    quiet_hours: tuple[Hours, ...]
    throttle: Rate | None
    escalate: Escalate | None
    on_unknown: str
    template: Template | None
    file: str
    line: int

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Config:
    """All of a configuration that holds. `secrets` are texts that no log, page or error may show."""

    path: Path
    database: str
    defaults: Defaults
    network: NetworkKeys
    feeds: tuple[Feed, ...]
    entities: Entities
    rules: tuple[Rule, ...]
    channels: Mapping[str, Channel]
    operations: tuple[str, ...]
    web: WebKeys
    retention: Retention
    heartbeat: str | None
    workers: int
    entity_places: Mapping[str, EntityPlace]
    fingerprint: str
    secrets: frozenset[str] = field(default=frozenset(), repr=False)

    def database_url(self, state: Path) -> str:
        """The database's URL with a relative SQLite file placed in the state folder."""
        prefix = "sqlite:///"
        if not self.database.startswith(prefix):
            return self.database
        return f"{prefix}{state.absolute() / self.database.removeprefix(prefix)}"


def default_workers() -> int:
    return min(os.cpu_count() or 1, 4)
