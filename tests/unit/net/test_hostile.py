"""Servers that send bombs, drips, garbage or nothing: bounded, told as FetchError, and the loop runs on meanwhile."""

from __future__ import annotations

import asyncio
import gzip
import random
import socket
import ssl
import struct
import sys
import time
import zlib
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import brotli
import pytest
from aiohttp import http_exceptions
from yarl import URL

from monitor.errors import FETCH_CODES, FetchError
from monitor.net import Client
from monitor.net.failures import Trip, explain, timed_out
from tests.support.waiting import until

from .conftest import Site, Talk

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Writes = Callable[[asyncio.StreamWriter], Awaitable[None]]
HEAD = b"HTTP/1.1 200 OK\r\n"


def after_request(write: Writes) -> Talk:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await write(writer)
        await writer.drain()
        writer.close()

    return talk


def says(data: bytes) -> Talk:
    async def write(writer: asyncio.StreamWriter) -> None:
        writer.write(data)

    return after_request(write)


def endlessly(head: bytes, piece: bytes) -> Talk:
    async def write(writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)

    return after_request(write)


@cache
def packed(coding: str) -> bytes:
    zeros = bytes(60_000_000)
    raw = zlib.compressobj(9, wbits=-15)
    return {
        "gzip": lambda: gzip.compress(zeros, 6),
        "deflate": lambda: zlib.compress(zeros, 6),
        "bare": lambda: raw.compress(zeros) + raw.flush(),
        "br": lambda: brotli.compress(zeros, quality=4),
        "zstd": lambda: zstd.compress(zeros),
        "gzip of gzip": lambda: gzip.compress(gzip.compress(zeros, 6), 6),
    }[coding]()


