"""What must hold for the daemon to work on this machine, looked at one by one; each has its remedy."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from monitor.config.settings import Channel, Config
from monitor.errors import FetchError, MonitorError

LEAST_FREE = 64 * 2**20  # bytes, as upkeep has it: below it polling stops
WAL_SOUND = (3, 51, 3)  # before it a write and a checkpoint at one moment could corrupt a WAL store (sqlite.org, "WAL-reset bug")


@dataclass(frozen=True, slots=True)
class Finding:
    """`state` is ok, warning or failed; a warning does not stop the daemon."""

    check: str
    state: str
    text: str
    remedy: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {"check": self.check, "state": self.state, "text": self.text, "remedy": self.remedy}


def python(version: tuple[int, ...] = sys.version_info[:3]) -> Finding:
    text = "Python " + ".".join(map(str, version))
    if version < (3, 11):
        return Finding("python", "failed", text, "install Python 3.11 or later")
    return Finding("python", "ok", text)


def sqlite(version: tuple[int, ...] = sqlite3.sqlite_version_info, *, used: bool = True) -> Finding:
    """Old versions are a warning: one writer that also checkpoints, as here, does not meet the fault."""
    text = "SQLite " + ".".join(map(str, version))
    if used and version < WAL_SOUND:
        why = ": before 3.51.3 its write-ahead log had a fault; this program's single writer avoids it"
        return Finding("sqlite", "warning", text + why, "open the store by no other program that writes; update SQLite when you can")
    return Finding("sqlite", "ok", text)


def state_folder(folder: Path) -> Finding:
    place = folder if folder.exists() else next((above for above in folder.absolute().parents if above.exists()), Path("/"))
    if folder.exists() and not folder.is_dir():
        return Finding("state folder", "failed", f"{folder} is no folder", "name another with --state")
    if not os.access(place, os.W_OK | os.X_OK):
        return Finding("state folder", "failed", f"{folder} can't be written", "run as its owner, or name another with --state")
    if folder.exists() and folder.stat().st_mode & 0o007:
        return Finding("state folder", "warning", f"{folder} can be read by everybody", f"chmod 700 {folder}")
    return Finding("state folder", "ok", f"{folder} " + ("can be written" if folder.exists() else "will be made"))


def disk(folder: Path, usage: Callable[[Path], Any] = shutil.disk_usage) -> Finding:
    place = folder if folder.exists() else next(above for above in folder.absolute().parents if above.exists())
    found = usage(place)
    text = f"{found.free / 2**30:.1f} GB of {found.total / 2**30:.1f} GB are free"
    if found.free < max(LEAST_FREE, 0):
        return Finding("disk", "failed", text, "make room: below 64 MB nothing new is polled")
    if found.free < 10 * LEAST_FREE:
        return Finding("disk", "warning", text, "make room soon, or set retention")
    return Finding("disk", "ok", text)


async def clock(ask: Callable[[], Any] | None = None, now: Callable[[], float] = time.time) -> Finding:
    """The clock against a year that can't be, and against a server's Date where one was asked."""
    if now() < 1_700_000_000:
        return Finding("clock", "failed", "the clock stands before this program was written", "set it: timedatectl set-ntp true")
    theirs = await ask() if ask is not None else None
    if theirs is None:
        return Finding("clock", "ok", "plausible; no server was asked for the time")
    off = now() - theirs
    if abs(off) > 60:
        return Finding("clock", "failed", f"it differs by {off:+.0f} s from what a feed's server says", "set it: timedatectl set-ntp true")
    return Finding("clock", "ok", "agrees with a feed's server")


async def names(hosts: list[str]) -> Finding:
    """Whether names are resolved at all: it is enough that one is."""
    if not hosts:
        return Finding("names", "ok", "no feed or channel has a name to look up")
    missing = []
    for host in hosts[:3]:
        if await resolves(host):
            return Finding("names", "ok", f"{host} is found")
        missing.append(host)
    return Finding("names", "failed", f"no name is found: {', '.join(missing)}", "see /etc/resolv.conf, and whether this machine is online")


async def resolves(host: str) -> bool:
    try:
        async with asyncio.timeout(5):
            await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, TimeoutError, UnicodeError):
        return False
    return True


def channel_host(channel: Channel) -> str | None:
    """The host that a channel speaks to; None for one that needs none."""
    for key in ("webhook_url", "url", "smtp", "server", "base_url"):
        value = channel.options.get(key)
        if value:
            with suppress(ValueError):
                return urlsplit(str(value)).hostname
    return None


async def channels(config: Config) -> list[Finding]:
    found = []
    for channel in config.channels.values():
        host = channel_host(channel)
        name = f"channel {channel.name}"
        if host is None:
            found.append(Finding(name, "ok", f"{channel.type}: needs no host that is named here"))
        elif await resolves(host):
            found.append(Finding(name, "ok", f"{channel.type}: its host is found; 'monitor channels test {channel.name}' sends a test"))
        else:
            found.append(Finding(name, "failed", f"{channel.type}: its host {host} is not found", "see its address in the configuration"))
    return found


async def database(config: Config, folder: Path) -> Finding:
    """Whether the store can be reached and is of this version."""
    import sqlalchemy as sa

    from monitor.store.database import Store
    from monitor.store.files import database_file

    file = database_file(config.database, folder)
    if file is not None and not file.exists():
        return Finding("database", "ok", f"{file} will be made at the first run")
    store = Store(config.database, folder, clock=time.time)
    kind = "SQLite" if file is not None else "PostgreSQL"
    try:
        async with asyncio.timeout(10):
            await store.open(create=False)
            if file is not None:
                found = await store.read(_quick_check)
                if found != "ok":
                    return Finding("database", "failed", f"{file} is damaged: {found}", "stop the daemon, then 'monitor restore' a backup")
            await store.close()
    except MonitorError as error:
        return Finding("database", "failed", f"{kind}: {error}", error.remedy)
    except (sa.exc.SQLAlchemyError, OSError, TimeoutError) as error:
        why = str(getattr(error, "orig", None) or error or type(error).__name__).splitlines()[0]
        return Finding(
            "database", "failed", f"{kind} can't be reached: {why}", "see 'database' in the configuration, and whether its server runs"
        )
    return Finding("database", "ok", f"{kind}, sound and of this version")


def _quick_check(conn: Any) -> str:
    import sqlalchemy as sa

    return str(conn.execute(sa.text("PRAGMA quick_check(1)")).scalar())


async def server_time(config: Config, client: Any) -> float | None:
    """What the first feed's server says the time is; None where none answers."""
    from email.utils import parsedate_to_datetime

    for feed in config.feeds[:3]:
        try:
            response = await client.get(feed.url, limit=10_000_000, deadline=10.0)
            return parsedate_to_datetime(response.headers["Date"]).timestamp()
        except (FetchError, KeyError, ValueError, TypeError):
            continue
    return None
