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
from functools import cached_property, lru_cache

from monitor.rules import fold_table as table
from monitor.rules.classes import ASTRAL, CharClass
from monitor.rules.letters import fold_letters
from monitor.rules.places import Place
from monitor.rules.readings import Readings
from monitor.rules.spans import Edit, Moved, apply
from monitor.rules.words import HANGUL, number_edits, seams

_ASCII = "".join(chr(c).lower() if chr(c).isalnum() else " " if c in (9, 10, 11, 12, 13, 32) else "\x0b" for c in range(128))
_ASCII_BYTES = bytes(map(ord, _ASCII)) + bytes(range(128, 256))
_SIMPLE = dict(zip(table.SIMPLE_FROM, table.SIMPLE_TO, strict=True))
_SPECIAL = dict(zip(table.SPECIAL_FROM, table.SPECIAL_TO.split("|"), strict=True))
_SPACES = CharClass(table.SPACE)
_PUNCTUATION = CharClass(table.PUNCTUATION)
_CHANGED = re.compile(f"[{CharClass(table.PUNCTUATION, table.SPACE, chars=table.SIMPLE_FROM).bmp}]")

IGNORABLE = CharClass(table.IGNORABLE)
ENDER = CharClass(table.ENDERS)
KEPT_MARK = CharClass(table.KEPT)
_MARK = f"{table.DROPPED}{table.JOINING}{table.CHANGING}"
_AWKWARD = CharClass(table.IGNORABLE, table.DROPPED, table.CHANGING, table.JAMO, chars=table.SPECIAL_FROM)
_AWKWARD_OR_JOINING = CharClass(table.IGNORABLE, table.DROPPED, table.CHANGING, table.JAMO, table.JOINING, chars=table.SPECIAL_FROM)
_SARA = "[\u0e4d\u0ecd][\u0e48-\u0e4b\u0ec8-\u0ecb]?[\u0e32\u0eb2]"
_LEANS = re.compile(f"(?!{_SARA})[{table.IGNORABLE}]*[{_MARK}{table.JAMO}]")  # belongs to what stands before it
_HANGUL = re.compile(f"[{HANGUL}]")
_LONGEST = 30  # marks on one base, as in Unicode's Stream-Safe Text Format; sorting more would cost quadratic time
_UNIT = re.compile(
    f"(?P<ignorable>[{table.IGNORABLE}]+)"
    f"|[{table.JAMO}\uac00-\ud7a3][{table.JAMO}]{{1,2}}"
    f"|{_SARA}"
    f"|.(?:[{table.IGNORABLE}]*[{_MARK}]){{1,{_LONGEST}}}"
    "|.",
    re.DOTALL,
)
_BEFORE_SARA = "\u0e4d\u0ecd\u0e48\u0e49\u0e4a\u0e4b\u0ec8\u0ec9\u0eca\u0ecb"
_SARA_AM = {"\u0e32": "\u0e33", "\u0eb2": "\u0eb3"}
_GAPS = re.compile("[ \x0b]{2,}")


class Folded:
    """A text in its text form. Places in `words` map to code points of `text` by `span`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._edits = number_edits(text)
        self.soft_units: list[tuple[int, int, bool]] = []  # where a word may end or begin; whether it is a default-ignorable
        if text.isascii():
            letters = text.translate(_ASCII)
        else:
            astral = len(text.encode("utf-16-le", "surrogatepass")) != 2 * len(text)
            letters = simple(text, astral=astral)
            units = self._unit_edits(text, astral=astral)
            if units:
                self._edits = sorted(self._edits + units)
        self.letters = apply(letters, self._edits) if self._edits else letters
        self._seams = seams(self.letters)
        self._seamed = apply(self.letters, self._seams) if self._seams else self.letters
        self.words = f" {' '.join(self._seamed.split())} "

    def _unit_edits(self, text: str, *, astral: bool) -> list[Edit]:
        awkward = _AWKWARD if unicodedata.is_normalized("NFC", text) else _AWKWARD_OR_JOINING
        edits: list[Edit] = []
        done = 0
        for start, end in awkward.runs(text, astral=astral):
            if end <= done:
                continue
            start = max(start, done)
            if start > done and _LEANS.match(text, start):
                start -= 1
            while text[end - 1] in _BEFORE_SARA and end < len(text):
                end += 1
            for unit in _UNIT.finditer(text, start, end):
                ignorable = unit.lastgroup == "ignorable"
                edits.append((*unit.span(), "" if ignorable else _fold_unit(unit[0])))
                if ignorable or unit[0][0] in ENDER:
                    self.soft_units.append((*unit.span(), ignorable))
            done = end
        return edits

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
        """Where in `words` Hangul begins that stands against a word of another script."""
        glued = (start for start, end, put in self._seams if put and start == end and _HANGUL.match(self.letters, start))
        return [self._to_seamed.forward(self._to_letters.forward(start)) for start in glued]

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
        return self.expands and self._to_text.splits(self._to_letters.start(self._to_seamed.start(self.base(place))))

    def soft(self, place: int) -> bool:
        """Whether a word may end at a place in `scan` that is inside a word: at a default-ignorable, or at ™ and its like."""
        if not self.soft_units or self.splits(place):
            return False
        end = self.end(self.base_end(place))
        following = self.text[end : end + 1]
        return following in IGNORABLE or following in ENDER or self.text[end - 1] in ENDER

    def word_end(self, place: int) -> int:
        """Where the word around a place in `scan` ends: at a gap, or at ™ and its like, not at a default-ignorable."""
        end = self.scan.index(" ", place)
        for inside in range(place, end) if self.soft_units else ():
            at = self.end(self.base_end(inside))
            if not self.splits(inside) and (self.text[at : at + 1] in ENDER or self.text[at - 1] in ENDER):
                return inside
        return end

    def place(self, code_point: int) -> int:
        """The place in `words` of what begins at `code_point` of `text`."""
        return self._to_seamed.forward(self._to_letters.forward(self._to_text.forward(code_point)))


def simple(text: str, *, astral: bool) -> str:
    """Code points that become one code point each; all others stay."""
    data = text.encode("utf-8", "surrogatepass").translate(_ASCII_BYTES).decode("utf-8", "surrogatepass")
    data = _CHANGED.sub(_changed, data)
    return ASTRAL.sub(_changed_astral, data) if astral else data


def _changed(match: re.Match[str]) -> str:
    char = match[0]
    return _SIMPLE.get(char) or (" " if char in _SPACES else "\x0b")


def _changed_astral(match: re.Match[str]) -> str:
    char = match[0]
    return _SIMPLE.get(char) or ("\x0b" if char in _PUNCTUATION else char)


@lru_cache(maxsize=20_000)
def _fold_unit(unit: str) -> str:
    if unit[0] in "\u0e4d\u0ecd" and unit[-1] in _SARA_AM:
        return unit[1:-1] + _SARA_AM[unit[-1]]
    found = _SPECIAL.get(unit)
    return fold_letters(unit) if found is None else found


def fold(text: str) -> Folded:
    return Folded(text)
