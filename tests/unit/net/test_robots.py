from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from monitor.errors import FetchError
from monitor.net import Client, Robots, Turns
from monitor.net.robots import concerning, product_token

from .conftest import Site

NOW = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
AGENT = "monitor/1.0 (+https://example.org/bot)"


@pytest.fixture
def robots(client: Client) -> Robots:
    return Robots(client, AGENT)


async def forbidden(robots: Robots, url: str, now: datetime = NOW) -> FetchError | None:
    try:
        await robots.check(url, now)
    except FetchError as exc:
        return exc
    return None


async def test_rules_are_kept(robots: Robots, site: Site) -> None:
    site.says("/robots.txt", "User-agent: *\nDisallow: /private\nAllow: /private/open\nDisallow: /*.pdf$\nCrawl-delay: 2.5")
    assert await robots.check(site.url("/news"), NOW) == 2.5
    assert await forbidden(robots, site.url("/private/open/x")) is None
    for path in ("/private", "/private/x", "/a/b.pdf"):
        error = await forbidden(robots, site.url(path))
        assert error is not None
        assert (error.code, error.permanent) == ("robots", True)
        assert "127.0.0.1" in error.text
    assert await forbidden(robots, site.url("/a/b.pdf?x")) is None
    assert len(site.requests) == 1


async def test_our_own_group_goes_before_the_one_for_all(robots: Robots, site: Site) -> None:
    site.says("/robots.txt", "User-agent: *\nDisallow: /\n\nUser-agent: other\nUser-agent: Monitor\nDisallow: /no\nCrawl-delay: 1\n")
    assert await robots.check(site.url("/yes"), NOW) == 1.0
    assert await forbidden(robots, site.url("/no")) is not None


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
async def test_none_there_allows_all(robots: Robots, site: Site, status: int) -> None:
    site.says("/robots.txt", "User-agent: *\nDisallow: /", status=status)
    assert await robots.check(site.url("/x"), NOW) == 0.0


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_none_to_be_had_forbids_all_for_now(robots: Robots, site: Site, status: int) -> None:
    site.says("/robots.txt", status=status)
    error = await forbidden(robots, site.url("/x"))
    assert error is not None
    assert (error.code, error.permanent) == ("robots", False)
    assert str(status) in error.text
    site.says("/robots.txt", "User-agent: *\nDisallow: /y")
    assert await forbidden(robots, site.url("/x"), NOW + timedelta(seconds=59)) is not None
    assert await forbidden(robots, site.url("/x"), NOW + timedelta(seconds=61)) is None


async def test_nobody_there_forbids_for_now_and_a_forbidden_address_for_good(robots: Robots) -> None:
    error = await forbidden(robots, "http://127.0.0.1:1/x")
    assert error is not None
    assert (error.code, error.permanent) == ("robots", False)
    assert "refuses the connection" in error.text
    error = await forbidden(robots, "http://10.0.0.1/x")
    assert error is not None
    assert error.code == "forbidden-address"
    error = await forbidden(robots, "http://[::1]./")
    assert error is not None
    assert error.code == "bad-url"


async def test_kept_a_day_for_each_origin(robots: Robots, site: Site, open_site: Callable[..., Awaitable[Site]]) -> None:
    other = await open_site()
    for which in (site, other):
        which.says("/robots.txt", "User-agent: *\nDisallow: /x")
    for hours in (0, 1, 23):
        assert await forbidden(robots, site.url("/x"), NOW + timedelta(hours=hours)) is not None
    assert await forbidden(robots, other.url("/x")) is not None
    assert (len(site.requests), len(other.requests)) == (1, 1)
    await forbidden(robots, site.url("/x"), NOW + timedelta(hours=25))
    assert len(site.requests) == 2
    # A clock that jumps back leaves nothing standing for years.
    await forbidden(robots, site.url("/x"), NOW - timedelta(days=900))
    assert len(site.requests) == 3


async def test_many_at_once_ask_once(robots: Robots, site: Site) -> None:
    site.says("/robots.txt", "User-agent: *\nDisallow: /x")
    errors = await asyncio.gather(*(forbidden(robots, site.url("/x")) for _ in range(10)))
    assert all(error is not None for error in errors)
    assert len(site.requests) == 1


