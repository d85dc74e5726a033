"""The one text form in which queries meet texts, and the way back to the code points of the original.

`fold(text)` is a `Folded`. Its `words` are the text in NFKC, case-folded, marks dropped where decision 15 says so, with
one space between words whatever stood there, and a space at either end. A text is folded unit by unit (a base with its
marks, the jamo of a syllable, else one code point), so that each folded character has a place in the original.

    text     the original        "Café™ – 1,000 제재FFVD"
    letters  folded              "cafetm v 1000 제재ffvd"    gaps as long as they were: a space, or VT for punctuation
    seamed   seams               "cafetm v 1000 제재 ffvd"   a space where scripts meet, none between Han
    words    gaps made one       " cafetm 1000 제재 ffvd "
"""

from __future__ import annotations

import re
import unicodedata
from functools import cached_property

from monitor.rules.places import Place
from monitor.rules.readings import Readings
from monitor.rules.spans import Edit, Moved, apply
from monitor.rules.units import ENDER, IGNORABLE, Units
from monitor.rules.words import HANGUL, number_edits, seams, split_number_edits

_LONGEST_WORD = 1_000  # a longer run without a gap is no word, and looking for its end again and again would take long
_HANGUL = re.compile(f"[{HANGUL}]")
_CLOSING = "’”'\")\\]」』》〉】〕%℃"
_AFTER_CLOSING = re.compile(f"[{_CLOSING}][{_CLOSING}]*(?=[가-힣])")
_GAPS = re.compile("[ \x0b][ \x0b]+")


class Folded:
    """A text in its text form. Places in `words` map to code points of `text` by `span`."""

    def __init__(self, text: str) -> None:
        self.text = text
        units = Units(text)
        self.soft_units = units.soft
        numbers = number_edits(text)
        if units.soft:
            numbers = split_number_edits(text, ((start, end) for start, end, ignorable in units.soft if ignorable), numbers)
        self._edits = sorted(numbers + units.edits) if units.edits else numbers
        letters = units.letters
        self.letters = apply(letters, self._edits) if self._edits else letters
        self._seams = seams(self.letters)
        self._seamed = apply(self.letters, self._seams) if self._seams else self.letters
        self.words = f" {' '.join(self._seamed.split())} "

    @cached_property
    def expands(self) -> bool:
        """Whether a unit became more than one character, so that a place in `words` may be inside it."""
        return any(len(replacement) > 1 for _, _, replacement in self._edits)

    @cached_property
    def _to_text(self) -> Moved:
        return Moved(self._edits)

    @cached_property
    def _to_letters(self) -> Moved:
        return Moved(self._seams)

    @cached_property
    def _to_seamed(self) -> Moved:
        seamed = self._seamed
        first = len(seamed) - len(seamed.lstrip())
        last = max(first, len(seamed.rstrip()))
        edits: list[Edit] = [(0, first, " ")]
        edits.extend((*match.span(), " ") for match in _GAPS.finditer(seamed, first, last))
        edits.append((last, len(seamed), " "))
        return Moved(edits)

    def start(self, place: int) -> int:
        """The code point of `text` at which the word character at `place` of `words` begins."""
        return self._to_text.start(self._to_letters.start(self._to_seamed.start(place)))

    def end(self, place: int) -> int:
        """The code point of `text` after the unit of the word character before `place` of `words`."""
        return self._to_text.end(self._to_letters.end(self._to_seamed.end(place)))

    def of_letters(self, start: int, end: int) -> tuple[int, int]:
        """The code points of `text` that `letters[start:end]` came from."""
        return self._to_text.start(start), self._to_text.end(end)

    # -- places in `scan`: what the scan reads, `words` and other readings of parts of it ------------------------------

    @cached_property
    def _readings(self) -> Readings | None:
        return Readings(self) if self.soft_units or self._seams or not self.words.isascii() else None

    @cached_property
    def scan(self) -> str:
        return self.words if self._readings is None else self._readings.scan

    @cached_property
    def glues(self) -> list[int]:
        """Where in `words` Hangul begins that stands against a word of another script, or its closing quote or bracket."""
        if not self._seams and not _HANGUL.search(self.letters):
            return []
        glued = [start for start, end, put in self._seams if put and start == end and _HANGUL.match(self.letters, start)]
        places = {self._to_seamed.forward(self._to_letters.forward(start)) for start in glued}
        for match in _AFTER_CLOSING.finditer(self.text):
            if self.text[match.start() - 1 : match.start()].isalnum():
                places.add(self.place(match.end()))
        return sorted(places)

    def base(self, place: int) -> int:
        """The place in `words` at which what is read at a place in `scan` begins."""
        return place if self._readings is None else self._readings.base(place)

    def base_end(self, place: int) -> int:
        """The same for the end of something."""
        return place if self._readings is None else self._readings.base_end(place)

    def settle(self, place: Place) -> Place | None:
        """A place in `scan` as one in `words`; None where the words tell the same."""
        return place if self._readings is None else self._readings.settle(place)

    def splits(self, place: int) -> bool:
        """Whether a place in `scan` is inside an expansion: after the f of ﬁ."""
        return self.expands and self._splits_words(self.base(place))

    def _splits_words(self, place: int) -> bool:
        return self.expands and self._to_text.splits(self._to_letters.start(self._to_seamed.start(place)))

    def soft(self, place: int) -> bool:
        """Whether a word may end at a place in `scan` that is inside a word: at a default-ignorable, or at ™ and its like."""
        if not self.soft_units or self.splits(place):
            return False
        end = self.end(self.base_end(place))
        following = self.text[end : end + 1]
        return following in IGNORABLE or following in ENDER or self.text[end - 1] in ENDER

    def word_end(self, place: int) -> int:
        """Where the word around a place in `words` ends: at a gap, or at ™ and its like, not at a default-ignorable."""
        end = self.words.find(" ", place, place + _LONGEST_WORD)
        if end < 0:
            return place
        for inside in range(place, end) if self.soft_units else ():
            at = self.end(inside)
            if not self._splits_words(inside) and (self.text[at : at + 1] in ENDER or self.text[at - 1] in ENDER):
                return inside
        return end

    @cached_property
    def is_plain(self) -> bool:
        """Whether every character stands in the text as it is: what is exact is found there by its own letters."""
        if self.text.isascii():
            return True
        return not self.soft_units and len(self.scan) == len(self.words) and unicodedata.is_normalized("NFKC", self.text)

    def place(self, code_point: int) -> int:
        """The place in `words` of what begins at `code_point` of `text`."""
        return self._to_seamed.forward(self._to_letters.forward(self._to_text.forward(code_point)))


def fold(text: str) -> Folded:
    return Folded(text)
