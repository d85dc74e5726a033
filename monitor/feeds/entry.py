"""One item of a document that the strict reader is sure of, read as feedparser would read it.

feedparser is a machine with a memory: which of description, summary and content becomes what depends on the order in which
they come and on how deep they stand. That order is followed here to the letter; whatever else could matter is `Unsure`.
"""

from __future__ import annotations

import re
from datetime import datetime

from lxml import etree

from monitor.model import FeedEntry

from . import authors, dates, links, text
from .cdata import Lifted
from .roles import ATOM, Roles
from .texts import TEXTUAL, TYPES, Reading, Texts, Unsure

_RAW = re.compile(rb"\xc2(?:[\x80-\x9f]|(?<=\xc3[\x82-\xb4]\xc2))")
_LEAD = b"\xc2"
_TRIES = 50
_REFERENCES = re.compile(
    rb"&#0*(?:1(?:2[89]|[345]\d);|[xX]0*[89][0-9a-fA-F];|(?:19[4-9]|2[0-4]\d);(?:&#1|[\x80-\xff])|[xX]0*[c-fC-F][0-9a-fA-F];(?:&#[xX]|[\x80-\xff]))"
)
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_MAIL = re.compile(r"[@()<>]")
_QUERY = re.compile(r"&([A-Za-z0-9_]+);")


def needs_repair(body: bytes, skeleton: bytes) -> bool:
    """Whether `text.repair` could change any text of this document in UTF-8: one look for all. In CDATA nothing is a reference."""
    return (b"&#" in skeleton and _REFERENCES.search(skeleton) is not None) or _is_raw(body)


def _is_raw(body: bytes) -> bool:
    place = body.find(_LEAD)
    for _ in range(_TRIES):  # most have few, and a lone byte is found forty times as fast
        if place < 0 or _RAW.match(body, place):
            return place >= 0
        place = body.find(_LEAD, place + 1)
    return place >= 0 and _RAW.search(body, place) is not None


def is_based(element: etree._Element, known: str | None = None) -> bool:
    """Whether xml:base stands on an element. Raises Unsure for attributes that feedparser takes for more than they are."""
    based = False
    for name in map(str, element.keys()):
        if name == _XML_BASE:
            based = True
        elif name != known and name.rpartition("}")[2].lower() in ("base", "about", "lastmod", "href"):
            raise Unsure
    return based


