"""NEAR, ONEAR and NOT NEAR: two operands at most so many words, or in one sentence or paragraph."""

from __future__ import annotations

from monitor.rules.article import View
from monitor.rules.operators.base import Builder, Operator, Unit, Wake, best_wake
from monitor.rules.places import Hit
from monitor.rules.tree import Near


class NearTo(Operator):
    def __init__(self, node: Near, builder: Builder) -> None:
        super().__init__(node, builder)
        self.left = builder.build(node.left)
        self.right = builder.build(node.right)

    def evaluate(self, view: View) -> list[Hit] | None:
        return list(dict.fromkeys(hit for unit in self.units(view) for hit in unit.hits)) or None

    def units(self, view: View) -> list[Unit]:
        left = self.left.units(view)
        right = self.right.units(view) if left else []
        if self.node.negated:
            return [unit for unit in left if not any(self._near(unit, other) for other in right)]
        pairs = ((one, other) for one in left for other in right if self._near(one, other))
        return [Unit(a.part, min(a.start, b.start), max(a.end, b.end), a.hits + b.hits) for a, b in pairs]

    def _near(self, left: Unit, right: Unit) -> bool:
        if left.part is not right.part or _share(left, right):
            return False
        words = left.part.words
        first, second = (left, right) if left.start <= right.start else (right, left)
        if self.node.ordered and first is not left:
            return False
        between = words.of(second.start) - words.of(first.end - 1) - 1
        return isinstance(self.node.distance, int) and between <= self.node.distance

    def wake(self) -> Wake | None:
        return self.left.wake() if self.node.negated else best_wake((self.left, self.right))


def _share(left: Unit, right: Unit) -> bool:
    return any(a.place.start < b.place.end and b.place.start < a.place.end for a in left.hits for b in right.hits)
