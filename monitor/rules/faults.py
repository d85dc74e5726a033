"""Faults as they are found: what is wrong, where, and which remedies might mend it, the likeliest first."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import NamedTuple

from monitor.errors import QueryError


class Remedy(NamedTuple):
    """`replacement`, put where the fault stands, should mend the query; `advice` says so to a person."""

    replacement: str
    advice: str


class Fault(QueryError):
    """A query error whose remedies have not been tried yet; `parse` tries them and raises a plain QueryError."""

    def __init__(self, text: str, start: int, end: int, *remedies: Remedy, advice: str | None = None) -> None:
        super().__init__(text, start, end, suggestion=advice)
        self.remedies = remedies


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The name most like `word`, case aside, or None where none is like it."""
    by_key = {name.casefold(): name for name in names}
    close = difflib.get_close_matches(word.casefold(), by_key, 1, 0.6)
    return by_key[close[0]] if close else None
