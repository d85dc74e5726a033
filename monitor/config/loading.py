"""The way in: a file and all that it includes, read, checked and laid out for the program - or every reason why not."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from monitor.config import checks, managed
from monitor.config.channels import read_channels
from monitor.config.diagnose import Checker, about
from monitor.config.entities import read_entities
from monitor.config.expand import Expander
from monitor.config.feeds import Feeds
from monitor.config.fingerprint import fingerprint
from monitor.config.includes import Document, Reader
from monitor.config.keys.defaults import Defaults, Retention
from monitor.config.keys.network import NetworkKeys
from monitor.config.keys.top import TopKeys
from monitor.config.keys.web import WebKeys
from monitor.config.nodes import Mapping, Scalar
from monitor.config.problems import Level, Problem, Report, redacted
from monitor.config.rules import known_channels, read_rules
from monitor.config.settings import Channel, Config, EntityPlace, default_workers
from monitor.config.source import is_file
from monitor.rules import Entities

Model = TypeVar("Model", bound=BaseModel)
_UNREAD = frozenset(("file", "encoding", "character", "yaml", "include"))  # what may hide any part of a configuration


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a configuration holds, faulty parts included as far as they can be counted."""

    feeds: int = 0
    rules: int = 0
    entities: int = 0
    channels: int = 0


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of reading a configuration. `config` is None exactly if a problem is an error.

    `fence` is the error of a dashboard open to anybody: `run`, `check` and `reload` refuse it, other commands need not.
    """

    config: Config | None
    problems: tuple[Problem, ...]
    files: tuple[str, ...]
    counts: Counts
    fence: Problem | None = None
    secrets: frozenset[str] = field(default=frozenset(), repr=False)
    database: str | None = field(default=None, repr=False)  # known also where other parts are wrong; None where nobody can tell

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity is Level.ERROR)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity is Level.WARNING)

    @property
    def all_problems(self) -> tuple[Problem, ...]:
        """The problems, and what only a daemon that serves the dashboard refuses."""
        return (*self.problems, self.fence) if self.fence is not None else self.problems


def load(
    path: Path,
    *,
    env: AnyMapping[str, str] | None = None,
    sections: Collection[str] | None = None,
    added: Iterable[managed.Entry] = (),
) -> Loaded:
    """Reads the configuration at `path`. Raises nothing: what is wrong is in `problems`, all of it at once.

    `added` are the entries that live in the store: they are checked like a file's, and a file's name wins.

    `env` stands for the environment. With `sections` only those are looked at, and the rest is as if it were not there: an
    unset variable in a part that a command does not use does not stop it.
    """
    report = Report()
    expander = Expander(os.environ if env is None else env, report)
    document = Reader(report, expander).read(Path(path))
    managed.lay_in(document, added, Path(path).parent, report)
    return _Loading(document, report, expander, sections).done(Path(path))


class _Loading:
    """One configuration on its way from nodes to values."""

    def __init__(self, document: Document, report: Report, expander: Expander, sections: Collection[str] | None) -> None:
        self.document = document
        self.report = report
        self.expander = expander
        self.checker = Checker(report, expander)
        if sections is not None:
            for name in [name for name in document.single if name not in sections]:
                del document.single[name]
            for name, nodes in document.lists.items():
                if name not in sections:
                    nodes.clear()
            for name, items in document.named.items():
                if name not in sections:
                    items.clear()
        self.partial = sections is not None

    def done(self, path: Path) -> Loaded:
        document, report = self.document, self.report
        defaults = self._section("defaults", Defaults) or Defaults()
        network = self._network()
        web = self._section("web", WebKeys)
        retention = self._section("retention", Retention) or Retention()
        top = {name: self._single(name) for name in ("database", "heartbeat", "workers")}
        entities, entity_count = read_entities(document.named["entities"], self.checker)
        channels = read_channels(document.named["channels"], defaults, self.checker)
        rules = read_rules(
            document.lists["rules"], entities, document.named["channels"] if not self.partial else None, defaults, self.checker
        )
        feeds = Feeds(self.checker, defaults)
        for index, node in enumerate(document.lists["feeds"]):
            feeds.add(node, index)
        all_feeds = feeds.done()
        operations = self._operations()
        self._warn(web, channels, entities)
        web = web or WebKeys()
        web_node = document.single["web"][1] if "web" in document.single else None
        files = tuple(dict.fromkeys([*(source.shown for source in document.sources), *feeds.files]))
        secrets = frozenset(self.expander.secrets)
        problems = tuple(redacted(problem, secrets) for problem in report.sorted(files))
        config = None
        if not report.failed:
            database, heartbeat, workers = top["database"], top["heartbeat"], top["workers"]
            config = Config(
                path=path,
                database=database.database if database else TopKeys().database,
                defaults=defaults,
                network=network,
                feeds=all_feeds,
                entities=entities,
                rules=rules,
                channels=channels,
                operations=operations,
                web=web,
                retention=retention,
                heartbeat=heartbeat.heartbeat if heartbeat else None,
                workers=(workers.workers if workers else None) or default_workers(),
                entity_places={
                    name: EntityPlace(name, key.source.shown, key.line) for name, (key, _) in document.named["entities"].items()
                },
                fingerprint=fingerprint(document, feeds.files.values()),
                secrets=secrets,
            )
        counts = Counts(feeds.count, len(document.lists["rules"]), entity_count, len(document.named["channels"]))
        return Loaded(config, problems, files, counts, checks.fence(web, web_node), secrets, self._database(top["database"], problems))

    def _database(self, found: TopKeys | None, problems: tuple[Problem, ...]) -> str | None:
        if found is not None:
            return found.database
        unread = any(problem.code in _UNREAD for problem in problems)
        return None if unread or "database" in self.document.single else TopKeys().database

    def _section(self, name: str, kind: type[Model]) -> Model | None:
        if name not in self.document.single:
            return None
        return self.checker.model(kind, self.document.single[name][1], about(kind, name, name))

    def _single(self, name: str) -> TopKeys | None:
        if name not in self.document.single:
            return None
        key, node = self.document.single[name]
        holder = Mapping(node.source, key.start, node.end)
        holder.items[name], holder.keys[name] = node, key
        return self.checker.model(TopKeys, holder, about(TopKeys, "", "a configuration"))

    def _network(self) -> NetworkKeys:
        keys = self._section("network", NetworkKeys)
        if keys is None:
            return NetworkKeys()
        if keys.ca_file is None:
            return keys
        node = self.document.single["network"][1]
        path = node.source.path.parent / keys.ca_file
        if not is_file(path):
            place = node.items["ca_file"].place if isinstance(node, Mapping) else node.place
            self.report.error("value", f"'ca_file' in network: the file {keys.ca_file} is not there", place)
        return keys.model_copy(update={"ca_file": str(path.absolute())})

    def _operations(self) -> tuple[str, ...]:
        names: list[str] = []
        for node in self.document.lists["operations"]:
            if not isinstance(node, Scalar) or node.null:
                self.report.error("shape", f"'operations' names channels, and this is {node.kind}", node.place, expected="[NAME, NAME]")
                continue
            name = self.checker.plain(node, "operations", "")
            if id(node) not in self.expander.failed:
                known_channels((name,), node, "'operations'", self.document.named["channels"], self.report)
                names.append(name)
        return tuple(dict.fromkeys(names))

    def _warn(self, web: WebKeys | None, channels: AnyMapping[str, Channel], entities: Entities) -> None:
        if not self.partial:
            checks.warn_unused(self.document, channels, self.report)
        checks.warn_aliases(self.document, entities, self.report)
        if web is not None:
            checks.warn_web(web, self.document.single["web"][1], self.report)
