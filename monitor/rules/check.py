"""What is allowed and likely not meant: queries that can't match, that cost much, or that say less than they seem to."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.rules.query import QueryWarning
from monitor.rules.structure import children
from monitor.rules.tree import Field, Node


def nodes(tree: Node) -> Iterator[Node]:
    """Every node, parents before their parts, in text order."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(children(node)))


def fields_used(tree: Node) -> frozenset[str]:
    return frozenset(node.name for node in nodes(tree) if isinstance(node, Field))


def warnings_of(tree: Node, text: str) -> tuple[QueryWarning, ...]:
    """The warnings of a query, in text order."""
    return ()
