"""The state folder: one daemon at a time, an instance id, the control socket."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from monitor.errors import StoreError
from monitor.store.sql import new_uid

WAIT = 10.0  # seconds that a daemon waits for a short command to end


class StateFolder:
    """Holds the folder's lock between `__enter__` and `__exit__`. Raises StoreError where another holds it."""

    def __init__(self, path: Path, *, wait: float = WAIT) -> None:
        self.path = path
        self._wait = wait
        self._descriptor: int | None = None

    @property
    def socket(self) -> Path:
        """Where the running daemon listens for commands."""
        return self.path / "control.sock"

    @property
    def instance(self) -> str:
        """The folder's instance id, made at first use: what it claims in the store bears it."""
        file = self.path / "instance"
        if not file.exists():
            part = file.with_suffix(f".{new_uid()}")
            part.write_text(new_uid(), encoding="ascii")
            part.chmod(0o600)
            with suppress(FileExistsError):
                file.hardlink_to(part)  # the first wins where two make it at once
            part.unlink()
        return file.read_text(encoding="ascii").strip()

    def make(self) -> None:
        """Creates the folder, for its owner's eyes alone."""
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise StoreError(f"the state folder {self.path} can't be made: {error.strerror}", remedy="name another with --state") from error

    def __enter__(self) -> Self:
        self.make()
        lock = self.path / "lock"
        try:
            self._descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(
                f"the state folder {self.path} can't be used: {error.strerror}",
                remedy="run it as the folder's owner, or name another with --state",
            ) from error
        end = time.monotonic() + self._wait
        while True:
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= end:
                    os.close(self._descriptor)
                    self._descriptor = None
                    raise StoreError(
                        f"another monitor runs on {self.path}", remedy="stop it first, or give this one a folder of its own with --state"
                    ) from None
                time.sleep(0.05)
            else:
                return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def is_held(path: Path) -> bool:
    """Whether a daemon holds the folder right now. Raises StoreError for a folder of another user's, of which nobody can tell."""
    try:
        descriptor = os.open(path / "lock", os.O_RDWR | os.O_CLOEXEC)
    except PermissionError as error:
        raise StoreError(
            f"the state folder {path} belongs to another user: {error.strerror}", remedy="run the command as the folder's owner, or as root"
        ) from error
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


_LONGEST = 100  # bytes of a Unix socket's address: unix(7) allows 108, the ending zero included


@contextmanager
def short(path: Path) -> Iterator[str]:
    """A name by which a socket can be bound or reached while the block lasts, however deep its folder lies."""
    if len(os.fsencode(path)) <= _LONGEST:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
