"""What a request costs: processor time of ours beside bare aiohttp in the same run, over uvloop, against a server in another process."""

from __future__ import annotations

import asyncio
import gzip
import multiprocessing
import time
from collections.abc import Awaitable, Callable
from multiprocessing.connection import Connection
from typing import cast

import aiohttp
import uvloop

from monitor.model import Validators
from monitor.net import AddressGuard, Client, Turns

REQUESTS = 2_000
ROUNDS = 3
BODY = b"<item><title>Sanctions exemptions for aid agencies</title></item>\n" * 300  # 20 kB


def _answer(status: bytes, body: bytes = b"", more: bytes = b"") -> bytes:
    length = b"" if status.startswith(b"304") else b"Content-Length: %d\r\n" % len(body)
    return (
        b"HTTP/1.1 "
        + status
        + b'\r\nETag: "abc"\r\nContent-Type: text/xml\r\nDate: Mon, 05 Jan 2026 12:00:00 GMT\r\n'
        + more
        + length
        + b"\r\n"
        + body
    )


def _serve(pipe: Connection) -> None:
    answers = {
        b"/304": _answer(b"304 Not Modified"),
        b"/200": _answer(b"200 OK", BODY),
        b"/zip": _answer(b"200 OK", gzip.compress(BODY), b"Content-Encoding: gzip\r\n"),
    }

    class Server(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = cast(asyncio.Transport, transport)

        def data_received(self, data: bytes) -> None:
            self.transport.write(answers[data.split(b" ", 2)[1]])

    async def main() -> None:
        server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        await asyncio.Event().wait()

    uvloop.run(main())


async def _cost(request: Callable[[], Awaitable[object]]) -> float:
    """Microseconds of processor time a request, the best of the rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in range(REQUESTS):
            await request()
        best = min(best, (time.process_time() - start) / REQUESTS * 1e6)
    return round(best, 1)


async def _measure(port: int) -> dict[str, float | str]:
    base = f"http://127.0.0.1:{port}"
    guard = AddressGuard(["127.0.0.0/8"])
    figures: dict[str, float | str] = {}
    async with (
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
        Client(guard=guard, turns=Turns(2), user_agent="monitor/1.0") as client,
    ):
        for path, name in (("/304", "unchanged"), ("/200", "20 kB"), ("/zip", "20 kB gzip")):
            url = base + path
            known = Validators(url, etag='"abc"')

            async def bare(url: str = url) -> None:
                async with session.get(url, headers={"If-None-Match": '"abc"'}) as answer:
                    await answer.read()

            async def ours(url: str = url, validators: Validators = known) -> None:
                await client.get(url, validators=validators)

            figures[f"{name}: µs a GET, bare aiohttp"] = await _cost(bare)
            figures[f"{name}: µs a GET, ours"] = await _cost(ours)

        async def posts() -> None:
            await client.post(base + "/200", body=b"{}", headers={"Content-Type": "application/json"})

        figures["µs a POST, ours"] = await _cost(posts)

        async def check() -> None:
            guard.check_url("https://www.example.org/rss/newsAll")

        figures["µs a URL through the guard"] = await _cost(check)
    return figures


def run() -> dict[str, float | str]:
    """The figures, by name."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=_serve, args=(theirs,), daemon=True)
    server.start()
    try:
        return uvloop.run(_measure(ours.recv()))
    finally:
        server.terminate()
        server.join()


if __name__ == "__main__":
    for name, value in run().items():
        print(f"{name}: {value}")
