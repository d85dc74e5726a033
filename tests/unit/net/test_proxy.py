from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from monitor.errors import ConfigError, FetchError
from monitor.net import Client
from monitor.net.transport import parse_proxy

from .certificates import AUTHORITY, certificate, server_context
from .conftest import Site, Talk

PUBLIC = "93.184.215.14"
LEADS = {"news.example.org": [PUBLIC], "inside.example.org": [PUBLIC, "10.0.0.1"], "localhost": ["127.0.0.1"]}


def lookup(host: str, port: int) -> list[str]:
    if host not in LEADS:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")
    return LEADS[host]


class Proxy:
    """An HTTP proxy that leads every request to one port of loopback, and notes what it was asked."""

    def __init__(self, port: int, status: bytes = b"200 OK") -> None:
        self.port = port
        self.status = status
        self.asked: list[bytes] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            self.asked.append(head)
            if head.startswith(b"CONNECT"):
                writer.write(b"HTTP/1.1 " + self.status + b"\r\n\r\n")
                if not self.status.startswith(b"200"):
                    return
                inside, outside = await asyncio.open_connection("127.0.0.1", self.port)
                try:
                    await asyncio.gather(self.pump(reader, outside), self.pump(inside, writer))
                finally:
                    outside.transport.abort()
                return
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nproxied")

    async def pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()


@pytest.fixture
async def proxy(raw: Callable[[Talk], Awaitable[str]], site: Site) -> tuple[Proxy, str]:
    proxy = Proxy(site.port)
    return proxy, await raw(proxy)


async def test_requests_go_through_the_proxy(open_client: Callable[..., Awaitable[Client]], proxy: tuple[Proxy, str]) -> None:
    seen, url = proxy
    # Nothing on loopback is allowed here: the proxy itself is the operator's word.
    client = await open_client(allow=(), proxy=url.replace("//", "//user:secret@"), lookup=lambda host, port: [PUBLIC])
    assert (await client.get("http://news.example.org/feed")).body == b"proxied"
    assert (await client.post("http://news.example.org/hook", body=b"")).body == b"proxied"
    assert seen.asked[0].startswith(b"GET http://news.example.org/feed HTTP/1.1\r\n")
    assert seen.asked[1].startswith(b"POST http://news.example.org/hook HTTP/1.1\r\n")
    assert all(b"Proxy-Authorization: Basic " in head for head in seen.asked)


async def test_tls_goes_through_a_tunnel(
    open_client: Callable[..., Awaitable[Client]],
    open_site: Callable[..., Awaitable[Site]],
    raw: Callable[[Talk], Awaitable[str]],
    tmp_path: Path,
) -> None:
    site = await open_site(ssl=server_context(tmp_path, ("news.example.org",)))
    site.says("/", "safe")
    seen = Proxy(site.port)
    ca_file = tmp_path / "ca.pem"
    ca_file.write_text(certificate(AUTHORITY, AUTHORITY))
    client = await open_client(allow=(), proxy=await raw(seen), ca_file=str(ca_file), lookup=lambda host, port: [PUBLIC])
    assert (await client.get("https://news.example.org/")).body == b"safe"
    assert seen.asked[0].startswith(b"CONNECT news.example.org:443 ")


async def test_names_and_literals_are_checked_before_they_are_handed_over(
    open_client: Callable[..., Awaitable[Client]], proxy: tuple[Proxy, str]
) -> None:
    seen, url = proxy
    client = await open_client(allow=(), proxy=url, lookup=lookup)
    for target in (
        "http://10.0.0.1/",
        "http://0x7f.1/",
        "http://[::1]/",
        "http://localhost/",
        "http://inside.example.org/",
        "http://printer/",
        "http://printer.local/",
        "http://db.internal/",
        "http://x.localhost./",
    ):
        for attempt in (client.get(target), client.post(target, body=b"")):
            with pytest.raises(FetchError) as caught:
                await attempt
            assert caught.value.code == "forbidden-address", target
    assert seen.asked == []
    # A name that only the proxy can look up is its business.
    assert (await client.get("http://unknown-here.example.org/")).body == b"proxied"


async def test_private_relays_are_reached_without_the_proxy(
    open_client: Callable[..., Awaitable[Client]], proxy: tuple[Proxy, str], site: Site
) -> None:
    seen, url = proxy
    site.says("/hook", "direct")
    client = await open_client(allow=(), proxy=url)
    assert (await client.post(site.url("/hook"), body=b"{}", allow_private=True)).body == b"direct"
    assert seen.asked == []


async def test_a_proxy_of_one_request_is_checked_like_anything_else(
    open_client: Callable[..., Awaitable[Client]], proxy: tuple[Proxy, str]
) -> None:
    seen, url = proxy
    client = await open_client(allow=(), lookup=lambda host, port: ["127.0.0.1"] if host == "proxy.example.org" else [PUBLIC])
    for address in (url, url.replace("127.0.0.1", "proxy.example.org"), "socks5://127.0.0.1:1"):
        with pytest.raises(FetchError) as caught:
            await client.get("http://news.example.org/", proxy=address)
        assert caught.value.code in ("forbidden-address", "bad-url")
    assert seen.asked == []
    allowed = await open_client(lookup=lookup)
    assert (await allowed.get("http://news.example.org/", proxy=url)).body == b"proxied"
    with pytest.raises(FetchError):
        await allowed.get("http://inside.example.org/", proxy=url)
    assert len(seen.asked) == 1


async def test_a_proxy_that_refuses_or_is_gone(
    open_client: Callable[..., Awaitable[Client]], raw: Callable[[Talk], Awaitable[str]]
) -> None:
    url = await raw(Proxy(1, b"407 Proxy Authentication Required"))
    refusing = await open_client(proxy=url.replace("//", "//user:secret@"), lookup=lambda host, port: [PUBLIC])
    with pytest.raises(FetchError) as caught:
        await refusing.get("https://news.example.org/")
    assert caught.value.code == "connect"
    assert "the proxy does not lead to news.example.org: 407" in caught.value.text
    gone = await open_client(proxy="http://user:secret@127.0.0.1:1", lookup=lambda host, port: [PUBLIC])
    with pytest.raises(FetchError) as caught:
        await gone.get("http://news.example.org/")
    assert caught.value.text == "the proxy refuses the connection"
    assert caught.value.remedy == "Check network.proxy"


@pytest.mark.parametrize("proxy", ["socks5://x:1", "proxy.example.org:3128", "http://", "http://user:hunter2@x:y", ""])
def test_what_is_no_proxy(proxy: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_proxy(proxy)
    assert "hunter2" not in str(caught.value)
