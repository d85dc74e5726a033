"""ATLEAST/n: n hits or more of its part; hits that overlap are one (decision 6)."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.rules.article import View
from monitor.rules.operators.base import Builder, Operator
from monitor.rules.places import Hit
from monitor.rules.tree import AtLeast
from monitor.rules.wake import Wake


class AtLeastOf(Operator):
    def __init__(self, node: AtLeast, builder: Builder) -> None:
        super().__init__(node, builder)
        self.part = builder.build(node.part)
        self.count = node.count

    def evaluate(self, view: View) -> Sequence[Hit] | None:
        hits = self.part.evaluate(view)
        return hits if hits is not None and count_apart(hits) >= self.count else None

    def wake(self, field: str | None = None) -> Wake:
        return self.part.wake(field)


def count_apart(hits: Sequence[Hit]) -> int:
    """How many hits there are when of those that overlap one counts: the most that stand side by side."""
    count = 0
    ends: dict[int, int] = {}
    for hit in sorted(hits, key=_end):
        part = id(hit.part.folded)
        if hit.place.start >= ends.get(part, 0):
            count += 1
            ends[part] = hit.place.end
    return count


def _end(hit: Hit) -> tuple[int, int]:
    return hit.place.end, -hit.place.start
