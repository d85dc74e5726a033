"""The strict reader: over lxml, for documents that leave no doubt, and None for every other.

It is sure only if all of this holds, and then reads what feedparser would (guid, link, title, dates, author, summary,
content): the charset is UTF-8 or unsaid in header and declaration; there is no DOCTYPE; strict lxml takes the document; the
root is `rss` with one `channel`, an Atom 1.0 `feed`, or the `rdf:RDF` of RSS 1.0; items are its direct children; title, guid,
link, author and dates have no child elements, and neither title nor guid stands twice; types are text, html or xhtml;
nothing relative stands under xml:base.
"""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from monitor.model import ParsedFeed

from . import links, text
from .cdata import Lifted
from .charset import is_plain_utf8
from .entry import EntryReader, is_based, needs_repair
from .roles import ATOM, RDF, RSS1, Roles
from .texts import Unsure

_XML = "{http://www.w3.org/XML/1998/namespace}"
_RSS_FORMATS = {"0.91": "rss 0.91", "0.92": "rss 0.92", "0.93": "rss 0.93", "0.94": "rss 0.94"}
_RDF_PARTS = frozenset(f"{{{RSS1}}}{name}" for name in ("channel", "item", "image", "textinput"))
_OTHER_VERSIONS = frozenset({RSS1, "http://my.netscape.com/rdf/simple/0.9/"})
_ROOT = re.compile(rb"<[a-zA-Z_]")
_ROLES: Final = Roles()
_PARSER: Final = etree.XMLParser(
    recover=False,
    resolve_entities=False,
    huge_tree=False,
    no_network=True,
    load_dtd=False,
    remove_comments=True,
    remove_pis=True,
    collect_ids=False,
)


def parse_strict(body: bytes, url: str | None, content_type: str | None = None) -> ParsedFeed | None:
    """What the document says if this reader is sure of it; else None."""
    if not is_plain_utf8(body, content_type):
        return None
    start = _ROOT.search(body)
    if start is None or b"<!DOCTYPE" in body[: start.start()] or b"<!ENTITY" in body[: start.start()]:
        return None
    try:
        lifted = Lifted(body)
        root = etree.fromstring(lifted.skeleton, _PARSER)
    except (etree.XMLSyntaxError, ValueError, LookupError):
        return None
    try:
        if root.tag == "rss":
            return _rss(root, url, body, lifted)
        if root.tag == f"{{{ATOM}}}feed":
            return _atom(root, url, body, lifted)
        if root.tag == f"{{{RDF}}}RDF":
            return _rdf(root, url, body, lifted)
    except (Unsure, UnicodeDecodeError):  # libxml2 takes surrogates written as UTF-8, which no text may hold
        return None
    return None


def _rss(root: etree._Element, url: str | None, body: bytes, lifted: Lifted) -> ParsedFeed:
    if len(root) != 1 or root[0].tag != "channel":
        raise Unsure
    channel = root[0]
    version = root.get("version", "")
    feed_format = _RSS_FORMATS.get(version) or ("rss 2.0" if version.startswith("2.") else "rss")
    return _read(root, channel, url, body, lifted, feed_format, "item")


def _atom(root: etree._Element, url: str | None, body: bytes, lifted: Lifted) -> ParsedFeed:
    if _OTHER_VERSIONS & {namespace.lower() for namespace in root.nsmap.values()}:
        raise Unsure  # feedparser takes the version from whichever declaration comes first
    return _read(root, root, url, body, lifted, "atom 1.0", f"{{{ATOM}}}entry")


def _rdf(root: etree._Element, url: str | None, body: bytes, lifted: Lifted) -> ParsedFeed:
    channels = root.findall(f"{{{RSS1}}}channel")
    if len(channels) != 1 or is_based(root) or any(child.tag not in _RDF_PARTS for child in root):
        raise Unsure
    head = _Head(channels[0], "", lifted)
    items = root.findall(f"{{{RSS1}}}item")
    if list(root.iter("{*}item", "{*}entry")) != items or b"xml:base" in body:
        raise Unsure
    base = links.absolute(url) or head.link(url)
    reader = EntryReader(
        _ROLES, lifted, atom=False, base=base, based=False, mended=needs_repair(body, lifted.skeleton), about=f"{{{RDF}}}about"
    )
    entries = tuple(reader.read(item, has_content=head.leaks and item is items[0]) for item in items)
    language = head.language or root.get(f"{_XML}lang")
    return ParsedFeed("rdf", head.title, head.link(url), language, entries, reader="strict", ttl=head.ttl)


def _read(
    root: etree._Element, channel: etree._Element, url: str | None, body: bytes, lifted: Lifted, feed_format: str, item_tag: str
) -> ParsedFeed:
    if _OTHER_VERSIONS & {namespace.lower() for namespace in root.nsmap.values()}:
        raise Unsure
    head = _Head(channel, item_tag, lifted)
    base = links.absolute(url) or head.link(url)
    based = is_based(root) | is_based(channel)
    atom = feed_format == "atom 1.0"
    reader = EntryReader(_ROLES, lifted, atom=atom, base=base, based=based, mended=needs_repair(body, lifted.skeleton))
    items = head.items
    if sum(1 for _ in root.iter("{*}item", "{*}entry")) != len(items):
        raise Unsure
    entries = [reader.read(item, has_content=head.leaks and item is items[0]) for item in items]
    return ParsedFeed(
        format=feed_format,
        title=head.title,
        link=head.link(url),
        language=head.language or root.get(f"{_XML}lang") or root.get("lang"),
        entries=tuple(entries),
        reader="strict",
        ttl=head.ttl,
    )


class _Head:
    """What the channel says of itself, and its items. `leaks`: what comes first changes how feedparser reads an item."""

    def __init__(self, channel: etree._Element, item_tag: str, lifted: Lifted) -> None:
        self._text = lifted.text
        self.items: list[etree._Element] = []
        self.title: str | None = None
        self.language: str | None = None
        self.ttl: float | None = None
        self.leaks = False
        self._links: list[str] = []
        summaries = 0
        for child in channel:
            tag = child.tag
            if tag == item_tag:
                self.items.append(child)
                continue
            if not isinstance(tag, str):
                raise Unsure
            role = _ROLES[tag]
            if role in ("content", "encoded", "item", "bad") or (len(child) and _hides(child, role)):
                raise Unsure
            if role in ("summary", "abstract") or (role == "description" and summaries):
                summaries += 1
                self.leaks = self.leaks or (summaries > 1 and not self.items)
                if summaries > 1 and self.items:
                    raise Unsure
            self._take(child, tag, role)

    def _take(self, child: etree._Element, tag: str, role: str) -> None:
        value = self._text(child.text)
        if role == "title" and self.title is None:
            value = text.repair(value)
            self.title = text.line(value, html=text.is_html(value, child.get("type", "text"))) or None
        elif role == "language":
            self.language = text.line(text.repair(value), html=False)[:64] or None
        elif role == "link" and child.get("rel", "alternate") == "alternate":
            self._links.append(child.get("href") or value)
        elif tag == "ttl" and value.isascii() and value.isdigit() and len(value) < 8:
            self.ttl = float(value) * 60

    def link(self, url: str | None) -> str | None:
        return links.first(self._links, url)


def _hides(element: etree._Element, role: str) -> bool:
    """Whether something below a channel's element would be read as an item, or as text of one."""
    return any(_ROLES[below.tag] in ("item", "content", "encoded", "summary", "description") for below in element.iterdescendants("*"))
