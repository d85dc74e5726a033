"""The ways in which a server misbehaves, for the test site and the sinks."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import web


@dataclass
class Fault:
    """What a path does instead of its work, `times` times (None: until it is healed).

    Kinds: `status` (with `status`, `headers`, `body`), `hang` (then answers as if well), `drip`, `reset`, `garbage`,
    `truncated`, `empty`, `html`, `huge`, `gzip-bomb`, `bad-gzip`, `redirect-loop`, `redirect` (to `location`), `slow` (`seconds`).
    """

    kind: str
    times: int | None = None
    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    location: str = ""
    seconds: float = 0.2
    size: int = 50_000_000
    healed: asyncio.Event = field(default_factory=asyncio.Event)


async def commit(request: web.Request, fault: Fault) -> web.StreamResponse | None:
    """Answers as the fault wants; None where the usual answer shall follow."""
    kind = fault.kind
    if kind == "hang":
        await fault.healed.wait()
        return None
    if kind == "slow":
        await asyncio.sleep(fault.seconds)
        return None
    if kind == "reset":
        if request.transport is not None:
            request.transport.abort()
        return web.Response()
    if kind in ("drip", "huge", "truncated"):
        return await _stream(request, fault)
    return _plain(request, fault)


def _plain(request: web.Request, fault: Fault) -> web.Response:
    zipped = {"Content-Encoding": "gzip"}
    match fault.kind:
        case "status":
            return web.Response(status=fault.status, headers=fault.headers, body=fault.body)
        case "redirect":
            return web.Response(status=fault.status if 300 <= fault.status < 400 else 302, headers={"Location": fault.location})
        case "redirect-loop":
            return web.Response(status=302, headers={"Location": request.path})
        case "garbage":
            return web.Response(body=b"<rss><channel><item><title>\xff\xfe&nope;<link>", content_type="application/rss+xml")
        case "empty":
            return web.Response(body=b"", content_type="application/rss+xml")
        case "html":
            return web.Response(body=b"<!DOCTYPE html><title>Please wait</title><p>Checking your browser.", content_type="text/html")
        case "gzip-bomb":
            return web.Response(body=gzip.compress(b"\0" * fault.size, 9), headers=zipped, content_type="application/rss+xml")
        case "bad-gzip":
            return web.Response(body=b"this is not gzip", headers=zipped, content_type="application/rss+xml")
    raise ValueError(f"no fault of this kind: {fault.kind}")


async def _stream(request: web.Request, fault: Fault) -> web.StreamResponse:
    response = web.StreamResponse()
    response.content_type = "application/rss+xml"
    if fault.kind == "truncated":
        response.content_length = 100_000
    await response.prepare(request)
    try:
        if fault.kind == "truncated":
            await response.write(b"<?xml version='1.0'?><rss version='2.0'><channel><title>cut")
            if request.transport is not None:
                request.transport.close()
        elif fault.kind == "huge":
            for _ in range(max(1, fault.size // 1_000_000)):
                await response.write(b" " * 1_000_000)
        else:
            while not fault.healed.is_set():
                await response.write(b" ")
                await asyncio.sleep(0.02)
    except ConnectionError:  # the client gave up, which is what the fault is for
        pass
    return response
