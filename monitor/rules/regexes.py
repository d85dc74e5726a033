"""Users' patterns: RE2 alone, in linear time whatever they are (decision 26)."""

from __future__ import annotations

from collections.abc import Sequence

import re2

from monitor.rules.article import MOST_PLACES, NOWHERE, Part
from monitor.rules.places import Place
from monitor.rules.regex_literals import needed_literals


def _options() -> re2.Options:
    """RE2 must not write to stderr by itself; nobody asks for groups, and thousands of them would cost a second a match."""
    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    return options


class Pattern:
    """A compiled pattern. Raises re2.error for one that is none; the parser has refused those."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self._compiled = re2.compile(pattern, _options())
        self.needs = needed_literals(pattern)

    def places(self, part: Part) -> Sequence[Place]:
        """All that it matches in the text as written, empty matches left out."""
        if self.needs is not None and part.found is not None and not any(literal in part.found for literal in self.needs):
            return NOWHERE
        places: list[Place] = []
        data, ascii_only = part.data, part.text.isascii()
        at = code_point = 0
        for match in self._compiled.finditer(data):
            start, end = match.span()
            if end > start:
                first = start if ascii_only else code_point + len(data[at:start].decode())
                last = end if ascii_only else first + len(data[start:end].decode())
                at, code_point = end, last
                places.append(Place(part.folded.place(first), part.folded.place(last), first, last))
                if len(places) == MOST_PLACES:
                    break
        return places


class PatternSet:
    """Patterns without a literal: one pass tells which of them may match a text.

    RE2 says "no match" when its automaton outgrows its memory; a pattern that always matches tells the two apart.
    """

    SIZE = 50

    def __init__(self, patterns: list[str]) -> None:
        self._patterns = patterns
        self._sets = [self._make(patterns[first : first + self.SIZE]) for first in range(0, len(patterns), self.SIZE)]

    @staticmethod
    def _make(patterns: list[str]) -> re2.Set:
        made = re2.Set.SearchSet(_options())
        for pattern in [*patterns, ""]:
            made.Add(pattern)
        made.Compile()
        return made

    def find(self, data: bytes) -> list[str]:
        """The patterns that match somewhere in the text, or may."""
        found: list[str] = []
        for number, made in enumerate(self._sets):
            group = self._patterns[number * self.SIZE : (number + 1) * self.SIZE]
            told = made.Match(data) or ()
            found.extend([group[index] for index in told if index < len(group)] if len(group) in told else group)
        return found
