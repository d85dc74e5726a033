"""Feeds written into a configuration file of the user's: everything else in it stays, comments and order too."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from monitor.actions.managed import list_item
from monitor.config import load, render
from monitor.config.nodes import Mapping, Node, Scalar
from monitor.config.nodes import Sequence as NodeList
from monitor.config.problems import Report
from monitor.config.source import Source
from monitor.config.yaml_read import read_yaml
from monitor.errors import ConfigError
from monitor.store.managed import Entry


def add_to_file(file: Path, entries: Sequence[Entry], config: Path) -> bool:
    """Writes feeds into `file`, a new one if need be; answers whether the configuration at `config` has that file.

    Raises ConfigError, with the file as it was, where it can't be read or written, or would make the configuration a wrong one.
    """
    file = file.resolve()
    try:
        old = file.read_bytes() if file.exists() else None
        text = (old or b"").decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} can't be read: {getattr(error, 'strerror', None) or error}") from error
    new = inserted(text, entries, file)
    before = load(config)
    _replace(file, new.encode("utf-8"))
    loaded = load(config)
    if loaded.config is None and before.config is not None:
        if old is None:
            file.unlink()
        else:
            _replace(file, old)
        raise ConfigError(render(loaded.errors), remedy=f"{file} is as it was")
    return file in {Path(name).resolve() for name in loaded.files}


def inserted(text: str, entries: Sequence[Entry], file: Path) -> str:
    """The file's text with `entries` at the end of its feeds. Raises ConfigError where the text is no configuration."""
    items = [list_item(entry) for entry in entries]
    root = _read(text, file)
    if root is not None and not isinstance(root, Mapping) and not (isinstance(root, Scalar) and root.null):
        raise ConfigError(f"{file} holds {root.kind}, and no configuration", remedy="name another file with --to")
    feeds = root.items.get("feeds") if isinstance(root, Mapping) else None
    if feeds is None:
        return text + ("" if not text or text.endswith("\n") else "\n") + ("\n" if text.strip() else "") + "feeds:\n" + "".join(items)
    if not isinstance(feeds, NodeList) and not (isinstance(feeds, Scalar) and feeds.null):
        raise ConfigError(f"'feeds' in {file} is {feeds.kind}, and no list", remedy="mend it first")
    made = _below(text, feeds, items) if isinstance(feeds, NodeList) and feeds.items else None
    if made is not None and _plain(_read(made, file)) == _wanted(text, entries, file):
        return made
    return _round_trip(text, entries)


def _below(text: str, feeds: NodeList, items: Sequence[str]) -> str | None:
    """The text with items below the last one of a list in block style; None for a list in brackets."""
    last = feeds.items[-1]
    head = text[: last.start].rpartition("\n")[2]
    if head.strip() != "-":
        return None
    margin = head[: head.index("-")]
    end = text.find("\n", max(last.start, last.end - 1))
    before = text if end < 0 else text[: end + 1]
    if not before.endswith("\n"):
        before += "\n"
    added = "".join(margin + line.removeprefix("  ") for item in items for line in item.splitlines(keepends=True))
    return before + added + text[len(before) :]


def _round_trip(text: str, entries: Sequence[Entry]) -> str:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    try:
        data = yaml.load(text)
        feeds: Any = data["feeds"]
        added = [yaml.load(entry.yaml) for entry in entries]
        if feeds is None:
            data["feeds"] = added
        else:
            feeds.extend(added)
        out = StringIO()
        yaml.dump(data, out)
    except YAMLError as error:
        raise ConfigError(f"the file can't be edited: {error}", remedy="add the feed by hand") from error
    return out.getvalue()


def _read(text: str, file: Path) -> Node | None:
    report = Report()
    root = read_yaml(Source(file, str(file), text), report)
    if report.failed:
        raise ConfigError(render(report.problems), remedy="mend it first")
    return root


def _wanted(text: str, entries: Sequence[Entry], file: Path) -> Any:
    content = _plain(_read(text, file))
    content["feeds"] = content["feeds"] + [_plain(_read(entry.yaml, file)) for entry in entries]
    return content


def _plain(node: Node | None) -> Any:
    if isinstance(node, Mapping):
        return {key: _plain(item) for key, item in node.items.items()}
    if isinstance(node, NodeList):
        return [_plain(item) for item in node.items]
    return node.text if isinstance(node, Scalar) else None


def _replace(file: Path, data: bytes) -> None:
    """Puts `data` in the file's place at once, with its mode; a full disk leaves the old one whole."""
    try:
        mode = file.stat().st_mode & 0o777 if file.exists() else 0o644
        descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        part = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            part.chmod(mode)
            part.rename(file)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ConfigError(f"{file} can't be written: {error.strerror}") from error
