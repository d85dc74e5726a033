"""file: JSON lines appended to a file that is rotated by size; each line is the webhook's body with the delivery's id.

A line is on the disk before it counts as delivered. A repeated delivery has the same `delivery`, by which a reader drops it.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import Field

from monitor.alerts.channels.base import Options as BaseOptions
from monitor.alerts.channels.base import Services
from monitor.alerts.clean import clean, cut
from monitor.alerts.http import json_line
from monitor.alerts.machine import Machine
from monitor.model import Message, Outcome


class Options(BaseOptions):
    path: Path
    """Where lines are appended; the folder is made if it is missing."""
    max_mb: int = Field(default=100, ge=1, le=1_000_000)
    """Size in MB at which the file is put aside as PATH.1, that one as PATH.2, and so on."""
    keep: int = Field(default=5, ge=1, le=1_000)
    """How many files that were put aside are kept."""


class File(Machine):
    type = "file"
    deadline = 15.0

    def __init__(self, name: str, options: Options, services: Services) -> None:
        self.name = name
        self._path = options.path.expanduser().absolute()
        self._max = options.max_mb * 1_000_000
        self._keep = options.keep
        self.target = f"file {self._path}"

    async def send(self, message: Message, previous: Mapping[str, str] | None = None) -> Outcome:
        line = json_line({"delivery": message.id, **message.payload}).encode()
        try:
            await asyncio.to_thread(append, self._path, line, self._max, self._keep)
        except OSError as error:
            return Outcome(delivered=False, text=cut(clean(f"{error.strerror or error}: {self._path}"), 300))
        return Outcome(delivered=True, text=f"{len(line):,} bytes written")


def append(path: Path, line: bytes, limit: int, keep: int) -> None:
    """Appends a line and brings it to the disk, rotating first if it would pass `limit` bytes. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    size = path.stat().st_size if path.exists() else 0
    if size and size + len(line) > limit:
        _rotate(path, keep)
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)
    try:
        _write_all(handle, (b"\n" if _torn(handle) else b"") + line)
        os.fsync(handle)
    finally:
        os.close(handle)


def _rotate(path: Path, keep: int) -> None:
    for number in range(keep, 0, -1):
        older = path.with_name(f"{path.name}.{number - 1}") if number > 1 else path
        if older.exists():
            older.replace(path.with_name(f"{path.name}.{number}"))


def _torn(handle: int) -> bool:
    """Whether the last line has no end: a crash or a full disk cut it short."""
    size = os.lseek(handle, 0, os.SEEK_END)
    return size > 0 and os.pread(handle, 1, size - 1) != b"\n"


def _write_all(handle: int, data: bytes) -> None:
    view: Any = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]
