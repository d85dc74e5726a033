"""Servers on loopback that answer as told, and clients that may reach them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from typing import Any

import pytest
import uvloop
from aiohttp import web

from monitor.net import AddressGuard, Client, Turns

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def pytest_asyncio_loop_factories(config: pytest.Config, item: pytest.Item) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """The daemon runs on uvloop, commands on asyncio's own loop, and they fail in different words: all is tested on both."""
    if item.path.name == "test_no_connection.py":  # it counts the loop's dials, and uvloop's methods can't be replaced
        return {"asyncio": asyncio.new_event_loop}
    return {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}


class Site:
    """A real aiohttp server: `on` sets what a path answers, `requests` and `connections` tell what came."""

    def __init__(self) -> None:
        self.handlers: dict[str, Handler] = {}
        self.requests: list[web.BaseRequest] = []
        self.bodies: list[bytes] = []
        self.connections: set[int] = set()
        self.port = 0
        self.host = "127.0.0.1"

    async def start(self, host: str, ssl: Any = None) -> None:
        self.host = host
        self._runner = web.ServerRunner(web.Server(self._answer), shutdown_timeout=0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, 0, ssl_context=ssl)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        await self._runner.cleanup()

    def url(self, path: str = "/", scheme: str = "http") -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{self.port}{path}"

    def on(self, path: str, handler: Handler) -> None:
        self.handlers[path] = handler

    def says(self, path: str, body: bytes | str = b"", status: int = 200, headers: dict[str, str] | None = None) -> None:
        async def handler(request: web.BaseRequest) -> web.StreamResponse:
            return web.Response(body=body.encode() if isinstance(body, str) else body, status=status, headers=headers)

        self.on(path, handler)

    def redirects(self, path: str, target: str, status: int = 302) -> None:
        self.says(path, status=status, headers={"Location": target})

    def seen(self, path: str) -> list[web.BaseRequest]:
        return [request for request in self.requests if request.path == path]

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self.requests.append(request)
        self.connections.add(id(request.protocol))
        self.bodies.append(await request.read())
        handler = self.handlers.get(request.path)
        return await handler(request) if handler else web.Response(status=404, text="nothing here")


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


@pytest.fixture
def open_site(stack: AsyncExitStack) -> Callable[..., Awaitable[Site]]:
    async def start(host: str = "127.0.0.1", ssl: Any = None) -> Site:
        site = Site()
        await site.start(host, ssl)
        stack.push_async_callback(site.stop)
        return site

    return start


@pytest.fixture
async def site(open_site: Callable[..., Awaitable[Site]]) -> Site:
    return await open_site()


@pytest.fixture
def raw(stack: AsyncExitStack) -> Callable[[Talk], Awaitable[str]]:
    """Serve by a coroutine over the bare streams; answers the URL."""

    async def start(talk: Talk) -> str:
        tasks: set[asyncio.Task[None]] = set()

        async def run(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            tasks.add(task)
            try:
                await talk(reader, writer)
            except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                pass
            finally:
                tasks.discard(task)
                writer.transport.abort()

        server = await asyncio.start_server(run, "127.0.0.1", 0)

        async def stop() -> None:
            server.close()
            for task in list(tasks):
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        stack.push_async_callback(stop)
        return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"

    return start


@pytest.fixture
def open_client(stack: AsyncExitStack) -> Callable[..., Awaitable[Client]]:
    """A client; by default one that may reach loopback."""

    async def start(allow: tuple[str, ...] = ("127.0.0.0/8", "::1"), own: tuple[tuple[str, int], ...] = (), **options: Any) -> Client:
        options.setdefault("turns", Turns(2))
        options.setdefault("user_agent", "monitor/1.0 (+https://example.org/bot)")
        return await stack.enter_async_context(Client(guard=AddressGuard(allow, own), **options))

    return start


@pytest.fixture
async def client(open_client: Callable[..., Awaitable[Client]]) -> Client:
    return await open_client()
