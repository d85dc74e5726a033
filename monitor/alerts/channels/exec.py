"""exec: a command of one's own gets each alert as JSON on its input; no shell reads anything.

Its exit status is the answer: 0 delivered, 65 (EX_DATAERR) never this one again, 78 (EX_CONFIG) the channel is off, anything else is
tried again. It gets a clean environment, a group of its own, and is killed at its time limit.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Mapping
from contextlib import suppress
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from monitor.alerts.channels.base import Options as BaseOptions
from monitor.alerts.channels.base import Services
from monitor.alerts.clean import clean, cut
from monitor.alerts.http import ANSWER_LIMIT, fingerprint, json_line
from monitor.alerts.machine import Machine
from monitor.model import Message, Outcome

_DATAERR, _CONFIG = 65, 78  # sysexits.h
_READ = 64_000  # bytes of output that are kept; the rest is read and dropped
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR")


def _one_or_more(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


class Options(BaseOptions):
    command: Annotated[list[str], BeforeValidator(_one_or_more)] = Field(min_length=1, max_length=100)
    """The program and its arguments, as a list; no shell is asked."""
    timeout: float = Field(default=15.0, ge=1.0, le=45.0)
    """Seconds after which it is killed and has failed."""


class Exec(Machine):
    type = "exec"

    def __init__(self, name: str, options: Options, services: Services) -> None:
        self.name = name
        self.deadline = options.timeout + 2.0
        self._timeout = options.timeout
        self._command = tuple(options.command)
        self.target = f"exec {cut(clean(os.path.basename(self._command[0])), 100)} {fingerprint(*self._command)}"  # noqa: PTH119

    async def send(self, message: Message, previous: Mapping[str, str] | None = None) -> Outcome:
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ} | {"MONITOR_DELIVERY": message.id}
        pipe = asyncio.subprocess.PIPE
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.STDOUT, env=environment, start_new_session=True
            )
        except (OSError, ValueError) as error:
            return Outcome(
                delivered=False, text=cut(clean(f"{self._command[0]}: {getattr(error, 'strerror', None) or error}"), ANSWER_LIMIT)
            )
        try:
            async with asyncio.timeout(self._timeout):
                output = await _talk(process, json_line({"delivery": message.id, **message.payload}).encode())
                status = await process.wait()
        except TimeoutError:
            return Outcome(delivered=False, text=f"killed after {self._timeout:g} s")
        finally:
            await _end(process)
        words = cut(clean(output.decode("utf-8", "replace")), ANSWER_LIMIT)
        text = f"exit status {status}" + (f": {words}" if words else "")
        return Outcome(delivered=status == 0, text=text, final=status in (_DATAERR, _CONFIG), off=status == _CONFIG)


async def _talk(process: asyncio.subprocess.Process, data: bytes) -> bytes:
    """Gives the command its input and reads all that it says, keeping the beginning."""
    assert process.stdin is not None
    assert process.stdout is not None
    writing = asyncio.create_task(_give(process.stdin, data))
    try:
        kept = b""
        while chunk := await process.stdout.read(16_384):
            kept += chunk[: max(_READ - len(kept), 0)]
        return kept
    finally:
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)


async def _give(stdin: asyncio.StreamWriter, data: bytes) -> None:
    with suppress(ConnectionError):  # a command need not read its input
        stdin.write(data)
        await stdin.drain()
    stdin.close()


async def _end(process: asyncio.subprocess.Process) -> None:
    """Kills the command and what it started, if any of it still runs."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
