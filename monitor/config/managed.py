"""Entries that live in the store, laid beside what the files hold: checked like theirs, and a file's name always wins.

An entry may be written by whoever may edit the dashboard, so it can't reach for secrets or files of the daemon's machine:
`${…}` and `opml` belong in files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from monitor.config.includes import Document
from monitor.config.nodes import Mapping, Node, Scalar, Sequence
from monitor.config.problems import Place, Report
from monitor.config.settings import PREFIX
from monitor.config.source import Source, decode
from monitor.config.yaml_read import read_yaml

CLASH = "managed-clash"


class Entry(Protocol):
    """What is needed of an entry: `kind` is feed, rule or entity; `name` a feed's URL or the item's name."""

    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def yaml(self) -> str: ...


def shown(kind: str, name: str) -> str:
    """How problems name an entry, where they name a file otherwise."""
    return f"{PREFIX}{kind} {name}"


def lay_in(document: Document, entries: Iterable[Entry], folder: Path, report: Report) -> None:
    """Adds entries behind what the files hold. Faults and clashes are told in `report`."""
    rules = {name.text: name.place for name in (_item(node, "name") for node in document.lists["rules"]) if name is not None}
    for entry in entries:
        source = decode(entry.yaml.encode("utf-8", "replace"), folder / "managed.yaml", shown(entry.kind, entry.name), report)
        node = read_yaml(source, report) if source is not None else None
        if source is None or node is None:
            continue
        if not isinstance(node, Mapping):
            report.error("shape", f"a {entry.kind} is keys and values, and this is {node.kind}", node.place)
            continue
        if not _harmless(node, report):
            continue
        if entry.kind == "feed":
            _feed(document, node, report)
        elif entry.kind == "rule":
            _rule(document, entry.name, node, rules, report)
        elif entry.kind == "entity":
            _entity(document, entry.name, node, source, report)


def _harmless(node: Mapping, report: Report) -> bool:
    for scalar in _scalars(node):
        if "${" in scalar.text.replace("$${", ""):
            report.error(
                "reference",
                "an entry of the store can't name variables or files",
                scalar.place,
                suggestion="write $${ for a plain ${, or put it into a configuration file",
            )
            return False
    return True


def _scalars(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _scalars(item)
    elif isinstance(node, Mapping):
        for item in node.items.values():
            yield from _scalars(item)


def _feed(document: Document, node: Mapping, report: Report) -> None:
    if "opml" in node.items:
        advice = "'monitor feeds import' adds all of a file"
        report.error("value", "an entry of the store is one feed", node.key_place("opml"), suggestion=advice)
        return
    document.lists["feeds"].append(node)  # whether a file holds its URL, an OPML file too, is known when all are read


def _rule(document: Document, name: str, node: Mapping, rules: dict[str, Place], report: Report) -> None:
    written = _item(node, "name")
    if written is not None and written.text != name:
        report.error("value", f"the rule is called '{name}', and its text says '{written.text}'", written.place)
    elif name in rules:
        clash(report, f"the rule '{name}'", node.place, rules[name])
    else:
        document.lists["rules"].append(node)


def _entity(document: Document, name: str, node: Mapping, source: Source, report: Report) -> None:
    known = document.named["entities"]
    if name in known:
        clash(report, f"the entity '{name}'", node.place, known[name][0].place)
    else:
        known[name] = (Scalar(source, 0, 0, name), node)


def clash(report: Report, what: str, place: Place, first: Place) -> None:
    """A file holds the same: it wins, and that is told."""
    report.warn(CLASH, f"{what} stands in a file too, and the file counts", place, expected=f"the file's is at {first}")


def _item(node: Node, key: str) -> Scalar | None:
    found = node.items.get(key) if isinstance(node, Mapping) else None
    return found if isinstance(found, Scalar) else None
