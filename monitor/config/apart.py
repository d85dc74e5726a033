"""A configuration read in a process of its own: what reading takes, libraries and nodes, is gone with it once it is read."""

from __future__ import annotations

import os
import pickle
import threading
from pathlib import Path
from typing import TYPE_CHECKING, cast

from monitor.rules import kept

if TYPE_CHECKING:
    from monitor.config.settings import Config


class Apart:
    """Begins to read the configuration at `path`; `config` waits for it.

    The process is forked, so this is for the start of a program, before its first thread; later nothing is begun.
    """

    def __init__(self, path: Path) -> None:
        self._child: int | None = None
        if threading.active_count() > 1:
            return
        self._pipe, into = os.pipe()
        self._child = os.fork()
        if self._child == 0:
            os.close(self._pipe)
            _read(path, into)
        os.close(into)

    def config(self) -> Config | None:
        """The configuration. None where there is anything to tell of it: to be read here then, and told."""
        if self._child is None:
            return None
        child, self._child = self._child, None
        with os.fdopen(self._pipe, "rb") as pipe:
            found = pipe.read()
        _, status = os.waitpid(child, 0)
        if status != 0 or not found:
            return None
        config = cast("Config", pickle.loads(found))  # noqa: S301  it comes from a process of our own
        for rule in config.rules:
            kept.keep(rule.query)  # the first reload parses what has changed, as every other
        return config


def _read(path: Path, into: int) -> None:
    """For the child: writes the configuration, or nothing, and ends without what a program does at its end."""
    status = 1
    try:
        from monitor.config.loading import load

        loaded = load(path)
        if loaded.config is not None and loaded.fence is None:
            with os.fdopen(into, "wb") as pipe:
                pickle.dump(loaded.config, pipe, protocol=pickle.HIGHEST_PROTOCOL)
            status = 0
    finally:
        os._exit(status)
