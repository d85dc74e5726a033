"""The one place that picks the reader of a feed's document: JSON, strict, feedparser, recovering."""

from __future__ import annotations

import dataclasses

from monitor.errors import ParseError
from monitor.model import ParsedFeed

from . import charset, feedparser_reader, json_feed, recovering, sniff
from .sitemap import parse_sitemap
from .sniff import unpacked
from .strict import parse_strict

_MOST_OBJECTS = 2_000  # of a JSON document in the event loop: an empty item costs 13 µs
CHEAP = 50_000  # bytes; over it even the strict reader would hold the event loop for too long


def cheap(body: bytes) -> bool:
    """Whether the strict or the JSON reader may try this document in the event loop."""
    return len(body) <= CHEAP


def parse_sure(body: bytes, url: str | None, content_type: str | None = None) -> ParsedFeed | None:
    """What a document says if a quick reader is sure of it, the JSON one or the strict one; else None. Never raises."""
    if not json_feed.looks_like_json(body):
        return parse_strict(body, url, content_type)
    if body.count(b"{") > _MOST_OBJECTS:
        return None
    try:
        return json_feed.parse_json(body, url, content_type)
    except ParseError:
        return None


def parse_feed(body: bytes, url: str | None, content_type: str | None = None) -> ParsedFeed:
    """Reads a feed's document, whatever its format, a sitemap too. `url` resolves relative links; `content_type` is the header as sent.

    Raises ParseError: `empty`, `html` (its remedy names the feeds that the page links), `not-a-feed`, `too-deep`.
    """
    body = unpacked(body)
    if not body.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise ParseError("empty", "the document is empty", remedy="The server may be at fault; it is asked again.")
    if json_feed.looks_like_json(body):
        return json_feed.parse_json(body, url, content_type)
    return parse_strict(body, url, content_type) or _parse_doubtful(body, url, content_type)


def _parse_doubtful(body: bytes, url: str | None, content_type: str | None) -> ParsedFeed:
    document, warning = charset.decode(body, content_type)
    document = charset.without_declaration(document).lstrip("\ufeff \t\r\n")
    sniff.refuse_html(document, url)
    if sniff.is_sitemap(document):
        return _sitemap(body, url)
    mended = charset.mend(document)
    trimmed = sniff.trim(mended)
    warnings = (*((warning,) if warning else ()), *trimmed.warnings)
    if trimmed.cut and not trimmed.entries:
        raise ParseError("not-a-feed", f"the document breaks off before its first whole entry: {sniff.excerpt(document)}")
    clean = charset.hide_controls(trimmed.document)
    if clean != document or not charset.is_plain_utf8(body, content_type):
        sure = parse_strict(clean.encode("utf-8"), url)
        if sure is not None:
            if clean is not trimmed.document:
                sure = _with_controls(sure)
                warnings = (*warnings, "not well-formed: it has control characters")
            return dataclasses.replace(sure, warnings=warnings)
    document = trimmed.document
    parsed = _tolerant(document, url)
    if parsed is None or not parsed.entries or (parsed.warnings and len(parsed.entries) < sniff.entries_begun(document)):
        parsed = _recovered(document, url, parsed)
    if parsed is None or (parsed.format == "unknown" and not parsed.entries):
        raise sniff.refusal(document)
    return dataclasses.replace(parsed, warnings=(*warnings, *parsed.warnings))


def _sitemap(body: bytes, url: str | None) -> ParsedFeed:
    sitemap = parse_sitemap(body, url)
    if not sitemap.children:
        return sitemap.feed
    named = f"an index of {len(sitemap.children)} sitemaps: a poll reads those that have changed"
    return dataclasses.replace(sitemap.feed, warnings=(*sitemap.feed.warnings, named))


def _recovered(document: str, url: str | None, parsed: ParsedFeed | None) -> ParsedFeed | None:
    """What the recovering reader makes of a document of which `parsed` is all that feedparser found, if that is more."""
    try:
        recovered = recovering.parse_recovering(document, url)
    except ParseError:
        if parsed is not None and parsed.entries:
            return parsed
        raise
    if recovered is None:
        return parsed
    more = parsed is None or parsed.format == "unknown" or len(recovered.entries) > len(parsed.entries)
    return recovered if more else parsed


def _with_controls(parsed: ParsedFeed) -> ParsedFeed:
    show = charset.show_controls
    entries = tuple(
        dataclasses.replace(
            entry,
            guid=show(entry.guid),
            title=show(entry.title),
            author=show(entry.author),
            summary=show(entry.summary),
            content=show(entry.content),
        )
        for entry in parsed.entries
    )
    return dataclasses.replace(parsed, title=show(parsed.title), entries=entries)


def _tolerant(document: str, url: str | None) -> ParsedFeed | None:
    if sniff.costly(document):
        return None
    try:
        return feedparser_reader.parse_tolerant(document, url)
    except Exception:  # noqa: BLE001 - feedparser's own faults on hostile input are of any kind; the recovering reader goes on
        return None
