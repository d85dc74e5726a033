"""Whether two articles tell the same text: a wire story in forty papers is one story.

A body is reduced to a sketch, the smallest hashes of its runs of four words; a few of them are rows in the store, by
which candidates are found. What decides is exact: how much of the shorter body stands in the longer one. Plain
functions of text; the hashes are xxh3, the same in every process and for ever.
"""

from __future__ import annotations

import heapq
import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass

import xxhash

SHINGLE = 4  # words
KEPT = 64  # hashes of a sketch
ROWS = 24  # of them that are rows in the store
SHARED_ROWS = 2  # rows that a candidate has in common
_LONG = 200  # shingles from which on a body is long enough to be judged by containment alone
_LONG_SHARE = 0.55
_SHORT_SHARE = 0.70
# Of the shorter body's numbers and names, what the longer one must have too.
_NUMBER_SHARE = 0.8
_NAME_SHARE = 0.7
_LONG_NUMBER_SHARE = 0.5
_MANY_NUMBERS = 10  # in a long body: fewer prove nothing
_LEAST = 8  # shingles: a body of fewer is no text that papers share
_SIGN = 1 << 63

# A word of spaced scripts; in scripts without spaces each character is one.
_WORDS = re.compile(r"[぀-ヿ㐀-鿿豈-﫿฀-๿]|[^\W_぀-ヿ㐀-鿿豈-﫿฀-๿]+")
# A capital within a sentence: a name, or a day.
_NAMES = re.compile(r"(?<=[a-zß-öø-ÿа-я,;] )[A-ZÀ-ÖØ-ÞА-Я][\w’'-]+")
_NUMBERS = re.compile(r"\d+(?:[.,:]\d+)*")


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is kept of a body to find its like. Hashes are signed 64-bit integers, as both databases store them.

    `rows` are the smallest `ROWS` of `hashes`, which are ordered; `shingles` counts the body's distinct ones.
    """

    hashes: tuple[int, ...]
    shingles: int

    @property
    def rows(self) -> tuple[int, ...]:
        return self.hashes[:ROWS]

    def pack(self) -> bytes:
        """The hashes as bytes, for one column."""
        return array("q", self.hashes).tobytes()

    @classmethod
    def unpack(cls, packed: bytes, shingles: int) -> Sketch:
        hashes = array("q")
        hashes.frombytes(packed)
        return cls(tuple(hashes), shingles)


def words(body: str) -> list[str]:
    """A body's words in lower case, without signs; of scripts without spaces, its characters."""
    return _WORDS.findall(body.lower())


def _shingles(listed: list[str]) -> set[str]:
    if len(listed) < SHINGLE:
        return set()
    return set(map(" ".join, zip(listed, listed[1:], listed[2:], listed[3:], strict=False)))


def sketch(body: str) -> Sketch:
    """The `KEPT` smallest hashes of a body's shingles; empty for a body too short to be shared."""
    found = _shingles(words(body))
    if len(found) < _LEAST:
        return Sketch((), len(found))
    digest = xxhash.xxh3_64_intdigest
    smallest = heapq.nsmallest(KEPT, [digest(shingle.encode()) for shingle in found])
    return Sketch(tuple(number - (1 << 64) if number >= _SIGN else number for number in smallest), len(found))


def may_be_same(rows: Iterable[int], others: Iterable[int]) -> bool:
    """Whether two articles' rows make one a candidate for the other's story."""
    return len(set(rows) & set(others)) >= SHARED_ROWS


def shared(body: str, other: str) -> float:
    """The part of the shorter body's shingles that stand in the longer one: 0 to 1."""
    ours, theirs = _shingles(words(body)), _shingles(words(other))
    return _containment(ours, theirs)


def _containment(ours: set[str], theirs: set[str]) -> float:
    shorter = min(len(ours), len(theirs))
    return len(ours & theirs) / shorter if shorter else 0.0


def same_story(body: str, other: str) -> bool:
    """Whether two bodies are one text: copied, cut, edited a little, with another headline or byline.

    Long bodies are one from 0.55 of the shorter one's shingles on, a short one from 0.70. What was written from a template
    (earthquakes, markets, weather, courts) is one text but for its numbers and names, so that most of those must agree.
    """
    ours, theirs = _shingles(words(body)), _shingles(words(other))
    length = min(len(ours), len(theirs))
    if length < _LEAST:
        return False
    share = _containment(ours, theirs)
    shorter, longer = (body, other) if len(ours) <= len(theirs) else (other, body)
    if length >= _LONG:
        return share >= _LONG_SHARE and _agree(_NUMBERS, shorter, longer, _LONG_NUMBER_SHARE, _MANY_NUMBERS)
    if share < _SHORT_SHARE:
        return False
    return _agree(_NUMBERS, shorter, longer, _NUMBER_SHARE) and _agree(_NAMES, shorter, longer, _NAME_SHARE)


def _agree(kind: re.Pattern[str], shorter: str, longer: str, share: float, least: int = 1) -> bool:
    """Whether the longer text has enough of what the shorter one tells; so few that they prove nothing agree."""
    told = set(kind.findall(shorter))
    return len(told) < least or len(told & set(kind.findall(longer))) >= share * len(told)
