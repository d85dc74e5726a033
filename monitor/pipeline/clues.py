"""Why a search found nothing: how often each of its terms is there, and which one, left out, would let it find some."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from monitor.pipeline.search import Wish, search
from monitor.rules.canonical import canonical
from monitor.rules.check import fields_used
from monitor.rules.query import Query
from monitor.rules.structure import children, true_of_nothing
from monitor.rules.tree import And, AtLeast, Entity, Field, Near, Node, Not, Or, Regex, Stem, Term
from monitor.store.database import Store

_LEAVES = (Term, Regex, Stem, Entity)
_MOST = 12  # terms that are looked at
_BUDGET = 0.5  # seconds for each
_ENOUGH = 1_000


@dataclass(frozen=True, slots=True)
class Clue:
    """A term of the query: how many articles have it by itself, and how many the query would find without it."""

    text: str
    count: int | None  # None for what is excluded by NOT
    exact: bool
    without: int


async def clues(store: Store, wish: Wish) -> list[Clue]:
    """What may be looked at, in the query's order."""
    found: list[Clue] = []
    for node in [*_units(wish.query.tree)][:_MOST]:
        alone = None if isinstance(node, Not) else await _count(store, wish, node, _ENOUGH)
        rest = without(wish.query.tree, node)
        left = (0, True) if rest is None or true_of_nothing(rest) else await _count(store, wish, rest, 50)
        found.append(Clue(canonical(node), alone[0] if alone else None, alone[1] if alone else True, left[0]))
    return found


async def _count(store: Store, wish: Wish, tree: Node, limit: int) -> tuple[int, bool]:
    query = Query(canonical(tree), tree, (), fields_used(tree))
    result = await search(store, replace(wish, query=query, order="time", days=False, limit=limit, budget=_BUDGET, after=None))
    return result.count, result.exact


def _units(node: Node) -> Iterator[Node]:
    """Terms, each with the field it stands in, and what is excluded."""
    if isinstance(node, Not) or (isinstance(node, Field) and isinstance(node.part, _LEAVES)) or isinstance(node, _LEAVES):
        yield node
    else:
        for part in children(node):
            yield from _units(part)


def without(tree: Node, gone: Node) -> Node | None:
    """The tree less one of its nodes, by identity; None where nothing is left."""
    if tree is gone:
        return None
    match tree:
        case And() | Or():
            parts = tuple(part for part in (without(each, gone) for each in tree.parts) if part is not None)
            return parts[0] if len(parts) == 1 else replace(tree, parts=parts) if parts else None
        case Near():
            left, right = without(tree.left, gone), without(tree.right, gone)
            if left is None or right is None:
                return left if right is None else right
            return replace(tree, left=left, right=right)
        case Not() | AtLeast() | Field():
            part = without(tree.part, gone)
            return None if part is None else replace(tree, part=part)
        case _:
            return tree
