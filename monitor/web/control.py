"""The control socket: the API's routes for commands that write while a daemon runs, over a Unix socket in the state folder."""

from __future__ import annotations

import os
import socket
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from aiohttp import web

from monitor.errors import ConfigError, MonitorError
from monitor.store.state import short

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

log = structlog.get_logger("monitor")

Handler = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


@asynccontextmanager
async def served(path: Path, routes: dict[str, Handler]) -> AsyncIterator[None]:
    """Serves `routes` ("POST /api/v1/…" -> handler) on a socket that its owner alone may use."""
    app = web.Application(client_max_size=1_048_576)
    for route, handler in routes.items():
        method, _, pattern = route.partition(" ")
        app.router.add_route(method, pattern, _answering(handler))
    runner = web.AppRunner(app, access_log=None, handle_signals=False)
    await runner.setup()
    try:
        await web.SockSite(runner, _bound(path)).start()
        yield
    finally:
        await runner.cleanup()
        _remove(path)


def _bound(path: Path) -> socket.socket:
    _remove(path)  # of a daemon that died: the folder's lock says that none runs
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    old = os.umask(0o177)
    try:
        with short(path) as name:
            listening.bind(name)
    except OSError:
        listening.close()
        raise
    finally:
        os.umask(old)
    listening.setblocking(False)
    return listening


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)


def _answering(handler: Handler) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(request: web.Request) -> web.Response:
        body: dict[str, Any] = {}
        if request.can_read_body:
            try:
                body = await request.json()
            except ValueError:
                return _problem(422, "the body is not JSON", None)
        try:
            return web.json_response(await handler({**body, **request.match_info}))
        except MonitorError as error:
            return _problem(422 if isinstance(error, ConfigError) else 409, str(error), error.remedy)
        except Exception as error:
            log.exception("control.failed", path=request.path)
            return _problem(500, f"{type(error).__name__}; the daemon's log has where", None)

    return answer


def _problem(status: int, detail: str, remedy: str | None) -> web.Response:
    body = {"type": "about:blank", "title": "refused", "status": status, "detail": detail, "remedy": remedy}
    return web.json_response(body, status=status, content_type="application/problem+json")
