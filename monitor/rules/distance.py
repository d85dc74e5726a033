"""Distances in words, sentences and paragraphs (decisions 1 to 4)."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

from monitor.rules.fold import Folded
from monitor.rules.readings import glued_particles
from monitor.rules.sentences import sentence_starts
from monitor.rules.units import KEPT_MARK
from monitor.rules.words import CJK, UNSPACED

_WORD = re.compile(f"[{CJK}{UNSPACED}][{KEPT_MARK.bmp}]*|[^ {CJK}{UNSPACED}]+")
_LINE = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_SHORT = 20_000


class WordIndex:
    """Which word of a part a place is in. A Han, kana or Thai character is a word (decision 2)."""

    def __init__(self, folded: Folded) -> None:
        self._folded = folded
        words = folded.words
        self._counted = len(words) <= _SHORT and words.isascii()

    @cached_property
    def _starts(self) -> list[int]:
        starts = [match.start() for match in _WORD.finditer(self._folded.words)]
        if self._folded.glues:
            particles = {start + 1 for start, _, _ in glued_particles(self._folded)}
            starts = [start for start in starts if start not in particles]
        return starts

    def of(self, place: int) -> int:
        """The index of the word that holds the character at `place`."""
        if self._counted:
            return self._folded.words.count(" ", 0, place + 1) - 1
        return bisect_right(self._starts, place) - 1

    def end_of(self, count: int) -> int:
        """The place where the first `count` words end."""
        starts = self._starts
        return starts[count] if count < len(starts) else len(self._folded.words)

    def sentence_of(self, code_point: int) -> int:
        return bisect_right(self._sentences, code_point)

    def line_of(self, code_point: int) -> int:
        """The paragraph, a line of the text, of a code point."""
        return bisect_right(self._lines, code_point)

    @cached_property
    def _sentences(self) -> list[int]:
        return sentence_starts(self._folded.text)

    @cached_property
    def _lines(self) -> list[int]:
        return [match.end() for match in _LINE.finditer(self._folded.text)]
