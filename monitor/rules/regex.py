"""Regexes of a query: RE2, compiled quietly, refused where they are wrong or match the empty text."""

from __future__ import annotations

import functools
from typing import Any

import re2

_SAMPLES = ("", "a", "a b", "1", " ", "\n")  # where `\b`, `\B`, `^`, `$` and the like show that they take no character


def options() -> Any:
    """RE2's options for every regex of a query; it must not write to stderr by itself."""
    chosen = re2.Options()
    chosen.log_errors = False
    return chosen


@functools.lru_cache(maxsize=1024)
def complaint(pattern: str) -> str | None:
    """Why `pattern` can't be used, or None if it can."""
    if not pattern:
        return "an empty regex matches every text"
    try:
        compiled = re2.compile(pattern, options())
    except re2.error as error:
        return f"RE2 can't read this regex: {_reason(error)}"
    for sample in _SAMPLES:
        match = compiled.search(sample)
        if match is not None and match.start() == match.end():
            return "this regex matches the empty text, so it would match everything"
    return None


def _reason(error: Exception) -> str:
    reason = error.args[0] if error.args else ""
    return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
