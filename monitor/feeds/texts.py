"""Summary and content of an item, as feedparser makes them out of descriptions, summaries, contents and captions."""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

from . import text
from .cdata import is_marked
from .roles import XHTML

TYPES = {"text": "text/plain", "plain": "text/plain", "text/plain": "text/plain", "html": "text/html", "text/html": "text/html"}
TEXTUAL = frozenset({"description", "abstract", "summary", "content", "encoded"})
_DEFAULTS = dict.fromkeys(("description", "encoded"), "text/html") | dict.fromkeys(("abstract", "summary", "content"), "text/plain")
_HIDING = re.compile(r"<(?:[\w.-]+:)?(?:script|style)\b", re.I)


Reading = Callable[[str | None], str]  # from what lxml holds of an element to its text


class Unsure(Exception):
    """The strict reader leaves this document to feedparser."""


class Texts:
    """Summary and contents of one item, as they come."""

    __slots__ = ("_atom", "_contents", "_depth", "_has_content", "_summary", "_summary_type", "_text")

    def __init__(self, atom: bool, has_content: bool, reading: Reading) -> None:
        self._text = reading
        self._atom = atom
        self._has_content = has_content
        self._summary: str | None = None
        self._summary_type = "text/html"
        self._depth: int | None = None
        self._contents: list[tuple[str, str]] = []

    def add(self, role: str, element: etree._Element, depth: int) -> None:
        kind = _DEFAULTS[role]
        if role not in ("content", "encoded") and self._summary is not None and not self._has_content:
            role, kind = "content", "text/plain"  # a second summary is a content, says feedparser
        if element.keys() or len(element):
            value, kind = self._value(element, kind)
        else:
            value = self._text(element.text)
        if role in ("content", "encoded"):
            self._has_content = True
            self._contents.append((value, kind))
            if self._summary is None:
                self._summary = value
        elif self._depth is None or depth <= self._depth:
            self._summary, self._summary_type, self._depth = value, kind, depth
        else:
            self._summary_type = "text/html"  # what it was is forgotten with the details of the deeper one

    def _value(self, element: etree._Element, kind: str) -> tuple[str, str]:
        said = element.get("type")
        if said is not None:
            said = said.lower()
            if said == "xhtml" and self._atom:
                return self._text(_xhtml(element)), "application/xhtml+xml"
            if said not in TYPES:
                raise Unsure
            kind = TYPES[said]
        if len(element) or element.get("mode") is not None:
            raise Unsure
        return self._text(element.text), kind

    def visible(self) -> tuple[str, str]:
        """Summary on one line, the longest content in lines."""
        longest = ("", "")
        if self._contents:
            longest = self._contents[0] if len(self._contents) == 1 else max(self._contents, key=lambda item: len(item[0]))
            if len(self._contents) > 1 and any(kind.endswith("xml") for _, kind in self._contents):
                raise Unsure  # which is the longest hangs on how the markup is written down
        return text.summary_and_content((self._summary or "", self._summary_type), longest)


def _xhtml(element: etree._Element) -> str:
    """The markup of an Atom text construct of type xhtml (RFC 4287, 3.1.1.3)."""
    parts = [_escaped(element.text or "")]
    for child in element:
        for below in child.iter("*"):
            if not below.tag.startswith(f"{{{XHTML}}}") or below.prefix or below.tag.endswith("}body"):
                raise Unsure
        parts.append(etree.tostring(child, encoding="unicode", with_tail=True))
    markup = "".join(parts).strip()
    if is_marked(markup) or _HIDING.search(markup):
        raise Unsure
    return markup


def _escaped(value: str) -> str:
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
