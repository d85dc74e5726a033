"""The conditional GET of a feed, against a real server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from aiohttp import web

from monitor.errors import FetchError
from monitor.feeds.fetch import FeedAnswer, FeedRequest, fetch_feed
from monitor.model import Validators
from monitor.net import AddressGuard, Client, Turns

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
BODY = b"<rss version='2.0'><channel/></rss>"


@dataclass
class Site:
    """A server on loopback whose answers are functions of the request, by path."""

    port: int = 0
    requests: list[web.Request] = field(default_factory=list)

    def url(self, path: str = "/feed") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    async def answer(self, request: web.Request) -> web.Response:
        self.requests.append(request)
        match request.path:
            case "/feed":
                if request.headers.get("If-None-Match") == 'W/"v 1"':
                    return web.Response(status=304)
                return web.Response(
                    body=BODY, headers={"ETag": 'W/"v 1"', "Last-Modified": "yesterday-ish", "Cache-Control": "max-age=99999"}
                )
            case "/moved":
                return web.Response(status=301, headers={"Location": "/moved-again"})
            case "/moved-again":
                return web.Response(status=308, headers={"Location": "/for-now"})
            case "/for-now":
                return web.Response(status=302, headers={"Location": "/feed"})
            case "/stubborn":
                return web.Response(status=304)
            case "/busy":
                return web.Response(status=429, headers={"Retry-After": "120"})
            case "/busy-until":
                return web.Response(status=503, headers={"Retry-After": format_datetime(NOW + timedelta(minutes=5), usegmt=True)})
            case "/gone":
                return web.Response(status=410)
            case "/odd":
                return web.Response(status=799)
        return web.Response(status=404)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    runner = web.ServerRunner(web.Server(site.answer), shutdown_timeout=0)  # type: ignore[arg-type]
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    site.port = runner.addresses[0][1]
    yield site
    await runner.cleanup()


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with Client(guard=AddressGuard(["127.0.0.0/8"]), turns=Turns(2), user_agent="monitor-test") as client:
        yield client


async def ask(client: Client, url: str, validators: Validators | None = None, **headers: str) -> FeedAnswer:
    return await fetch_feed(
        client, FeedRequest(url, validators, {name.replace("_", "-"): value for name, value in headers.items()}), now=NOW
    )


async def test_a_first_answer_has_all_that_is_stored(site: Site, client: Client) -> None:
    answer = await ask(client, site.url())
    assert (answer.status, answer.not_modified, answer.body, answer.final_url) == (200, False, BODY, site.url())
    assert (answer.etag, answer.last_modified, answer.max_age, answer.retry_after) == ('W/"v 1"', "yesterday-ish", 3600.0, None)
    assert answer.moved_to is None
    assert len(answer.body_hash) == 16
    assert answer.bytes == len(BODY)
    assert "application/rss+xml" in site.requests[0].headers["Accept"]
    assert "gzip" in site.requests[0].headers["Accept-Encoding"]
    assert "If-None-Match" not in site.requests[0].headers


async def test_validators_go_back_byte_for_byte(site: Site, client: Client) -> None:
    answer = await ask(client, site.url(), Validators(site.url(), 'W/"v 1"', "yesterday-ish"))
    assert (answer.status, answer.not_modified, answer.body, answer.body_hash) == (304, True, b"", b"")
    assert site.requests[0].headers["If-None-Match"] == 'W/"v 1"'
    assert site.requests[0].headers["If-Modified-Since"] == "yesterday-ish"


async def test_validators_of_another_address_are_not_sent(site: Site, client: Client) -> None:
    answer = await ask(client, site.url(), Validators(site.url("/old"), 'W/"v 1"', None))
    assert (answer.status, answer.body) == (200, BODY)


async def test_a_304_that_nobody_asked_for_is_a_failure(site: Site, client: Client) -> None:
    with pytest.raises(FetchError) as failed:
        await ask(client, site.url("/stubborn"))
    assert (failed.value.code, failed.value.status) == ("http", 304)
    with pytest.raises(FetchError):
        await ask(client, site.url("/stubborn"), Validators("http://elsewhere/", "e", None))
    assert len(site.requests) == 3


async def test_only_the_permanent_head_of_a_chain_is_a_move(site: Site, client: Client) -> None:
    answer = await ask(client, site.url("/moved"), Validators(site.url(), 'W/"v 1"', None))
    assert (answer.not_modified, answer.final_url, answer.moved_to) == (True, site.url(), site.url("/for-now"))
    assert (await ask(client, site.url("/for-now"))).moved_to is None


@pytest.mark.parametrize(
    ("path", "status", "wait", "permanent", "text"),
    [
        ("/busy", 429, 120.0, False, "answered 429 Too Many Requests"),
        ("/busy-until", 503, 300.0, False, "answered 503 Service Unavailable"),
        ("/gone", 410, None, True, "answered 410 Gone"),
        ("/missing", 404, None, True, "answered 404 Not Found"),
        ("/odd", 799, None, False, "answered 799"),
    ],
)
async def test_other_answers_are_failures(
    site: Site, client: Client, path: str, status: int, wait: float | None, permanent: bool, text: str
) -> None:
    with pytest.raises(FetchError) as failed:
        await ask(client, site.url(path))
    error = failed.value
    assert (error.code, error.status, error.retry_after, error.permanent, str(error)) == ("http", status, wait, permanent, text)


async def test_the_feeds_own_headers_are_sent(site: Site, client: Client) -> None:
    await ask(client, site.url(), Authorization="Bearer secret", User_Agent="mine")
    assert site.requests[0].headers["Authorization"] == "Bearer secret"
    assert site.requests[0].headers.getall("User-Agent") == ["mine"]
