"""The farm's servers: feeds, pages, robots.txt and the webhook, on each of its addresses."""

from __future__ import annotations

import asyncio
import gzip
import json
import time
from collections import Counter
from types import TracebackType
from typing import Any, Self

from aiohttp import web
from aiohttp.typedefs import Handler

from tests.support.farm import CONTENT_TYPES, Fields, Received

BOMB = gzip.compress(b"\0" * 50_000_000, 9)


class Farm(Fields):
    """`async with Farm(feeds=20, hosts=4) as farm:` serves until the end; options are those of `Fields`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._busy: Counter[str] = Counter()  # host -> requests under way
        self._closing = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self._watch])
        app.add_routes(
            [
                web.get("/f{feed:\\d+}/feed", self._feed),
                web.get("/f{feed:\\d+}/story-{number:\\d+}.html", self._page),
                web.get("/robots.txt", self._robots),
                web.post("/sink/webhook", self._sink),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        for host in self.hosts:
            await web.TCPSite(self._runner, host, self.port, backlog=1024).start()
            self.port = self.port or self._runner.addresses[0][1]
        self.fill()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._closing.set()
        if self._runner is not None:
            await self._runner.cleanup()

    @web.middleware
    async def _watch(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Counts requests under way for each host, and lets sick hosts misbehave."""
        if request.path.startswith("/sink"):
            return await handler(request)
        host = request.host.rpartition(":")[0]
        self._busy[host] += 1
        if self._busy[host] > self.max_per_host:
            self.stats["lapse: too many at once on a host"] += 1
        try:
            if kind := self.faults.get(host):
                self.stats[f"fault {kind}"] += 1
                return await self._misbehave(request, kind)
            return await handler(request)
        finally:
            self._busy[host] -= 1

    async def _misbehave(self, request: web.Request, kind: str) -> web.StreamResponse:
        xml = "application/rss+xml"
        match kind:
            case "500" | "410":
                return web.Response(status=int(kind))
            case "429":
                return web.Response(status=429, headers={"Retry-After": "30"})
            case "redirect-loop":
                return web.Response(status=302, headers={"Location": request.path})
            case "hang":
                await self._closing.wait()
                return web.Response(status=503)
            case "reset":
                if request.transport is not None:
                    request.transport.abort()
                return web.Response()
            case "garbage":
                return web.Response(body=b"<rss><channel><item><title>\xff\xfe&nope;<link>", content_type=xml)
            case "gzip-bomb":
                return web.Response(body=BOMB, headers={"Content-Encoding": "gzip"}, content_type=xml)
        response = web.StreamResponse()
        await response.prepare(request)
        if kind == "truncated":
            await response.write(b"<?xml version='1.0'?><rss version='2.0'><channel><title>cut")
            return response
        while not self._closing.is_set():  # drip
            await response.write(b" ")
            await asyncio.sleep(0.2)
        return response

    async def _feed(self, request: web.Request) -> web.StreamResponse:
        feed = self.feeds[int(request.match_info["feed"])]
        now = time.monotonic()
        if feed.last_request and now - feed.last_request < self.min_interval:
            self.stats["lapse: polled too soon"] += 1
        first_time, feed.last_request = not feed.last_request, now
        conditional = request.headers.get("If-None-Match")
        if not first_time and conditional is None and "If-Modified-Since" not in request.headers:
            self.stats["lapse: unconditional poll"] += 1
        zipped = "gzip" in request.headers.get("Accept-Encoding", "")
        if not zipped:
            self.stats["lapse: no compression asked"] += 1
        headers = {"ETag": feed.etag, "Last-Modified": feed.modified, "Cache-Control": "max-age=0"}
        if conditional == feed.etag:
            self.stats["feed 304"] += 1
            return web.Response(status=304, headers=headers)
        self.stats["feed 200"] += 1
        if zipped:
            headers["Content-Encoding"] = "gzip"
        return web.Response(body=feed.zipped if zipped else feed.body, headers=headers, content_type=CONTENT_TYPES[feed.number % 3])

    async def _page(self, request: web.Request) -> web.StreamResponse:
        self.stats["page"] += 1
        story = self.feeds[int(request.match_info["feed"])].stories[int(request.match_info["number"]) - 1]
        return web.Response(body=self.render_page(story), content_type="text/html", charset="utf-8")

    async def _robots(self, request: web.Request) -> web.Response:
        self.stats["robots.txt"] += 1
        return web.Response(text="User-agent: *\nDisallow: /private/\n")

    async def _sink(self, request: web.Request) -> web.Response:
        """Takes the webhook's JSON: {"data": {"rule": {"name": …}, "article": {"url": …}}} or a list of such data."""
        self.stats[f"sink {self.sink_status}"] += 1
        if self.sink_status != 200:
            headers = {"Retry-After": self.sink_retry_after} if self.sink_retry_after else {}
            return web.Response(status=self.sink_status, headers=headers)
        data = json.loads(await request.read())["data"]
        for alert in data if isinstance(data, list) else [data]:
            self.received.append(Received(alert["rule"]["name"], alert["article"]["url"], request.headers.get("webhook-id"), time.time()))
        return web.Response(text="ok")

    def lapses(self) -> dict[str, int]:
        return {key: count for key, count in self.stats.items() if key.startswith("lapse")}
