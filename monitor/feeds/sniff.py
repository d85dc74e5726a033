"""What a document is before anyone parses it: an HTML page, or a shape that would cost a tolerant parser too much."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from html import unescape

from monitor.errors import ParseError

from . import charset, links

_FEED_ROOT = re.compile(r"<((?:[\w.-]+:)?(?:rss|feed|rdf|channel))[\s>/]", re.I)
_EMPTY_ROOT = re.compile(r"<[^<>]*/>")
_TRAILING = re.compile(r"(?:\s|<!--(?:[^-]|-(?!->))*-->)*")
_LONGEST_LEAD = 20_000  # characters of warnings and blank lines that programs write before a document
_ENTRY_START = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)(?=[\s>])", re.I)
_ENTRY_END = re.compile(r"</(?:[\w.-]+:)?(?:item|entry)\s*>", re.I)
_HTML_ROOT = re.compile(r"<!doctype\s+html|<html[\s>]", re.I)
_BODY = re.compile(r"<(?:body|div|script|p)[\s>]", re.I)
_FIRST = re.compile(r"<([\w:.-]+)")
_OTHERS = {
    "opml": "It is a list of feeds: name it under `opml:` instead of `url:`.",
}
# Beyond these feedparser would not be done in a worker's time: it takes 8 to 25 µs for a tag, 2 for an ampersand.
_MOST_UNPACKED = 10_000_000  # bytes
_MOST_TAGS = 250_000
_MOST_REFERENCES = 500_000
_LINK = re.compile(r"<link\s[^<>]{1,2000}>", re.I)
_ATTRIBUTE = re.compile(r"([a-z-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.I)
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "application/json")
_LONG_WORD = re.compile(r"[A-Za-z0-9_.+-]{8000}")


def unpacked(body: bytes) -> bytes:
    """A document that is stored gzipped, as sitemaps often are, which is no coding of the transfer; any other as it is.

    Raises ParseError `not-a-feed` where it can't be unpacked, or is larger than any document may be.
    """
    if not body.startswith(b"\x1f\x8b"):
        return body
    unpacker = zlib.decompressobj(wbits=31)
    try:
        found = unpacker.decompress(body, _MOST_UNPACKED)
    except zlib.error as error:
        raise ParseError("not-a-feed", f"a gzipped document that can't be unpacked: {error}") from None
    if unpacker.unconsumed_tail:
        raise ParseError("not-a-feed", f"a gzipped document of more than {_MOST_UNPACKED:,} bytes")
    return found


def is_sitemap(document: str) -> bool:
    """Whether a document's first element is that of a sitemap or of an index of sitemaps."""
    first = _FIRST.search(document)
    return first is not None and first[1].rpartition(":")[2].lower() in ("urlset", "sitemapindex")


def refuse_html(document: str, url: str | None) -> None:
    """Raises ParseError `html` for a page; the remedy names the feeds that it links."""
    page = _HTML_ROOT.search(document[:20_000])
    if page is None:
        return
    feed = _FEED_ROOT.search(document)
    if feed is not None and (feed.start() < page.start() or not _BODY.search(document, page.start(), feed.start())):
        return
    found = [link.url for link in linked_feeds(document, url)][:10]
    remedy = f"It links these feeds: {', '.join(found)}" if found else "Look on the page for the address of its feed."
    raise ParseError("html", "an HTML page, not a feed", remedy=remedy)


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed that a page names in a link element."""

    url: str
    title: str | None


def linked_feeds(document: str, url: str | None) -> list[FeedLink]:
    """Feeds that a page's link elements name, each once, in the page's order."""
    found: dict[str, FeedLink] = {}
    for element in _LINK.findall(document[:500_000]):
        values = {name.lower(): unescape(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(element)}
        if "alternate" in values.get("rel", "").lower() and values.get("type", "").lower().strip() in _FEED_TYPES:
            link = links.absolute(values.get("href"), url)
            if link:
                found.setdefault(link, FeedLink(link, values.get("title") or None))
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Trimmed:
    """A document without what stood before its start and after its end, or cut back to its whole entries where it breaks off."""

    document: str
    warnings: tuple[str, ...]
    cut: bool = False
    entries: int = 0  # of a document that is cut: how many whole ones it has


def trim(document: str) -> Trimmed:
    """Takes away what is no part of the feed, so that a reader which is strict about the rest may still have it.

    Of a document that breaks off the entry that is cut is left out: half a link or half a guid would make another entry
    of it, and it comes whole with the next poll.
    """
    warnings: list[str] = []
    start = document.find("<?xml", 0, _LONGEST_LEAD)
    if start > 0:
        document = charset.without_declaration(document[start:])
        warnings.append("text before the start of the document was left out")
    root = _FEED_ROOT.search(document)
    if root is None or _EMPTY_ROOT.match(document, root.start()):
        return Trimmed(document, tuple(warnings))
    end, entries = root.end(), 0
    for found in _ENTRY_END.finditer(document):
        end, entries = found.end(), entries + 1
    endings = list(re.compile(rf"</{re.escape(root[1])}\s*>", re.I).finditer(document, end))
    if endings:
        closed = endings[-1]
        if not _TRAILING.fullmatch(document, closed.end()):
            warnings.append("text after the end of the document was left out")
            document = document[: closed.end()]
        return Trimmed(document, tuple(warnings))
    opened = _ENTRY_START.search(document, end)
    document = document[: opened.start()] if opened is not None else document[:end] if entries else document
    name = root[1]
    closing = f"</{name}>" if name.lower().endswith(("feed", "rdf")) else f"</channel></{name}>"
    return Trimmed(document + closing, (*warnings, "the document breaks off; its whole entries were read"), cut=True, entries=entries)


def entries_begun(document: str) -> int:
    """How many entries a document begins, those that it only quotes included."""
    return sum(1 for _ in _ENTRY_START.finditer(document))


def costly(document: str) -> bool:
    """Whether feedparser would take too long: too many tags, comments never closed, a word so long that its mail pattern crawls."""
    declared = document.count("<!") - document.count("<![CDATA[")
    return (
        document.count("<") > _MOST_TAGS
        or document.count("&") > _MOST_REFERENCES
        or (declared > 200 and declared > 2 * document.count("-->"))
        or _LONG_WORD.search(document) is not None
    )


def refusal(document: str) -> ParseError:
    """The error for a document that no reader takes for a feed."""
    first = _FIRST.search(document)
    name = first[1].rpartition(":")[2].lower() if first else ""
    remedy = _OTHERS.get(name, "See what the address answers in a browser.")
    return ParseError("not-a-feed", f"not a feed: {excerpt(document)}", remedy=remedy)


def excerpt(document: str) -> str:
    """The first words of a document, to be shown in an error."""
    return repr(" ".join(document[:300].split())[:80])
