"""Nothing is connected to behind a forbidden spelling, whichever way it comes: shown by every dial of the loop."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from monitor.errors import FetchError
from monitor.net import AddressGuard, Client, Robots
from monitor.net.names import GuardedResolver, Names
from monitor.net.transport import SocketFactory

from .conftest import Site
from .spellings import table

NOW = datetime(2026, 1, 5, tzinfo=UTC)
REFUSED = ("forbidden-address", "bad-url")
PUBLIC = "93.184.215.14"


@pytest.fixture
async def dials(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """Every address that the loop tries to connect to; what is not on loopback is refused without leaving the machine."""
    made: list[tuple[Any, ...]] = []
    loop = asyncio.get_running_loop()
    connect = loop.sock_connect

    async def counted(sock: socket.socket, address: tuple[Any, ...]) -> None:
        made.append(address)
        if address[0] not in ("127.77.0.1", "127.0.0.1", "::1"):
            raise ConnectionRefusedError(111, "not in a test")
        await connect(sock, address)

    monkeypatch.setattr(loop, "sock_connect", counted)
    return made


async def refusals(attempt: Callable[[str], Awaitable[object]], hosts: list[str], codes: tuple[str, ...] = REFUSED) -> list[str]:
    """The hosts for which `attempt` was not refused by one of `codes`."""
    passed: list[str] = []
    for host in hosts:
        try:
            await attempt(host)
        except FetchError as exc:
            if exc.code not in codes:
                passed.append(f"{host}: {exc.code}")
        else:
            passed.append(host)
    return passed


async def test_get_post_robots_and_mail_refuse_every_spelling(
    open_client: Callable[..., Awaitable[Client]], site: Site, dials: list[tuple[Any, ...]]
) -> None:
    client = await open_client(allow=())
    robots = Robots(client, "monitor/1.0")

    async def proxied(host: str) -> object:
        return await client.get("http://example.org/", proxy=f"http://{host}:{site.port}", deadline=2)

    ways: list[Callable[[str], Awaitable[object]]] = [
        lambda host: client.get(f"http://{host}:{site.port}/", deadline=2),
        lambda host: client.get(f"https://{host}:{site.port}/", deadline=2),
        lambda host: client.post(f"http://{host}:{site.port}/", body=b"{}", deadline=2),
        lambda host: robots.check(f"http://{host}:{site.port}/page", NOW),
        lambda host: client.check_host(host, site.port),
        proxied,
    ]
    hosts = table()
    for way in ways:
        assert await refusals(way, hosts) == []
    assert dials == []
    assert site.requests == []


async def test_redirects_lead_to_no_forbidden_spelling(
    open_client: Callable[..., Awaitable[Client]], open_site: Callable[..., Awaitable[Site]], site: Site, dials: list[tuple[Any, ...]]
) -> None:
    gate = await open_site("127.77.0.1")
    client = await open_client(allow=("127.77.0.1",))
    robots = Robots(client, "monitor/1.0")
    hosts = [host for host in table() if host and host != "127.0.0.1\u200b"]

    async def redirected(host: str) -> object:
        gate.redirects("/", f"http://{host}:{site.port}/")
        return await client.get(gate.url())

    async def scheme_relative(host: str) -> object:
        gate.redirects("/", f"//{host}:{site.port}/")
        return await client.get(gate.url())

    async def posted(host: str) -> object:
        gate.redirects("/", f"http://{host}:{site.port}/", status=307)
        return await client.post(gate.url(), body=b"{}")

    assert await refusals(redirected, hosts) == []
    assert await refusals(scheme_relative, hosts) == []
    assert await refusals(posted, hosts, ("redirected",)) == []
    gate.redirects("/robots.txt", f"http://127.0.0.1:{site.port}/")
    with pytest.raises(FetchError):
        await robots.check(gate.url("/page"), NOW)
    assert {address[0] for address in dials} == {"127.77.0.1"}
    assert site.requests == []


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/passwd",
        "ftp://example.org/",
        "gopher://127.0.0.1/",
        "javascript:1",
        "data:text/plain,x",
        "unix:///run/x",
        "http://[::1]./",
    ],
)
async def test_redirects_lead_to_http_alone(client: Client, site: Site, target: str) -> None:
    site.redirects("/", target)
    with pytest.raises(FetchError) as caught:
        await client.get(site.url())
    assert caught.value.code == "bad-url"
    assert "redirects" in caught.value.text


LEADS = {
    "private.example.org": ["10.0.0.1"],
    "loop.example.org": ["127.0.0.1"],
    "loop6.example.org": ["::1"],
    "mapped.example.org": ["::ffff:127.0.0.1"],
    "metadata.example.org": ["169.254.169.254"],
    "nat64.example.org": ["64:ff9b::7f00:1"],
    "sixtofour.example.org": ["2002:7f00:1::"],
    "many.example.org": ["10.0.0.1", "127.0.0.1", "::1", "fd00::1"],
    "zone.example.org": ["fe80::1%lo"],
    "localhost": ["127.0.0.1", "::1"],
    "printer": ["192.168.1.9"],
    "127.0.0.1.nip.example": ["127.0.0.1"],
}


def lookup(host: str, port: int) -> list[str]:
    return LEADS[host]


@pytest.mark.parametrize("name", LEADS)
async def test_names_that_lead_inside_are_refused(
    open_client: Callable[..., Awaitable[Client]], site: Site, dials: list[tuple[Any, ...]], name: str
) -> None:
    client = await open_client(allow=(), lookup=lookup)
    for attempt in (
        client.get(f"http://{name}:{site.port}/"),
        client.post(f"http://{name}:{site.port}/", body=b""),
        client.check_host(name, site.port),
    ):
        with pytest.raises(FetchError) as caught:
            await attempt
        assert caught.value.code == "forbidden-address"
        assert name in caught.value.text
    assert dials == []


async def test_of_a_name_with_both_only_the_public_address_is_dialled(
    open_client: Callable[..., Awaitable[Client]], site: Site, dials: list[tuple[Any, ...]]
) -> None:
    client = await open_client(allow=(), lookup=lambda host, port: ["127.0.0.1", PUBLIC, "10.0.0.1"])
    with pytest.raises(FetchError) as caught:
        await client.get(f"http://mixed.example.org:{site.port}/")
    assert caught.value.code == "connect"
    assert {address[0] for address in dials} == {PUBLIC}
    assert await client.check_host("mixed.example.org", 25) == [PUBLIC]


async def test_a_name_that_turns_private_between_two_look_ups(
    open_client: Callable[..., Awaitable[Client]], site: Site, dials: list[tuple[Any, ...]]
) -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"], ["127.0.0.1"]])
    client = await open_client(allow=(), lookup=lambda host, port: next(answers))
    codes: list[str] = []
    for path in ("/a", "/b"):
        with pytest.raises(FetchError) as caught:
            # Another port is another entry of the cache of names, so each asks anew.
            await client.get(f"http://rebind.example.org:{site.port + len(codes)}{path}")
        codes.append(caught.value.code)
    assert codes == ["connect", "forbidden-address"]
    assert {address[0] for address in dials} == {PUBLIC}


async def test_the_socket_wall_stands_without_the_resolver(site: Site, dials: list[tuple[Any, ...]]) -> None:
    names = Names(lambda host, port: ["127.0.0.1", "::1"])
    guard = AddressGuard()
    connector = aiohttp.TCPConnector(resolver=GuardedResolver(names, None), socket_factory=SocketFactory(guard))
    async with aiohttp.ClientSession(connector=connector) as session:
        for host in ("wall.example.org", "127.0.0.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]"):
            with pytest.raises(aiohttp.ClientError):
                await session.get(f"http://{host}:{site.port}/")
    names.close()
    assert dials == []
    assert site.requests == []


async def test_own_listener_is_never_asked(open_client: Callable[..., Awaitable[Client]], site: Site, dials: list[tuple[Any, ...]]) -> None:
    client = await open_client(own=(("127.0.0.1", site.port),), lookup=lambda host, port: ["127.0.0.1"])
    for url in (site.url(), f"http://0.0.0.0:{site.port}/", f"http://name.example.org:{site.port}/"):
        with pytest.raises(FetchError, match="the program itself listens"):
            await client.get(url)
    with pytest.raises(FetchError, match="the program itself listens"):
        await client.post(site.url(), body=b"", allow_private=True)
    assert dials == []


async def test_allow_private_opens_one_post_and_nothing_else(open_client: Callable[..., Awaitable[Client]], site: Site) -> None:
    site.says("/hook", "ok")
    client = await open_client(allow=())
    assert (await client.post(site.url("/hook"), body=b"{}", allow_private=True)).status == 200
    # The kept connection of that channel must serve nobody else.
    for attempt in (client.post(site.url("/hook"), body=b"{}"), client.get(site.url("/hook"))):
        with pytest.raises(FetchError) as caught:
            await attempt
        assert caught.value.code == "forbidden-address"
    assert len(site.requests) == 1
    with pytest.raises(FetchError):
        await client.check_host("127.0.0.1", 25)
    assert await client.check_host("127.0.0.1", 25, allow_private=True) == ["127.0.0.1"]


async def test_allowed_networks_are_reached_by_name_and_address(
    open_client: Callable[..., Awaitable[Client]], open_site: Callable[..., Awaitable[Site]]
) -> None:
    site = await open_site("::1")
    site.says("/", "six")
    client = await open_client(lookup=lambda host, port: ["::1"])
    assert (await client.get(site.url())).body == b"six"
    assert (await client.get(f"http://inside.example.org:{site.port}/")).body == b"six"