async def test_who_is_cancelled_while_asking_leaves_it_to_the_next(robots: Robots, site: Site) -> None:
    arrived, go_on = asyncio.Event(), asyncio.Event()

    async def slow(request: web.BaseRequest) -> web.StreamResponse:
        arrived.set()
        await go_on.wait()
        return web.Response(text="User-agent: *\nDisallow: /x")

    site.on("/robots.txt", slow)
    first = asyncio.create_task(robots.check(site.url("/x"), NOW))
    await arrived.wait()
    second = asyncio.create_task(forbidden(robots, site.url("/x")))
    first.cancel()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert await second is not None


async def test_it_uses_the_turn_its_caller_holds(open_client: Callable[..., Awaitable[Client]], site: Site) -> None:
    turns = Turns(1)
    client = await open_client(turns=turns)
    robots = Robots(client, AGENT)
    site.says("/robots.txt", "")
    site.says("/x", "page")

    async def ask(url: object) -> None:
        await robots.check(str(url), NOW)

    assert (await client.get(site.url("/x"), before_hop=ask)).body == b"page"
    assert [request.path for request in site.requests] == ["/robots.txt", "/x"]
    assert turns.full() == frozenset()


async def test_redirects_are_followed_and_other_bytes_are_read(robots: Robots, site: Site) -> None:
    site.redirects("/robots.txt", "/elsewhere")
    site.says("/elsewhere", b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /\xff\xfe\r\nDisallow: /x")
    assert await forbidden(robots, site.url("/x")) is not None
    assert await forbidden(robots, site.url("/y")) is None


async def test_a_delay_of_a_year_is_a_minute(robots: Robots, site: Site) -> None:
    site.says("/robots.txt", "User-agent: *\nCrawl-delay: 31536000")
    assert await robots.check(site.url("/"), NOW) == 60.0


async def test_the_memory_is_bounded(robots: Robots, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.net.robots._MAX_ORIGINS", 3)
    monkeypatch.setattr("monitor.net.robots._MAX_RULES", 100)
    site.says("/robots.txt", "User-agent: *\nDisallow: /" + "x" * 40)
    for number in range(1, 9):
        await robots.check(f"http://127.0.0.{number}:{site.port}/", NOW) if number == 1 else await forbidden(
            robots, f"http://127.0.0.{number}:1/"
        )
    assert len(robots._sites) <= 3
    assert robots._size == sum(entry.size for entry in robots._sites.values()) <= 100


def test_a_file_of_a_hundred_million_pairs_is_read_at_once() -> None:
    text = (
        "".join(f"User-agent: a{number}\n" for number in range(15_000))
        + "User-agent: *\n"
        + "".join(f"Disallow: /{n}\n" for n in range(15_000))
    )
    kept = concerning(text, "monitor")
    assert kept.startswith("User-agent: *\nDisallow: /0\n")
    assert len(kept.splitlines()) == 5_001


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("User-agent: a\nDisallow: /a\n\nUser-agent: *\nDisallow: /b", "User-agent: *\nDisallow: /b"),
        ("user agent monitor\nallow /x", "User-agent: monitor\nallow /x"),
        ("UserAgent: MONITOR/2\nSitemap: https://x/s\nUser-agent: b\nDisallow: /x # why", "User-agent: monitor\nDisallow: /x"),
        ("User-agent: monitor\nUser-agent:\nDisallow: /x", "User-agent: monitor\nDisallow: /x"),
        ("User-agent: monitor\njust words\nUser-agent: b\nDisallow: /x", "User-agent: monitor\nDisallow: /x"),
        ("User-agent: monitoring\nDisallow: /", ""),
        ("Disallow: /", ""),
        ("<html><body>404: not found</body></html>", ""),
        ("User-agent: *\nDisallow: /" + "x" * 9_999 + "\nDisallow: /y", "User-agent: *\nDisallow: /y"),
        ("", ""),
    ],
)
def test_the_groups_that_concern_us(text: str, kept: str) -> None:
    assert concerning(text, "monitor") == kept


@pytest.mark.parametrize(
    ("agent", "token"),
    [
        ("monitor/1.0 (+https://example.org)", "monitor"),
        ("News-Monitor", "news-monitor"),
        ("Mozilla/5.0 (compatible; FooBot/2.1; +https://x)", "foobot"),
        ("", "*"),
        ("1234", "*"),
    ],
)
def test_the_name_robots_txt_calls_us_by(agent: str, token: str) -> None:
    assert product_token(agent) == token
