from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable

import brotli
import pytest
from aiohttp import web
from yarl import URL

from monitor.errors import FetchError
from monitor.model import Validators
from monitor.net import Client, Turns

from .conftest import Site, Talk


async def test_an_answer_as_it_came(client: Client, site: Site) -> None:
    site.says("/feed", "<rss/>", headers={"ETag": '"a"', "Content-Type": "text/xml"})
    answer = await client.get(site.url("/feed"))
    assert (answer.status, answer.body, answer.url, answer.history) == (200, b"<rss/>", site.url("/feed"), ())
    assert answer.headers["etag"] == '"a"'
    assert answer.wire_bytes == 6
    assert 0 < answer.took < 30
    (request,) = site.requests
    assert request.headers["User-Agent"] == "monitor/1.0 (+https://example.org/bot)"
    assert request.headers["Accept-Encoding"] == "gzip, deflate, br, zstd"
    assert "Cookie" not in request.headers


@pytest.mark.parametrize("status", [200, 203, 206, 300, 304, 400, 401, 403, 404, 410, 418, 429, 451, 500, 503, 599, 999])
async def test_any_status_is_an_answer(client: Client, site: Site, status: int) -> None:
    site.says("/", b"" if status == 304 else b"words", status=status, headers={"Retry-After": "7", "ETag": '"b"'})
    answer = await client.get(site.url())
    assert answer.status == status
    assert answer.headers["Retry-After"] == "7"
    assert answer.body == (b"" if status == 304 else b"words")


async def test_the_callers_headers_win(client: Client, site: Site) -> None:
    site.says("/")
    await client.get(site.url(), headers={"user-agent": "mine/2", "Accept": "text/xml", "X-Odd": "ü"})
    (request,) = site.requests
    assert request.headers.getall("User-Agent") == ["mine/2"]
    assert request.headers["Accept"] == "text/xml"
    assert request.headers["X-Odd"] == "ü"


async def test_validators_go_byte_for_byte_to_their_own_url_alone(client: Client, site: Site) -> None:
    site.redirects("/old", "/new")
    site.says("/new", status=304)
    validators = Validators(site.url("/new"), etag='W/"a b\\c"', last_modified="Mon, 5 Jan 26 1:2:3 GMT")
    assert (await client.get(site.url("/old"), validators=validators)).status == 304
    old, new = site.requests
    assert "If-None-Match" not in old.headers
    assert new.headers["If-None-Match"] == 'W/"a b\\c"'
    assert new.headers["If-Modified-Since"] == "Mon, 5 Jan 26 1:2:3 GMT"


@pytest.mark.parametrize(("etag", "date"), [('"a"', None), (None, "Mon, 05 Jan 2026 01:02:03 GMT"), (None, None)])
async def test_only_the_validators_there_are_go_out(client: Client, site: Site, etag: str | None, date: str | None) -> None:
    site.says("/")
    await client.get(site.url(), validators=Validators(site.url(), etag, date))
    headers = site.requests[0].headers
    assert (headers.get("If-None-Match"), headers.get("If-Modified-Since")) == (etag, date)


async def test_connections_are_kept_and_used_again(client: Client, site: Site) -> None:
    site.says("/", "x")
    site.says("/304", status=304)
    site.says("/404", "none", status=404)
    site.redirects("/302", "/")
    for path in ("/", "/304", "/404", "/302", "/", "/404"):
        await client.get(site.url(path))
    assert len(site.connections) == 1


@pytest.mark.parametrize("coding", ["gzip", "br"])
async def test_coded_bodies(client: Client, site: Site, coding: str) -> None:
    text = b"<rss>" * 10_000
    packed = gzip.compress(text) if coding == "gzip" else brotli.compress(text)
    site.says("/", packed, headers={"Content-Encoding": coding})
    answer = await client.get(site.url())
    assert answer.body == text
    assert answer.wire_bytes == len(packed)


async def test_cookies_are_never_sent_back(client: Client, site: Site) -> None:
    site.says("/", "x", headers={"Set-Cookie": "id=1; Path=/"})
    site.says("/set", "x", status=302, headers={"Set-Cookie": "id=2; Path=/", "Location": "/"})
    for path in ("/", "/", "/set"):
        await client.get(site.url(path))
    assert all("Cookie" not in request.headers for request in site.requests)


async def test_the_environment_names_no_proxy(client: Client, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)
    site.says("/", "direct")
    assert (await client.get(site.url())).body == b"direct"