def coded(coding: str, name: str | None = None) -> Talk:
    body = packed(coding)
    return says(HEAD + f"Content-Encoding: {name or coding}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)


BOMBS: dict[str, tuple[Callable[[], Talk], str]] = {
    "gzip": (lambda: coded("gzip"), "too-large"),
    "deflate": (lambda: coded("deflate"), "too-large"),
    "bare deflate": (lambda: coded("bare", "deflate"), "too-large"),
    "br": (lambda: coded("br"), "too-large"),
    "zstd": (lambda: coded("zstd"), "too-large"),
    "two layers": (lambda: coded("gzip of gzip", "gzip, gzip"), "encoding"),
    "no length": (lambda: endlessly(HEAD + b"\r\n", bytes(65_536)), "too-large"),
    "chunks": (lambda: endlessly(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"8000\r\n" + bytes(0x8000) + b"\r\n"), "too-large"),
    "empty members": (lambda: endlessly(HEAD + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(b"") * 100), "encoding"),
    "said 200 MB": (lambda: says(HEAD + b"Content-Length: 200000000\r\n\r\n" + bytes(1000)), "too-large"),
    "10,000 headers": (lambda: says(HEAD + b"".join(b"X-%d: y\r\n" % n for n in range(10_000)) + b"\r\n"), "protocol"),
    "endless headers": (lambda: endlessly(HEAD, b"X-Y: z\r\n" * 100), "protocol"),
    "an endless header": (lambda: endlessly(HEAD + b"X: ", b"y" * 65_536), "protocol"),
    "an endless status": (lambda: endlessly(b"HTTP/1.1 200 ", b"y" * 65_536), "protocol"),
    "endless chunk extensions": (lambda: endlessly(HEAD + b"Transfer-Encoding: chunked\r\n\r\n5;", b"y" * 65_536), "too-large"),
    "endless interim answers": (lambda: endlessly(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 2_000), "too-large"),
}


@pytest.mark.parametrize("name", BOMBS)
async def test_bombs_end_soon_and_the_loop_runs_on(client: Client, raw: Callable[[Talk], Awaitable[str]], name: str) -> None:
    make, code = BOMBS[name]
    url = await raw(make())
    worst = 0.0

    async def watch() -> None:
        nonlocal worst
        while True:
            # The thread's own time: what other processes take from it is not the client's doing.
            before = time.thread_time()
            await asyncio.sleep(0)
            worst = max(worst, time.thread_time() - before)

    watching = asyncio.create_task(watch())
    start = time.thread_time()
    with pytest.raises(FetchError) as caught:
        await client.get(url, limit=2_000_000, deadline=10)
    took = time.thread_time() - start
    watching.cancel()
    assert caught.value.code == code
    assert "127.0.0.1" in caught.value.text
    assert took < 3
    assert worst < 0.25


async def test_one_byte_at_a_time_meets_the_deadline(client: Client, raw: Callable[[Talk], Awaitable[str]]) -> None:
    for head in (HEAD + b"Content-Length: 1000000\r\n\r\n", HEAD + b"\r\n"):

        async def drip(writer: asyncio.StreamWriter, head: bytes = head) -> None:
            writer.write(head)
            while True:
                writer.write(b"x")
                await asyncio.sleep(0.01)

        with pytest.raises(FetchError) as caught:
            await client.get(await raw(after_request(drip)), deadline=2.0)
        assert caught.value.code == "timeout"
        assert "bytes but not the whole answer within 2 s" in caught.value.text
        assert "sent 0 bytes" not in caught.value.text


async def test_silence_meets_the_deadline(client: Client, raw: Callable[[Talk], Awaitable[str]]) -> None:
    async def nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    with pytest.raises(FetchError) as caught:
        await client.get(await raw(nothing), deadline=1.0)
    assert caught.value.code == "timeout"
    assert "did not answer within 1 s" in caught.value.text


GARBAGE: dict[str, tuple[bytes, tuple[str, ...]]] = {
    "nothing": (b"", ("connect",)),
    "no HTTP": (b"SSH-2.0-OpenSSH_9.2\r\n", ("protocol",)),
    "binary": (bytes(range(256)), ("protocol",)),
    "TLS alert": (b"\x15\x03\x01\x00\x02\x02\x46", ("protocol",)),
    "HTTP/2": (b"\x00\x00\x12\x04\x00\x00\x00\x00\x00", ("protocol",)),
    "HTTP/0.9": (b"<html>hello</html>", ("protocol",)),
    "half a status line": (b"HTTP/1.1 2", ("connect", "protocol")),
    "half the headers": (HEAD + b"Content-Type: text", ("connect", "protocol")),
    "status of letters": (b"HTTP/1.1 abc OK\r\n\r\n", ("protocol",)),
    "status of four": (b"HTTP/1.1 2000 OK\r\n\r\n", ("protocol",)),
    "version 9": (b"HTTP/9.9 200 OK\r\n\r\nx", ("protocol",)),
    "a header without colon": (HEAD + b"nonsense\r\n\r\n", ("protocol",)),
    "a header with NUL": (HEAD + b"X: a\x00b\r\n\r\n", ("protocol",)),
    "two lengths": (HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", ("protocol",)),
    "length and chunks": (HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", ("protocol",)),
    "a negative length": (HEAD + b"Content-Length: -5\r\n\r\nhello", ("protocol",)),
    "a length of letters": (HEAD + b"Content-Length: abc\r\n\r\nhello", ("protocol",)),
    "a giant length": (HEAD + b"Content-Length: 99999999999999999999999\r\n\r\n", ("protocol", "too-large")),
    "a chunk of letters": (HEAD + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n", ("protocol",)),
    "a short body": (HEAD + b"Content-Length: 100\r\n\r\nhalf", ("connect",)),
    "short chunks": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n10\r\nhalf", ("connect", "protocol")),
    "no last chunk": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", ("connect", "protocol")),
    "another protocol": (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nx", ("protocol",)),
    "an unknown coding": (HEAD + b"Content-Encoding: rot13\r\nContent-Length: 1\r\n\r\nx", ("encoding",)),
    "gzip that is none": (HEAD + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope", ("encoding",)),
    "gzip cut short": (HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"x" * 999)[:-9], ("encoding",)),
    "a redirect to garbage": (b"HTTP/1.1 302 Found\r\nLocation: http://\xff\xfe\x00\r\n\r\n", ("protocol", "bad-url")),
    "a redirect in latin-1": (b"HTTP/1.1 302 Found\r\nLocation: http://\xe9\xe8\r\nContent-Length: 0\r\n\r\n", ("bad-url", "dns")),
}


@pytest.mark.parametrize("name", GARBAGE)
async def test_garbage_instead_of_http(client: Client, raw: Callable[[Talk], Awaitable[str]], name: str) -> None:
    data, codes = GARBAGE[name]
    with pytest.raises(FetchError) as caught:
        await client.get(await raw(says(data)), deadline=5)
    assert caught.value.code in codes
    assert "127.0.0.1" in caught.value.text
    assert caught.value.text.isprintable()


async def test_framing_that_breaks_in_the_middle_is_told_at_once(client: Client, raw: Callable[[Talk], Awaitable[str]]) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(HEAD + b"Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n")
        asyncio.get_running_loop().call_later(0.05, writer.write, b"nonsense\r\n")
        await asyncio.Event().wait()

    with pytest.raises(FetchError) as caught:
        await client.get(await raw(talk), deadline=5)
    assert caught.value.code == "protocol"


async def test_a_body_without_a_length_is_whole_at_a_close_and_not_at_a_reset(
    client: Client, raw: Callable[[Talk], Awaitable[str]]
) -> None:
    assert (await client.get(await raw(says(HEAD + b"\r\nall there is")))).body == b"all there is"

    async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.write(HEAD + b"\r\nhalf")
        asyncio.get_running_loop().call_later(0.05, writer.transport.abort)
        await asyncio.Event().wait()

    with pytest.raises(FetchError) as caught:
        await client.get(await raw(reset))
    assert caught.value.code == "connect"
    assert "was lost after 4 bytes" in caught.value.text


async def test_resets(client: Client, raw: Callable[[Talk], Awaitable[str]]) -> None:
    async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        sock = writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    async def reset_late(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(HEAD + b"Content-Length: 100000\r\n\r\nhalf")
        await writer.drain()
        sock = writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    for talk in (reset, reset_late):
        with pytest.raises(FetchError) as caught:
            await client.get(await raw(talk))
        assert caught.value.code == "connect"


async def test_after_every_trouble_the_next_answer_is_right(client: Client, site: Site, raw: Callable[[Talk], Awaitable[str]]) -> None:
    site.says("/", "fine")
    for data, _ in GARBAGE.values():
        with pytest.raises(FetchError):
            await client.get(await raw(says(data)), deadline=5)
    assert (await client.get(site.url())).body == b"fine"


async def test_two_answers_on_one_request_do_not_shift_the_next(client: Client, raw: Callable[[Talk], Awaitable[str]]) -> None:
    answer = HEAD + b"Content-Length: 4\r\n\r\n"
    url = await raw(says(answer + b"mine" + answer + b"evil"))
    for _ in range(3):
        assert (await client.get(url)).body == b"mine"


async def test_mutated_answers_bring_an_answer_or_a_told_failure(client: Client, raw: Callable[[Talk], Awaitable[str]]) -> None:
    dice = random.Random(20260105)
    seeds = [data for data, _ in GARBAGE.values()] + [
        HEAD + b'Content-Length: 5\r\nETag: "a"\r\n\r\nhello',
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nTrailer: x\r\n\r\n",
        HEAD + b"Content-Encoding: gzip\r\nConnection: close\r\n\r\n" + gzip.compress(b"hello"),
        b"HTTP/1.1 301 Moved\r\nLocation: /again\r\n\r\n",
    ]
    pieces = [b"\r\n", b"\n", b"\0", b":", b" ", b"\t", b"\xff", b"0", b"9" * 30, b"HTTP/1.1 ", b"gzip", b"%", b"http://[", b"chunked"]

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        data = bytearray(dice.choice(seeds))
        for _ in range(dice.randrange(1, 6)):
            place = dice.randrange(len(data) + 1)
            data[place : place + dice.randrange(4)] = dice.choice(pieces)
        writer.write(bytes(data))
        await writer.drain()
        writer.close()

    url = await raw(talk)
    outcomes: set[str] = set()
    for _ in range(300):
        try:
            outcomes.add(type(await client.get(url, deadline=5)).__name__)
        except FetchError as exc:
            outcomes.add(exc.code)
    assert {"Response", "protocol", "connect"} <= outcomes <= {"Response", *FETCH_CODES} - {"timeout"}


async def test_no_socket_is_left_open(client: Client, site: Site, raw: Callable[[Talk], Awaitable[str]]) -> None:
    def sockets() -> int:
        return sum(str(link.readlink()).startswith("socket:") for link in Path("/proc/self/fd").iterdir() if link.is_symlink())

    urls = [await raw(says(data)) for data, _ in GARBAGE.values()]
    urls.append(await raw(endlessly(HEAD + b"\r\n", bytes(65_536))))
    before = sockets()
    for url in urls * 3:
        with pytest.raises(FetchError):
            await client.get(url, limit=100_000, deadline=5)
    await until(lambda: sockets() <= before + 2, what="the sockets closed")


async def test_nobody_listens(client: Client) -> None:
    with pytest.raises(FetchError) as caught:
        await client.get("http://127.0.0.1:1/secret")
    assert (caught.value.code, caught.value.text) == ("connect", "127.0.0.1:1 refuses the connection")
    assert caught.value.remedy


async def test_a_name_that_is_not_found_and_a_server_that_is_down(open_client: Callable[..., Awaitable[Client]]) -> None:
    errors = {"gone.example.org": socket.EAI_NONAME, "later.example.org": socket.EAI_AGAIN, "nodata.example.org": socket.EAI_NODATA}

    def lookup(host: str, port: int) -> list[str]:
        raise socket.gaierror(errors[host], "words")

    client = await open_client(lookup=lookup)
    for host, words in (("gone", "is not found"), ("later", "could not be looked up"), ("nodata", "is not found")):
        with pytest.raises(FetchError) as caught:
            await client.get(f"http://{host}.example.org/")
        assert caught.value.code == "dns"
        assert words in caught.value.text


async def test_a_closed_client_says_so(open_client: Callable[..., Awaitable[Client]], site: Site) -> None:
    client = await open_client()
    site.says("/")
    await client.get(site.url())
    session = client._transport.session("fetch")
    await session.close()
    with pytest.raises(FetchError):
        await client.get(site.url())


KEY: Any = aiohttp.client_reqrep.ConnectionKey("example.org", 443, True, True, None, None, None)


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (aiohttp.ClientConnectorError(KEY, OSError(113, "No route")), "connect", "no route to the host"),
        (aiohttp.ClientConnectorError(KEY, OSError(24, "Too many")), "connect", "too many files are open"),
        (aiohttp.ClientConnectorError(KEY, OSError("Multiple exceptions: a, b")), "connect", "Multiple exceptions"),
        (aiohttp.ClientConnectorError(KEY, OSError(-7_301, "merged")), "forbidden-address", "not to be reached"),
        (aiohttp.ClientConnectorCertificateError(KEY, ssl.CertificateError("hostname mismatch")), "certificate", "hostname mismatch"),
        (aiohttp.ClientConnectorSSLError(KEY, ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong")), "certificate", "no TLS"),
        (aiohttp.ClientProxyConnectionError(KEY, OSError(111, "refused")), "connect", "the proxy refuses the connection"),
        (aiohttp.ServerDisconnectedError(), "connect", "without an answer"),
        (aiohttp.ClientPayloadError("not completed"), "protocol", "broken answer"),
        (aiohttp.ClientConnectionError("Connector is closed."), "connect", "was lost"),
        (aiohttp.InvalidURL("http://x/hunter2"), "bad-url", "can't be read"),
        (http_exceptions.BadStatusLine("hunter"), "protocol", "does not answer in HTTP"),
        (ssl.SSLError(1, "broken"), "certificate", "no TLS"),
        (socket.gaierror(socket.EAI_NONAME, "x"), "dns", "is not found"),
        (ConnectionResetError(104, "reset"), "connect", "reset the connection"),
        (TimeoutError(110, "Connection timed out"), "connect", "timed out"),
        (UnicodeEncodeError("ascii", "é", 0, 1, "no"), "bad-url", "can't be written"),
        (RuntimeError("Session is closed http://u:hunter2@x/"), "protocol", "RuntimeError"),
        (AssertionError(), "protocol", "AssertionError"),
        (FetchError("robots", "no"), "robots", "no"),
        (aiohttp.ClientConnectorDNSError(KEY, OSError(24, "Too many")), "connect", "too many files are open"),
        (aiohttp.ClientConnectorError(KEY, OSError(105, "No buffer")), "connect", "no memory left"),
    ],
)
def test_every_exception_has_its_words(error: Exception, code: str, words: str) -> None:
    told = explain(error, Trip(URL("https://example.org/hunter2?token=hunter2"), 30.0))
    assert told.code == code
    assert told.code in FETCH_CODES
    assert words in told.text
    assert "hunter2" not in told.text


def test_the_words_of_a_deadline() -> None:
    assert timed_out(Trip(None, 2.5)).text == "the host did not answer within 2.5 s"
    half = Trip(None, 30.0, stage="body")
    for count, words in ((7, "7 bytes"), (7_400, "7 kB"), (7_400_000, "7.4 MB")):
        half.stream = SimpleNamespace(total_bytes=count)  # type: ignore[assignment]
        assert timed_out(half).text == f"the host sent {words} but not the whole answer within 30 s"
    assert "per_host" in (timed_out(Trip(None, 30.0, stage="turn")).remedy or "")
