"""One scan of a text for the literals of all rules."""

from __future__ import annotations

from collections.abc import Sequence

import daachorse


class Scan:
    """An Aho–Corasick automaton over folded text. `data` is what another process built of the same literals."""

    def __init__(self, literals: Sequence[str], data: bytes | None = None) -> None:
        self.literals = list(literals)
        self._automaton = None
        if data:
            self._automaton = daachorse.CharwiseDoubleArrayAhoCorasick.deserialize(data)
        elif self.literals:
            self._automaton = daachorse.CharwiseDoubleArrayAhoCorasick(self.literals)

    def find(self, text: str) -> dict[str, list[int]]:
        """Which literals stand in the text, and where each begins; they may overlap."""
        found: dict[str, list[int]] = {}
        if self._automaton is None:
            return found
        literals = self.literals
        for start, _, number in self._automaton.find_overlapping(text):
            literal = literals[number]
            if literal in found:
                found[literal].append(start)
            else:
                found[literal] = [start]
        return found

    def serialize(self) -> bytes:
        return bytes(self._automaton.serialize()) if self._automaton is not None else b""
