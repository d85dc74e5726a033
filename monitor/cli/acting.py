"""Commands that write: over the daemon's socket while one runs, else under the state folder's lock."""

from __future__ import annotations

import getpass
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.cli.context import become_owner, database_url, run, state_path
from monitor.errors import ConfigError, StoreError

if TYPE_CHECKING:
    from monitor.store.database import Store

Offline = Callable[["Store"], Awaitable[dict[str, Any]]]


def actor() -> str:
    """Who acts, as the log of changes names it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "local"


def act(
    config: Path | None, state: Path | None, path: str, body: dict[str, Any], offline: Offline, *, create: bool = False
) -> dict[str, Any]:
    """Asks the running daemon for `POST path`; without one does `offline` itself, with `create` on a new store too."""
    from monitor.store.files import database_file
    from monitor.store.state import is_held

    folder = state_path(state)
    socket = folder / "control.sock"
    if socket.exists() and is_held(folder):
        return run(ask(socket, path, body))
    become_owner(folder)
    database = database_url(config)
    file = database_file(database, folder)
    if not (create or file is None or file.exists()):
        raise StoreError(
            f"there is no store at {file}", remedy="start it with 'monitor run' or 'monitor once', or name its folder with --state"
        )
    return run(_act(database, folder, offline))


async def _act(database: str, folder: Path, offline: Offline) -> dict[str, Any]:
    from monitor.store.state import StateFolder

    if database.startswith("postgresql"):
        return await _opened(database, folder, offline)
    with StateFolder(folder, wait=2.0):
        return await _opened(database, folder, offline)


async def _opened(database: str, folder: Path, offline: Offline) -> dict[str, Any]:
    import time

    from monitor.store.database import Store

    store = Store(database, folder, clock=time.time)
    await store.open()
    try:
        return await offline(store)
    finally:
        await store.close()


async def ask(socket: Path, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """One request to the daemon. Raises StoreError with its words where it refuses, ConfigError over a configuration."""
    import aiohttp

    from monitor.store.state import short

    timeout = aiohttp.ClientTimeout(total=60)
    try:
        with short(socket) as name:
            async with (
                aiohttp.ClientSession(connector=aiohttp.UnixConnector(name), timeout=timeout) as session,
                session.post(f"http://monitor{path}", json=body) as response,
            ):
                answer: dict[str, Any] = await response.json(content_type=None)
                status = response.status
    except PermissionError as error:
        raise StoreError(
            f"the daemon's socket {socket} belongs to another user", remedy="run the command as the daemon's user, or as root"
        ) from error
    except (OSError, aiohttp.ClientError) as error:
        raise StoreError(
            f"the daemon on {socket.parent} does not answer: {error}", remedy="'monitor status' shows whether it runs"
        ) from error
    if status == 422:
        raise ConfigError(str(answer.get("detail", status)), remedy=answer.get("remedy"))
    if status >= 400:
        raise StoreError(str(answer.get("detail", status)), remedy=answer.get("remedy"))
    return answer
