"""A server that plays a service: `judge` refuses what the service would, else the planned answers come, then `usual`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from aiohttp import web

Answered = tuple[int, Any] | tuple[int, Any, Mapping[str, str]]


@dataclass(frozen=True)
class Asked:
    path: str
    headers: Mapping[str, str]
    json: Any
    method: str = "POST"


class Service:
    def __init__(self, usual: Answered = (200, "ok"), judge: Callable[[Asked], Answered | None] = lambda asked: None) -> None:
        self.usual = usual
        self.judge = judge
        self.plan: list[Answered] = []
        self.asked: list[Asked] = []
        self.port = 0

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=10_000_000)
        app.router.add_route("*", "/{tail:.*}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def connections(self) -> int:
        """How many are open."""
        return len(self._runner.server.connections) if self._runner.server is not None else 0

    async def _serve(self, request: web.Request) -> web.Response:
        asked = Asked(request.path_qs, request.headers.copy(), json.loads(await request.read()), request.method)
        self.asked.append(asked)
        status, body, *more = self.plan.pop(0) if self.plan else self.judge(asked) or self.usual
        headers = more[0] if more else {}
        if isinstance(body, str):
            return web.Response(status=status, text=body, headers=headers)
        return web.json_response(body, status=status, headers=headers)
