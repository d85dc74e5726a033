"""Users' patterns: RE2 alone, in linear time whatever they are."""

from __future__ import annotations

import re2

from monitor.rules.article import Part
from monitor.rules.places import Place


class Pattern:
    """A compiled pattern. Raises re2.error for one that is none; the parser has refused those."""

    def __init__(self, pattern: str) -> None:
        self._compiled = re2.compile(pattern)

    def places(self, part: Part) -> list[Place]:
        """All that it matches in the text as written, empty matches left out."""
        text = part.text.encode("utf-8", "replace").decode() if not part.text.isascii() else part.text
        places: list[Place] = []
        for match in self._compiled.finditer(text):
            first, last = match.span()
            if last > first:
                places.append(Place(part.folded.place(first), part.folded.place(last), first, last))
        return places
