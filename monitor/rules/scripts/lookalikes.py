"""Letters of one alphabet that pass for those of another (decision 23): "sаnctions" with a Cyrillic а.

A letter's look depends on its case: Cyrillic н passes for h only as a capital, or in small capitals. Words that mix
alphabets are read once more in the one they pretend to be of.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import islice
from typing import TYPE_CHECKING

from monitor.rules.letters import fold_letters
from monitor.rules.units import ENDER

if TYPE_CHECKING:
    from monitor.rules.fold import Folded

_CYRILLIC = (
    "а:a е:e о:o р:p с:c у:y х:x ѕ:s і:i ј:j һ:h ԁ:d ԛ:q ԝ:w ӏ:l ѵ:v ү:y ё:e ї:i А:A В:B Е:E І:I Ј:J К:K М:M Н:H О:O Р:P С:C Т:T "
    "У:Y Х:X Ѕ:S Ү:Y Ԁ:D Ԛ:Q Ԝ:W Ӏ:I Ѵ:V Ԍ:G Һ:H Ё:E Ї:I"
)
_GREEK = "ο:o ν:v ρ:p ι:i υ:u α:a χ:x γ:y ω:w ϲ:c ϳ:j Α:A Β:B Ε:E Ζ:Z Η:H Ι:I Κ:K Μ:M Ν:N Ο:O Ρ:P Τ:T Υ:Y Χ:X Ϲ:C Ϳ:J"
_ARMENIAN = "օ:o ս:u հ:h ո:n ց:g զ:q յ:j Օ:O Տ:S Լ:L"
_WEAK = "к:k м:m т:t н:h в:b г:r п:n ь:b и:u ш:w κ:k τ:t η:n ε:e β:b μ:u σ:o π:n Ь:B Г:R"
"""Pass for a letter among others of its alphabet only, as small capitals do."""


def _pairs(text: str) -> dict[str, str]:
    return dict(pair.split(":") for pair in text.split())


STRONG = _pairs(f"{_CYRILLIC} {_GREEK} {_ARMENIAN}")
TO_LATIN = {**_pairs(_WEAK), **STRONG}
TO_CYRILLIC = {latin: own for own, latin in _pairs(_CYRILLIC).items() if own not in "ёїЁЇүҮ"}
TO_GREEK = {latin: own for own, latin in _pairs(_GREEK).items()}

_FOREIGN = re.compile("[\u0370-\u03ff\u0400-\u052f\u0561-\u0587]+")
_LATIN = re.compile("[a-z]+")
_MANY = 64
_LONGEST_WORD = 100


def masked_words(folded: Folded) -> list[list[tuple[int, int, str]]]:
    """Words with look-alikes, read as Latin, as Cyrillic and as Greek; each list in order, none of them overlapping."""
    words = folded.words
    if words.isascii() or not _FOREIGN.search(words) or not _LATIN.search(words):
        return []
    foreign = list(islice(_FOREIGN.finditer(words), _MANY))
    few = len(foreign) < _MANY
    runs = foreign if few else _LATIN.finditer(words)
    places: dict[tuple[int, int], None] = {}
    for run in runs:
        start = words.rfind(" ", max(0, run.start() - _LONGEST_WORD), run.start() + 1)
        end = words.find(" ", run.end(), run.end() + _LONGEST_WORD)
        if start >= 0 and end >= 0:
            places[start + 1, end] = None
    latin_text = few and len(_LATIN.findall(words)) > 2 * len(foreign)
    readings: list[list[tuple[int, int, str]]] = [[], [], []]
    for start, end in places:
        word = words[start:end]
        has_latin, has_foreign = _has_latin(folded, start, end), _FOREIGN.search(word)
        if has_foreign and (has_latin or (latin_text and len(word) > 1)):
            read = _read(folded, start, end, _FOREIGN, TO_LATIN if has_latin else STRONG)
            if read is not None:
                readings[0].append((start, end, read))
        if has_foreign and has_latin:
            for number, table in ((1, TO_CYRILLIC), (2, TO_GREEK)):
                read = _read(folded, start, end, _LATIN, table)
                if read is not None:
                    readings[number].append((start, end, read))
    return [reading for reading in readings if reading]


def _has_latin(folded: Folded, start: int, end: int) -> bool:
    """Whether there are Latin letters in a word, those of signs such as ™ aside."""
    return any(
        not folded.soft_units or folded.text[folded.start(run.start())] not in ENDER for run in _LATIN.finditer(folded.words, start, end)
    )


def _read(folded: Folded, start: int, end: int, strange: re.Pattern[str], table: dict[str, str]) -> str | None:
    out: list[str] = []
    for place in range(start, end):
        char = folded.words[place]
        if strange.match(char):
            original = folded.text[folded.start(place)]
            written = unicodedata.normalize("NFKD", original)[0]
            if written not in table:
                return None
            char = char if original in ENDER else fold_letters(table[written])
        out.append(char)
    return "".join(out)


def unmasked(text: str) -> list[str]:
    """What a text with look-alikes may be taken for, case kept."""
    plain = unicodedata.normalize("NFKC", text)
    return ["".join(table.get(char, char) for char in plain) for table in (TO_LATIN, TO_CYRILLIC, TO_GREEK)]
