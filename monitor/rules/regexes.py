"""Users' patterns: RE2 alone, in linear time whatever they are."""

from __future__ import annotations

import re2

from monitor.rules.article import Part
from monitor.rules.places import Place
from monitor.rules.regex_literals import needed_literals


class Pattern:
    """A compiled pattern. Raises re2.error for one that is none; the parser has refused those."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self._compiled = re2.compile(pattern)
        self.needs = needed_literals(pattern)

    def places(self, part: Part) -> list[Place]:
        """All that it matches in the text as written, empty matches left out."""
        places: list[Place] = []
        for match in self._compiled.finditer(part.encodable):
            first, last = match.span()
            if last > first:
                places.append(Place(part.folded.place(first), part.folded.place(last), first, last))
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
        made = re2.Set.SearchSet()
        for pattern in [*patterns, ""]:
            made.Add(pattern)
        made.Compile()
        return made

    def find(self, text: str) -> list[str]:
        """The patterns that match somewhere in the text, or may."""
        found: list[str] = []
        for number, made in enumerate(self._sets):
            group = self._patterns[number * self.SIZE : (number + 1) * self.SIZE]
            told = made.Match(text) or ()
            found.extend([group[index] for index in told if index < len(group)] if len(group) in told else group)
        return found
