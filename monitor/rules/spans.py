"""Maps between a text and the same text after edits: piecewise, each piece moved as it is or replaced as a whole."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

Edit = tuple[int, int, str]
"""Code points start to end become this text."""


def apply(text: str, edits: Sequence[Edit]) -> str:
    parts: list[str] = []
    done = 0
    for start, end, replacement in edits:
        parts.append(text[done:start])
        parts.append(replacement)
        done = end
    parts.append(text[done:])
    return "".join(parts)


class Moved:
    """Where the characters of an edited text came from. Edits are in order and do not overlap."""

    __slots__ = ("_at", "_from", "_put", "_until")

    def __init__(self, edits: Sequence[Edit]) -> None:
        self._at = [0]  # where a piece begins after the edits
        self._from = [0]  # and where before
        self._put = [""]  # what a replaced piece is now
        self._until = [-1]  # for a replaced piece its end before the edits; -1 for one that only moved
        at = done = 0
        for start, end, replacement in edits:
            at += start - done
            if replacement:
                self._add(at, start, end, replacement)
                at += len(replacement)
            self._add(at, end, -1, "")
            done = end

    def _add(self, at: int, source: int, until: int, put: str) -> None:
        self._put.append(put)
        self._at.append(at)
        self._from.append(source)
        self._until.append(until)

    def start(self, place: int) -> int:
        """Where the unit of the character at `place` begins."""
        piece = bisect_right(self._at, place) - 1
        return self._from[piece] if self._until[piece] >= 0 else self._from[piece] + place - self._at[piece]

    def end(self, place: int) -> int:
        """Where the unit of the character before `place` ends."""
        piece = bisect_right(self._at, place - 1) - 1
        return self._until[piece] if self._until[piece] >= 0 else self._from[piece] + place - self._at[piece]

    def splits(self, place: int) -> bool:
        """Whether `place` is inside what one unit became, with more than white space on both sides: ﬁ, but not ㈱."""
        piece = bisect_right(self._at, place) - 1
        put = self._put[piece]
        inside = place - self._at[piece]
        return 0 < inside < len(put) and not (put[:inside].isspace() or put[inside:].isspace())

    def forward(self, source: int) -> int:
        """Where what began at `source` begins after the edits (the end of what replaced it, inside a replaced unit)."""
        piece = bisect_right(self._from, source) - 1
        if self._until[piece] >= 0:
            return self._at[piece] if source == self._from[piece] else self._at[piece + 1]
        return self._at[piece] + source - self._from[piece]
