"""`run_demo`: the town, a state folder of its own, the real daemon as a process, and nothing left behind."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path

from monitor.demo import news as printed
from monitor.demo.play import PACE, Play, print_backlog
from monitor.demo.settings import RULES, configuration, has_dashboard
from monitor.demo.town import Town

GRACE = 12.0  # seconds that the daemon has to end after SIGTERM; its own limit is 10
ALERT = re.compile(r"[0-9:]{8}  (CRITICAL|HIGH|NORMAL|LOW)  ")  # how an alert begins on the terminal
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def _to_stdout(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


class Demo:
    """One run. `write` takes text for people; `seconds` ends it by itself (None: at Ctrl-C)."""

    def __init__(self, write: Callable[[str], None], seconds: float | None, program: Sequence[str], pace: float) -> None:
        self._write, self._seconds, self._program, self._pace = write, seconds, program, pace
        self._end = asyncio.Event()
        self._town: Town | None = None
        self._started = time.monotonic()
        self._seen: dict[str, float] = {}  # rule -> seconds after the start at which the terminal showed it
        self._dashboard: str | None = None
        self._failed: str | None = None

    def tell(self, who: str, what: str) -> None:
        self._write(f"{datetime.now().astimezone():%H:%M:%S} {who:<8} {what}\n")

    async def run(self) -> int:
        """Answers the exit status: 0 when the alerts of both rules were shown, 1 when they were not or the daemon ended."""
        loop = asyncio.get_running_loop()
        for number in SIGNALS:
            loop.add_signal_handler(number, self._end.set)
        try:
            with tempfile.TemporaryDirectory(prefix="monitor-demo-") as folder:
                await self._play(Path(folder))
        finally:
            for number in SIGNALS:
                loop.remove_signal_handler(number)
        if self._failed:
            self._write(f"{self._failed}\n")
        self._write("The demo has ended; nothing is left behind.\n")
        return 0 if len(self._seen) == len(RULES) and self._failed is None else 1

    async def _play(self, folder: Path) -> None:
        news = printed.load()
        async with AsyncExitStack() as stack:
            town = await stack.enter_async_context(Town(news, self.tell))
            print_backlog(town, datetime.now(UTC))
            port = _free_port() if has_dashboard() else None
            config, state = folder / "monitor.yaml", folder / "state"
            config.write_text(configuration(town, dashboard_port=port), encoding="utf-8")
            state.mkdir(mode=0o700)
            self._dashboard = f"http://127.0.0.1:{port}/" if port else None
            self._greet(town)
            daemon = await _start(self._program, config, state)
            stack.push_async_callback(_stop, daemon)
            tasks = [
                asyncio.create_task(self._end.wait()),
                asyncio.create_task(self._show(daemon, config, state)),
                asyncio.create_task(Play(town, news, self.tell, pace=self._pace).run()),
            ]
            await asyncio.wait(tasks, timeout=self._seconds, return_when=asyncio.FIRST_COMPLETED)
            self._end.set()
            for task in tasks:
                task.cancel()
            for result in await asyncio.gather(*tasks, return_exceptions=True):
                if isinstance(result, Exception):
                    raise result
            self._write("\n")

    def _greet(self, town: Town) -> None:
        self._write(
            f"{len(town.papers)} newspapers, a Slack, a mailbox and a webhook on 127.0.0.1, and a real daemon that watches them.\n"
            "It needs no network. The first alerts come within 20 seconds.\n"
        )
        self._invite()

    def _invite(self) -> None:
        if self._dashboard:
            self._write(f"Dashboard: {self._dashboard}\n")
        self._write("press Ctrl-C; nothing is left behind\n\n")

    # -- the daemon's own words ---------------------------------------------------------------------------------------

    async def _show(self, daemon: asyncio.subprocess.Process, config: Path, state: Path) -> None:
        """Passes on what the daemon writes, and notes which rules' alerts it showed."""
        assert daemon.stdout is not None
        advised = False
        while line := (await daemon.stdout.readline()).decode("utf-8", "replace"):
            if not advised and len(self._seen) == len(RULES) and not line.startswith(" "):  # the alert's last line is out
                advised = True
                self._next_steps(config, state)
            self._write(line)
            if ALERT.match(line):
                for rule in RULES:
                    if rule in line:
                        self._seen.setdefault(rule, time.monotonic() - self._started)
        code = await daemon.wait()
        if not self._end.is_set():
            self._failed = f"The daemon ended by itself with status {code}."
            self._end.set()

    def _next_steps(self, config: Path, state: Path) -> None:
        where = f"--config {config} --state {state}"
        self._write(
            f"\nBoth rules have alerted, {max(self._seen.values()):.0f} s after the start. While this runs, in another terminal:\n"
            f"  {sys.argv[0]} status {where}\n  {sys.argv[0]} alerts list {where}\n  {sys.argv[0]} feeds list {where}\n"
            "Then for yourself: edit config/monitor.yaml and `make run`, or read docs/guide/tutorial.md.\n"
        )
        self._invite()


async def _start(program: Sequence[str], config: Path, state: Path) -> asyncio.subprocess.Process:
    words = [*program, "run", "--config", str(config), "--state", str(state), "--log", "human"]
    environment = {name: value for name, value in os.environ.items() if name not in ("NOTIFY_SOCKET", "WATCHDOG_USEC", "STATE_DIRECTORY")}
    return await asyncio.create_subprocess_exec(
        *words,
        cwd=config.parent,
        env=environment | {"PYTHONUNBUFFERED": "1"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        limit=1_000_000,  # bytes in a line
        start_new_session=True,  # Ctrl-C reaches the demo alone, which then ends the daemon in order
    )


async def _stop(daemon: asyncio.subprocess.Process) -> None:
    """Ends the daemon and all that it started, in order if it can."""
    with suppress(ProcessLookupError):
        daemon.terminate()
    assert daemon.stdout is not None
    try:
        async with asyncio.timeout(GRACE):
            await daemon.stdout.read()
            await daemon.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            os.killpg(daemon.pid, signal.SIGKILL)
        await daemon.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def run_demo(
    *,
    seconds: float | None = None,
    write: Callable[[str], None] = _to_stdout,
    program: Sequence[str] = (sys.executable, "-m", "monitor"),
    pace: float = PACE,
) -> int:
    """Plays the demo until Ctrl-C, SIGTERM, or `seconds` have passed; answers the exit status. `program` is the daemon's
    command, `pace` the seconds between two articles.

    0: the alerts of both rules were shown on the terminal. 1: they were not, or the daemon ended by itself.
    """
    return await Demo(write, seconds, program, pace).run()
