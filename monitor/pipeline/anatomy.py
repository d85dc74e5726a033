"""A query taken apart for people: its tree, the literals that wake it, and whether the index can narrow it."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.pipeline.narrow import clause_of
from monitor.rules.canonical import canonical
from monitor.rules.compiler import Compiler
from monitor.rules.query import Query
from monitor.rules.structure import children
from monitor.rules.tree import And, AtLeast, Entity, Field, Near, Node, Not, Or
from monitor.rules.wake import CHECKED_SIGN, KEY_SIGN

_MOST_TERMS = 40


def tree_lines(node: Node, depth: int = 0) -> Iterator[str]:
    """The tree, a node a line, its parts below it."""
    pad = "  " * depth
    parts = children(node)
    if isinstance(node, Field) and not children(node.part):
        yield pad + canonical(node)
        return
    yield pad + _head(node)
    if isinstance(node, Entity):
        terms = [term for name in node.names for term in name.terms]
        yield from (f"{pad}  {canonical(term)}" for term in terms[:_MOST_TERMS])
        if len(terms) > _MOST_TERMS:
            yield f"{pad}  … and {len(terms) - _MOST_TERMS} more"
        yield from (f"{pad}  but not inside {canonical(context)}" for name in node.names for context in name.contexts)
    for part in parts:
        yield from tree_lines(part, depth + 1)


def _head(node: Node) -> str:
    match node:
        case And():
            return "AND: all of"
        case Or():
            return "OR: one or more of"
        case Not():
            return "NOT"
        case Near():
            name = "ONEAR" if node.ordered else "NOT NEAR" if node.negated else "NEAR"
            return f"{name}/{node.distance}"
        case AtLeast():
            return f"ATLEAST/{node.count} of"
        case Field():
            return f"{node.name}: in this field"
        case _:
            return canonical(node)


def wakes(query: Query) -> list[str] | None:
    """What an article must hold one of for the rule to be evaluated at all; None: it is evaluated on every article."""
    wake = Compiler().rule("", query).wake
    return None if wake is None else sorted({_shown(key) for key in wake})


def _shown(key: str) -> str:
    kind, sign, value = key.partition(CHECKED_SIGN)[0].partition(KEY_SIGN)
    return f"{kind}:{value.strip()}" if sign else kind.strip()


def narrows(query: Query) -> bool:
    """Whether search can look its words up."""
    return clause_of(query.tree) is not None
