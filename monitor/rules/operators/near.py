"""NEAR, ONEAR and NOT NEAR: two operands at most so many words apart, or in one sentence or paragraph (decisions 1 to 5)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import NamedTuple

from monitor.rules.article import Part, View
from monitor.rules.operators.base import Builder, Operator, Unit
from monitor.rules.places import Hit, Place
from monitor.rules.tree import Near
from monitor.rules.wake import Wake, best_wake

MOST_PAIRS = 20_000  # of one chain in one article; beyond, each operand keeps the nearest and the farthest of its partners
_FEW = 2
_SMALL = 1_000  # pairs that are looked at one by one: gathering units by their words would cost more
_MOST_TOLD = 300  # units of an operand that a near miss is judged by


class Measured(NamedTuple):
    """A unit with what it is measured by: its first and last word, and its place in words, sentences or lines."""

    unit: Unit
    low: int
    high: int
    words: tuple[tuple[int, int], ...]


class NearTo(Operator):
    def __init__(self, node: Near, builder: Builder) -> None:
        super().__init__(node, builder)
        self.left = builder.build(node.left)
        self.right = builder.build(node.right)
        self.ordered = node.ordered
        self.reach = node.distance + 1 if isinstance(node.distance, int) else 0

    def evaluate(self, view: View) -> list[Hit] | None:
        left, right = self._operands(view)
        hits: dict[Hit, None] = {}
        for part in view.parts:
            ones, others = self._measured(left, part), self._measured(right, part)
            found = self._with_partner(ones, others, left=True, wanted=not self.node.negated)
            if not self.node.negated:
                found += self._with_partner(others, ones, left=False)
            hits.update((hit, None) for one in found for hit in one.unit.hits)
        return list(hits) or None

    def units(self, view: View) -> list[Unit]:
        left, right = self._operands(view)
        if self.node.negated:
            hits = set(self.evaluate(view) or ())
            return [unit for unit in left if hits.issuperset(unit.hits)]
        return [unit for part in view.parts for unit in self._pairs(self._measured(left, part), self._measured(right, part))]

    def wake(self, field: str | None = None) -> Wake:
        left = self.left.wake(field)
        return left if self.node.negated else best_wake((left, self.right.wake(field)))

    def distances(self, view: View) -> tuple[int | None, int | None]:
        """The least distance with the left operand first, and with the right one first; None where there is no such pair."""
        left, right = self._operands(view)
        least: list[int | None] = [None, None]
        for part in view.parts:
            ones, others = self._measured(left, part)[:_MOST_TOLD], self._measured(right, part)[:_MOST_TOLD]
            for one in ones:
                for other in others:
                    if not _share(one, other):
                        back = other.unit.start < one.unit.start
                        apart = one.low - other.high if back else other.low - one.high
                        known = least[back]
                        least[back] = apart if known is None else min(known, apart)
        return least[0], least[1]

    # -- measuring ----------------------------------------------------------------------------------------------------

    def _operands(self, view: View) -> tuple[list[Unit], list[Unit]]:
        left = self.left.units(view)
        return left, self.right.units(view) if left else []

    def _measured(self, units: list[Unit], part: Part) -> list[Measured]:
        return [measure(unit, self.node.distance) for unit in units if unit.part is part]

    def near(self, left: Measured, right: Measured) -> bool:
        """Whether two units of one part satisfy the operator."""
        in_order = left.unit.start <= right.unit.start
        if self.ordered and (not in_order or right.unit.start < left.unit.end):
            return False
        apart = right.low - left.high if in_order else left.low - right.high
        return apart <= self.reach and not _share(left, right)

    def _with_partner(self, ones: list[Measured], others: list[Measured], *, left: bool, wanted: bool = True) -> list[Measured]:
        """Those of `ones` that have a partner (or, where not `wanted`, have none). Units of the same words fare alike."""
        if len(ones) * len(others) <= _SMALL:
            partners = _Sorted(others)
            return [one for one in ones if self._has_partner(one, partners, left=left) is wanted]
        partners = _Sorted(_by_words(others))
        has = {words: self._has_partner(one, partners, left=left) for words, one in {one.words: one for one in ones}.items()}
        return [one for one in ones if has[one.words] is wanted]

    def _has_partner(self, one: Measured, others: _Sorted, *, left: bool) -> bool:
        around = others.around(one, self.reach, self._side(left))
        return any(self.near(one, other) if left else self.near(other, one) for other in around)

    def _side(self, left: bool) -> int:
        """Where partners of a left (or right) operand may begin: before it (−1), after it (1), or on both sides (0)."""
        return 0 if not self.ordered else 1 if left else -1

    def _pairs(self, ones: list[Measured], others: list[Measured]) -> Iterator[Unit]:
        many = len(ones) * len(others) > MOST_PAIRS
        partners = _Sorted(_by_words(others) if many else others)
        seen: set[tuple[int, int, tuple[Hit, ...]]] = set()
        for one in ones:
            near: Iterable[Measured] = (other for other in partners.around(one, self.reach, self._side(True)) if self.near(one, other))
            if len(ones) > MOST_PAIRS:
                near = islice(near, 1)  # else each operand of a chain would make four times as many
            elif many:
                far = (other for other in partners.farthest(one, self.reach, _FEW) if self.near(one, other))
                near = chain(islice(near, _FEW), far)
            for other in near:
                start, end = min(one.unit.start, other.unit.start), max(one.unit.end, other.unit.end)
                pair = Unit(one.unit.part, start, end, one.unit.hits + other.unit.hits)
                if pair[1:] not in seen:
                    seen.add(pair[1:])
                    yield pair


class _Sorted:
    """Measured units by where they begin, to be asked for those around another."""

    def __init__(self, units: Sequence[Measured]) -> None:
        self._units = sorted(units, key=lambda one: one.unit.start)
        self._starts = [one.unit.start for one in self._units]
        self._lows = [one.low for one in self._units]
        self._longest = max((one.high - one.low for one in units), default=0)

    def around(self, one: Measured, reach: int, side: int = 0) -> Iterator[Measured]:
        """Those that may be near, the nearest first; on one side only where `side` is −1 (before) or 1 (after)."""
        first, last = self._window(one, reach)
        units = self._units
        if side > 0:
            yield from (units[number] for number in range(bisect_left(self._starts, one.unit.end, first, last), last))
            return
        down = bisect_right(self._starts, one.unit.start, first, last) - 1
        up = down + 1
        while down >= first or (up < last and not side):
            if up < last and not side:
                yield units[up]
                up += 1
            if down >= first:
                yield units[down]
                down -= 1

    def farthest(self, one: Measured, reach: int, count: int) -> list[Measured]:
        """The first and the last few of those that may be near."""
        first, last = self._window(one, reach)
        return self._units[first : min(last, first + count)] + self._units[max(first, last - count) : last]

    def _window(self, one: Measured, reach: int) -> tuple[int, int]:
        return bisect_left(self._lows, one.low - reach - self._longest), bisect_right(self._lows, one.high + reach)


def measure(unit: Unit, distance: int | str) -> Measured:
    """A unit with its words, and with its words, sentences or lines as the distance asks."""
    index = unit.part.words
    words = tuple((index.of(hit.place.start), index.of(_last(unit.part.folded.words, hit.place))) for hit in unit.hits)
    if isinstance(distance, int):
        return Measured(unit, min(low for low, _ in words), max(high for _, high in words), words)
    first, last = (min(unit.part.bounds(hit.place)[0] for hit in unit.hits), max(unit.part.bounds(hit.place)[1] for hit in unit.hits))
    of = index.sentence_of if distance == "S" else index.line_of
    return Measured(unit, of(first), of(max(first, last - 1)), words)


def _last(words: str, place: Place) -> int:
    """The last character of a place: a pattern may end with a space, which is no part of the word behind it."""
    last = max(place.start, place.end - 1)
    while last > place.start and words[last : last + 1] == " ":
        last -= 1
    return last


def _by_words(units: Iterable[Measured]) -> list[Measured]:
    """One unit for each set of words: a pattern may find thousands inside one word."""
    return list({unit.words: unit for unit in units}.values())


def _share(left: Measured, right: Measured) -> bool:
    return any(a <= d and c <= b for a, b in left.words for c, d in right.words)
