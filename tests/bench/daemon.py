"""What the daemon costs, all in: an unchanged poll and a first one, both beside `reader` on the same feeds; a new article beside
bare trafilatura on the same pages; memory at 1,000 and 10,000 feeds.

The daemon runs in this process (its workers in their own) against a server in another one; times are processor time, the
writer's thread included. Pages are the test farm's: twelve paragraphs among menus, teasers and scripts.
"""

from __future__ import annotations

import asyncio
import json
import logging
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import cast

import structlog
import uvloop

from monitor import daemon
from monitor.actions.assemble import Terminal
from monitor.articles import read_page
from monitor.config import load
from monitor.store import audit
from tests.support.farm import Fields

FEEDS = 1_000
MANY = 10_000
HOSTS = 50
ARTICLES = 200
ROUNDS = 6
RULES = (3, 1_000)
READER = Path(sys.prefix) / "bench"  # where `make bench` puts reader: with libraries of its own, never among ours
TICKS = os.sysconf("SC_CLK_TCK")
_HEAD = "<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>Feed {0}</title><link>http://h/{0}</link>"


def _pages() -> list[bytes]:
    fields = Fields(feeds=1, hosts=1)
    stories = [fields.add_story(fields.feeds[0], plant=True) for _ in range(ARTICLES)]
    return [fields.render_page(story) for story in stories]


def _serve(pipe: Connection, pages: list[bytes]) -> None:
    """Answers at once: feeds with an ETag, pages, and 200 to every POST. `/release/K` puts article K into the feeds."""
    released = [0]

    def feed(number: int, host: bytes) -> bytes:
        home = "http://" + host.decode()
        items = [f"{number}-{old}" for old in range(20)] + [f"{number}-new-{k}" for k in range(released[0]) if number < ARTICLES]
        return (
            _HEAD.format(number)
            + "".join(
                f"<item><title>Title of {item}</title><link>{home}/p{item}.html</link><guid isPermaLink='false'>{item}</guid></item>"
                for item in reversed(items)
            )
            + "</channel></rss>"
        ).encode()

    def answer(request: bytes) -> bytes:
        line, _, rest = request.partition(b"\r\n")
        path = line.split(b" ")[1]
        if path.startswith(b"/f"):
            etag = b'ETag: "%d"\r\n' % released[0]
            if b'"%d"' % released[0] in rest:
                return b"HTTP/1.1 304 Not Modified\r\n" + etag + b"\r\n"
            host = rest.partition(b"Host: ")[2].partition(b"\r\n")[0]
            return _answer(b"application/rss+xml", feed(int(path[2:].partition(b".")[0]), host), etag)
        if path.startswith(b"/p"):
            return _answer(b"text/html; charset=utf-8", pages[int(path[2:].partition(b"-")[0]) % len(pages)])
        if path.startswith(b"/release/"):
            released[0] = int(path.rpartition(b"/")[2])
        return _answer(b"text/plain", b"ok") if path != b"/robots.txt" else b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"

    class Server(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = cast(asyncio.Transport, transport)
            self.held = b""

        def data_received(self, data: bytes) -> None:
            self.held += data
            head, found, body = self.held.partition(b"\r\n\r\n")
            if not found:
                return
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
            if len(body) >= length:
                self.held = b""
                self.transport.write(answer(head + b"\r\n"))

    async def main() -> None:
        server = await asyncio.get_running_loop().create_server(Server, "0.0.0.0", 0, backlog=4096)
        pipe.send(server.sockets[0].getsockname()[1])
        await asyncio.Event().wait()

    uvloop.run(main())


def _answer(kind: bytes, body: bytes, more: bytes = b"") -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: " + kind + b"\r\nContent-Length: %d\r\n" % len(body) + more + b"\r\n" + body


@contextmanager
def _server(pages: list[bytes]) -> Iterator[int]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, pages), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.terminate()
        process.join()


def _urls(port: int, feeds: int) -> list[str]:
    return [f"http://127.0.1.{1 + n % HOSTS}:{port}/f{n}.xml" for n in range(feeds)]


def _config(port: int, rules: int, feeds: int = FEEDS, interval: str = "1h") -> str:
    phrases = ["sanctions exemptions", "FFVD", "final, fully verified denuclearization"] + [f"phrase number{n} of{n}" for n in range(rules)]
    lines = ["network: {allow: [127.0.0.0/8], per_host: 4}", f"defaults: {{interval: {interval}}}", "feeds:"]
    lines += [f"  - '{url}'" for url in _urls(port, feeds)]
    lines += ["rules:"] + [f"  - {{name: rule-{n}, any: ['{phrases[n]}'], notify: [hook]}}" for n in range(rules)]
    return "\n".join([*lines, "channels:", f"  hook: {{type: webhook, url: 'http://127.0.2.1:{port}/hook'}}", ""])


def _family(pid: int) -> float:
    """Seconds of processor time of all descendants of a process."""
    total = 0.0
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            try:
                fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            total += sum(int(fields[n]) for n in (11, 12, 13, 14)) / TICKS + _family(int(child))
    return total


