"""JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1): its own reader, for feedparser 6 reads none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from monitor.errors import ParseError
from monitor.model import FeedEntry, ParsedFeed

from . import authors, dates, links, text
from .charset import decode

_FORMATS = {"1": "json 1.0", "1.0": "json 1.0", "1.1": "json 1.1"}


def looks_like_json(body: bytes) -> bool:
    return body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def parse_json(body: bytes, url: str | None, content_type: str | None = None) -> ParsedFeed:
    """Reads a JSON Feed. An item that is no object is passed over with a warning; a bad value costs itself alone.

    Raises ParseError: `not-a-feed` for JSON that is none, `too-deep` for one nested past what is read.
    """
    document, warning = decode(body, content_type)
    warnings = [warning] if warning else []
    try:
        data = json.loads(document, strict=False, parse_int=_number, parse_float=_number)
    except RecursionError:
        raise ParseError("too-deep", "the JSON document is nested too deeply") from None
    except ValueError as error:
        data = _recover(document)
        if data is None:
            raise ParseError("not-a-feed", f"not JSON: {error}", remedy="See what the address answers in a browser.") from None
        warnings.append(f"broken JSON, whole items were read: {error}")
    if not isinstance(data, dict) or not (isinstance(data.get("items"), list) and ("version" in data or "title" in data)):
        raise ParseError("not-a-feed", "a JSON document that is no JSON Feed: it has no list `items`")
    home = links.absolute(_text(data.get("home_page_url")), url)
    items = data["items"]
    entries = tuple(_entry(item, url or home) for item in items if isinstance(item, dict))
    if len(entries) < len(items):
        warnings.append(f"{len(items) - len(entries)} items are no objects")
    version = str(data.get("version") or "").rstrip("/").rpartition("/")[2]
    return ParsedFeed(
        format=_FORMATS.get(version, "json"),
        title=text.line(_text(data.get("title")) or "", html=False) or None,
        link=home,
        language=_text(data.get("language")) or None,
        entries=entries,
        warnings=tuple(warnings),
        reader="json",
    )


def _entry(item: Mapping[str, Any], base: str | None) -> FeedEntry:
    url = links.first([_text(item.get("url")), _text(item.get("external_url"))], base)
    guid = _text(item.get("id"))
    if url is None and guid and guid.startswith(("http://", "https://")):
        url = links.absolute(guid)
    html, plain = _text(item.get("content_html")), _text(item.get("content_text"))
    content = text.lines(html) if html else text.plain_lines(plain or "")
    return FeedEntry(
        guid=guid or None,
        url=url,
        title=text.line(_text(item.get("title")) or "", html=False) or None,
        author=_author(item),
        published_at=_date(item.get("date_published")),
        updated_at=_date(item.get("date_modified")),
        summary=text.line(_text(item.get("summary")) or "", html=False) or None,
        content=content or None,
    )


def _author(item: Mapping[str, Any]) -> str | None:
    several = item.get("authors") if isinstance(item.get("authors"), list) else [item.get("author")]
    return authors.together((_text(one.get("name")) or "", "") for one in several or () if isinstance(one, dict))


def _text(value: object) -> str | None:
    """Strings as they are; numbers, which some write as ids, in digits; anything else is missing."""
    if isinstance(value, str):
        return text.mend(value.strip())
    return str(value) if isinstance(value, _Number) else None


def _date(value: object) -> Any:
    if isinstance(value, _Number):
        try:
            return dates.from_timestamp(float(value))
        except ValueError:
            return None
    return dates.parse_date(value) if isinstance(value, str) else None


class _Number(str):
    """A number as it was written: ids keep all their digits, and one of a million digits costs nothing."""


def _number(written: str) -> _Number:
    return _Number(written[:400])


def _recover(document: str) -> dict[str, Any] | None:
    """The whole items of a JSON Feed that was cut off or breaks somewhere, or None."""
    start = document.find('"items"')
    start = document.find("[", start) + 1 if start >= 0 else 0
    if not start:
        return None
    decoder = json.JSONDecoder(strict=False, parse_int=_number, parse_float=_number)
    items: list[Any] = []
    while True:
        while document[start : start + 1] in (" ", "\t", "\r", "\n", ","):
            start += 1
        try:
            item, start = decoder.raw_decode(document, start)
        except (ValueError, RecursionError):
            break
        items.append(item)
    return {"items": items, "version": "https://jsonfeed.org/version/1.1"} if items else None
