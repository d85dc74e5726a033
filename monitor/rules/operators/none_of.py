"""NOT: its part does not match; it has no hits."""

from __future__ import annotations

from monitor.rules.article import View
from monitor.rules.operators.base import Builder, Operator
from monitor.rules.places import Hit
from monitor.rules.tree import Not


class NoneOf(Operator):
    def __init__(self, node: Not, builder: Builder) -> None:
        super().__init__(node, builder)
        self.part = builder.build(node.part)

    def evaluate(self, view: View) -> list[Hit] | None:
        return [] if self.part.evaluate(view) is None else None
