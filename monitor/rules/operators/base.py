"""What an operator is: made once from a node of the query tree, then asked of each article."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from monitor.rules.article import Part, View
from monitor.rules.matcher import Matcher
from monitor.rules.places import Hit
from monitor.rules.tree import Node

Wake = frozenset[str]
"""Of these keys one is in every article that can match: a scan's literal, or a field's value as "lang:ko"."""


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


class Operator(ABC):
    """One node of a rule. A subclass keeps what it needs of the node and builds its parts with the builder."""

    def __init__(self, node: Any, builder: Builder) -> None:
        self.node: Any = node

    @abstractmethod
    def evaluate(self, view: View) -> Sequence[Hit] | None:
        """The hits of all that contributed, or None where the node does not match."""

    def wake(self) -> Wake | None:
        """Keys of which a matching article has at least one; None where there are no such keys."""
        return None

    def hits(self, view: View) -> Sequence[Hit]:
        """The hits alone, for operators that count or measure."""
        return self.evaluate(view) or ()

    def units(self, view: View) -> list[Unit]:
        return [Unit(hit.part, hit.place.start, hit.place.end, (hit,)) for hit in self.hits(view)]


def any_wakes(parts: Sequence[Operator]) -> Wake | None:
    """Keys for an operator that any of its parts can make true."""
    keys: set[str] = set()
    for part in parts:
        wake = part.wake()
        if wake is None:
            return None
        keys |= wake
    return frozenset(keys)


def best_wake(parts: Sequence[Operator]) -> Wake | None:
    """Keys for an operator that needs all of its parts: those of the part that is rarest by its look."""
    wakes = [wake for part in parts if (wake := part.wake()) is not None]
    return min(wakes, key=cost, default=None)


def cost(wake: Wake) -> float:
    """How often these keys are likely to be met, the longer a literal the rarer."""
    return sum(3.0 ** -min(len(key.encode()), 24) for key in wake)
