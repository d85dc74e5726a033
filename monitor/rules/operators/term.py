"""A word, phrase or prefix."""

from __future__ import annotations

from monitor.rules.article import View
from monitor.rules.named_fields import TERMS, wake_of_term
from monitor.rules.operators.base import Builder, Operator
from monitor.rules.places import Hit
from monitor.rules.tree import Term
from monitor.rules.wake import WHOLE_TEXT, Wake


class TermOf(Operator):
    def __init__(self, node: Term, builder: Builder, entity: str | None = None) -> None:
        super().__init__(node, builder)
        self.matcher = builder.matcher(node.text, node.exact)
        self.term = node.text
        self.entity = entity

    def evaluate(self, view: View) -> list[Hit] | None:
        matcher, term, entity = self.matcher, self.term, self.entity
        if view.name in TERMS:
            found = TERMS[view.name](view, self.node, matcher)
            return [hit._replace(entity=entity) for hit in found] or None
        hits: list[Hit] | None = None
        for part in view.parts:
            places = part.places(matcher)
            if places:
                found = [Hit(part, place, term, entity) for place in places]
                hits = found if hits is None else hits + found
        return hits

    def wake(self, field: str | None = None) -> Wake:
        if field not in WHOLE_TEXT:
            return wake_of_term(field, self.node, self.matcher)
        return frozenset((self.matcher.wake,)) if self.matcher.wake else None