class EntryReader:
    """Reads items of one document; `base` resolves relative links, `based` says that xml:base stands above the items.

    `lifted` knows the text of elements; `mended` says that some of it needs `text.repair`.
    """

    def __init__(
        self, roles: Roles, lifted: Lifted, *, atom: bool, base: str | None, based: bool, mended: bool, about: str | None = None
    ) -> None:
        self._roles = roles
        self._plain = plain = lifted.text
        self._text: Reading = (lambda value: text.repair(plain(value))) if mended else plain
        self._atom = atom
        self._base = base
        self._based = based
        self._about = about  # RSS 1.0: the attribute that is an item's guid

    def read(self, item: etree._Element, *, has_content: bool) -> FeedEntry:
        """The entry that `item` is. Raises Unsure."""
        texts = Texts(self._atom, has_content, self._text)
        single: dict[str, etree._Element] = {}
        found_links: list[etree._Element] = []
        writers: list[etree._Element] = []
        media_title = resets_title = False
        roles = self._roles
        for child in item:
            role = roles[child.tag]
            if not role:
                if len(child) and self._hides(child):
                    raise Unsure
            elif role in _SINGLE:
                if role in single and role in _ONCE and not self._is_same(single[role], child):
                    raise Unsure
                single[role] = child  # of several dates the last counts
            elif role in TEXTUAL:
                texts.add(role, child, 1)
            elif role == "link":
                found_links.append(child)
            elif role == "author":
                writers.append(child)
            elif role == "group":
                media_title = self._group(child, texts, 2) or media_title
            elif role == "media_title":
                media_title = True
            elif role == "source" or (role == "image" and not len(child)):
                resets_title = True
            elif role not in _PASSED:
                raise Unsure
        based = (bool(item.keys()) and is_based(item, self._about)) or self._based
        title_element, guid_element = single.get("title"), single.get("guid")
        title = _text_of(title_element, self._text)
        if media_title and (not title or resets_title):
            raise Unsure
        if self._about is None:
            guid = _text_of(guid_element, self._text)
        elif guid_element is None:
            guid = item.get(self._about) or ""
        else:
            raise Unsure
        summary, content = texts.visible()
        return FeedEntry(
            guid or None,
            self._url(found_links, guid_element, guid, based),
            _title(title_element, title),
            self._authors(writers) if writers else None,
            _date(single.get("published"), self._plain),
            _date(single.get("updated"), self._plain),
            summary or None,
            content or None,
        )

    def _is_same(self, one: etree._Element, other: etree._Element) -> bool:
        """Whether two titles or guids say the same, so that it does not matter which counts."""
        plain = not (one.keys() or other.keys() or len(one) or len(other))
        return plain and bool(one.text) and self._plain(one.text) == self._plain(other.text)

    def _group(self, group: etree._Element, texts: Texts, depth: int) -> bool:
        """Media RSS: titles and captions count wherever they stand. Says whether there was a title."""
        titled = False
        for child in group:
            role = self._roles[child.tag]
            if role == "description":
                texts.add(role, child, depth)
            elif role == "media_title":
                titled = True
            elif role == "group":
                titled = self._group(child, texts, depth + 1) or titled
            elif role or (len(child) and self._hides(child)):
                raise Unsure
        return titled

    def _hides(self, element: etree._Element) -> bool:
        return any(self._roles[below.tag] for below in element.iterdescendants("*"))

    def _authors(self, elements: list[etree._Element]) -> str | None:
        if len(elements) == 1:
            name, address = self._author(elements[0])
            return text.line(f"{name} ({address})" if name and address else name or address, html=False) or None
        several = [self._author(element) for element in elements]
        if len({len(element) > 0 for element in elements}) > 1 or any(_MAIL.search(name) for name, _ in several):
            raise Unsure  # feedparser mixes up names that are written in both ways, and takes addresses out of names
        return authors.together(several)

    def _author(self, element: etree._Element) -> tuple[str, str]:
        """Name and mail address; RSS writes both into one text."""
        if not len(element):
            return self._text(element.text), ""
        if self._plain(element.text):
            raise Unsure
        said: dict[str, str] = {}
        for child in element:
            name = _AUTHOR_PARTS.get(child.tag)
            if len(child) or (name is None and self._roles[child.tag]) or name in said or self._plain(child.tail):
                raise Unsure
            if name is not None:
                said[name] = self._plain(child.text)
        return said.get("name", ""), said.get("email", "")

    def _url(self, found: list[etree._Element], guid_element: etree._Element | None, guid: str, based: bool) -> str | None:
        pages: list[str] = []
        others: list[str] = []
        for element in found:
            if len(element):
                raise Unsure
            names = element.keys()
            if not names:  # RSS
                pages.append(_query_mended(self._text(element.text)))
                continue
            rel = element.get("rel") if "rel" in names else None
            if rel is not None and rel != "alternate" and rel.lower() != "alternate":
                if "href" not in names:
                    raise Unsure
                continue
            kind = element.get("type") if "type" in names else None
            href = element.get("href") or element.get("url") or element.get("uri")
            written = element.text
            if href is None:
                if rel or kind:
                    raise Unsure
                href = _query_mended(self._text(written))
            elif written and written.strip():
                raise Unsure
            based = based or _XML_BASE in names
            (pages if kind is None or kind.lower() in text.HTML_TYPES else others).append(href)
        candidates = pages + others
        if based and any("://" not in link or link.endswith(("?", "#")) for link in candidates):
            raise Unsure
        url = links.absolute(candidates[0], self._base) if len(candidates) == 1 else links.first(candidates, self._base)
        if url is not None or not guid:
            return url
        if guid_element is None:
            return links.absolute(guid)
        if guid_element.get("isPermaLink", "true") != "true":
            return None
        if (based or is_based(guid_element)) and "://" not in guid:
            raise Unsure
        permalink = links.absolute(guid)
        if permalink is not None and any(candidates):
            raise Unsure  # a link that is no use, and a guid that may be one
        return permalink


_AUTHOR_PARTS = {f"{space}{name}": name for space in ("", f"{{{ATOM}}}") for name in ("name", "email", "uri", "url")}
_SINGLE = frozenset({"title", "guid", "published", "updated"})
_PASSED = frozenset({"person", "language"})
_ONCE = frozenset({"title", "guid"})


def _text_of(element: etree._Element | None, reading: Reading) -> str:
    if element is None:
        return ""
    if len(element):
        raise Unsure
    return reading(element.text)


def _title(element: etree._Element | None, value: str) -> str | None:
    if not value or element is None:
        return None
    kind = "text"
    if element.keys():
        kind = element.get("type", "text").lower()
        if kind not in TYPES or element.get("mode") is not None:
            raise Unsure
    if "<" not in value and "&" not in value:
        return text.one_line(value)
    return text.line(value, html=text.is_html(value, kind)) or None


def _date(element: etree._Element | None, reading: Reading) -> datetime | None:
    if element is None:
        return None
    if len(element):
        raise Unsure
    written = reading(element.text)
    if not written:
        return None
    moment = dates.parse_date(written)
    if moment is None and not dates.is_zero(written):
        raise Unsure  # feedparser knows Korean, Greek and Hungarian ones
    return moment


def _query_mended(link: str) -> str:
    """feedparser takes `&b;` in a link for a broken `&b`."""
    return _QUERY.sub(r"&\1", link.replace("&amp;", "&")) if "&" in link else link
