"""The tolerant reader: feedparser, for all that the strict reader is not sure of.

feedparser tries what it is given as a URL and as a file name first, so it only ever gets a stream of bytes. It is slow,
and quadratic on some hostile input: it runs in a worker process that can be killed, never in the event loop.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from html import unescape
from typing import Any

from monitor.model import FeedEntry, ParsedFeed

from . import authors, dates, links, text

_FORMATS = {
    "rss": "rss", "rss090": "rdf", "rss091n": "rss 0.91", "rss091u": "rss 0.91", "rss092": "rss 0.92", "rss093": "rss 0.93",
    "rss094": "rss 0.94", "rss10": "rdf", "rss20": "rss 2.0", "atom": "atom", "atom01": "atom 0.1", "atom02": "atom 0.2",
    "atom03": "atom 0.3", "atom10": "atom 1.0", "cdf": "cdf",
}  # fmt: skip
_ID = re.compile(r"(<((?:[\w.-]+:)?(?:id|guid))(?:\s[^<>]*)?>)(<!\[CDATA\[[^<>]*\]\]>|[^<>]*)(</\2\s*>)", re.I)
# The base of a text would be left behind for the links that come after it.
_TEXT_BASE = re.compile(r"(<(?:[\w.-]+:)?(?:content|summary|title|description)\b[^<>]*?)\sxml:base\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*')", re.I)
_HIDDEN_ID = re.compile(r"urn:x-monitor:(\d{1,9}):")
_NO_PERMALINK = re.compile(r"(?i:ispermalink)\s*=\s*[\"'](?!true[\"'])")


def parse_tolerant(document: str, url: str | None) -> ParsedFeed:
    """What feedparser finds in `document` (without an XML declaration), which may be nothing at all.

    `document` has no U+0000, no lone surrogate and no reference to one: feedparser fails on these.
    """
    import feedparser  # only workers pay for its import

    headers = {"content-type": "application/xml; charset=utf-8"}
    guids = _Guids()
    body = b"<?xml version='1.0' encoding='utf-8'?>\n" + guids.hide(_TEXT_BASE.sub(r"\1", document)).encode("utf-8")
    found = feedparser.parse(io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    feed = found.get("feed") or {}
    home = links.absolute(feed.get("link"), url)
    permalinks = _NO_PERMALINK.search(document) is None
    broken = found.get("bozo") and "SAX" in type(found.get("bozo_exception")).__name__
    if broken:  # its loose parser leaves references in guids, and one bad byte must not make new entries of all
        for entry in found.entries:
            if "&" in (entry.get("id") or ""):
                entry["id"] = text.decode_references(entry["id"])
    entries = tuple(_entry(entry, url or home, guids, permalinks) for entry in found.entries)
    return ParsedFeed(
        format=_FORMATS.get(found.get("version") or "", "unknown"),
        title=_title(feed),
        link=home,
        language=_word(feed.get("language")),
        entries=entries,
        warnings=(f"not well-formed: {_say(found.bozo_exception)}",) if broken else (),
        reader="feedparser",
        ttl=_ttl(feed.get("ttl")),
    )


class _Guids:
    """Guids as written. feedparser resolves them against xml:base, and a feed that moves would change them all.

    Where that may happen each guid is replaced by a word that nothing resolves, and put back afterwards; in texts too, for
    some show the source of a feed.
    """

    def __init__(self) -> None:
        self._written: list[str] = []

    def hide(self, document: str) -> str:
        return _ID.sub(self._hide_one, document) if "xml:base" in document or ":///" in document else document

    def _hide_one(self, found: re.Match[str]) -> str:
        inner = found[3].strip()
        written = inner[9:-3] if inner.startswith("<![CDATA[") else unescape(inner)
        self._written.append(text.repair(written.strip()))
        return f"{found[1]}urn:x-monitor:{len(self._written) - 1}:{found[4]}"

    def back(self, value: str | None) -> str | None:
        if value is None or not self._written:
            return value
        return _HIDDEN_ID.sub(lambda found: self._written[int(found[1])], value)


def _entry(entry: Mapping[str, Any], base: str | None, guids: _Guids, permalinks: bool) -> FeedEntry:
    guid = guids.back(entry.get("id"))
    contents = [item for item in entry.get("content") or () if item.get("value")]
    longest = max(contents, key=lambda item: len(item["value"])) if contents else {}
    written, detail = entry.get("summary") or "", entry.get("summary_detail") or {}
    kind = detail.get("type", "") if detail.get("value") == written else "text/html"
    longest_text = guids.back(longest.get("value", "")) or ""
    summary, content = text.summary_and_content((guids.back(written) or "", kind), (longest_text, longest.get("type", "")))
    return FeedEntry(
        guid=guid or None,
        url=_link(entry, base) or (links.absolute(guid) if permalinks or (guid and entry.get("link") == entry.get("id")) else None),
        title=guids.back(_title(entry)),
        author=_author(entry),
        published_at=_date(entry, "published"),
        updated_at=_date(entry, "updated"),
        summary=summary or None,
        content=content or None,
    )


def _author(entry: Mapping[str, Any]) -> str | None:
    """The author as written; of several (feedparser's `author` is the last) the names of all."""
    several = entry.get("authors") or ()
    if len(several) > 1:
        return authors.together((one.get("name") or "", one.get("email") or "") for one in several)
    return text.line(entry.get("author") or "", html=False) or None


def _title(context: Mapping[str, Any]) -> str | None:
    written, detail = context.get("title") or "", context.get("title_detail") or {}
    kind = detail.get("type", "") if detail.get("value") == written else "text/plain"
    return text.line(written, html=text.is_html(written, kind)) or None


def _link(entry: Mapping[str, Any], base: str | None) -> str | None:
    """The first http(s) alternate that is a page, then any other alternate."""
    found = [item for item in entry.get("links") or () if item.get("rel", "alternate") == "alternate"]
    pages = [item.get("href") for item in found if item.get("type", "text/html") in text.HTML_TYPES]
    return links.first([*pages, *(item.get("href") for item in found)], base)


def _date(entry: Mapping[str, Any], name: str) -> datetime | None:
    # "in" and not get(): feedparser answers "published" for a missing "updated", with a warning.
    written = entry[name] if name in entry.keys() else None  # noqa: SIM118
    if not written:
        return None
    read = dates.parse_date(written)
    if read is None and not written.isascii() and not written[:1].isdigit() and entry.get(f"{name}_parsed"):  # Greek ones
        year, month, day, hour, minute, second = entry[f"{name}_parsed"][:6]
        return dates.in_range(datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC))
    return read


def _word(value: str | None) -> str | None:
    return text.line(value, html=False)[:64] or None if value else None


def _ttl(value: str | None) -> float | None:
    """RSS's ttl is in minutes."""
    return float(value) * 60 if value and value.strip().isascii() and value.strip().isdigit() and len(value) < 8 else None


def _say(error: Any) -> str:
    place = f", line {error.getLineNumber()}" if hasattr(error, "getLineNumber") else ""
    return f"{error.getMessage() if hasattr(error, 'getMessage') else error}{place}"
