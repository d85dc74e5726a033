"""The files of a configuration, the first and all that `include` names, laid together section by section."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from monitor.config.expand import Expander
from monitor.config.nodes import Mapping, Node, Scalar, Sequence
from monitor.config.problems import Report
from monitor.config.source import Source, is_file, is_folder, read_source
from monitor.config.spelling import did_you_mean
from monitor.config.yaml_read import read_yaml

LISTS = ("feeds", "rules", "operations")
NAMED = ("entities", "channels")
SINGLE = ("database", "defaults", "network", "web", "retention", "heartbeat", "workers")
SECTIONS = (
    "database",
    "defaults",
    "network",
    "feeds",
    "entities",
    "rules",
    "channels",
    "operations",
    "web",
    "include",
    "retention",
    "heartbeat",
    "workers",
)
MAX_FILES = 10_000
_GLOB = frozenset("*?[")


@dataclass(slots=True)
class Document:
    """What all files hold together. `items` has each list's and mapping's entries in the order of the files."""

    sources: list[Source] = field(default_factory=list)
    single: dict[str, tuple[Scalar, Node]] = field(default_factory=dict)
    lists: dict[str, list[Node]] = field(default_factory=lambda: {name: [] for name in LISTS})
    named: dict[str, dict[str, tuple[Scalar, Node]]] = field(default_factory=lambda: {name: {} for name in NAMED})


class Reader:
    """Reads files once each, depth first: a file's includes come after what it holds itself."""

    def __init__(self, report: Report, expander: Expander) -> None:
        self.report = report
        self.expander = expander
        self.document = Document()
        self.seen: dict[Path, str] = {}

    def read(self, path: Path) -> Document:
        self._read(path, str(path), ())
        return self.document

    def _read(self, path: Path, shown: str, chain: tuple[Path, ...]) -> None:
        source = read_source(path, shown, self.report, missing=None if chain else "`monitor init` writes one")
        if source is None:
            return
        self.seen[_real(path)] = shown
        self.document.sources.append(source)
        root = read_yaml(source, self.report)
        if root is None or (isinstance(root, Scalar) and root.null):
            return
        if not isinstance(root, Mapping):
            message = f"a configuration is keys and values, and this is {root.kind}"
            advice = "write the section's name above it, such as rules:" if isinstance(root, Sequence) else None
            self.report.error("shape", message, root.place, expected=f"keys: {', '.join(SECTIONS)}", suggestion=advice)
            return
        for key, node in root.items.items():
            self._section(root.keys[key], node)
        if (include := root.items.get("include")) is not None:
            for child, child_shown in self._included(include, source, (*chain, _real(path))):
                self._read(child, child_shown, (*chain, _real(path)))

    def _section(self, key: Scalar, node: Node) -> None:
        name = key.text
        if name not in SECTIONS:
            self.report.error(
                "unknown-key",
                f"unknown key '{name}'",
                key.place,
                expected=f"a configuration takes: {', '.join(SECTIONS)}",
                suggestion=did_you_mean(name, SECTIONS),
            )
        elif isinstance(node, Scalar) and node.null:
            return  # a section whose lines are all commented out
        elif name in LISTS:
            if isinstance(node, Sequence):
                self.document.lists[name] += node.items
            else:
                self._wrong(name, node, "a list: lines that begin with -")
        elif name in NAMED:
            self._named(name, node)
        elif name in SINGLE:
            if name in self.document.single:
                first = self.document.single[name][0].place
                self.report.error("duplicate-key", f"'{name}' stands in two files", key.place, expected=f"the first is at {first}")
            else:
                self.document.single[name] = (key, node)

    def _named(self, section: str, node: Node) -> None:
        if not isinstance(node, Mapping):
            self._wrong(section, node, "names with their keys: NAME: {…}")
            return
        known = self.document.named[section]
        for name, item in node.items.items():
            key = node.keys[name]
            if name in known:
                first = known[name][0].place
                self.report.error(
                    "duplicate-key", f"the name '{name}' stands twice in {section}", key.place, expected=f"the first is at {first}"
                )
            else:
                known[name] = (key, item)

    def _wrong(self, name: str, node: Node, expected: str) -> None:
        self.report.error("shape", f"'{name}' is {node.kind}", node.place, expected=expected)

    def _included(self, node: Node, source: Source, chain: tuple[Path, ...]) -> Iterator[tuple[Path, str]]:
        if isinstance(node, Scalar):
            if node.null:
                return
            items: list[Node] = [node]
        elif isinstance(node, Sequence):
            items = node.items
        else:
            self._wrong("include", node, "a list of files: [rules/*.yaml]")
            return
        for item in items:
            if not isinstance(item, Scalar) or item.null:
                self.report.error("shape", f"a file's name is expected, and this is {item.kind}", item.place, expected="[rules/*.yaml]")
                continue
            written = self.expander.value(item, secret=False)
            if id(item) not in self.expander.failed:
                yield from self._files(written, item, source, chain)

    def _files(self, written: str, item: Scalar, source: Source, chain: tuple[Path, ...]) -> Iterator[tuple[Path, str]]:
        folder = source.path.parent
        shown = Path(source.shown).parent
        if _GLOB.isdisjoint(written):
            found = [folder / written]
        else:
            try:
                found = sorted(path for path in _glob(folder, written) if is_file(path) and not path.name.startswith("."))
            except (OSError, ValueError, NotImplementedError) as error:
                self.report.error("include", f"this pattern can't be used: {error}", item.place)
                return
        for path in found:
            real = _real(path)
            if real in chain:
                if _GLOB.isdisjoint(written):
                    self.report.error(
                        "include",
                        f"{written} includes itself",
                        item.place,
                        expected=" → ".join(self.seen.get(step, str(step)) for step in (*chain, real)),
                    )
                continue
            if real in self.seen:
                continue
            if len(self.seen) >= MAX_FILES:
                self.report.error("include", f"more than {MAX_FILES} files", item.place)
                return
            if not is_file(path):
                what = "is a folder" if is_folder(path) else "is not there"
                advice = f"write {written.rstrip('/')}/*.yaml" if is_folder(path) else None
                self.report.error("include", f"the file {written} {what}", item.place, suggestion=advice)
                continue
            try:
                name = str(shown / path.relative_to(folder))
            except ValueError:
                name = str(path)
            yield path, name


def _glob(folder: Path, pattern: str) -> Iterator[Path]:
    if Path(pattern).is_absolute():
        root = Path(Path(pattern).anchor)
        return root.glob(str(Path(pattern).relative_to(root)))
    return folder.glob(pattern)


def _real(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):
        return path.absolute()
