"""The last resort, for XML so broken that feedparser finds no entry in it: lxml's recovering parser and a plain reading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from lxml import etree

from monitor.errors import ParseError
from monitor.model import FeedEntry, ParsedFeed

from . import dates, links, text

_NOTHING = FeedEntry(guid=None, url=None)  # of an item whose tags are lost nothing may be left
_REFERENCE = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?:#?\w{1,32};)?", re.S)
_HIDDEN = {ord("<"): 0xFDE0, ord("&"): 0xFDE1, ord(">"): 0xFDE2, ord('"'): 0xFDE3, ord("'"): 0xFDE4}
_SHOWN = {hidden: character for character, hidden in _HIDDEN.items()}


def parse_recovering(document: str, url: str | None) -> ParsedFeed | None:
    """Whatever items can be made out, or None where there is nothing like a feed.

    Raises ParseError `too-deep` where nesting past 256 levels leaves nothing to be read.
    """
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_pis=True)
    try:
        root = etree.fromstring(_hide_references(document).encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    too_deep = any("depth" in error.message.lower() for error in parser.error_log)
    items = [] if root is None else [item for item in root.iter("{*}item", "{*}entry") if isinstance(item.tag, str)]
    if too_deep and not items:
        raise ParseError("too-deep", "the document is nested too deeply to be a feed")
    if root is None:
        return None
    name = _local(root)
    if not items and name not in ("rss", "feed", "rdf"):
        return None
    channel = next(root.iter("{*}channel"), root)
    home = next((links.absolute(value, url) for value in _links(channel)), None)
    return ParsedFeed(
        format={"feed": "atom 1.0", "rdf": "rdf"}.get(name, f"rss {root.get('version')}" if root.get("version") else "rss"),
        title=_value(channel, ("title",)),
        link=home,
        language=_value(channel, ("language",)) or root.get("{http://www.w3.org/XML/1998/namespace}lang"),
        entries=tuple(entry for item in items if (entry := _entry(item, url or home)) != _NOTHING),
        warnings=("broken XML: entries were recovered",),
        reader="recovering",
    )


def _hide_references(document: str) -> str:
    """Characters that are references stand as noncharacters: after its first error libxml2 drops every reference, even `&lt;`."""
    return _REFERENCE.sub(_hide_one, document)


def _hide_one(found: re.Match[str]) -> str:
    if found[0].startswith("<"):  # CDATA, where nothing is a reference
        return found[0]
    return unescape(found[0]).translate(_HIDDEN)


def _entry(item: etree._Element, base: str | None) -> FeedEntry:
    guid = _raw(item, ("guid", "id"))
    content = _raw(item, ("encoded", "content"))
    return FeedEntry(
        guid=guid or None,
        url=links.first([*_links(item), guid], base),
        title=_value(item, ("title",)),
        author=_value(item, ("author", "creator")),
        published_at=dates.parse_date(_raw(item, ("pubdate", "published", "issued"))),
        updated_at=dates.parse_date(_raw(item, ("updated", "modified", "date"))),
        summary=text.line(_raw(item, ("description", "summary"))) or None,
        content=text.lines(content) or None if content else None,
    )


def _local(element: etree._Element) -> str:
    """The name without its namespace; a prefix that was never declared is part of the tag."""
    return element.tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(element.tag, str) else ""


def _children(parent: etree._Element, names: tuple[str, ...]) -> Iterator[etree._Element]:
    return (child for child in parent if _local(child) in names)


def _raw(parent: etree._Element, names: tuple[str, ...]) -> str:
    for child in _children(parent, names):
        found = "".join(str(part) for part in child.itertext()).strip()
        if found:
            return text.mend(found.translate(_SHOWN))
    return ""


def _value(parent: etree._Element, names: tuple[str, ...]) -> str | None:
    written = _raw(parent, names)
    return text.line(written, html=text.is_html(written, "text/plain")) or None


def _links(parent: etree._Element) -> Iterator[str]:
    for child in _children(parent, ("link",)):
        if child.get("rel", "alternate") == "alternate":
            yield (child.get("href") or child.text or "").translate(_SHOWN).strip()
