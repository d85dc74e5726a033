"""The server that others reach, over real sockets: whose Host it answers, what it says of health, what happens where it can't listen."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from monitor.config.keys.web import Listen, WebKeys
from monitor.web import front
from monitor.web.front import Front
from tests.support.site import free_port
from tests.support.waiting import until

BASE = "https://watch.example.org/news"


class Served:
    def __init__(self, server: Front, port: int) -> None:
        self.server, self.port = server, port

    async def get(self, path: str, host: str | None = None, method: str = "GET") -> tuple[int, str]:
        headers = {} if host is None else {"Host": host}
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, f"http://127.0.0.1:{self.port}{path}", headers=headers) as answer,
        ):
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Content-Security-Policy"] == "default-src 'none'"
            return answer.status, await answer.text()


@pytest.fixture
async def stuck() -> list[str]:
    return []


@pytest.fixture
async def served(stuck: list[str]) -> AsyncIterator[Served]:
    async def hook(request: web.Request) -> web.Response:
        return web.Response(text="told")

    async with _served(Listen("127.0.0.1", await free_port()), stuck, [web.post("/hook", hook)]) as found:
        yield found


@asynccontextmanager
async def _served(listen: Listen, stuck: list[str], routes: list[web.RouteDef] | None = None) -> AsyncIterator[Served]:
    ready = asyncio.Event()
    server = Front(listen, "/news", base_url=lambda: BASE, stuck=lambda: stuck, routes=routes or [], on_served=ready.set)
    task = asyncio.create_task(server.run())
    try:
        await asyncio.wait_for(ready.wait(), 60)
        yield Served(server, listen.port)
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_health_is_told_as_it_is(served: Served, stuck: list[str]) -> None:
    assert await served.get("/healthz") == (200, "ok\n")
    assert await served.get("/news/healthz") == (200, "ok\n")
    assert (await served.get("/healthz", method="HEAD"))[0] == 200
    stuck.append("read")
    assert await served.get("/healthz") == (503, "no progress: read\n")


@pytest.mark.parametrize("path", ["/", "/alerts", "/api/v1/alerts", "/metrics", "/healthz/x", "/hook/..%2f", "/websub/"])
async def test_nothing_else_is_there(served: Served, path: str) -> None:
    assert (await served.get(path))[0] == 404
    assert (await served.get("/healthz", method="POST"))[0] == 405
    assert await served.get("/hook", method="POST") == (200, "told")


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.0.0.1:8642", "localhost", "LOCALHOST:1", "a.localhost", "[::1]:80", "watch.example.org", "Watch.Example.Org.:443",
     "10.0.0.7:8642", "[2001:db8::1]"],
)  # fmt: skip
async def test_whose_host_is_answered(served: Served, host: str) -> None:
    assert (await served.get("/healthz", host))[0] == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8642", "watch.example.org.evil.example", "127.0.0.1.evil.example", "xwatch.example.org", "a:b:c"]
)
async def test_a_name_that_only_leads_here_is_refused(served: Served, host: str) -> None:
    assert (await served.get("/healthz", host))[0] == 421
    assert (await served.get("/hook", host, "POST"))[0] == 421


@pytest.mark.parametrize("host", ["", "127.0.0.1@evil.example", "evil.example/127.0.0.1", "evil.example#127.0.0.1", "[", "localhost?x"])
async def test_a_host_that_can_t_be_read_is_none_of_ours(served: Served, host: str) -> None:
    assert not served.server.knows(host)


async def test_a_unix_socket_serves_too(tmp_path: Path) -> None:
    path = tmp_path / "web.sock"
    async with (
        _served(Listen(path=str(path)), []),
        aiohttp.ClientSession(connector=aiohttp.UnixConnector(str(path))) as session,
        session.get("http://localhost/healthz") as a,
    ):
        assert (a.status, await a.text()) == (200, "ok\n")


async def test_an_address_that_is_taken_is_told_and_tried_for_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(front, "AGAIN", 0.05)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ready = asyncio.Event()
        server = Front(Listen("127.0.0.1", port), "", base_url=lambda: None, stuck=list, routes=[], on_served=ready.set)
        task = asyncio.create_task(server.run())
        said = ""

        def told() -> bool:
            nonlocal said
            said += capsys.readouterr().out
            return "web.refused" in said

        await until(told, what="the word of it")
        assert not ready.is_set()
    await asyncio.wait_for(ready.wait(), 60)
    assert await Served(server, port).get("/healthz") == (200, "ok\n")
    assert (said + capsys.readouterr().out).count("web.refused") == 1
    task.cancel()
    await asyncio.wait([task])


@pytest.mark.parametrize(
    ("written", "opened"),
    [
        ({}, None),
        ({"auth": "required"}, None),
        ({"listen": "127.0.0.1:9000"}, (Listen("127.0.0.1", 9000), "")),
        ({"base_url": "http://localhost:8642/news/"}, (Listen("127.0.0.1", 8642), "/news")),
    ],
)
def test_a_server_is_opened_where_the_configuration_asks_for_one(written: dict[str, str], opened: tuple[Listen, str] | None) -> None:
    assert WebKeys.model_validate(written).opened == opened
