"""Whether two articles tell the same text: the one set of rules by which stories are made.

1. At least 55 % of the shorter body's runs of four words stand in the longer one.
2. What was written from one pattern (quakes, markets, courts, weather) is one text but for its numbers and names. So of the
   numbers and names that have the same words around them in both bodies, most must be the same. What a paper adds (a
   byline, a date, a paragraph) has no such place in the other body and proves nothing.
3. A short body that was edited much has more to show: enough of the numbers and names beside words of the longer one stand
   in that one at all.
4. What a site says on each of its pages under another headline each time is no story.

And a story does not drift: who joins it has enough of its first article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple, Protocol

from monitor.articles import stories

SHARE = 0.55  # of the shorter body's shingles
SHORT = 200  # shingles below which a body is short
SURE = 0.70  # of a short body's shingles, from which on rule 3 asks for no more
NUMBERS = 0.75  # of those in the same place that are the same
NAMES = 0.65
ANYWHERE = 0.4  # of a short body's numbers and names, but for those of what was added, that stand somewhere in the longer one
KIN = 0.40  # of the shorter text's shingles that a member shares with the story's first article
TITLES = 0.5  # of the shorter headline's words, on one site
LONGEST = 60_000  # characters that are looked at

_NUMBER, _NAME = "#", "@"
_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|" + stories.WORDS.pattern)
_BEGINS = frozenset(".!?。！？\n:;\"“”‘’'«»(—–|-•")  # after these a capital is no name
_SHAPES = ((2, 2), (1, 2), (2, 1))  # words before and after that make a place


class Text(Protocol):
    @property
    def title(self) -> str: ...
    @property
    def body(self) -> str: ...
    @property
    def host(self) -> str: ...


class Judge:
    """Decides on two texts, for the store."""

    def same(self, one: Text, other: Text) -> bool:
        return same_story(one.body, other.body) and not _boilerplate(one, other)

    def akin(self, one: Text, first: Text) -> bool:
        return stories.shared(_shingles(one.body), _shingles(first.body)) >= KIN


def rows(body: str) -> tuple[int, ...]:
    """What an article is found by."""
    return stories.sketch(body[:LONGEST]).rows


def same_story(body: str, other: str) -> bool:
    """Whether two bodies are one text: copied, cut, edited a little, with another byline (rules 1 to 3)."""
    ours, theirs = _shingles(body), _shingles(other)
    length, share = min(len(ours), len(theirs)), stories.shared(ours, theirs)
    if length < stories.LEAST or share < SHARE:
        return False
    shorter, longer = (text for _, text in sorted(((len(ours), body), (len(theirs), other))))
    words, others = list(_words(shorter[:LONGEST])), list(_words(longer[:LONGEST]))
    same, different = _compared(words, others)
    if any(different[kind] and same[kind] < least * (same[kind] + different[kind]) for kind, least in ((_NUMBER, NUMBERS), (_NAME, NAMES))):
        return False
    return length >= SHORT or share >= SURE or _anywhere(words, others) >= ANYWHERE


def _shingles(body: str) -> set[str]:
    return stories.shingles(stories.words(body[:LONGEST]))


class _Word(NamedTuple):
    text: str  # in lower case
    kind: str  # a number, a name, or neither
    mask: str  # what stands for it where it is another's neighbour: numbers and capitals are all alike


def _words(body: str) -> Iterator[_Word]:
    end = 0
    for found in _TOKEN.finditer(body):
        word = found[0]
        if word[0].isdigit():
            yield _Word(word, _NUMBER, _NUMBER)
        elif word[0].isupper():
            name = end > 0 and _BEGINS.isdisjoint(body[end : found.start()])
            yield _Word(word.lower(), _NAME if name else "", _NAME)
        else:
            yield _Word(word, "", word)
        end = found.end()


Place = tuple[str, ...]


def _places(words: list[_Word]) -> Iterator[tuple[_Word, list[Place]]]:
    """Each number and name with the places it has: its kind and the words around it."""
    masks = ["", "", *(word.mask for word in words), "", ""]
    for at, word in enumerate(words, start=2):
        if word.kind:
            yield word, [(word.kind, *masks[at - before : at], "_", *masks[at + 1 : at + 1 + after]) for before, after in _SHAPES]


def _compared(words: list[_Word], others: list[_Word]) -> tuple[dict[str, int], dict[str, int]]:
    """How many numbers and names of the one stand in the same place of the other, and how many have another in their place."""
    there: dict[Place, set[str]] = {}
    for word, places in _places(others):
        for place in places:
            there.setdefault(place, set()).add(word.text)
    anywhere = {word.text for word in others}
    same, different = {_NUMBER: 0, _NAME: 0}, {_NUMBER: 0, _NAME: 0}
    for word, places in _places(words):
        found = next((there[place] for place in places if place in there), None)
        if found is None:
            continue
        if word.text in found:
            same[word.kind] += 1
        elif word.text not in anywhere:
            different[word.kind] += 1
    return same, different


def _anywhere(words: list[_Word], others: list[_Word]) -> float:
    """The part of a body's numbers and names that the other has anywhere; those of what it alone has are left out."""
    masks = ["", "", *(word.mask for word in words), "", ""]
    common = set(pairwise(word.mask for word in others))
    told: set[str] = set()
    for at, word in enumerate(words, start=2):
        if word.kind and any(_tells(pair) and pair in common for pair in ((masks[at - 2], masks[at - 1]), (masks[at + 1], masks[at + 2]))):
            told.add(word.text)
    return len(told & {word.text for word in others}) / len(told) if told else 1.0


def _tells(pair: tuple[str, str]) -> bool:
    """Whether two neighbours are not numbers and names alone, which are all alike."""
    return not {_NUMBER, _NAME}.issuperset(pair)


def _boilerplate(one: Text, other: Text) -> bool:
    if not one.host or one.host != other.host:
        return False
    if min(len(_shingles(one.body)), len(_shingles(other.body))) >= SHORT:
        return False
    ours, theirs = set(stories.words(one.title)), set(stories.words(other.title))
    smaller = min(len(ours), len(theirs))
    return smaller == 0 or len(ours & theirs) / smaller < TITLES
