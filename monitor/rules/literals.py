"""A term taken apart: its words as the text form has them, the signs it insists on, and what `=` compares."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from sys import intern

from monitor.rules.fold import fold
from monitor.rules.units import IGNORABLE
from monitor.rules.words import CJK_RUN, OTHER, group_of, pieces

SIGNS = "&+#@$%"

_EXACT_COMMA = re.compile(r"(?<=\d)[,٬](?=\d{3}(?!\d))")
_NOT_SIGN = re.compile(f"[^{SIGNS}]+")
_SIMPLE = re.compile("[A-Za-z0-9]+(?: [A-Za-z0-9]+)*")  # most terms, and they need no folding
_CHUNK = re.compile("[^ \x0b]+")


@dataclass(frozen=True, slots=True)
class Word:
    text: str  # folded
    group: str
    exact: str  # as `=` compares it
    star: bool = False
    glued: bool = False  # stands against the word before it: K팝
    signs: str = ""  # must stand between the word before and this one (before the first: leading)


@dataclass(frozen=True, slots=True)
class Literal:
    """`words` is empty for a term of signs alone, such as "#"."""

    words: tuple[Word, ...]
    after: str = ""  # signs that must follow the last word

    @property
    def has_signs(self) -> bool:
        return bool(self.after) or any(word.signs for word in self.words)


def exact_form(text: str) -> str:
    """A word in NFKC, case and marks kept; default-ignorables, the commas of thousands and the space between Han are out.

    Decisions 14, 16, 17 and 22.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", "".join(char for char in text if char.isascii() or char not in IGNORABLE))
        if CJK_RUN.search(text):
            text = "".join(text.split())
    return _EXACT_COMMA.sub("", text)


def signs_in(gap: str) -> str:
    return _NOT_SIGN.sub("", unicodedata.normalize("NFKC", gap))


def take_apart(text: str) -> Literal:
    """The words of a term as written, where `*` may stand at the ends of words."""
    if _SIMPLE.fullmatch(text):
        return Literal(tuple(Word(intern(word.lower()), OTHER, intern(word)) for word in text.split()))
    words: list[Word] = []
    waiting = ""
    parts = text.split("*")
    for number, part in enumerate(parts):
        folded = fold(part)
        done = 0
        for chunk in _CHUNK.finditer(folded.letters):
            start, _ = folded.of_letters(chunk.start(), chunk.end())
            waiting += signs_in(part[done:start])
            at = chunk.start()
            for index, piece in enumerate(pieces(chunk[0])):
                start, done = folded.of_letters(at, at + len(piece))
                at += len(piece)
                words.append(Word(piece, group_of(piece[0]), exact_form(part[start:done]), glued=index > 0, signs=waiting))
                waiting = ""
        rest = part[done:]
        if number < len(parts) - 1 and words and not rest:
            last = words[-1]
            words[-1] = Word(last.text, last.group, last.exact, True, last.glued, last.signs)
        waiting += signs_in(rest)
    return Literal(tuple(words), waiting)