async def test_a_netrc_file_gives_no_credentials(
    client: Client, site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    netrc = tmp_path_factory.mktemp("home") / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password hunter2\n")
    monkeypatch.setenv("NETRC", str(netrc))
    site.says("/")
    await client.get(site.url())
    assert "Authorization" not in site.requests[0].headers


async def test_a_user_in_the_url_becomes_a_header(client: Client, site: Site) -> None:
    site.says("/", "x")
    answer = await client.get(f"http://us%40er:p%C3%A4ss@127.0.0.1:{site.port}/#part")
    assert site.requests[0].headers["Authorization"] == "Basic dXNAZXI6cMOkc3M="
    assert answer.url == site.url("/")


async def test_too_large_by_its_own_word_is_not_read(client: Client, site: Site) -> None:
    site.says("/", b"x" * 2_000)
    with pytest.raises(FetchError) as caught:
        await client.get(site.url(), limit=1_999)
    assert caught.value.code == "too-large"
    assert f"the answer of 127.0.0.1:{site.port} is larger than 1,999 bytes" in caught.value.text
    assert (await client.get(site.url(), limit=2_000)).wire_bytes == 2_000


async def test_of_an_errors_body_the_beginning_is_enough(client: Client, site: Site) -> None:
    site.says("/", b"x" * 100_000, status=500)
    site.says("/broken", b"not gzip", status=500, headers={"Content-Encoding": "gzip"})
    site.says("/layers", b"not gzip", status=500, headers={"Content-Encoding": "gzip, gzip"})
    assert len((await client.get(site.url())).body) == 64_000
    assert (await client.get(site.url("/broken"))).body == b""
    assert (await client.get(site.url("/layers"))).status == 500


async def test_an_errors_body_that_drips_does_not_cost_the_status(client: Client, raw: Callable[[Talk], Awaitable[str]]) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 429 Too Many\r\nRetry-After: 9\r\nContent-Length: 99\r\n\r\nslow")
        await asyncio.Event().wait()

    answer = await client.get(await raw(talk), deadline=3.0)
    assert (answer.status, answer.body, answer.headers["Retry-After"]) == (429, b"slow", "9")


async def test_turns_bound_what_one_host_sees(open_client: Callable[..., Awaitable[Client]], site: Site) -> None:
    turns = Turns(2)
    client = await open_client(turns=turns)
    under_way = most = 0
    gate = asyncio.Event()

    async def slow(request: web.BaseRequest) -> web.StreamResponse:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        if under_way == 2:
            gate.set()
        await gate.wait()
        under_way -= 1
        return web.Response()

    site.on("/", slow)
    answers = await asyncio.gather(*(client.get(site.url()) for _ in range(8)))
    assert [answer.status for answer in answers] == [200] * 8
    assert most == 2
    assert turns.full() == frozenset()


async def test_the_callers_turn_is_used_and_left(open_client: Callable[..., Awaitable[Client]], site: Site) -> None:
    turns = Turns(1)
    client = await open_client(turns=turns)
    site.says("/")
    assert turns.try_take("127.0.0.1")
    assert (await client.get(site.url(), take_turn=False)).status == 200
    assert turns.full() == {"127.0.0.1"}
    with pytest.raises(FetchError) as caught:
        await client.get(site.url(), deadline=0.05)
    assert caught.value.code == "timeout"
    assert "no turn at 127.0.0.1" in caught.value.text
    turns.give("127.0.0.1")
    assert turns.full() == frozenset()


async def test_a_cancelled_request_gives_its_turn_back(open_client: Callable[..., Awaitable[Client]], site: Site) -> None:
    turns = Turns(1)
    client = await open_client(turns=turns)
    arrived, over = asyncio.Event(), asyncio.Event()

    async def never(request: web.BaseRequest) -> web.StreamResponse:
        arrived.set()
        await over.wait()
        return web.Response()

    site.on("/", never)
    task = asyncio.create_task(client.get(site.url()))
    await arrived.wait()
    assert turns.full() == {"127.0.0.1"}
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert turns.full() == frozenset()
    over.set()


async def test_before_hop_sees_every_hop_and_may_forbid_it(client: Client, site: Site) -> None:
    site.redirects("/a", "/b")
    site.says("/b", "x")
    hops: list[str] = []

    async def look(url: URL) -> None:
        hops.append(url.path)

    assert (await client.get(site.url("/a"), before_hop=look)).body == b"x"
    assert hops == ["/a", "/b"]

    async def forbid(url: URL) -> None:
        if url.path == "/b":
            raise FetchError("robots", "robots.txt says no", permanent=True)

    with pytest.raises(FetchError, match="robots.txt says no"):
        await client.get(site.url("/a"), before_hop=forbid)
    assert len(site.seen("/b")) == 1


async def test_before_hop_stands_within_the_deadline(client: Client, site: Site) -> None:
    async def forever(url: URL) -> None:
        await asyncio.Event().wait()

    with pytest.raises(FetchError) as caught:
        await client.get(site.url(), before_hop=forever, deadline=0.05)
    assert caught.value.code == "timeout"
