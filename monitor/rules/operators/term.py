"""A word, phrase or prefix."""

from __future__ import annotations

from monitor.rules.article import View
from monitor.rules.operators.base import Builder, Operator, Wake
from monitor.rules.places import Hit
from monitor.rules.tree import Term


class TermOf(Operator):
    def __init__(self, node: Term, builder: Builder, entity: str | None = None) -> None:
        super().__init__(node, builder)
        self.matcher = builder.matcher(node.text, node.exact)
        self.term = f"={node.text}" if node.exact and entity is None else node.text
        self.entity = entity

    def evaluate(self, view: View) -> list[Hit] | None:
        matcher, term, entity = self.matcher, self.term, self.entity
        return [Hit(part, place, term, entity) for part in view.parts for place in part.places(matcher)] or None

    def wake(self) -> Wake | None:
        return frozenset((self.matcher.literal,)) if self.matcher.literal else None
