"""The one place that picks the reader of a feed's document: JSON, strict, feedparser, recovering."""

from __future__ import annotations

import dataclasses
import re

from monitor.errors import ParseError
from monitor.model import ParsedFeed

from . import charset, feedparser_reader, json_feed, recovering, sniff
from .strict import parse_strict

CHEAP = 50_000  # bytes; over it even the strict reader would hold the event loop for too long
_CLOSED = re.compile(r"(?:</(?:[\w.-]+:)?(?:rss|feed|rdf|channel)\s*|<(?:rss|feed)\b[^<>]*/)>\s*(?:<!--.*?-->\s*)*\Z", re.I | re.S)
_OPEN = re.compile(r"<(?:[\w.-]+:)?(item|entry)(?=[\s>])", re.I)


def cheap(body: bytes) -> bool:
    """Whether the strict or the JSON reader may try this document in the event loop."""
    return len(body) <= CHEAP


def parse_feed(body: bytes, url: str | None, content_type: str | None = None) -> ParsedFeed:
    """Reads a feed's document, whatever its format. `url` resolves relative links; `content_type` is the header as sent.

    Raises ParseError: `empty`, `html` (its remedy names the feeds that the page links), `not-a-feed`, `too-deep`.
    """
    if not body.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise ParseError("empty", "the document is empty", remedy="The server may be at fault; it is asked again.")
    if json_feed.looks_like_json(body):
        return json_feed.parse_json(body, url, content_type)
    sure = parse_strict(body, url, content_type)
    if sure is not None:
        return sure
    return _parse_doubtful(body, url, content_type)


def _parse_doubtful(body: bytes, url: str | None, content_type: str | None) -> ParsedFeed:
    document, warning = charset.decode(body, content_type)
    document = charset.without_declaration(document).lstrip("\ufeff \t\r\n")
    sniff.refuse_html(document, url)
    parsed = None
    if not sniff.costly(document):
        try:
            parsed = feedparser_reader.parse_tolerant(document, url)
        except Exception:  # noqa: BLE001 - feedparser's own faults on hostile input are many; the recovering reader goes on
            parsed = None
    if parsed is None or not parsed.entries:
        recovered = recovering.parse_recovering(document, url)
        if recovered is not None and (parsed is None or parsed.format == "unknown" or recovered.entries):
            parsed = recovered
    if parsed is None or (parsed.format == "unknown" and not parsed.entries):
        raise sniff.refusal(document)
    return _without_cut(parsed, document, warning)


def _without_cut(parsed: ParsedFeed, document: str, warning: str | None) -> ParsedFeed:
    """Leaves out the last entry where the document breaks off inside it: half a link or a guid is worse than none."""
    warnings = [*([warning] if warning else []), *parsed.warnings]
    entries = parsed.entries
    if not _CLOSED.search(document[-4096:]):
        opened = list(_OPEN.finditer(document))
        last = opened[-1] if opened else None
        if last is not None and not re.search(rf"</(?:[\w.-]+:)?{last[1]}\s*>", document[last.end() :], re.I):
            entries = entries[:-1] if len(entries) == len(opened) else entries
            warnings.append("the document breaks off inside its last entry, which is left out")
        else:
            warnings.append("the document breaks off")
        if not entries:
            raise ParseError("not-a-feed", f"the document breaks off before its first whole entry: {sniff.excerpt(document)}")
    return dataclasses.replace(parsed, entries=entries, warnings=tuple(warnings))
