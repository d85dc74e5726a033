"""entity:NAME and entity:type/TYPE: the names and aliases of entities, less the contexts in which they are another's."""

from __future__ import annotations

from monitor.rules.article import Part, View
from monitor.rules.operators.base import Builder, Operator
from monitor.rules.operators.term import TermOf
from monitor.rules.places import Hit, Place
from monitor.rules.tree import Entity
from monitor.rules.wake import Wake, any_wakes


class EntityOf(Operator):
    def __init__(self, node: Entity, builder: Builder) -> None:
        super().__init__(node, builder)
        self.names = [
            (
                [TermOf(term, builder, one.name) for term in one.terms],
                [builder.matcher(context.text, context.exact) for context in one.contexts],
            )
            for one in node.names
        ]

    def evaluate(self, view: View) -> list[Hit] | None:
        hits: list[Hit] = []
        for terms, contexts in self.names:
            found = [hit for term in terms for hit in term.evaluate(view) or ()]
            if found and contexts:
                around = [(part, place) for part in view.parts for context in contexts for place in part.places(context)]
                found = [hit for hit in found if not _inside(hit, around)]
            hits.extend(found)
        return hits or None

    def wake(self, field: str | None = None) -> Wake:
        return any_wakes([term.wake(field) for terms, _ in self.names for term in terms])


def _inside(hit: Hit, around: list[tuple[Part, Place]]) -> bool:
    return any(part is hit.part and place.start <= hit.place.start and hit.place.end <= place.end for part, place in around)
