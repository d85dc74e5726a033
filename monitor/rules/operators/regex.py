"""/RE2/: sees each field as written and keeps case unless the pattern says (?i) (decision 26)."""

from __future__ import annotations

from monitor.rules.article import View
from monitor.rules.operators.base import Builder, Operator
from monitor.rules.places import Hit
from monitor.rules.tree import Regex
from monitor.rules.wake import Wake, key


class RegexOf(Operator):
    def __init__(self, node: Regex, builder: Builder) -> None:
        super().__init__(node, builder)
        self.pattern = builder.pattern(node.pattern)
        self.term = f"/{node.pattern}/"

    def evaluate(self, view: View) -> list[Hit] | None:
        return [Hit(part, place, self.term) for part in view.parts for place in self.pattern.places(part)] or None

    def wake(self, field: str | None = None) -> Wake:
        if field == "lead":
            return self.pattern.needs  # what ends with the lead may not end with the body: x$
        if field is not None:
            return None
        return self.pattern.needs or frozenset((key("regex", self.node.pattern),))
