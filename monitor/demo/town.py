"""The demo's town on 127.0.0.1: six newspapers behind one port, and a Slack, a webhook and a mailbox that tell what they get."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from monitor.demo.mailbox import Letter, Mailbox
from monitor.demo.news import News
from monitor.demo.paper import Paper

SLACK_PATH = "/slack/services/T0DEMO/B0DEMO/in-the-demo-this-is-no-secret"
WEBHOOK_PATH = "/webhook"


class Town:
    """`async with Town(news, tell) as town:` serves until the end. `tell` takes (who, what) for people."""

    def __init__(self, news: News, tell: Callable[[str, str], None]) -> None:
        self._news, self._tell = news, tell
        self.papers: dict[str, Paper] = {}
        self.received: Counter[tuple[str, str]] = Counter()  # (receiver, rule or kind) -> how many were taken
        self.refuse_next = 1  # so many webhook requests are answered 503
        self.read = (
            asyncio.Event()
        )  # every feed was asked a second time: its first answer is stored, and what is printed from now on is news
        self.port = 0
        self._tries: Counter[str] = Counter()  # webhook-id -> requests
        self._stack = AsyncExitStack()
        self._mailbox = Mailbox(self._take_letter)

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.add_routes(
            [
                web.get("/{paper}", self._front_page),
                web.get("/{paper}/feed", self._feed),
                web.get("/{paper}/{number:\\d+}", self._page),
                web.post(SLACK_PATH, self._slack),
                web.post(WEBHOOK_PATH, self._webhook),
            ]
        )
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.port = runner.addresses[0][1]
        await self._stack.enter_async_context(self._mailbox)
        for number, plan in enumerate(self._news.papers):
            # Papers of one language begin elsewhere, so that they don't all print the same article at the same time.
            self.papers[plan.key] = Paper(plan, f"{self.url}/{plan.key}", self._news.supply(plan.language, 2 * number))
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._stack.aclose()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def mail_port(self) -> int:
        return self._mailbox.port

    # -- the newspapers -----------------------------------------------------------------------------------------------

    def _paper(self, request: web.Request) -> Paper:
        paper = self.papers.get(request.match_info["paper"])
        if paper is None:
            raise web.HTTPNotFound
        return paper

    async def _front_page(self, request: web.Request) -> web.Response:
        return web.Response(body=self._paper(request).front_page(), content_type="text/html", charset="utf-8")

    async def _feed(self, request: web.Request) -> web.Response:
        paper = self._paper(request)
        if paper.down:
            return web.Response(status=503, text="the presses stand still")
        paper.polls += 1
        if all(paper.polls > 1 for paper in self.papers.values()):
            self.read.set()
        etag = paper.etag()
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        return web.Response(body=paper.feed(), content_type=paper.content_type, charset="utf-8", headers={"ETag": etag})

    async def _page(self, request: web.Request) -> web.Response:
        paper, number = self._paper(request), int(request.match_info["number"])
        if not 1 <= number <= len(paper.printed):
            raise web.HTTPNotFound
        return web.Response(body=paper.page(paper.printed[number - 1]), content_type="text/html", charset="utf-8")

    # -- those who are told -------------------------------------------------------------------------------------------

    async def _slack(self, request: web.Request) -> web.Response:
        payload = await _json(request)
        if payload is None or not (payload.get("text") or payload.get("blocks")):
            return web.Response(status=400, text="invalid_payload")
        lines = [line for line in str(payload.get("text", "")).splitlines() if line.strip()]
        self.received["slack", "message"] += 1
        self._tell("slack", f"shows: {' / '.join(lines[:2])[:160]}")
        return web.Response(text="ok")

    async def _webhook(self, request: web.Request) -> web.Response:
        payload, ident = await _json(request), request.headers.get("webhook-id", "")
        if payload is None or not isinstance(data := payload.get("data"), dict):
            return web.Response(status=400, text="not an alert")
        what = str(data.get("rule", {}).get("name") or payload.get("type"))
        self._tries[ident] += 1
        if self.refuse_next > 0:
            self.refuse_next -= 1
            self._tell("webhook", f"answers 503 to {what}: the daemon will try again")
            return web.Response(status=503, text="not now")
        self.received["webhook", what] += 1
        if self._tries[ident] > 1:
            self._tell("webhook", f"took {what} at try {self._tries[ident]}, under the same webhook-id")
        return web.Response(text="ok")

    def _take_letter(self, letter: Letter) -> None:
        self.received["mail", "message"] += 1
        self._tell("mail", f"to {', '.join(letter.recipients)}: {letter.subject}")


async def _json(request: web.Request) -> dict[str, Any] | None:
    try:
        payload = json.loads(await request.read())
    except ValueError:
        return None
    return payload if isinstance(payload, dict) else None
