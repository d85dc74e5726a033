"""The real `monitor run` as a process of its own: started, waited for, killed, stopped, and its log read."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.support.waiting import NotInTime, until

SECRETS = re.compile(r"^(MONITOR_|NOTIFY_SOCKET|STATE_DIRECTORY|WATCHDOG_|LISTEN_)")


class Daemon:
    """`async with Daemon(folder, config) as daemon:` has a daemon that is ready, and no process when the block is left.

    `config` is the YAML's text, written to FOLDER/monitor.yaml; the state is FOLDER/NAME-state, the log FOLDER/NAME.log. `under` is a
    command that starts the daemon's by exec, such as the sandbox.
    """

    def __init__(
        self,
        folder: Path,
        config: str,
        *,
        env: Mapping[str, str] | None = None,
        args: Sequence[str] = (),
        under: Sequence[str] = (),
        name: str = "daemon",
    ) -> None:
        self.folder = folder
        self.config = folder / "monitor.yaml"
        self.state = folder / f"{name}-state"
        self.log_file = folder / f"{name}.log"
        self.env, self.args, self.under = dict(env or {}), tuple(args), tuple(under)
        self.process: subprocess.Popen[bytes] | None = None
        self._notify: socket.socket | None = None
        self._notified: list[str] = []
        self._notify_path = folder / f"{name}.notify"
        folder.mkdir(parents=True, exist_ok=True)
        self.write_config(config)

    async def __aenter__(self) -> Self:
        self.start()
        try:
            await self.ready()
        except BaseException:
            self.kill()
            raise
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.kill()
        if self._notify is not None:
            self._notify.close()

    def write_config(self, text: str) -> None:
        self.config.write_text(text, encoding="utf-8")

    # -- its life -----------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Starts the process and returns at once; it is told a notify socket, as systemd would."""
        assert self.process is None or self.process.poll() is not None, "it runs already"
        if self._notify is None:
            self._notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            self._notify.bind(str(self._notify_path))
            self._notify.setblocking(False)
        self._notified.clear()
        words = [*self.under, sys.executable, "-m", "monitor", "run", "--config", str(self.config), "--state", str(self.state), *self.args]
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                words, cwd=self.folder, env=self._environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    async def ready(self, seconds: float = 60.0) -> None:
        """Waits for READY=1; raises NotInTime with the end of the log where the daemon ends or stays silent."""

        def said() -> bool:
            if self.process is not None and (code := self.process.poll()) is not None:
                raise NotInTime(f"the daemon ended with {code}:\n{self.tail()}")
            return "READY=1" in self.notified()

        try:
            await until(said, seconds=seconds, what="READY=1")
        except NotInTime as late:
            raise NotInTime(f"{late}\n{self.tail()}") from None

    def kill(self) -> None:
        """kill -9 of the whole family, as a power cut would; nothing happens where it has ended."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait(60)

    def kill_main(self) -> None:
        """kill -9 of the main process alone, as the OOM killer would: what it started has to end by itself."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(60)

    def signal(self, number: int) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    async def stop(self, seconds: float = 45.0) -> int:
        """SIGTERM; answers the exit status, negative for a signal."""
        self.signal(signal.SIGTERM)
        return await self.ended(seconds)

    async def ended(self, seconds: float = 45.0) -> int:
        assert self.process is not None
        process = self.process
        await until(lambda: process.poll() is not None, seconds=seconds, what=f"the daemon's end\n{self.tail()}")
        return int(process.returncode)

    def family(self) -> list[int]:
        """The pids of the session that are still there."""
        assert self.process is not None
        found = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == self.process.pid and fields[0] != "Z":
                found.append(int(stat.parent.name))
        return sorted(found)

    # -- what it says -------------------------------------------------------------------------------------------------

    def notified(self) -> list[str]:
        """All lines that came over the notify socket since the start."""
        while self._notify is not None:
            try:
                self._notified += self._notify.recv(4096).decode().split("\n")
            except BlockingIOError:
                break
        return self._notified

    def lines(self) -> list[str]:
        """stdout and stderr of all starts."""
        return self.log_file.read_text(encoding="utf-8", errors="replace").splitlines() if self.log_file.exists() else []

    def log(self, event: str | None = None, **fields: Any) -> list[dict[str, Any]]:
        """The log's JSON lines, those of `event` with these fields only."""
        found = []
        for line in self.lines():
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if isinstance(entry, dict) and event in (None, entry.get("event")) and all(entry.get(k) == v for k, v in fields.items()):
                found.append(entry)
        return found

    async def logged(self, event: str, *, seconds: float = 45.0, **fields: Any) -> dict[str, Any]:
        """Waits for a log line of this event with these fields, and answers the newest."""
        found = await until(lambda: self.log(event, **fields), seconds=seconds, what=f"{event} {fields} in the log\n{self.tail()}")
        return found[-1]

    def tail(self, count: int = 25) -> str:
        return "\n".join(self.lines()[-count:])

    # -- commands beside it -------------------------------------------------------------------------------------------

    async def command(self, *words: str, stdin: str | None = None, seconds: float = 90.0) -> Finished:
        """`monitor WORDS --config … --state …` beside the daemon, or without one."""
        return await monitor(
            *words, "--config", str(self.config), "--state", str(self.state), env=self.env, cwd=self.folder, stdin=stdin, seconds=seconds
        )

    def _environment(self) -> dict[str, str]:
        return clean_environment() | {"NOTIFY_SOCKET": str(self._notify_path)} | self.env


class Finished:
    """A command that has ended."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err

    def __repr__(self) -> str:
        return f"Finished({self.status}, out={self.out!r}, err={self.err!r})"

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def json_lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


def clean_environment() -> dict[str, str]:
    """This process's environment without what would lead a daemon elsewhere, and with the project importable."""
    kept = {name: value for name, value in os.environ.items() if not SECRETS.match(name)}
    root = str(Path(__file__).parents[2])
    kept["PYTHONPATH"] = os.pathsep.join(filter(None, [root, kept.get("PYTHONPATH")]))
    return kept | {"NO_COLOR": "1", "COLUMNS": "100", "PYTHONUNBUFFERED": "1"}


async def monitor(
    *words: str, env: Mapping[str, str] | None = None, cwd: Path | None = None, stdin: str | None = None, seconds: float = 90.0
) -> Finished:
    """Runs one `monitor` command to its end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "monitor", *words, cwd=cwd, env=clean_environment() | dict(env or {}),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        out, err = await asyncio.wait_for(process.communicate((stdin or "").encode()), seconds)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return Finished(process.returncode or 0, out.decode(), err.decode())
