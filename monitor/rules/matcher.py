"""Finds one term in a folded text: what the scan's literal can't say is judged here.

Where a word may end, particles and prefix letters, `*`, exact case, and the signs that a term insists on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from monitor.rules.fold import KEPT_MARK, Folded
from monitor.rules.letters import SARA_AM
from monitor.rules.literals import Literal, Word, exact_form, signs_in, take_apart
from monitor.rules.places import Place
from monitor.rules.scripts import korean, semitic
from monitor.rules.scripts.lookalikes import unmasked

LONGEST_LITERAL = 60
NO_ENDS = ("cjk", "unspaced")
_SLACK = 24  # particles and prefix letters around a word
_LONG_WORD = 200
_SIGN_MAY_STAND_OFF = "$%"


class Matcher:
    """All places of one term. `literal` must be in a text's scan for the term to be there at all."""

    def __init__(self, text: str, exact: bool, number: int = 0) -> None:
        self.id = number
        self.text = text
        self.exact = exact
        self.parts: Literal = take_apart(text)
        words = self.parts.words
        self.open = bool(words) and words[-1].star  # ends with `*`
        self._words = words
        self.literal = ""
        self._pattern: re.Pattern[str] | None = None
        self._back = self._ahead = 0
        if not words:
            self._signs = self.parts.after or text
        elif _is_plain(words):
            self._whole = _lead(words[0]) + " ".join(word.text for word in words)
            self.literal = self._whole[:LONGEST_LITERAL].rstrip()
        else:
            self._pattern = _pattern(words)
            best = max(_before_star(words), key=lambda i: _rarity(words[i]))
            self.literal = (_lead(words[best]) + words[best].text)[:LONGEST_LITERAL]
            self._back = sum(len(word.text) + _SLACK for word in words[:best]) + 4
            self._ahead = sum(len(word.text) + _SLACK + (_LONG_WORD if word.star else 0) for word in words[best:])
        self._lead = len(_lead(words[0])) if words else 0
        self._plain = self._pattern is None and bool(words)
        self._checked = exact or self.parts.has_signs

    def find(self, folded: Folded, starts: Iterable[int]) -> list[Place]:
        """The term's places in order, given where its literal stands in `folded.scan`."""
        if not self._words:
            return self._find_signs(folded)
        places: set[Place] = set()
        text = folded.scan
        for start in starts:
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
        last = self._end(folded, text, end)
        if last < 0 or not self._start(folded, text, start):
            return None
        start += self._lead
        if not self._checked:
            return folded.settle(Place(start, last))
        spans: list[tuple[int, int]] = []
        at = start
        for word in self._words:
            spans.append((at, at + len(word.text)))
            at += len(word.text) + 1
        return self._check(folded, Place(start, last), spans)

    def _start(self, folded: Folded, text: str, start: int) -> bool:
        group = self._words[0].group
        if group in semitic.BEFORE:
            word = max(text.rfind(" ", 0, start), text.rfind("\x00", 0, start)) + 1
            return semitic.are_prefixes(group, text[word:start])
        return not folded.splits(start + self._lead)

    def _end(self, folded: Folded, text: str, end: int) -> int:
        """Where the term that got to `end` ends, or −1 where no word may end there."""
        word = self._words[-1]
        if word.group in NO_ENDS:
            if word.star:
                while text[end] in SARA_AM or (not text[end].isascii() and text[end] in KEPT_MARK):
                    end += 1
                return end
            following = text[end]
            kept = not following.isascii() and (following in SARA_AM or following in KEPT_MARK)
            return -1 if kept or folded.splits(end) else end
        if word.star:
            return folded.word_end(end)
        if text[end] == " ":
            return -1 if folded.splits(end) else end
        if word.group == "hangul":
            tail = text.index(" ", end)
            if korean.are_particles(text[end:tail]):
                return end
            cuts = (cut for cut in range(end, tail if folded.soft_units else end) if folded.soft(cut))
            return end if any(korean.are_particles(text[end:cut]) for cut in cuts) else -1
        return end if folded.soft(end) else -1

    # -- the rest: a pattern around the literal -----------------------------------------------------------------------

    def _around(self, folded: Folded, text: str, start: int) -> Iterable[Place | None]:
        assert self._pattern is not None
        low, high = max(0, start - self._back), start + self._ahead
        while low <= start:
            match = self._pattern.search(text, low, high)
            if match is None:
                return
            low = match.start() + 1
            spans = [match.span(number) for number in range(1, len(self._words) + 1)]
            first, last = spans[0][0], self._end(folded, text, spans[-1][1])
            if last < 0 or folded.splits(first):
                continue
            place = Place(first, last)
            yield self._check(folded, place, spans) if self._checked else folded.settle(place)

    # -- exact case and signs -----------------------------------------------------------------------------------------

    def _check(self, folded: Folded, place: Place, spans: list[tuple[int, int]]) -> Place | None:
        settled = folded.settle(place)
        if settled is None:
            return None
        moved = [(folded.base(start), folded.base_end(end)) for start, end in spans]
        original = [(folded.start(start), folded.end(end)) for start, end in moved]
        if self.exact:
            for word, (start, end) in zip(self._words, original, strict=True):
                written = folded.text[start:end]
                forms = unmasked(written) if settled.lookalike else (written,)
                if all(exact_form(form) != word.exact for form in forms):
                    return None
        first, last = folded.start(settled.start), folded.end(settled.end)
        if self.parts.has_signs:
            for number, word in enumerate(self._words):
                if number and word.signs and word.signs not in signs_in(folded.text[original[number - 1][1] : original[number][0]]):
                    return None
            before = _sign_before(folded.text, first, self._words[0].signs)
            after = _sign_after(folded.text, last, self.parts.after)
            if before is None or after is None:
                return None
            first, last = before, after
        return settled._replace(first=first, last=last)

    def _find_signs(self, folded: Folded) -> list[Place]:
        places: list[Place] = []
        for start in _occurrences(folded.text, self._signs):
            end = start + len(self._signs)
            places.append(Place(folded.place(start), folded.place(end), start, end))
        return places


def _lead(word: Word) -> str:
    return " " if word.group not in NO_ENDS and word.group not in semitic.BEFORE else ""


def _is_plain(words: tuple[Word, ...]) -> bool:
    """Whether the words of the term stand in `words` in one way only, but for what may follow the last."""
    if len(words) == 1:
        return True
    for before, word in pairwise(words):
        if before.star or before.group == "hangul" or "arabic" in (before.group, word.group) or "hebrew" in (before.group, word.group):
            return False
        if before.group == word.group == "cjk":
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
            parts.append(" ?" if before.group == word.group == "cjk" else " ")
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
