"""title: body: lead: author: site: feed: tag: lang: url: — a term, or a group of them, in one field (decisions 9 and 24)."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.rules.article import View
from monitor.rules.operators.base import Builder, Operator
from monitor.rules.places import Hit
from monitor.rules.tree import Field
from monitor.rules.wake import Wake


class FieldOf(Operator):
    def __init__(self, node: Field, builder: Builder) -> None:
        super().__init__(node, builder)
        self.name = node.name
        self.part = builder.build(node.part)

    def evaluate(self, view: View) -> Sequence[Hit] | None:
        return self.part.evaluate(view.field(self.name))

    def wake(self, field: str | None = None) -> Wake:
        return self.part.wake(None if self.name in ("title", "body") else self.name)
