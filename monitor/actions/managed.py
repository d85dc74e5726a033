"""Edits that live in the store: checked as a file's would be, written all or none, and taken up by every daemon on the store."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING, Any

from monitor import config
from monitor.config.settings import feed_key
from monitor.errors import ConfigError, MonitorError, StoreError
from monitor.store import listing, managed
from monitor.store.database import Store
from monitor.store.managed import Entry

if TYPE_CHECKING:
    from monitor.config import Loaded, Problem

_PLAIN = re.compile(r"[^\W\d_][^\s:#\[\]{},&*!|>'\"%@`?\\]*(?: [^\s:#\[\]{},&*!|>'\"%@`?\\]+)*|https?://[^\s,\[\]{}'\"#]+")
_WORDS = frozenset(("true", "false", "null", "yes", "no", "on", "off"))


class Stale(MonitorError):
    """An edit over a version that somebody else has changed meanwhile."""


class InFile(MonitorError):
    """A file holds it, so it is edited there: `where` is file:line."""

    def __init__(self, text: str, *, where: str, remedy: str | None = None) -> None:
        super().__init__(text, remedy=remedy)
        self.where = where


@dataclass(frozen=True, slots=True)
class Edited:
    """What an edit stored, and what the check said beside it."""

    entries: tuple[Entry, ...]
    warnings: tuple[Problem, ...]


async def configuration(
    store: Store,
    path: Path,
    *,
    more: Collection[Entry] = (),
    without: Collection[tuple[str, str]] = (),
    sections: Collection[str] | None = None,
) -> Loaded:
    """The files and the store's entries as one configuration; `more` and `without` try an edit out."""
    stored = {(entry.kind, entry.name): entry for entry in await store.read(managed.entries)}
    stored.update({(entry.kind, entry.name): entry for entry in more})
    added = [entry for key, entry in stored.items() if key not in without]
    return await asyncio.to_thread(config.load, path, sections=sections, added=added)


async def put(store: Store, path: Path, wanted: Sequence[Entry], actor: str, *, expected: int | None = None) -> Edited:
    """Adds or replaces entries. Raises ConfigError with every fault, InFile where a file holds the name, Stale over a newer version."""
    from monitor.config.managed import CLASH, shown

    wanted = [Entry(entry.kind, entry.name, _tidy(entry.yaml)) for entry in wanted]
    loaded = await configuration(store, path, more=wanted)
    names = {shown(entry.kind, entry.name) for entry in wanted}
    about = [problem for problem in loaded.problems if problem.file in names]
    for problem in about:
        if problem.code == CLASH:
            where = (problem.expected or "").removeprefix("the file's is at ")
            raise InFile(problem.message.partition(" stands ")[0] + f" stands in {where}", where=where, remedy="edit it there")
    if loaded.config is None:
        faults = [problem for problem in about if problem.severity == "error"] or list(loaded.errors)
        raise ConfigError(config.render(faults), remedy="nothing was changed")
    stored = await store.write(managed.put, wanted, actor, expected)
    if stored is None:
        raise Stale("somebody has changed it meanwhile", remedy="look at it again, then repeat the edit")
    return Edited(tuple(stored), tuple(about))


async def remove(store: Store, path: Path, kind: str, name: str, actor: str, *, expected: int | None = None) -> None:
    """Takes an entry out. Raises InFile, Stale, StoreError where there is none, ConfigError where others need it."""
    if await store.read(managed.find, kind, name) is None:
        raise StoreError(f"the store holds no {kind} '{name}'", remedy="'monitor config export' shows what it holds")
    before = await configuration(store, path)
    loaded = await configuration(store, path, without={(kind, name)})
    if before.config is not None and loaded.config is None:
        raise ConfigError(config.render(loaded.errors), remedy="nothing was changed")
    if not await store.write(managed.remove, [(kind, name)], actor, expected):
        raise Stale("somebody has changed it meanwhile", remedy="look at it again, then repeat the edit")


async def take_out(store: Store, path: Path, body: dict[str, Any]) -> dict[str, Any]:
    """What the control socket asks: an entry by `kind` and `name`."""
    kind, name = str(body.get("kind")), str(body.get("name"))
    await remove(store, path, kind, name, str(body.get("actor", "local")))
    return {"kind": kind, "name": name}


