"""How the articles of a story are found: a wire text in forty papers has most of its runs of four words in common.

A body is reduced to a sketch, the smallest hashes of its runs of four words; a few of them are rows in the store, by
which candidates are found. `kinship` decides on these. Plain functions of text; the hashes are xxh3, the same in every
process and for ever.
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
LEAST = 8  # shingles: a body of fewer is no text that papers share
_SIGN = 1 << 63

# A word of spaced scripts; in scripts without spaces each character is one.
WORDS = re.compile(r"[぀-ヿ㐀-鿿豈-﫿฀-๿]|[^\W_぀-ヿ㐀-鿿豈-﫿฀-๿]+")


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
    return WORDS.findall(body.lower())


def shingles(listed: list[str]) -> set[str]:
    """The runs of four words."""
    if len(listed) < SHINGLE:
        return set()
    return set(map(" ".join, zip(listed, listed[1:], listed[2:], listed[3:], strict=False)))


def sketch(body: str) -> Sketch:
    """The `KEPT` smallest hashes of a body's shingles; empty for a body too short to be shared."""
    found = shingles(words(body))
    if len(found) < LEAST:
        return Sketch((), len(found))
    digest = xxhash.xxh3_64_intdigest
    smallest = heapq.nsmallest(KEPT, [digest(shingle.encode()) for shingle in found])
    return Sketch(tuple(number - (1 << 64) if number >= _SIGN else number for number in smallest), len(found))


def may_be_same(rows: Iterable[int], others: Iterable[int]) -> bool:
    """Whether two articles' rows make one a candidate for the other's story."""
    return len(set(rows) & set(others)) >= SHARED_ROWS


def shared(ours: set[str], theirs: set[str]) -> float:
    """The part of the smaller set of shingles that stands in the larger one: 0 to 1."""
    shorter = min(len(ours), len(theirs))
    return len(ours & theirs) / shorter if shorter else 0.0