async def _measure(port: int, rules: int, folder: Path, pages: list[bytes]) -> dict[str, float]:
    file = folder / "monitor.yaml"
    file.write_text(_config(port, rules))
    config = load(file).config
    assert config is not None
    shift = [0.0]
    figures: dict[str, float] = {}
    async with daemon.opened(config, folder / "state", Terminal(lambda text: None), clock=lambda: time.time() + shift[0]) as opened:
        begun = time.process_time()
        await opened.poll.drain()  # what the feeds hold at first is backlog
        if rules == RULES[0]:
            figures["feed of 20 entries at first, all in, µs"] = (cold := (time.process_time() - begun) / FEEDS * 1e6)
            figures["feeds of 20 entries at first, a CPU second"] = 1e6 / cold
        costs, walls = [], []
        for _ in range(ROUNDS if rules == RULES[0] else 0):
            shift[0] += 4_000.0
            begun, at = time.process_time(), time.perf_counter()
            await opened.poll.drain()
            costs.append((time.process_time() - begun) / FEEDS * 1e6)
            walls.append((time.perf_counter() - at) / FEEDS * 1e6)
        if costs:
            figures["unchanged poll, all in, µs"] = min(costs)
            figures["unchanged polls a CPU second"] = 1e6 / min(costs)
            figures["unchanged poll, wall µs"] = min(walls)
        _, writer = await _release(port, 1)
        writer.close()
        shift[0] += 4_000.0
        await opened.poll.drain()
        # The workers' start is paid once for hundreds of pages; it is left out.
        await asyncio.gather(*(opened.workers.run(read_page, pages[0], "http://h/1", "text/html", timeout=60.0) for _ in range(8)))
        begun, workers = time.process_time(), _family(os.getpid())
        await opened.read.drain()
        spent, worked = time.process_time() - begun, _family(os.getpid()) - workers
        figures[f"new article, {rules} rules: main process, µs"] = spent / ARTICLES * 1e6
        figures[f"new article, {rules} rules: workers, µs"] = worked / ARTICLES * 1e6
        figures[f"new article, {rules} rules: all in, µs"] = (spent + worked) / ARTICLES * 1e6
        waiting = (await opened.store.read(audit.audit)).deliveries["waiting"]
        begun = time.process_time()
        await opened.deliver.drain()
        figures[f"delivery by webhook, {rules} rules, µs"] = (time.process_time() - begun) / max(waiting, 1) * 1e6
    _, writer = await _release(port, 0)
    writer.close()
    return figures


async def _release(port: int, count: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /release/%d HTTP/1.1\r\n\r\n" % count)
    await reader.readuntil(b"ok")
    return reader, writer


def _bare(pages: list[bytes]) -> float:
    import trafilatura

    trafilatura.extract(pages[0])
    begun = time.process_time()
    for page in pages:
        trafilatura.extract(page)
    return (time.process_time() - begun) / len(pages) * 1e6


def _reader(port: int, folder: Path, ours: Mapping[str, float | str]) -> dict[str, float | str]:
    """The same feeds by reader, at first and unchanged, and how many times our cost that is."""
    words = [sys.executable, str(Path(__file__).with_name("_reader.py")), str(folder / "reader.db"), str(ROUNDS), *_urls(port, FEEDS)]
    done = subprocess.run(words, env={**os.environ, "PYTHONPATH": str(READER)}, capture_output=True, text=True, check=False)
    if done.returncode == 3:
        return {"reader": f"NOT INSTALLED in {READER.name}/ of the environment, so nothing is compared: `make bench` installs it"}
    if done.returncode:
        raise SystemExit(f"reader failed:\n{done.stderr}")
    found = json.loads(done.stdout)
    name = f"reader {found['version']}"
    figures: dict[str, float | str] = {}
    for kind, own in (("unchanged", "unchanged poll, all in, µs"), ("cold", "feed of 20 entries at first, all in, µs")):
        figures[f"{name}, {kind}, µs"] = (theirs := found[kind] / FEEDS * 1e6)
        figures[f"{kind}: reader's cost by ours"] = theirs / float(ours[own])
    return figures


def _memory(port: int, folder: Path, feeds: int) -> dict[str, float | str]:
    """The real daemon, once all feeds have been polled: its peak (VmHWM), and what that took the main process, start-up left out."""
    file = folder / f"memory-{feeds}.yaml"
    file.write_text(_config(port, 3, feeds))
    words = [sys.executable, "-m", "monitor", "run", "--config", str(file), "--state", str(folder / f"memory-{feeds}"), "--level", "debug"]
    with (folder / f"log-{feeds}").open("w") as log:
        process = subprocess.Popen(words, stdout=log, stderr=log)
    ready = None
    try:
        end = time.monotonic() + 600
        while (text := (folder / f"log-{feeds}").read_text()).count('"poll.done"') < feeds and time.monotonic() < end:
            if ready is None and '"daemon.ready"' in text:
                ready = _spent(process.pid)
            time.sleep(0.2)
        return {
            f"memory of the main process at {feeds:,} feeds, MB": _peak(process.pid),
            f"feeds of 20 entries at first, a CPU second, of {feeds:,}": feeds / (_spent(process.pid) - (ready or 0.0)),
        }
    finally:
        process.terminate()
        process.wait(20)


def _spent(pid: int) -> float:
    """Seconds of processor time of a process alone."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(fields[n]) for n in (11, 12)) / TICKS


def _peak(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def run() -> dict[str, float | str]:
    """The figures, by name."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    pages = _pages()
    figures: dict[str, float | str] = {}
    with _server(pages) as port, tempfile.TemporaryDirectory(prefix="monitor-bench-") as name:
        for rules in RULES:
            folder = Path(name) / str(rules)
            folder.mkdir()
            figures.update(uvloop.run(_measure(port, rules, folder, pages)))
        figures["bare trafilatura on the same pages, µs"] = _bare(pages)
        figures.update(_reader(port, Path(name), figures))
        for feeds in (FEEDS, MANY):
            figures.update(_memory(port, Path(name), feeds))
    return figures


if __name__ == "__main__":
    for name, value in run().items():
        print(f"{name}: {value:.1f}" if isinstance(value, float) else f"{name}: {value}")
