"""What a term's text may be: its `*` stand at the ends of words of two letters or more, and it has something to look for."""

from __future__ import annotations

import re
import unicodedata

from monitor.rules import quotes
from monitor.rules.faults import Fault, Remedy, shown
from monitor.rules.letters import fold_letters, is_gap

KEPT = "&+#@$%"  # in a term these must be in the text (decision 17)
_STAR = re.compile(r"\*+")
_DIGITS_JOINED = re.compile(r"(?<=\d)[.,](?=\d)")


def says_something(text: str) -> bool:
    """Whether the text form of `text` keeps anything: a letter, a digit, or a sign that must be there."""
    if any(char in KEPT or (char.isascii() and char.isalnum()) for char in text):
        return True
    return not text.isascii() and any(not is_gap(char) for char in fold_letters(text))


def check_text(text: str, at: int, *, whole: tuple[int, int], quoted: bool) -> None:
    """Raises Fault where `text`, standing at `at` of the query, can't be a term; `whole` is the term with quotes and `=`."""
    if not says_something(text):
        _raise_silent(text, whole, quoted)
    if "*" in text:
        _check_stars(text, at, quoted)


def _raise_silent(text: str, whole: tuple[int, int], quoted: bool) -> None:
    if not text.strip():
        raise quotes.empty(*whole)
    if "*" in text:
        raise Fault(
            "'*' by itself would match everything", *whole, Remedy("", "write the first letters of a word before it, as in sanction*")
        )
    what = f"the phrase '{shown(text)}'" if quoted else f"'{shown(text)}'"
    raise Fault(f"{what} has no letter or digit to look for", *whole, Remedy("", "leave it out, or write words"))


def _check_stars(text: str, at: int, quoted: bool) -> None:
    for star in _STAR.finditer(text):
        before, after = _word_before(text, star.start()), text[star.end() : star.end() + 1]
        if not before:
            raise Fault(
                "'*' stands before a word; only a word's end may be left open" if after.isalnum() else "'*' follows no word",
                at + star.start(),
                at + star.end(),
                Remedy("", "leave the '*' out"),
            )
        word_follows = bool(after) and _in_word(after)
        if word_follows or star.end() - star.start() > 1 or (after and not quoted):
            end = len(text) if not quoted or word_follows else star.end()
            if quoted and word_follows:
                end = _word_end(text, star.end())
            stem = text[star.start() - len(before) : star.start()]
            raise Fault(
                "'*' stands inside a word; it is allowed at a word's end only",
                at + star.start(),
                at + end,
                Remedy("*", f"write {shown(stem)}*"),
            )
        letters = sum(char.isalnum() for char in unicodedata.normalize("NFKC", before))
        if letters < 2:
            start = star.start() - len(before)
            raise Fault(
                f"'{shown(before)}*' is a prefix of fewer than two letters",
                at + start,
                at + star.end(),
                Remedy(before, "write two letters or more before the '*', or leave it out"),
            )


def _in_word(char: str) -> bool:
    return char.isalnum() or char in KEPT or unicodedata.category(char)[0] == "M"


def _word_before(text: str, end: int) -> str:
    start = end
    while start and (_in_word(text[start - 1]) or _DIGITS_JOINED.match(text, start - 1)):
        start -= 1
    return text[start:end]


def _word_end(text: str, start: int) -> int:
    while start < len(text) and (_in_word(text[start]) or text[start] == "*"):
        start += 1
    return start
