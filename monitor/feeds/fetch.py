"""The conditional GET of a feed's document (RFC 9110, 9111), over the one HTTP client."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from monitor.errors import FetchError
from monitor.feeds.walls import wall
from monitor.model import Validators
from monitor.net import max_age, retry_after
from monitor.net.headers import http_date

if TYPE_CHECKING:
    from monitor.net.client import Client, Response

ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
LONGEST_MAX_AGE = 3_600.0  # seconds; a longer max-age is a habit of caches, not a wish about feeds
_LASTING = frozenset({401, 403, 404, 405, 410, 451})


@dataclass(frozen=True, slots=True)
class FeedRequest:
    """What is asked: `headers` are the feed's own (authorisation, cookie, user agent) and go to its own origin alone."""

    url: str
    validators: Validators | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    deadline: float = 30.0
    limit: int = 10_000_000
    proxy: str | None = None


@dataclass(frozen=True, slots=True)
class FeedAnswer:
    """What came back: a document, or the word that it is as before.

    `moved_to` is where permanent redirects led, if the chain began with them; `retry_after` (of the redirects too),
    `max_age` and `expires` are seconds. `wall` names what stands before the document, where the answer shows one.
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
    expires: float | None = None
    wall: str | None = None
    links: str = ""  # the Link headers, joined


async def fetch_feed(client: Client, request: FeedRequest, *, now: datetime, take_turn: bool = True) -> FeedAnswer:
    """Asks for a feed, with the validators of its last good answer. `now` makes dates in Retry-After into seconds.

    Raises FetchError: `http` for a status that is neither success nor 304, and all that the client raises.
    """
    validators = request.validators
    response = await _get(client, request, validators, take_turn)
    if response.status == 304 and validators is not None and response.url != validators.url:
        # The feed has moved, and "not modified" where nothing was asked on a condition says nothing about the document.
        validators = None
        response = await _get(client, request, None, take_turn)
    wait = _asked(response, now)
    unchanged = response.status == 304 and validators is not None
    if not unchanged and not 200 <= response.status < 300:
        what = wall(response.status, response.headers, response.body, response.url)
        raise FetchError(
            "http",
            f"answered {response.status} {_phrase(response.status)}".rstrip() + (f": {what}" if what else ""),
            status=response.status,
            retry_after=wait,
            permanent=response.status in _LASTING,
        )
    fresh = max_age(response.headers)
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
        retry_after=wait,
        max_age=None if fresh is None else min(fresh, LONGEST_MAX_AGE),
        took=response.took,
        bytes=response.wire_bytes,
        expires=None if fresh is not None else _expires(response, now),
        wall=None if unchanged else wall(response.status, response.headers, response.body, response.url),
        links=", ".join(response.headers.getall("Link", ())),
    )


async def _get(client: Client, request: FeedRequest, validators: Validators | None, take_turn: bool) -> Response:
    return await client.get(
        request.url,
        headers={"Accept": ACCEPT, **request.headers},
        secret_headers=[name for name in request.headers if name.lower() != "user-agent"],
        validators=validators,
        limit=request.limit,
        deadline=request.deadline,
        take_turn=take_turn,
        proxy=request.proxy,
    )


def _asked(response: Response, now: datetime) -> float | None:
    """Retry-After, of the answer or of a redirect on the way: the longest counts."""
    own = retry_after(response.headers, now)
    if not response.asked_on_way:
        return own
    on_way = [retry_after({"Retry-After": value}, now) for value in response.asked_on_way]
    return max((wait for wait in (own, *on_way) if wait is not None), default=None)


def _expires(response: Response, now: datetime) -> float | None:
    """Seconds until Expires (RFC 9111, section 5.3); None where it is absent, unreadable or past."""
    value = response.headers.get("Expires")
    moment = http_date(value) if value else None
    seconds = None if moment is None else (moment - now).total_seconds()
    return seconds if seconds is not None and seconds > 0 else None


def _moved_to(response: Response) -> str | None:
    """The address that the permanent redirects at the head of the chain lead to."""
    target = None
    addresses = [*(url for _, url in response.history[1:]), response.url]
    for (status, _), address in zip(response.history, addresses, strict=False):
        if status not in (301, 308):
            break
        target = address
    return target


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
