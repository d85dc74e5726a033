"""AND: all parts, and the hits of all."""

from __future__ import annotations

from monitor.rules.article import View
from monitor.rules.operators.base import Builder, Operator, Wake, best_wake
from monitor.rules.places import Hit
from monitor.rules.tree import And


class AllOf(Operator):
    def __init__(self, node: And, builder: Builder) -> None:
        super().__init__(node, builder)
        self.parts = [builder.build(part) for part in node.parts]

    def evaluate(self, view: View) -> list[Hit] | None:
        hits: list[Hit] = []
        for part in self.parts:
            found = part.evaluate(view)
            if found is None:
                return None
            hits.extend(found)
        return hits

    def wake(self) -> Wake | None:
        return best_wake(self.parts)
