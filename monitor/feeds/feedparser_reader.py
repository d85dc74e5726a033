"""The tolerant reader: feedparser, for all that the strict reader is not sure of.

feedparser tries what it is given as a URL and as a file name first, so it only ever gets a stream of bytes. It is slow,
and quadratic on some hostile input: it runs in a worker process that can be killed, never in the event loop.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

from monitor.model import FeedEntry, ParsedFeed

from . import dates, links, text

_FORMATS = {
    "rss": "rss", "rss090": "rdf", "rss091n": "rss 0.91", "rss091u": "rss 0.91", "rss092": "rss 0.92", "rss093": "rss 0.93",
    "rss094": "rss 0.94", "rss10": "rdf", "rss20": "rss 2.0", "atom": "atom", "atom01": "atom 0.1", "atom02": "atom 0.2",
    "atom03": "atom 0.3", "atom10": "atom 1.0", "cdf": "cdf",
}  # fmt: skip
_HTML = ("text/html", "application/xhtml+xml")
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,12})|([0-9]{1,12}));?")
_ID = re.compile(r"<(?:[\w.-]+:)?(?:id|guid)\b[^>]*>\s*(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?\s*</", re.S)
_BASE = re.compile(r"\bxml:base\s*=\s*[\"']([^\"']*)")


def parse_tolerant(document: str, url: str | None) -> ParsedFeed:
    """What feedparser finds in `document` (without an XML declaration), which may be nothing at all."""
    import feedparser  # only workers pay for its import

    document = _REFERENCE.sub(_mend_reference, text.mend(document))
    headers = {"content-type": "application/xml; charset=utf-8"}
    body = b"<?xml version='1.0' encoding='utf-8'?>\n" + document.encode("utf-8")
    found = feedparser.parse(io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    feed = found.get("feed") or {}
    home = links.absolute(feed.get("link"), url)
    raw_ids = _raw_ids(document) if "xml:base" in document else {}
    entries = tuple(_entry(entry, url or home, raw_ids) for entry in found.entries)
    broken = found.get("bozo") and "SAX" in type(found.get("bozo_exception")).__name__
    return ParsedFeed(
        format=_FORMATS.get(found.get("version") or "", "unknown"),
        title=_visible(feed.get("title_detail"), feed.get("title")) or None,
        link=home,
        language=_word(feed.get("language")),
        entries=entries,
        warnings=(f"not well-formed: {_say(found.bozo_exception)}",) if broken else (),
        reader="feedparser",
        ttl=_ttl(feed.get("ttl")),
    )


def _entry(entry: Mapping[str, Any], base: str | None, raw_ids: Mapping[str, str]) -> FeedEntry:
    guid = entry.get("id")
    contents = [item for item in entry.get("content") or () if item.get("value")]
    longest = max(contents, key=lambda item: len(item["value"])) if contents else None
    return FeedEntry(
        guid=text.mend(raw_ids.get(guid, guid)) if guid else None,
        url=_link(entry, base),
        title=_visible(entry.get("title_detail"), entry.get("title")) or None,
        author=text.line(entry.get("author") or "", html=False) or None,
        published_at=_date(entry, "published"),
        updated_at=_date(entry, "updated"),
        summary=_visible(entry.get("summary_detail"), entry.get("summary"), default="text/html") or None,
        content=_visible(longest, longest["value"], many=True) or None if longest else None,
    )


def _link(entry: Mapping[str, Any], base: str | None) -> str | None:
    """The first http(s) alternate that is a page, then any alternate, then a guid that is a permalink."""
    found: Sequence[Mapping[str, Any]] = [item for item in entry.get("links") or () if item.get("rel", "alternate") == "alternate"]
    pages = [item.get("href") for item in found if item.get("type", "text/html") in ("html", *_HTML)]
    return links.first([*pages, *(item.get("href") for item in found), entry.get("link")], base)


def _visible(detail: Mapping[str, Any] | None, value: str | None, *, many: bool = False, default: str = "text/plain") -> str:
    if not value:
        return ""
    kind = (detail or {}).get("type") or default
    html = kind in _HTML or "html" in kind or text.looks_like_html(value)
    return (text.lines if many else text.line)(value, html=html)


def _date(entry: Mapping[str, Any], name: str) -> datetime | None:
    # "in" and not get(): feedparser answers "published" for a missing "updated", with a warning.
    written = entry[name] if name in entry.keys() else None  # noqa: SIM118
    if not written:
        return None
    read = dates.parse_date(written)
    if read is None and entry.get(f"{name}_parsed"):  # Korean, Greek, Hungarian ones
        try:
            year, month, day, hour, minute, second = entry[f"{name}_parsed"][:6]
            read = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        except (ValueError, TypeError):
            return None
    return read if read is not None and dates.EARLIEST <= read.year <= dates.LATEST else None


def _word(value: str | None) -> str | None:
    return text.line(value, html=False)[:64] or None if value else None


def _ttl(value: str | None) -> float | None:
    """RSS's ttl is in minutes."""
    return float(value) * 60 if value and value.strip().isascii() and value.strip().isdigit() and len(value) < 8 else None


def _say(error: Any) -> str:
    place = f", line {error.getLineNumber()}" if hasattr(error, "getLineNumber") else ""
    return f"{error.getMessage() if hasattr(error, 'getMessage') else error}{place}"


def _mend_reference(found: re.Match[str]) -> str:
    """A reference to a character that XML does not have would end the parse, or feedparser itself."""
    number = int(found[1], 16) if found[1] else int(found[2])
    sound = number in (9, 10, 13) or 32 <= number < 0xD800 or 0xDFFF < number < 0xFFFE or 0xFFFF < number < 0x110000
    return found[0] if sound else "&#xFFFD;"


def _raw_ids(document: str) -> dict[str, str]:
    """Ids as written, by what feedparser makes of them under xml:base: a moved feed must not change its guids."""
    bases = set(_BASE.findall(document)[:100])
    written = {found.replace("&amp;", "&") for found in _ID.findall(document) if ":" not in found[:12]}
    found: dict[str, str] = {}
    for base in bases:
        for raw in written:
            try:
                found.setdefault(urljoin(base, raw), raw)
            except ValueError:
                continue
    return found
