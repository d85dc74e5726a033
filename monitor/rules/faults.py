"""Faults as they are found: what is wrong, where, and which remedies might mend it, the likeliest first."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from monitor.errors import QueryError

_SHOWN = 60  # characters of a query that a message repeats
_TRY_UP_TO = 50_000  # characters; the remedy of a longer query is not worth reading it again
_OPERATOR_BEHIND = re.compile(r"\s*(?:AND|OR|(?:NOT\s+)?O?NEAR/\w+)\s+")


class Remedy(NamedTuple):
    """`replacement`, put where the fault stands, should mend the query; `advice` says so to a person."""

    replacement: str
    advice: str


class Fault(QueryError):
    """A query error whose remedies have not been tried yet; `settle` tries them and gives the error to tell."""

    def __init__(self, text: str, start: int, end: int, *remedies: Remedy, advice: str | None = None) -> None:
        super().__init__(text, start, end, suggestion=advice)
        self.remedies = remedies


def settle(fault: Fault, text: str, read: Callable[[str], object]) -> QueryError:
    """The error to tell of `text`: with the first remedy that `read` accepts, else the first that brings it further.

    A remedy of a query with a second fault can't mend it all; it counts if what is left stands behind it.
    """
    further = None
    for remedy, end in _attempts(fault, text):
        if len(text) > _TRY_UP_TO:
            return _told(fault, remedy, end)
        try:
            read(text[: fault.start] + remedy.replacement + text[end:])
        except Fault as left:
            if further is None and left.start >= fault.start + len(remedy.replacement) and left.end > left.start:
                further = remedy, end
        else:
            return _told(fault, remedy, end)
    if further is not None:
        return _told(fault, *further)
    advice = fault.suggestion or (fault.remedies[0].advice if fault.remedies else None)
    return QueryError(fault.text, fault.start, fault.end, suggestion=advice)


def _attempts(fault: Fault, text: str) -> Iterator[tuple[Remedy, int]]:
    """Each remedy with where what it replaces ends; what is left out takes the operator behind it along, if it must."""
    for remedy in fault.remedies:
        yield remedy, fault.end
        operator = _OPERATOR_BEHIND.match(text, fault.end) if not remedy.replacement else None
        if operator:
            yield remedy, operator.end()


def _told(fault: Fault, remedy: Remedy, end: int) -> QueryError:
    return QueryError(fault.text, fault.start, end, suggestion=remedy.advice, replacement=remedy.replacement)


def shown(text: str) -> str:
    """A piece of the query as a message repeats it: one line, cut where it is long, what can't be seen by its number."""
    line = " ".join(text[: 2 * _SHOWN].split())
    seen = line if line.isprintable() else "".join(char if char.isprintable() else f"U+{ord(char):04X}" for char in line)
    return seen if len(seen) <= _SHOWN else f"{seen[:_SHOWN]}…"


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The name most like `word`, case aside, or None where none is like it."""
    by_key = {name.casefold(): name for name in names}
    close = difflib.get_close_matches(word[:200].casefold(), by_key, 1, 0.6)
    return by_key[close[0]] if close else None
