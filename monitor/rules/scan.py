"""One scan of a text for the literals of all rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import daachorse

from monitor.rules.fold import Folded


def build_automaton(literals: list[str]) -> bytes:
    """An automaton of these literals, to be loaded elsewhere: for a worker process. Building frees the GIL."""
    return bytes(_build(literals).serialize()) if literals else b""


def _build(literals: list[str]) -> Any:
    return daachorse.CharwiseDoubleArrayAhoCorasick(literals)


class Found:
    """What a scan found. By the literals' numbers within, because hashing strings would cost as much as the scan."""

    __slots__ = ("_numbers", "starts")

    def __init__(self, numbers: dict[str, int], starts: dict[int, list[int]]) -> None:
        self._numbers = numbers
        self.starts = starts  # number of a literal → where it begins

    def get(self, literal: str) -> Sequence[int] | None:
        """Where a literal begins in the text that was scanned; None where it is not in it."""
        number = self._numbers.get(literal)
        return None if number is None else self.starts.get(number)

    def __contains__(self, literal: str) -> bool:
        return self._numbers.get(literal) in self.starts


class Scan:
    """An Aho–Corasick automaton over folded text; `data` is what `build_automaton` made of the same literals elsewhere."""

    def __init__(self, literals: Iterable[str], data: bytes | None = None) -> None:
        self.literals = sorted(set(literals))
        self.numbers = {literal: number for number, literal in enumerate(self.literals)}
        self._automaton: Any = None
        if self.literals and data:
            self._automaton = daachorse.CharwiseDoubleArrayAhoCorasick.deserialize(data)
        elif self.literals:
            self._automaton = _build(self.literals)

    def find(self, folded: Folded) -> Found:
        """Which literals stand in the text, and where each begins in `folded.scan`; they may overlap."""
        starts: dict[int, list[int]] = {}
        if self._automaton is not None:
            for start, _, number in self._automaton.find_overlapping(folded.scan):
                if number in starts:
                    starts[number].append(start)
                else:
                    starts[number] = [start]
        return Found(self.numbers, starts)
