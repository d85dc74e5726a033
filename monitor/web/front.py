"""The server that others reach: `/healthz` and what hubs call. Each request's Host is checked, and nothing else is there."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import structlog
from aiohttp import web
from yarl import URL

from monitor.config.keys.web import Listen, is_loopback

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler

    from monitor.config.keys.web import WebKeys
    from monitor.pipeline.live import Live
    from monitor.pipeline.websub_server import WebSub

log = structlog.get_logger("monitor")

AGAIN = 30.0  # seconds until an address that could not be had is tried for once more
REMEDY = "free it, or change web.listen"
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Front:
    """Serves until cancelled. `base_url` is asked at each request, for it may change; `prefix` is its path at the start."""

    def __init__(
        self,
        listen: Listen,
        prefix: str,
        *,
        base_url: Callable[[], str | None],
        stuck: Callable[[], list[str]],
        routes: Iterable[web.AbstractRouteDef],
        on_served: Callable[[], None],
    ) -> None:
        self.listen = listen
        self._base_url = base_url
        self._stuck = stuck
        self._on_served = on_served
        self.refused: str | None = None  # why the address can't be had right now
        self.app = web.Application(client_max_size=1_048_576, middlewares=[self._guarded])
        self.app.add_routes([web.get(path, self._health) for path in dict.fromkeys(("/healthz", f"{prefix}/healthz"))])
        self.app.add_routes(routes)

    async def run(self) -> None:
        """Feeds are watched all the same while the address is taken by another: it is told, and tried for again."""
        while True:
            runner = web.AppRunner(self.app, access_log=None, handle_signals=False, shutdown_timeout=1.0, keepalive_timeout=30.0)
            await runner.setup()
            try:
                await self._site(runner).start()
            except OSError as error:
                await runner.cleanup()
                if self.refused is None:
                    self.refused = error.strerror or str(error)
                    log.error("web.refused", listen=str(self.listen), cause=self.refused, remedy=REMEDY, again_s=AGAIN)
                await asyncio.sleep(AGAIN)
                continue
            self.refused = None
            log.info("web.ready", listen=str(self.listen))
            self._on_served()
            try:
                await asyncio.Event().wait()
            finally:
                await runner.cleanup()

    def _site(self, runner: web.AppRunner) -> web.BaseSite:
        if self.listen.path is not None:
            return web.UnixSite(runner, self.listen.path)
        return web.TCPSite(runner, self.listen.host, self.listen.port)

    @web.middleware
    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not self.knows(request.headers.get("Host", "")):
            return web.Response(status=421, text="this host is not served here\n", headers=_HEADERS)
        try:
            answer = await handler(request)
        except web.HTTPException as refused:
            refused.headers.update(_HEADERS)
            raise
        answer.headers.update(_HEADERS)
        return answer

    def knows(self, host: str) -> bool:
        """Whether a Host header names us. A name that only leads here is refused (DNS rebinding); a literal address leads nowhere else."""
        try:
            name = (URL(f"http://{host}/").host or "").rstrip(".").lower()
        except ValueError:
            return False
        if not name or any(sign in host for sign in "/@?#\\ "):
            return False
        base = self._base_url()
        ours = {(self.listen.host or "").lower(), (URL(base).host or "").rstrip(".").lower() if base else ""}
        return is_loopback(name) or name in ours or _is_literal(name)

    async def _health(self, request: web.Request) -> web.Response:
        if stuck := self._stuck():
            return web.Response(status=503, text=f"no progress: {', '.join(stuck)}\n")
        return web.Response(text="ok\n")


def front_of(keys: WebKeys, live: Live, websub: WebSub, stuck: Callable[[], list[str]]) -> Front | None:
    """The server that the configuration asks for. `stuck` names the stages that make no progress."""
    if keys.opened is None:
        return None
    listen, prefix = keys.opened

    def served() -> None:
        websub.served = True

    return Front(listen, prefix, base_url=lambda: live.base_url, stuck=stuck, routes=websub.routes(prefix), on_served=served)


def _is_literal(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
