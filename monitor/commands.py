"""What the control socket takes: each route one action on the running daemon."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

from monitor.actions import deliver, feeds, managed, triage_routes

if TYPE_CHECKING:
    from monitor.daemon import Daemon
    from monitor.web import control


def commands(daemon: Daemon) -> dict[str, control.Handler]:
    """The routes, each with what it does."""
    store = daemon.store

    async def waking(doing: Awaitable[dict[str, Any]]) -> dict[str, Any]:
        answer = await doing
        daemon.wake()
        return answer

    return {
        **triage_routes.routes(store, lambda: daemon.config.entities),
        "POST /api/v1/reload": lambda body: daemon.reload(drop=bool(body.get("drop"))),
        "POST /api/v1/deliveries/retry": lambda body: waking(
            deliver.retry_all(store, body.get("channel"), str(body.get("actor", "local")))
            if body.get("all_dead")
            else deliver.retry(store, body.get("ids", []), str(body.get("actor", "local")))
        ),
        "POST /api/v1/deliveries/drop": lambda body: waking(deliver.drop(store, body.get("ids", []), str(body.get("actor", "local")))),
        "POST /api/v1/channels/on": lambda body: waking(deliver.switch_on(store, str(body.get("name")), str(body.get("actor", "local")))),
        "POST /api/v1/feeds/{what:add|remove}": lambda body: daemon.edit(managed.feeds(store, daemon.config.path, body)),
        "POST /api/v1/managed/remove": lambda body: daemon.edit(managed.take_out(store, daemon.config.path, body)),
        "POST /api/v1/feeds/{what:poll|pause|resume}": lambda body: waking(
            feeds.do(store, body["what"], body.get("names", []), str(body.get("actor", "local")))
        ),
    }
