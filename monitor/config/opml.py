"""A small reader of OPML 2.0 (opml.org/spec2.opml) for configuration files: no network, no entities, bounded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree
from pydantic_core import PydanticCustomError

from monitor.config.keys.base import http_url
from monitor.config.problems import Place, Report
from monitor.config.source import is_file

MAX_BYTES = 20_000_000
MAX_DEPTH = 60


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed of the file: `folders` are the outlines above it, the outermost first."""

    url: str
    name: str | None
    folders: tuple[str, ...]
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Opml:
    shown: str
    outlines: tuple[Outline, ...]


def read_opml(path: Path, shown: str, place: Place, report: Report) -> Opml | None:
    """All feeds of an OPML file, or None with a problem told at `place`, where the configuration names the file."""
    try:
        if not is_file(path):
            raise FileNotFoundError(2, "it is not there")
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        report.error("opml", f"the file {shown} can't be read: {getattr(error, 'strerror', None) or 'not a path'}", place)
        return None
    if len(data) > MAX_BYTES:
        report.error("opml", f"the file {shown} is larger than {MAX_BYTES // 1_000_000} MB", place)
        return None
    root = _parse(data, shown, place, report)
    if root is None:
        return None
    found: list[Outline] = []
    for element, folders in _walk(root):
        outline = _outline(element, folders, shown, report)
        if outline is not None:
            found.append(outline)
    if not found:
        report.warn("opml", f"the file {shown} holds no feed", place, expected="outlines with xmlUrl")
    return Opml(shown, tuple(found))


def _parse(data: bytes, shown: str, place: Place, report: Report) -> etree._Element | None:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line, column = getattr(error, "position", (1, 1))
        at = Place(shown, max(1, line), max(1, column))
        report.error("opml", f"the file {shown} is not well-formed XML: {str(error).partition(', line ')[0]}", at if line else place)
        return None
    if etree.QName(root).localname.lower() != "opml":
        report.error(
            "opml", f"the file {shown} is no OPML: it begins with <{etree.QName(root).localname}>", Place(shown, 1, 1), expected="<opml>"
        )
        return None
    return root


def _walk(root: etree._Element) -> Iterator[tuple[etree._Element, tuple[str, ...]]]:
    stack: list[tuple[etree._Element, tuple[str, ...]]] = [(root, ())]
    while stack:
        element, folders = stack.pop()
        attributes = {str(key).lower(): str(value) for key, value in element.attrib.items()}
        if attributes.get("xmlurl", "").strip():
            yield element, folders
        elif etree.QName(element).localname == "outline" and (name := clean(attributes.get("text") or attributes.get("title") or "")):
            folders = (*folders, name)
        if len(folders) < MAX_DEPTH:
            stack += [(child, folders) for child in reversed(element) if isinstance(child.tag, str)]


def _outline(element: etree._Element, folders: tuple[str, ...], shown: str, report: Report) -> Outline | None:
    attributes = {str(key).lower(): str(value) for key, value in element.attrib.items()}
    line: Any = element.sourceline
    name = clean(attributes.get("text") or attributes.get("title") or "") or None
    try:
        url = http_url(attributes["xmlurl"])
    except PydanticCustomError as error:
        context = error.context or {}
        message = f"feed {name or 'without a name'}: {context.get('message')}"
        report.error("opml", message, Place(shown, line or 1, 1), expected=context.get("expected"), suggestion=context.get("suggestion"))
        return None
    return Outline(url, name, tuple(dict.fromkeys(folders)), shown, line or 1)


def clean(text: str) -> str:
    """A name of ours from one of the file's: one line, no slash, at most 100 characters."""
    printable = "".join(char if char.isprintable() and char != "/" else " " for char in text)
    return " ".join(printable.split())[:100].strip()
