"""The conditional GET of a feed's document (RFC 9110, 9111), over the one HTTP client."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from monitor.errors import FetchError
from monitor.model import Validators

if TYPE_CHECKING:
    from monitor.net.client import Client, Response

ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
LONGEST_MAX_AGE = 3_600.0  # seconds; a longer max-age is a habit of caches, not a wish about feeds
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", re.I)
_LASTING = frozenset({401, 403, 404, 405, 410, 451})


@dataclass(frozen=True, slots=True)
class FeedRequest:
    """What is asked: `headers` are the feed's own (authorisation, cookie, user agent) and go to its own origin alone."""

    url: str
    validators: Validators | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    deadline: float = 30.0
    limit: int = 10_000_000


@dataclass(frozen=True, slots=True)
class FeedAnswer:
    """What came back: a document, or the word that it is as before.

    `moved_to` is where permanent redirects led, if the chain began with them; `retry_after` and `max_age` are seconds.
    """

    status: int
    not_modified: bool
    body: bytes
    content_type: str | None
    final_url: str
    moved_to: str | None
    etag: str | None
    last_modified: str | None
    body_hash: bytes
    retry_after: float | None
    max_age: float | None
    took: float
    bytes: int


async def fetch_feed(client: Client, request: FeedRequest, *, now: datetime, take_turn: bool = True) -> FeedAnswer:
    """Asks for a feed, with the validators of its last good answer. `now` makes dates in Retry-After into seconds.

    Raises FetchError: `http` for a status that is neither success nor 304, and all that the client raises.
    """
    headers = {"Accept": ACCEPT, **request.headers}
    validators = request.validators
    sent = {}
    if validators is not None:
        sent = {
            name: value for name, value in (("If-None-Match", validators.etag), ("If-Modified-Since", validators.last_modified)) if value
        }
    response = await _get(client, request, {**headers, **sent}, take_turn)
    if response.status == 304 and (validators is None or not sent or response.url != validators.url):
        # "Not modified" against another address's validators says nothing about this one.
        response = await _get(client, request, headers, take_turn)
    retry_after = parse_retry_after(response.headers.get("Retry-After"), now)
    if response.status != 304 and not 200 <= response.status < 300:
        raise FetchError(
            "http",
            f"answered {response.status} {_phrase(response.status)}".rstrip(),
            status=response.status,
            retry_after=retry_after,
            permanent=response.status in _LASTING,
        )
    unchanged = response.status == 304
    return FeedAnswer(
        status=response.status,
        not_modified=unchanged,
        body=b"" if unchanged else response.body,
        content_type=response.headers.get("Content-Type"),
        final_url=response.url,
        moved_to=_moved_to(response),
        etag=response.headers.get("ETag"),
        last_modified=response.headers.get("Last-Modified"),
        body_hash=b"" if unchanged else hashlib.blake2b(response.body, digest_size=16).digest(),
        retry_after=retry_after,
        max_age=parse_max_age(response.headers.get("Cache-Control")),
        took=response.took,
        bytes=response.wire_bytes,
    )


async def _get(client: Client, request: FeedRequest, headers: Mapping[str, str], take_turn: bool) -> Response:
    return await client.get(request.url, headers=headers, limit=request.limit, deadline=request.deadline, take_turn=take_turn)


def _moved_to(response: Response) -> str | None:
    """The address that the permanent redirects at the head of the chain lead to."""
    target = None
    addresses = [*(url for _, url in response.history[1:]), response.url]
    for (status, _), address in zip(response.history, addresses, strict=False):
        if status not in (301, 308):
            break
        target = address
    return target


def parse_retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds from `now` that a Retry-After header asks to wait (RFC 9110, 10.2.3: seconds or a date); None if unread."""
    if not value:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def parse_max_age(value: str | None) -> float | None:
    """Seconds of freshness that Cache-Control grants, an hour at most; None where it grants none."""
    if not value or re.search(r"\bno-(?:cache|store)\b", value, re.I):
        return None
    found = _MAX_AGE.search(value)
    return min(float(found[1]), LONGEST_MAX_AGE) if found else None


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
