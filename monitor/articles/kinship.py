"""What keeps two texts apart although they share their wording, and a story from drifting from member to member.

Short texts made after one pattern (notes on courts, quakes, markets) differ in names and numbers alone; a site may say the
same few sentences on every page. Beside `stories`, which decides on the wording.
"""

from __future__ import annotations

import re
from typing import Protocol

from monitor.articles import stories

SHORT = 203  # words below which a text is short: 200 shingles
NAMES = 0.75  # of the names of one short text that stand in the other
KIN = 0.40  # of the shorter text's shingles that a member shares with the story's first article
TITLES = 0.5  # of the shorter headline's words, on one site
DENSE = 0.05  # numbers for each word, from which a longer text is about its numbers
NUMBERS = 0.6  # of these that agree
LONGEST = 60_000  # characters that are looked at
_FEW = 3  # names from which nothing follows
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")


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
        return stories.same_story(one.body[:LONGEST], other.body[:LONGEST]) and not apart(one, other)

    def akin(self, one: Text, first: Text) -> bool:
        return stories.shared(one.body[:LONGEST], first.body[:LONGEST]) >= KIN


def rows(body: str) -> tuple[int, ...]:
    """What an article is found by."""
    return stories.sketch(body[:LONGEST]).rows


def apart(one: Text, other: Text) -> bool:
    """Whether two texts of one wording tell different things all the same."""
    ours, theirs = sorted((one, other), key=lambda text: len(text.body))
    few = len(stories.words(ours.body[:LONGEST]))
    if few >= SHORT:
        numbers = set(_NUMBER.findall(ours.body))
        return len(numbers) >= DENSE * few and _agree(numbers, set(_NUMBER.findall(theirs.body))) < NUMBERS
    return _other_names(ours.body, theirs.body) or _boilerplate(one, other)


def _agree(ours: set[str], theirs: set[str]) -> float:
    return len(ours & theirs) / len(ours) if ours else 1.0


def _other_names(ours: str, theirs: str) -> bool:
    mine, others = ({word for word in _WORD.findall(text) if word[0].isupper()} for text in (ours, theirs[:LONGEST]))
    return len(mine) >= _FEW and max(_agree(mine, others), _agree(others, mine)) < NAMES


def _boilerplate(one: Text, other: Text) -> bool:
    """One site's short text under another headline is what it says on every page, and no story."""
    if not one.host or one.host != other.host:
        return False
    ours, theirs = set(stories.words(one.title)), set(stories.words(other.title))
    smaller = min(len(ours), len(theirs))
    return smaller == 0 or len(ours & theirs) / smaller < TITLES
