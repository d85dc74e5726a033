"""10,000 alerts at once to a slow channel: what they do to memory and to the polls of 1,000 feeds, and whether their order holds.

The receiver (in a process of its own) answers after 200 ms at first; then at once, so that the end can be waited for.
"""

from __future__ import annotations

import asyncio
import json
import logging
import multiprocessing
import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
import structlog
import uvloop

from monitor import daemon
from monitor.actions.assemble import Terminal
from monitor.config import load
from tests.bench.daemon import FEEDS, HOSTS, _server
from tests.system.kills_channels import publish

ALERTS = 10_000
SLOW = 0.2  # seconds
WATCHED = 15.0  # seconds of the slow part
_ITEM = re.compile(rb"item(\d{6})x")


def _receive(pipe: Connection) -> None:
    """Answers each POST, and tells at the end which items came, in order."""
    came: list[int] = []
    slow = [SLOW]

    class Receiver(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport, self.held = cast(asyncio.Transport, transport), b""

        def data_received(self, data: bytes) -> None:
            self.held += data
            head, found, body = self.held.partition(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
            if not found or len(body) < length:
                return
            self.held = b""
            if head.startswith(b"GET /fast"):
                slow[0] = 0.0
            elif item := _ITEM.search(body):
                came.append(int(item[1]))
            said = json.dumps(came if head.startswith(b"GET /came") else len(came)).encode()
            answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(said), said)
            asyncio.get_running_loop().call_later(slow[0], self.transport.write, answer)

    async def main() -> None:
        server = await asyncio.get_running_loop().create_server(Receiver, "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        await asyncio.Event().wait()

    uvloop.run(main())


@contextmanager
def _receiver() -> Iterator[int]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_receive, args=(theirs,), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.terminate()
        process.join()


async def _ask(port: int, path: str) -> Any:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    body = await reader.readexactly(int(head.partition(b"Content-Length: ")[2].partition(b"\r\n")[0]))
    writer.close()
    return json.loads(body)


def _config(port: int, sink: int) -> str:
    lines = ["network: {allow: [127.0.0.0/8], per_host: 4}", "defaults: {interval: 1h}", "feeds:"]
    lines += [f"  - 'http://127.0.1.{1 + n % HOSTS}:{port}/f{n}.xml'" for n in range(FEEDS)]
    lines += ["rules: [{name: ffvd, any: [FFVD], notify: [desk]}]"]
    return "\n".join([*lines, f"channels: {{desk: {{type: webhook, url: 'http://127.0.0.1:{sink}/hook'}}}}", ""])


def _resident() -> float:
    return int(Path("/proc/self/status").read_text().partition("VmRSS:")[2].split()[0]) / 1024


def _publish_all(conn: sa.Connection, now: float) -> None:
    for number in range(ALERTS):
        publish(conn, now, number)


async def _measure(port: int, sink: int, folder: Path) -> dict[str, float | str]:
    file = folder / "monitor.yaml"
    file.write_text(_config(port, sink))
    config = load(file).config
    assert config is not None
    shift = [0.0]
    figures: dict[str, float | str] = {}
    async with daemon.opened(config, folder / "state", Terminal(lambda text: None), clock=lambda: time.time() + shift[0]) as opened:

        async def polls() -> tuple[float, float]:
            shift[0] += 4_000.0
            cpu, wall = time.process_time(), time.perf_counter()
            await opened.poll.drain()
            return (time.process_time() - cpu) / FEEDS * 1e6, time.perf_counter() - wall

        await opened.poll.drain()
        before = [await polls() for _ in range(3)]
        await opened.store.write(_publish_all)
        held = _resident()
        delivering = asyncio.ensure_future(opened.deliver.drain())
        during = []
        end = time.monotonic() + WATCHED
        while time.monotonic() < end:
            during.append(await polls())
            await asyncio.sleep(1.0)
        slowly = await _ask(sink, "/count")
        await _ask(sink, "/fast")
        cpu = time.process_time()
        await delivering
        spent = time.process_time() - cpu
        came = await _ask(sink, "/came")
        figures["1,000 polls before, s"] = min(wall for _, wall in before)
        figures["1,000 polls while the channel is slow, s"] = min(wall for _, wall in during)
        figures["deliveries taken by the slow channel"] = f"{slowly} in {WATCHED:g} s"
        figures["a delivery of the rest, CPU µs"] = spent / (ALERTS - slowly) * 1e6
        figures["memory more than when it began, MB"] = _resident() - held
    figures["arrived"] = f"{len(came):,} of {ALERTS:,}, {len(came) - len(set(came))} twice"
    figures["in order"] = str(came == sorted(came))
    return figures


def run() -> dict[str, float | str]:
    """The figures, by name."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    with _server([b"x"]) as port, _receiver() as sink, tempfile.TemporaryDirectory(prefix="monitor-bench-") as name:
        return uvloop.run(_measure(port, sink, Path(name)))
