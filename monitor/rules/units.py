"""Code points into the letters of the text form, unit by unit: the first step of a fold.

A unit is a base with its marks, the jamo of a syllable, or one code point. Most become one letter each and stay where
they are; the others are edits, with the code points that they came from.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from monitor.rules import fold_table as table
from monitor.rules.classes import ASTRAL, CharClass
from monitor.rules.letters import NIKHAHIT, fold_letters
from monitor.rules.spans import Edit

_ASCII = "".join(chr(c).lower() if chr(c).isalnum() else " " if c in (9, 10, 11, 12, 13, 32) else "\x0b" for c in range(128))
_ASCII_BYTES = bytes(map(ord, _ASCII)) + bytes(range(128, 256))
_ALL_ASCII = bytes(range(128))
_SIMPLE = dict(zip(table.SIMPLE_FROM, table.SIMPLE_TO, strict=True))
_SPECIAL = dict(zip(table.SPECIAL_FROM, table.SPECIAL_TO.split("|"), strict=True))
_SPACES = CharClass(table.SPACE)
_PUNCTUATION = CharClass(table.PUNCTUATION)
_CHANGED = re.compile(f"[{CharClass(table.PUNCTUATION, table.SPACE, chars=table.SIMPLE_FROM).bmp}]")

IGNORABLE = CharClass(table.IGNORABLE)
ENDER = CharClass(table.ENDERS)
KEPT_MARK = CharClass(table.KEPT)
_MARK = f"{table.DROPPED}{table.JOINING}{table.CHANGING}"
_VOICED = "\u3099\u309a"  # join a half-width or circled kana too, which NFC leaves apart
_AWKWARD = CharClass(table.IGNORABLE, table.DROPPED, table.CHANGING, table.JAMO, chars=table.SPECIAL_FROM + _VOICED)
_AWKWARD_OR_JOINING = CharClass(table.IGNORABLE, table.DROPPED, table.CHANGING, table.JAMO, table.JOINING, chars=table.SPECIAL_FROM)
_SARA = "[\u0e4d\u0ecd][\u0e48-\u0e4b\u0ec8-\u0ecb]?[\u0e32\u0eb2]"
_LEANS = re.compile(f"(?!{_SARA})[{table.IGNORABLE}]*[{_MARK}{table.JAMO}]")  # belongs to what stands before it
_LONGEST = 30  # marks on one base, as in Unicode's Stream-Safe Text Format; sorting more would cost quadratic time


def _jamo(first: int, last: int) -> str:
    """Jamo of one place in a syllable, those of other blocks included that are the same letters."""
    chars = "".join(map(chr, [*range(0x1100, 0x1200), *range(0x3131, 0x318F), *range(0x3260, 0x326E), *range(0xFFA1, 0xFFDD)]))
    return "".join(char for char in chars if chr(first) <= unicodedata.normalize("NFKC", char) <= chr(last))


_VOWELS, _TAILS = _jamo(0x1161, 0x1175), _jamo(0x11A8, 0x11C2)
_UNIT = re.compile(
    f"(?P<ignorable>[{table.IGNORABLE}]+)"
    f"|[{_jamo(0x1100, 0x1112)}][{_VOWELS}][{_TAILS}]?"
    f"|[\uac00-\ud7a3][{_TAILS}]"
    f"|{_SARA}"
    f"|.(?:[{table.IGNORABLE}]*[{_MARK}]){{1,{_LONGEST}}}"
    "|.",
    re.DOTALL,
)
_BEFORE_SARA = f"{NIKHAHIT}\u0e48\u0e49\u0e4a\u0e4b\u0ec8\u0ec9\u0eca\u0ecb"
_SARA_AM = {"\u0e32": "\u0e33", "\u0eb2": "\u0eb3"}
_RARE = 12  # so many different characters beyond ASCII, and one in eight of the text, are looked at one by one

SoftUnit = tuple[int, int, bool]
"""Start and end of code points at which a word may end or begin, and whether they are default-ignorable."""


class Units:
    """`letters` has as many characters as the text; `edits` are what to put in place of some of them."""

    def __init__(self, text: str) -> None:
        self.edits: list[Edit] = []
        self.soft: list[SoftUnit] = []
        if text.isascii():
            self.letters = text.translate(_ASCII)
            return
        data = text.encode("utf-8", "surrogatepass")
        letters = data.translate(_ASCII_BYTES).decode("utf-8", "surrogatepass")
        beyond = data.translate(None, _ALL_ASCII).decode("utf-8", "surrogatepass")
        few = set(beyond) if len(beyond) * 8 < len(text) else None
        if few is not None and len(few) <= _RARE and not any(_is_awkward(char) for char in few):
            for char in few:
                folded = _fold_one(char)
                if folded != char:
                    letters = letters.replace(char, folded)
            self.letters = letters
            return
        astral = any(lead in data for lead in (b"\xf0", b"\xf1", b"\xf2", b"\xf3", b"\xf4"))
        letters = _CHANGED.sub(_changed, letters)
        self.letters = ASTRAL.sub(_changed, letters) if astral else letters
        self._collect(text, _AWKWARD if unicodedata.is_normalized("NFC", text) else _AWKWARD_OR_JOINING, astral=astral)

    def _collect(self, text: str, awkward: CharClass, *, astral: bool) -> None:
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
                self.edits.append((*unit.span(), "" if ignorable else _fold_unit(unit[0])))
                if ignorable or unit[0][0] in ENDER:
                    self.soft.append((*unit.span(), ignorable))
            done = end


def becomes_one(char: str) -> str | None:
    """The one character that a code point is in the text form wherever it stands; None where that depends."""
    return None if _is_awkward(char) else _fold_one(char)


@lru_cache(maxsize=4096)
def _is_awkward(char: str) -> bool:
    return char in _AWKWARD_OR_JOINING


@lru_cache(maxsize=4096)
def _fold_one(char: str) -> str:
    if char.isascii():
        return _ASCII[ord(char)]
    return _SIMPLE.get(char) or (" " if char in _SPACES else "\x0b" if char in _PUNCTUATION else char)


def _changed(match: re.Match[str]) -> str:
    return _fold_one(match[0])


@lru_cache(maxsize=20_000)
def _fold_unit(unit: str) -> str:
    if unit[0] in NIKHAHIT and unit[-1] in _SARA_AM:
        return unit[1:-1] + _SARA_AM[unit[-1]]
    if unit in _SARA_AM.values():
        return unit
    found = _SPECIAL.get(unit)
    return fold_letters(unit) if found is None else found
