"""Other readings of parts of a text, which the scan takes beside its words.

    soft     a word begins or ends at a default-ignorable or at ™: "the<ZWSP>sanctions" is read with a space there, too
    noted    what stands raised after a word is read over: "sanctions¹ exemptions" as "sanctions exemptions"
    glued    a Korean particle against a Latin or Han word, or a closing quote, is read over: "FFVD를 검증" as "ffvd 검증"
    masked   look-alikes read as what they pass for

They follow the words in `scan`, each after a NUL. A place found in one is told only if the words do not tell it too.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import islice, takewhile
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import decomposition

from monitor.rules.places import Place
from monitor.rules.scripts.korean import are_particles
from monitor.rules.scripts.lookalikes import masked_words
from monitor.rules.spans import Edit, Moved, apply
from monitor.rules.units import KEPT_MARK
from monitor.rules.words import CJK, HANGUL, UNSPACED

if TYPE_CHECKING:
    from monitor.rules.fold import Folded

REACH = 400  # characters of the text that a reading takes along on each side
INNER_REACH = 100  # and of one that both begins and ends inside words
MOST_SOFT = 500  # so many places are read one by one; where there are more, the text is cut at all of them at once

_HANGUL_RUN = re.compile(f"[{HANGUL}]+")
_NO_START = re.compile(f"[ {CJK}{UNSPACED}{KEPT_MARK.bmp}]")


class Reading(NamedTuple):
    start: int  # in `scan`
    offset: int  # where its text stands in `words`
    soft: bool  # it differs from the words in where a word ends
    masked: bool  # and in letters, which are read as what they pass for
    moved: Moved


class Readings:
    """`scan` of a text, and where its places are in `words`."""

    def __init__(self, folded: Folded) -> None:
        self._words = folded.words
        self._parts = [folded.words]
        self._end = len(folded.words)
        self._list: list[Reading] = []
        if folded.glues:
            self._windows(glued_particles(folded), masked=False)
        if folded.soft_units:
            self._windows(raised_notes(folded), masked=False)
        soft = soft_places(folded) if folded.soft_units else []
        spaces = zero_width_spaces(folded, soft) if len(soft) > 1 else []
        self._soft(soft, spaces, folded.words, masked=False)
        for masked in () if folded.text.isascii() else masked_words(folded):
            self._windows(masked, masked=True)
            self._soft(soft, spaces, apply(folded.words, masked), masked=True)
        self.scan = "\x00".join(self._parts)
        self._starts = [reading.start for reading in self._list]

    def _add(self, text: str, offset: int, edits: Sequence[Edit], *, soft: bool, masked: bool) -> None:
        self._list.append(Reading(self._end + 1, offset, soft, masked, Moved(edits)))
        self._parts.append(text)
        self._end += 1 + len(text)

    def _windows(self, edits: list[Edit], *, masked: bool) -> None:
        words = self._words
        group: list[Edit] = []
        for edit in [*edits, None]:
            if group and (edit is None or edit[0] - group[-1][1] > 2 * REACH):
                start = words.rfind(" ", 0, max(1, group[0][0] - REACH))
                end = words.find(" ", min(len(words) - 1, group[-1][1] + REACH)) + 1
                inside = [(first - start, last - start, text) for first, last, text in group]
                self._add(apply(words[start:end], inside), start, inside, soft=False, masked=masked)
                group = []
            if edit is not None:
                group.append(edit)

    def _soft(self, places: list[int], spaces: list[int], words: str, *, masked: bool) -> None:
        """A word may end at any of `places`; at all `spaces` at once more often than at others."""
        for all_of in ([places] if len(places) > 1 else []) + ([spaces] if 1 < len(spaces) < len(places) else []):
            edits = [(place, place, " ") for place in all_of]
            self._add(apply(words, edits), 0, edits, soft=True, masked=masked)
        if len(places) > MOST_SOFT:
            return
        for number, place in enumerate(places):
            start = words.rfind(" ", 0, max(1, place - REACH))
            end = words.find(" ", min(len(words) - 1, place + REACH)) + 1
            at = place - start
            self._add(f"{words[start:place]} {words[place:end]}", start, [(at, at, " ")], soft=True, masked=masked)
            for end in takewhile(lambda end, most=place + INNER_REACH: end <= most, islice(places, number + 1, None)):  # type: ignore[misc]
                self._add(f" {words[place:end]} ", place - 1, (), soft=True, masked=masked)

    def _of(self, place: int) -> Reading | None:
        number = bisect_right(self._starts, place) - 1
        return self._list[number] if number >= 0 else None

    def base(self, place: int) -> int:
        reading = self._of(place)
        return place if reading is None else reading.offset + reading.moved.start(place - reading.start)

    def base_end(self, place: int) -> int:
        reading = self._of(place)
        return place if reading is None else reading.offset + reading.moved.end(place - reading.start)

    def settle(self, place: Place) -> Place | None:
        reading = self._of(place.start)
        if reading is None:
            return place
        start, end = self.base(place.start), self.base_end(place.end)
        read, stands = self.scan[place.start : place.end], self._words[start:end]
        if not reading.soft and read == stands:
            return None
        return place._replace(start=start, end=end, lookalike=reading.masked and read.replace(" ", "") != stands.replace(" ", ""))


def glued_particles(folded: Folded) -> list[Edit]:
    """Particles that stand against what is no Hangul, with the space that the text form has between."""
    edits: list[Edit] = []
    for place in folded.glues:
        run = _HANGUL_RUN.match(folded.words, place)
        if run and folded.words[run.end()] == " " and are_particles(run[0]):
            edits.append((place - 1, run.end(), ""))
    return edits


def soft_places(folded: Folded) -> list[int]:
    """Places inside words of `words` at which a word may begin or end."""
    words = folded.words
    places = {folded.place(at) for start, end, ignorable in folded.soft_units for at in ((end,) if ignorable else (start, end))}
    return sorted(at for at in places if at < len(words) - 1 and words[at - 1] != " " and not _NO_START.match(words[at]))


def zero_width_spaces(folded: Folded, soft: list[int]) -> list[int]:
    """Those of the soft places that are there to part words."""
    at = {folded.place(end) for start, end, ignorable in folded.soft_units if ignorable and "\u200b" in folded.text[start:end]}
    return [place for place in soft if place in at]


def raised_notes(folded: Folded) -> list[Edit]:
    """Raised signs and figures between two words, such as ™ and the ¹ of a footnote, with the space that parts the words."""
    words = folded.words
    edits: list[Edit] = []
    for start, end, ignorable in folded.soft_units:
        if ignorable or not all(decomposition(char).startswith("<super>") for char in folded.text[start:end]):
            continue
        first, last = folded.place(start), min(folded.place(end), len(words) - 1)
        if edits and edits[-1][1] == first:
            first = edits.pop()[0]
        if first <= 1:
            continue
        if words[first - 1] == " ":
            edits.append((first - (words[last] == " "), last, ""))
        else:
            edits.append((first, last, "" if words[last] == " " else " "))
    return edits
