"""Finds one term in a folded text: what the scan's literal can't say is judged here.

Where a word may end, particles and prefix letters, `*`, exact case, and the signs that a term insists on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import count, islice, pairwise

from monitor.rules.fold import Folded
from monitor.rules.letters import SARA_AM
from monitor.rules.literals import Literal, Word, exact_form, signs_in, take_apart
from monitor.rules.places import Place
from monitor.rules.scripts import korean, semitic
from monitor.rules.scripts.lookalikes import unmasked
from monitor.rules.units import KEPT_MARK
from monitor.rules.wake import CHECKED_SIGN

LONGEST_LITERAL = 60
NO_ENDS = ("cjk", "unspaced")
MOST_PLACES = 50_000  # of one literal in one text: only megabytes of one word have more
_SLACK = 24  # particles and prefix letters around a word
_LONG_WORD = 200
_numbers = count(1)
_SIGN_MAY_STAND_OFF = "$%"


class Matcher:
    """All places of one term. `literal` must be in a text's scan for the term to be there at all."""

    __slots__ = (
        *("id", "text", "exact", "parts", "open", "literal", "wake"),
        *("_words", "_signs", "_whole", "_lead", "_plain", "_checked", "_surely", "_pattern", "_back", "_ahead"),
    )

    def __init__(self, text: str, exact: bool) -> None:
        self.id = next(_numbers)
        self.text = text
        self.exact = exact
        self.parts: Literal = take_apart(text)
        words = self.parts.words
        self.open = bool(words) and words[-1].star  # ends with `*`
        self._words = words
        self.literal = ""
        self._pattern: re.Pattern[str] | None = None
        if not words:
            self._signs = self.parts.after or text
        elif _is_plain(words):
            self._whole = _lead(words[0]) + " ".join(word.text for word in words)
            self.literal = _closed(self._whole, words[-1])
        else:
            self._pattern = _pattern(words)
            best = max(_before_star(words), key=lambda i: _rarity(words[i]))
            self.literal = _closed(_lead(words[best]) + words[best].text, words[best])
            self._back = sum(len(word.text) + _SLACK for word in words[:best]) + 4
            self._ahead = sum(len(word.text) + _SLACK + (_LONG_WORD if word.star else 0) for word in words[best:])
        self._lead = len(_lead(words[0])) if words else 0
        self._plain = self._pattern is None and bool(words)
        self._checked = exact or self.parts.has_signs
        # What an exact term must have in a plain text as it is; 1000 may be 1,000 there, and 制裁 may be 制 裁.
        self._surely = [word.exact for word in words if exact and word.group != "cjk" and not any(map(str.isdecimal, word.exact))]
        self.wake = f"{self.literal}{CHECKED_SIGN}{self.id}" if self._checked and self.literal else self.literal

    def find(self, folded: Folded, starts: Iterable[int]) -> list[Place]:
        """The term's places in order, given where its literal stands in `folded.scan`."""
        if not self._words:
            return self._find_signs(folded)
        if self._surely and folded.is_plain and not all(written in folded.text for written in self._surely):
            return []
        places: set[Place] = set()
        text = folded.scan
        for start in islice(starts, MOST_PLACES):
            for found in (self._at(folded, text, start),) if self._plain else self._around(folded, text, start):
                if found is not None:
                    places.add(found)
        return sorted(places)

    def find_all(self, folded: Folded) -> list[Place]:
        """The same without a scan."""
        return self.find(folded, _occurrences(folded.scan, self.literal) if self.literal else ())

    # -- plain terms: the literal is the whole term -------------------------------------------------------------------

    def _at(self, folded: Folded, text: str, start: int) -> Place | None:
        if len(self._whole) > LONGEST_LITERAL and not text.startswith(self._whole, start):
            return None
        end = start + len(self._whole)
        if not (self._may_start(folded, text, start) and self._may_end(folded, text, end)):
            return None
        start += self._lead
        if not self._checked:
            return self._settle(folded, Place(start, end))
        spans: list[Place] = []
        at = start
        for word in self._words:
            spans.append(Place(at, at + len(word.text)))
            at += len(word.text) + 1
        return self._check(folded, Place(start, end), spans)

    def _may_start(self, folded: Folded, text: str, start: int) -> bool:
        group = self._words[0].group
        if group in semitic.BEFORE:
            word = text.rfind(" ", max(0, start - semitic.LONGEST - 1), start)
            return word >= 0 and semitic.are_prefixes(group, text[word + 1 : start])
        return not (folded.expands and folded.splits(start + self._lead))

    def _may_end(self, folded: Folded, text: str, end: int) -> bool:
        """Whether the term, which got to `end`, may end there: particles may follow, a rest of a word may not."""
        word = self._words[-1]
        if word.star:
            return True
        if folded.expands and folded.splits(end):
            return False
        if text[end] == " ":
            return True
        if _is_kept_mark(text[end]):
            return False
        if word.group in NO_ENDS:
            return True
        if word.group != "hangul":
            return folded.soft(end)
        tail = text.find(" ", end, end + korean.LONGEST + 1)
        stop = tail if tail >= 0 else end + korean.LONGEST
        cuts = [cut for cut in range(end, stop) if folded.soft(cut)] if folded.soft_units else []
        return (tail >= 0 and korean.are_particles(text[end:tail])) or any(korean.are_particles(text[end:cut]) for cut in cuts)

    def _settle(self, folded: Folded, place: Place) -> Place | None:
        """The place in `words`; a term that ends with `*` goes on to the end of the word."""
        settled = folded.settle(place)
        if settled is None or not self.open:
            return settled
        end, words = settled.end, folded.words
        if self._words[-1].group in NO_ENDS:
            while _is_kept_mark(words[end]):
                end += 1
        else:
            end = folded.word_end(end)
        return settled._replace(end=end)

    # -- the rest: a pattern around the literal -----------------------------------------------------------------------

    def _around(self, folded: Folded, text: str, start: int) -> Iterable[Place | None]:
        assert self._pattern is not None
        low, high = max(0, start - self._back), start + self._ahead
        while low <= start:
            match = self._pattern.search(text, low, high)
            if match is None:
                return
            low = match.start() + 1
            spans = [Place(*match.span(number)) for number in range(1, len(self._words) + 1)]
            place = Place(spans[0].start, spans[-1].end)
            if self._may_end(folded, text, place.end) and not folded.splits(place.start):
                yield self._check(folded, place, spans) if self._checked else self._settle(folded, place)

    # -- exact case and signs -----------------------------------------------------------------------------------------

    def _check(self, folded: Folded, place: Place, spans: list[Place]) -> Place | None:
        settled = self._settle(folded, place)
        if settled is None:
            return None
        original = [(folded.start(folded.base(each.start)), folded.end(folded.base_end(each.end))) for each in spans]
        if self.exact and not all(_is_exact(folded, word, *span, settled) for word, span in zip(self._words, original, strict=True)):
            return None
        if not self.parts.has_signs:
            return settled
        for (_, end), (start, _), word in zip(original, original[1:], self._words[1:], strict=False):
            if word.signs not in signs_in(folded.text[end:start]):
                return None
        first = _sign_before(folded.text, folded.start(settled.start), self._words[0].signs)
        last = _sign_after(folded.text, folded.end(settled.end), self.parts.after)
        return None if first is None or last is None else settled._replace(first=first, last=last)

    def _find_signs(self, folded: Folded) -> list[Place]:
        places: list[Place] = []
        for start in _occurrences(folded.text, self._signs):
            end = start + len(self._signs)
            places.append(Place(folded.place(start), folded.place(end), start, end))
        return places


