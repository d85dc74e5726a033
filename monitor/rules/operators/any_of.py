"""OR: one part or more, and the hits of all that match."""

from __future__ import annotations

from monitor.rules.article import View
from monitor.rules.operators.base import Builder, Operator, Unit, distinct
from monitor.rules.places import Hit
from monitor.rules.tree import Or
from monitor.rules.wake import Wake, any_wakes


class AnyOf(Operator):
    def __init__(self, node: Or, builder: Builder) -> None:
        super().__init__(node, builder)
        self.parts = [builder.build(part) for part in distinct(node.parts)]

    def evaluate(self, view: View) -> list[Hit] | None:
        matched = False
        hits: list[Hit] = []
        for part in self.parts:
            found = part.evaluate(view)
            if found is not None:
                matched = True
                hits.extend(found)
        return hits if matched else None

    def units(self, view: View) -> list[Unit]:
        return [unit for part in self.parts for unit in part.units(view)]

    def wake(self, field: str | None = None) -> Wake:
        return any_wakes([part.wake(field) for part in self.parts])