# -- feeds --------------------------------------------------------------------------------------------------------------
def feed_entry(url: str, **keys: Any) -> Entry:
    """A feed as an entry; `keys` as in a file, those that are None or empty left out."""
    lines = [f"url: {quoted(url)}"]
    for key, value in keys.items():
        if isinstance(value, list | tuple) and value:
            lines.append(f"{key}: [{', '.join(map(quoted, value))}]")
        elif value and isinstance(value, str):
            lines.append(f"{key}: {quoted(value)}")
    return Entry("feed", feed_key(url), "\n".join(lines) + "\n")


async def feeds(store: Store, path: Path, body: dict[str, Any]) -> dict[str, Any]:
    """What the control socket and commands ask: `what` is add (with `feeds`) or remove (with `names`)."""
    actor = str(body.get("actor", "local"))
    if body["what"] == "add":
        return await add_feeds(store, path, body.get("feeds", []), actor, skip_known=bool(body.get("skip_known")))
    return await remove_feeds(store, path, body.get("names", []), actor)


async def add_feeds(store: Store, path: Path, wanted: Sequence[dict[str, Any]], actor: str, *, skip_known: bool = False) -> dict[str, Any]:
    """Adds feeds, each as the keys of a file's. With `skip_known` those that are watched already are left as they are."""
    entries = [feed_entry(**feed) for feed in wanted]
    known: list[str] = []
    if skip_known:
        loaded = await configuration(store, path)
        there = {feed_key(feed.url) for feed in loaded.config.feeds} if loaded.config else set()
        known = [entry.name for entry in entries if entry.name in there]
        entries = [entry for entry in entries if entry.name not in there]
    edited = await put(store, path, entries, actor) if entries else Edited((), ())
    return {"added": [entry.name for entry in edited.entries], "known": known, "warnings": [str(problem) for problem in edited.warnings]}


async def remove_feeds(store: Store, path: Path, names: Sequence[str], actor: str) -> dict[str, Any]:
    """Takes out feeds that the store holds, by name, URL or id. Raises InFile for a file's, StoreError for one that is not there."""
    loaded = await configuration(store, path)
    feeds = list(loaded.config.feeds) if loaded.config else []
    held = {entry.name for entry in await store.read(managed.entries) if entry.kind == "feed"}
    chosen = []
    for name in names:
        row = await store.read(listing.find_feed, name) if name.isdigit() else None
        keys = {_key(name), _key(row["url"]) if row else name}
        if found := keys & held:
            chosen.append(found.pop())
            continue
        feed = next((feed for feed in feeds if feed.name == name or feed_key(feed.url) in keys), None)
        if feed is None:
            raise StoreError(f"there is no feed '{name}'", remedy="'monitor feeds list' shows those there are")
        if feed_key(feed.url) not in held:
            remedy = "take it out there, then 'monitor reload'; 'monitor feeds pause' stops polling it"
            raise InFile(f"the feed '{feed.name}' stands in {feed.where}", where=feed.where, remedy=remedy)
        chosen.append(feed_key(feed.url))
    chosen = list(dict.fromkeys(chosen))
    for name in chosen:
        await remove(store, path, "feed", name, actor)
    return {"removed": chosen}


def _key(url: str) -> str:
    try:
        return feed_key(url)
    except ValueError:
        return url


# -- as YAML --------------------------------------------------------------------------------------------------------------
def export(entries: Sequence[Entry]) -> str:
    """All entries as one configuration file, to be moved into files."""
    parts: list[str] = []
    for kind, section in (("feed", "feeds"), ("entity", "entities"), ("rule", "rules")):
        found = [entry for entry in entries if entry.kind == kind]
        if found:
            parts.append(f"{section}:\n" + "".join(map(_named_item if kind == "entity" else list_item, found)))
    return "\n".join(parts)


def list_item(entry: Entry) -> str:
    """An entry as an item of a file's list."""
    return "  - " + indent(entry.yaml, "    ").lstrip(" ").rstrip("\n") + "\n"


def _named_item(entry: Entry) -> str:
    return f"  {quoted(entry.name)}:\n" + indent(entry.yaml, "    ").rstrip("\n") + "\n"


def _tidy(yaml: str) -> str:
    """Without the marks of a document, so that it can stand inside another."""
    lines = yaml.replace("\r\n", "\n").strip("\n").split("\n")
    if lines and lines[0].rstrip() == "---":
        lines = lines[1:]
    if lines and lines[-1].rstrip() == "...":
        lines = lines[:-1]
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """A text as a YAML scalar on one line; `${` stays what it is."""
    import json

    text = text.replace("${", "$${")
    if _PLAIN.fullmatch(text) and text.casefold() not in _WORDS:
        return text
    return json.dumps(text, ensure_ascii=False)
