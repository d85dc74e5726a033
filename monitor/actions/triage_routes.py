"""The routes of triage and mutes, as the control socket takes them: a body in, an answer out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from monitor.actions import mutes, triage
from monitor.rules import Entities
from monitor.store.database import Store

Handler = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


def routes(store: Store, entities: Callable[[], Entities]) -> dict[str, Handler]:
    """`entities` answers those of the configuration that runs."""

    async def actions(body: dict[str, Any]) -> dict[str, Any]:
        ids, versions = list(body.get("ids", [])), body.get("versions")
        if body.get("undo"):
            return await triage.undo(store, ids, _actor(body), versions)
        wish = {key: body.get(key) for key in ("state", "reason", "assignee")}
        return await triage.change(store, ids, _actor(body), **wish, versions=versions)

    async def notes(body: dict[str, Any]) -> dict[str, Any]:
        return await triage.note(store, str(body.get("id")), str(body.get("text", "")), _actor(body))

    async def mute(body: dict[str, Any]) -> dict[str, Any]:
        return await mutes.add(store, body.get("scope", {}), body.get("until"), str(body.get("reason", "")), _actor(body), entities())

    async def unmute(body: dict[str, Any]) -> dict[str, Any]:
        return await mutes.end(store, str(body.get("id")), _actor(body), body.get("version"))

    return {
        "POST /api/v1/alerts/actions": actions,
        "POST /api/v1/alerts/notes": notes,
        "POST /api/v1/mutes": mute,
        "POST /api/v1/mutes/end": unmute,
    }


def _actor(body: dict[str, Any]) -> str:
    return str(body.get("actor", "local"))
