"""AND: all parts, and the hits of all."""

from __future__ import annotations

from monitor.rules.article import View
from monitor.rules.operators.base import Builder, Operator, distinct
from monitor.rules.places import Hit
from monitor.rules.tree import And
from monitor.rules.wake import Wake, best_wake, commonness


class AllOf(Operator):
    def __init__(self, node: And, builder: Builder) -> None:
        super().__init__(node, builder)
        parts = [builder.build(part) for part in distinct(node.parts)]
        # The rarest first: most articles fail at the first part that they are asked for.
        self.parts = sorted(parts, key=_likely)

    def evaluate(self, view: View) -> list[Hit] | None:
        hits: list[Hit] = []
        for part in self.parts:
            found = part.evaluate(view)
            if found is None:
                return None
            hits.extend(found)
        return hits

    def wake(self, field: str | None = None) -> Wake:
        return best_wake([part.wake(field) for part in self.parts])


def _likely(part: Operator) -> float:
    wake = part.wake()
    return 2.0 if wake is None else commonness(wake)
