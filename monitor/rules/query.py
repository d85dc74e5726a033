"""A parsed query: what configuration, matcher and pages hold of it."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.rules.canonical import canonical
from monitor.rules.tree import Node


@dataclass(frozen=True, slots=True)
class QueryWarning:
    """Something that is allowed and likely not meant. `start` and `end` are code points of the query's text.

    For a query made of lists, `list` and `index` name the item it is about, where it is about one.
    """

    text: str
    start: int
    end: int
    suggestion: str | None = None
    list: str | None = None
    index: int | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """`text` as it was written (for lists: the canonical text), its tree, and what it uses."""

    text: str
    tree: Node
    warnings: tuple[QueryWarning, ...] = ()
    fields_used: frozenset[str] = frozenset()

    @property
    def canonical(self) -> str:
        """The tree as text again; it parses to the same tree."""
        return canonical(self.tree)
