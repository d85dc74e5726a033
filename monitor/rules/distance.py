"""Distances in words, sentences and paragraphs (decisions 1 to 4)."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

from monitor.rules.fold import Folded
from monitor.rules.words import CJK, UNSPACED

_WORD = re.compile(f"[{CJK}]|[{UNSPACED}]|[^ {CJK}{UNSPACED}]+")
_LINE = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")


class WordIndex:
    """Which word of a part a place is in. A Han, kana or Thai character is a word (decision 2)."""

    def __init__(self, folded: Folded) -> None:
        self._folded = folded

    @cached_property
    def _starts(self) -> list[int]:
        return [match.start() for match in _WORD.finditer(self._folded.words)]

    def of(self, place: int) -> int:
        """The index of the word that holds the character at `place`."""
        return bisect_right(self._starts, place) - 1

    def end_of(self, count: int) -> int:
        """Where the first `count` words end."""
        starts = self._starts
        return starts[count] if count < len(starts) else len(self._folded.words)

    def line_of(self, code_point: int) -> int:
        """The paragraph, a line of the text, of a code point."""
        return bisect_right(self._lines, code_point)

    @cached_property
    def _lines(self) -> list[int]:
        return [match.end() for match in _LINE.finditer(self._folded.text)]
