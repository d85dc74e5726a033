from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from monitor.errors import FetchError
from monitor.net import Client

from .conftest import Site, Talk


async def read_request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next((int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")), 0)
    return await reader.readexactly(length)


async def test_body_and_headers_arrive(client: Client, site: Site) -> None:
    site.says("/hook", "ok", status=202)
    answer = await client.post(site.url("/hook"), body=b'{"a": 1}', headers={"Content-Type": "application/json", "webhook-id": "d1"})
    assert (answer.status, answer.body, answer.url) == (202, b"ok", site.url("/hook"))
    (request,) = site.requests
    assert (request.method, site.bodies) == ("POST", [b'{"a": 1}'])
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["webhook-id"] == "d1"


async def test_of_the_answer_so_much_is_kept(client: Client, site: Site) -> None:
    site.says("/", b"x" * 70_000)
    assert len((await client.post(site.url(), body=b"")).body) == 64_000
    assert (await client.post(site.url(), body=b"", limit=10)).body == b"x" * 10


@pytest.mark.parametrize("status", [200, 400, 404, 410, 429, 500])
async def test_any_status_is_an_answer(client: Client, site: Site, status: int) -> None:
    site.says("/", "why", status=status)
    answer = await client.post(site.url(), body=b"")
    assert (answer.status, answer.body) == (status, b"why")


@pytest.mark.parametrize(
    "rest",
    [
        b"Content-Length: 100\r\n\r\nhalf",
        b"Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
        b"Content-Length: 4\r\nContent-Encoding: gzip\r\n\r\nhalf",
        b"Content-Length: 4\r\nContent-Encoding: gzip, br\r\n\r\nhalf",
    ],
)
async def test_a_status_in_hand_counts_whatever_its_body_does(client: Client, raw: Callable[[Talk], Awaitable[str]], rest: bytes) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\n" + rest)
        await writer.drain()
        writer.close()

    answer = await client.post(await raw(talk), body=b"{}")
    assert answer.status == 200
    assert answer.body in (b"half", b"")


async def test_a_body_that_never_ends_is_not_waited_for(client: Client, raw: Callable[[Talk], Awaitable[str]]) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        await asyncio.Event().wait()

    answer = await client.post(await raw(talk), body=b"{}", deadline=3.0)
    assert (answer.status, answer.body) == (200, b"half")


async def test_no_answer_within_the_deadline(client: Client, raw: Callable[[Talk], Awaitable[str]]) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    with pytest.raises(FetchError) as caught:
        await client.post(await raw(talk), body=b"{}", deadline=0.1)
    assert caught.value.code == "timeout"


async def test_a_post_is_sent_once_though_the_connection_breaks(client: Client, raw: Callable[[Talk], Awaitable[str]]) -> None:
    arrived: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        arrived.append(await read_request(reader))

    with pytest.raises(FetchError) as caught:
        await client.post(await raw(talk), body=b"{}")
    assert caught.value.code == "connect"
    assert arrived == [b"{}"]


async def test_the_path_of_a_webhook_is_in_no_error(client: Client) -> None:
    for url in ("http://127.0.0.1:1/services/hunter2?k=hunter2", "http://127.0.0.1:x/hunter2", "http://10.0.0.1/hunter2", "x://y/hunter2"):
        with pytest.raises(FetchError) as caught:
            await client.post(url, body=b"")
        error = caught.value
        assert "hunter2" not in f"{error} {error.remedy} {error.__cause__}"
        assert error.__suppress_context__


async def test_a_header_with_a_line_break_is_not_sent(client: Client, site: Site) -> None:
    site.says("/")
    with pytest.raises(FetchError) as caught:
        await client.post(site.url(), body=b"", headers={"X-Title": "a\r\nX-Evil: hunter2"})
    assert caught.value.code == "bad-url"
    assert "hunter2" not in caught.value.text
    assert site.requests == []


async def test_connections_are_kept_between_posts(client: Client, site: Site) -> None:
    site.says("/", "ok")
    for _ in range(3):
        await client.post(site.url(), body=b"{}")
    assert len(site.connections) == 1


async def test_check_host_for_mail(open_client: Callable[..., Awaitable[Client]]) -> None:
    answers = {
        "mail.example.org": ["93.184.215.14", "2606:4700::1"],
        "inside.example.org": ["10.0.0.7"],
        "xn--bcher-kva.example": ["8.8.8.8"],
    }
    client = await open_client(allow=(), lookup=lambda host, port: answers[host])
    assert await client.check_host("mail.example.org", 587) == answers["mail.example.org"]
    assert await client.check_host("bücher.example", 587) == ["8.8.8.8"]
    assert await client.check_host("inside.example.org", 25, allow_private=True) == ["10.0.0.7"]
    with pytest.raises(FetchError) as caught:
        await client.check_host("inside.example.org", 25)
    assert caught.value.code == "forbidden-address"
    assert "inside.example.org leads to 10.0.0.7" in caught.value.text


async def test_check_host_of_a_name_that_is_not_found(open_client: Callable[..., Awaitable[Client]]) -> None:
    def lookup(host: str, port: int) -> list[str]:
        raise OSError("nope") if host.startswith("odd") else __import__("socket").gaierror(-2, "no")

    client = await open_client(lookup=lookup)
    with pytest.raises(FetchError) as caught:
        await client.check_host("gone.example.org", 25)
    assert caught.value.code == "dns"
    assert "gone.example.org" in caught.value.text
