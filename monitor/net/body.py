"""Bodies read from the wire within their limits."""

from __future__ import annotations

import asyncio

import aiohttp

from monitor.errors import FetchError
from monitor.net.decode import Inflow, coding_of, too_large

_PATIENCE = 5.0  # seconds for a body that is only for people


async def read_whole(answer: aiohttp.ClientResponse, limit: int) -> tuple[bytes, int]:
    """The whole body, decoded, and its bytes on the wire. Raises FetchError, and what aiohttp raises."""
    status = answer.status
    if status in (204, 304):
        return b"", 0
    if status == 101:
        raise FetchError("protocol", "the answer is the start of another protocol than HTTP (101)")
    headers = answer.headers
    announced = answer.content_length
    if announced is not None and announced > limit:
        raise too_large(limit)
    coding = coding_of(headers.getall("Content-Encoding", ())) if "Content-Encoding" in headers else None
    if coding is None and announced is not None:
        body = await answer.read()
        return body, len(body)
    inflow = Inflow(coding, limit)
    while chunk := await answer.content.readany():
        inflow.feed(chunk)
    return inflow.finish(), inflow.wire_bytes


async def read_some(answer: aiohttp.ClientResponse, limit: int, until: float | None = None) -> tuple[bytes, int]:
    """As much of the body as comes, of at most `limit` bytes: nothing that goes wrong with it matters any more.

    It is waited for five seconds, and no longer than `until` (the loop's time), so that a status in hand is never lost to
    a body that drips.
    """
    patience = _PATIENCE if until is None else min(_PATIENCE, until - asyncio.get_running_loop().time() - 0.05)
    inflow: Inflow | None = None
    try:
        inflow = Inflow(coding_of(answer.headers.getall("Content-Encoding", ())), limit)
        async with asyncio.timeout(max(patience, 0.0)):
            while chunk := await answer.content.readany():
                # A limit that is passed must not cost what stands before it.
                room = limit - inflow.wire_bytes
                inflow.feed(chunk[:room])
                if len(chunk) >= room:
                    break
    except (FetchError, aiohttp.ClientError, OSError, ValueError):
        pass
    return (b"", 0) if inflow is None else (inflow.so_far, inflow.wire_bytes)
