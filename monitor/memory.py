"""Keeps the daemon small: glibc gives each thread an arena of its own, and what is freed in one is not used by another."""

from __future__ import annotations

import ctypes
import gc

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


def settled() -> None:
    """After start-up: what lives for good is left out of later collections, which then cost less and touch less memory."""
    gc.collect()
    gc.freeze()
