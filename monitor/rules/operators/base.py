"""What an operator is: made once from a node of the query tree, then asked of each article."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from monitor.rules.article import Part, View
from monitor.rules.canonical import canonical
from monitor.rules.matcher import Matcher
from monitor.rules.places import Hit
from monitor.rules.regexes import Pattern
from monitor.rules.tree import Node
from monitor.rules.wake import Wake


class Unit(NamedTuple):
    """What NEAR measures from: a hit, or the whole span of a pair."""

    part: Part
    start: int
    end: int
    hits: tuple[Hit, ...]


class Builder(Protocol):
    """Makes operators, and shares what they have in common over all rules."""

    def build(self, node: Node) -> Operator: ...

    def matcher(self, text: str, exact: bool) -> Matcher: ...

    def pattern(self, pattern: str) -> Pattern: ...


_MANY = 16


def distinct(parts: Sequence[Node]) -> Sequence[Node]:
    """The parts of AND or OR, each once where there are many: a term said ten thousand times is evaluated as one."""
    if len(parts) < _MANY:
        return parts
    said: dict[str, Node] = {}
    for part in parts:
        said.setdefault(canonical(part), part)
    return list(said.values())


class Operator(ABC):
    """One node of a rule. A subclass keeps what it needs of the node and builds its parts with the builder."""

    def __init__(self, node: Any, builder: Builder) -> None:
        self.node: Any = node

    @abstractmethod
    def evaluate(self, view: View) -> Sequence[Hit] | None:
        """The hits of all that contributed, or None where the node does not match."""

    def wake(self, field: str | None = None) -> Wake:
        """Keys of which a matching article has at least one; `field`: the field of the text that the node stands in."""
        return None

    def hits(self, view: View) -> Sequence[Hit]:
        """The hits alone, for operators that count or measure."""
        return self.evaluate(view) or ()

    def units(self, view: View) -> list[Unit]:
        return [Unit(hit.part, hit.place.start, hit.place.end, (hit,)) for hit in self.hits(view)]