def _is_exact(folded: Folded, word: Word, start: int, end: int, place: Place) -> bool:
    written = folded.text[start:end]
    return any(exact_form(form) == word.exact for form in (unmasked(written) if place.lookalike else (written,)))


def _is_kept_mark(char: str) -> bool:
    return not char.isascii() and (char in SARA_AM or char in KEPT_MARK)


def _lead(word: Word) -> str:
    return " " if word.group not in NO_ENDS and word.group not in semitic.BEFORE else ""


def _closed(literal: str, last: Word) -> str:
    """The literal, no longer than is useful, with a space where its last word must end."""
    if len(literal) > LONGEST_LITERAL:
        return literal[:LONGEST_LITERAL].rstrip(" ")
    return literal if last.star or last.group == "hangul" or last.group in NO_ENDS else f"{literal} "


def _is_plain(words: tuple[Word, ...]) -> bool:
    """Whether the words of the term stand in `words` in one way only, but for what may follow the last."""
    if len(words) == 1:
        return True
    for before, word in pairwise(words):
        if before.star or before.group == "hangul" or "arabic" in (before.group, word.group) or "hebrew" in (before.group, word.group):
            return False
        if before.group == word.group and word.group in NO_ENDS:
            return False
    return True


def _pattern(words: tuple[Word, ...]) -> re.Pattern[str]:
    parts: list[str] = []
    for number, word in enumerate(words):
        prefixes = semitic.BEFORE.get(word.group, "")
        if number == 0:
            parts.append("" if word.group in NO_ENDS else f"(?<= ){prefixes}")
        else:
            before = words[number - 1]
            if before.star and before.group not in NO_ENDS:
                parts.append("[^ ]*")
            elif before.group == "hangul" and not word.glued:
                parts.append(korean.TAIL)
            parts.append(" ?" if before.group == word.group and word.group in NO_ENDS else " ")
            parts.append(prefixes)
        parts.append(f"({re.escape(word.text)})")
    return re.compile("".join(parts))


def _before_star(words: tuple[Word, ...]) -> range:
    """The words up to the first with a `*`: what follows it stands at no bounded distance from the term's start."""
    return range(next((number + 1 for number, word in enumerate(words) if word.star), len(words)))


def _rarity(word: Word) -> int:
    return len(word.text) * (1 if word.text.isascii() or word.group not in ("hangul", "cjk") else 3)


def _occurrences(text: str, literal: str) -> Iterable[int]:
    start = text.find(literal)
    while start >= 0:
        yield start
        start = text.find(literal, start + 1)


def _sign_before(text: str, place: int, signs: str) -> int | None:
    """Where `signs`, standing before `place`, begin; None where they do not stand there."""
    if not signs:
        return place
    start = place
    if signs[-1] in _SIGN_MAY_STAND_OFF:
        while start and text[start - 1].isspace():
            start -= 1
    start -= len(signs)
    return start if start >= 0 and signs_in(text[start : start + len(signs)]) == signs else None


def _sign_after(text: str, place: int, signs: str) -> int | None:
    if not signs:
        return place
    if signs[0] in _SIGN_MAY_STAND_OFF:
        while place < len(text) and text[place].isspace():
            place += 1
    end = place + len(signs)
    return end if signs_in(text[place:end]) == signs else None
