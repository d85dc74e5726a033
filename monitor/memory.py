"""Keeps the daemon small: glibc gives each thread an arena of its own, and what is freed in one is not used by another."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import cast

_ARENA_MAX = -8  # mallopt(3): M_ARENA_MAX
_TRIM_THRESHOLD = -1  # M_TRIM_THRESHOLD
_TOP = 128 * 1024  # bytes free at the top of the heap that go back to the system


def spare() -> None:
    """To be called before the first thread starts; does nothing where the C library has no mallopt."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        return
    mallopt(_ARENA_MAX, 1)
    mallopt(_TRIM_THRESHOLD, _TOP)


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Imports in this block find none of these packages, as if they were not installed: for libraries that load them on a chance.

    A package that is loaded already stays.
    """
    absent = [name for name in names if name not in sys.modules]
    for name in absent:
        sys.modules[name] = cast("ModuleType", None)
    try:
        yield
    finally:
        for name in absent:
            if sys.modules.get(name, name) is None:
                del sys.modules[name]


def settled() -> None:
    """After start-up: what lives for good is left out of later collections, which then cost less and touch less memory."""
    gc.collect()
    gc.freeze()
