"""Sitemaps as feeds (sitemaps.org; Google's news extension): what is listed is an entry, an index names further sitemaps."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from monitor.errors import ParseError
from monitor.model import FeedEntry, ParsedFeed

from . import dates, links, text
from .sniff import unpacked

MOST_ENTRIES = 50_000  # of one sitemap, by the standard
_LIST = re.compile(rb"(?:\xef\xbb\xbf)?\s*https?://[!-~]+\s*(?:[\r\n]|\Z)", re.I)
_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


@dataclass(frozen=True, slots=True)
class Child:
    """A sitemap that an index names, and when it was last changed, if the index says."""

    url: str
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap says: its pages as a feed's entries, or, of an index, the sitemaps that it names."""

    feed: ParsedFeed
    children: tuple[Child, ...]


def changed_since(children: Iterable[Child], since: datetime | None) -> list[Child]:
    """Sitemaps changed after `since`, the newest first; those that don't say when come last, and always."""
    changed = [child for child in children if since is None or child.changed_at is None or child.changed_at > since]
    return sorted(changed, key=lambda child: -child.changed_at.timestamp() if child.changed_at else 0.0)


def parse_sitemap(body: bytes, url: str | None) -> Sitemap:
    """Reads a sitemap, a plain list of URLs too, or an index of sitemaps, gzipped or not. A `loc` that is no URL costs itself alone.

    Raises ParseError: `empty`, or `not-a-feed` where it is neither.
    """
    body = unpacked(body)
    if not body.strip():
        raise ParseError("empty", "the document is empty")
    if _LIST.match(body):
        return Sitemap(ParsedFeed("sitemap", None, None, None, _listed(body), reader="sitemap"), ())
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError):
        root = None
    name = "" if root is None else _local(root)
    if root is None or name not in ("urlset", "sitemapindex"):
        raise ParseError("not-a-feed", "not a sitemap: it has neither a urlset nor a sitemapindex")
    warnings = ("not well-formed: what could be read was read",) if len(parser.error_log) else ()
    children: tuple[Child, ...] = ()
    entries: tuple[FeedEntry, ...] = ()
    if name == "sitemapindex":
        named = [(links.absolute(_child(item, "loc"), url), dates.parse_date(_child(item, "lastmod"))) for item in root.iter("{*}sitemap")]
        children = tuple(Child(target, changed) for target, changed in named[:MOST_ENTRIES] if target)
    else:
        found = [_entry(item, url) for _, item in zip(range(MOST_ENTRIES), root.iter("{*}url"), strict=False)]
        entries = tuple(entry for entry in found if entry is not None)
    site = next((_value(item, "name") for item in root.iter(f"{{{_NEWS}}}publication")), None)
    language = next((_value(item, "language") for item in root.iter(f"{{{_NEWS}}}publication")), None)
    return Sitemap(ParsedFeed("sitemap", site, None, language, entries, warnings, "sitemap"), children)


def _listed(body: bytes) -> tuple[FeedEntry, ...]:
    found = [links.absolute(line) for line in body.decode("utf-8-sig", "replace").splitlines()[:MOST_ENTRIES]]
    return tuple(FeedEntry(guid=link, url=link) for link in found if link)


def _entry(item: etree._Element, url: str | None) -> FeedEntry | None:
    link = links.absolute(_child(item, "loc"), url)
    if link is None:
        return None
    news = next(item.iter(f"{{{_NEWS}}}news"), None)
    return FeedEntry(
        guid=link,
        url=link,
        title=_value(news, "title") if news is not None else None,
        published_at=dates.parse_date(_child(news, "publication_date")) if news is not None else None,
        updated_at=dates.parse_date(_child(item, "lastmod")),
    )


def _child(parent: etree._Element, name: str) -> str:
    for child in parent:
        if _local(child) == name:
            return "".join(str(part) for part in child.itertext()).strip()
    return ""


def _value(parent: etree._Element, name: str) -> str | None:
    written = text.mend(_child(parent, name))
    return text.line(written, html=text.is_html(written, "text/plain")) or None


def _local(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(element.tag, str) else ""
