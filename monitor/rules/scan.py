"""One scan of a text for the literals of all rules."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import daachorse

from monitor.rules.fold import Folded


def build_automaton(literals: list[str]) -> bytes:
    """An automaton of these literals, to be loaded elsewhere: for a worker process. Building frees the GIL."""
    return bytes(_build(literals).serialize()) if literals else b""


def _build(literals: list[str]) -> Any:
    return daachorse.CharwiseDoubleArrayAhoCorasick(literals)


class Scan:
    """An Aho–Corasick automaton over folded text; `data` is what `build_automaton` made of the same literals elsewhere."""

    def __init__(self, literals: Iterable[str], data: bytes | None = None) -> None:
        self.literals = sorted(set(literals))
        self._automaton: Any = None
        if self.literals and data:
            self._automaton = daachorse.CharwiseDoubleArrayAhoCorasick.deserialize(data)
        elif self.literals:
            self._automaton = _build(self.literals)

    def find(self, folded: Folded) -> dict[str, list[int]]:
        """Which literals stand in the text, and where each begins in `folded.scan`; they may overlap."""
        found: dict[str, list[int]] = {}
        if self._automaton is None:
            return found
        literals = self.literals
        for start, _, number in self._automaton.find_overlapping(folded.scan):
            literal = literals[number]
            if literal in found:
                found[literal].append(start)
            else:
                found[literal] = [start]
        return found
