"""What may stand inside what, and whether a query needs a term at all: judged on the tree, after the grammar."""

from __future__ import annotations

from monitor.rules.faults import Fault, Remedy, shown
from monitor.rules.tree import And, AtLeast, Field, Near, Node, Not, Or

MAX_DEPTH = 100


def children(node: Node) -> tuple[Node, ...]:
    """The parts of a node, in text order."""
    if isinstance(node, And | Or):
        return node.parts
    if isinstance(node, Near):
        return (node.left, node.right)
    if isinstance(node, Not | AtLeast | Field):
        return (node.part,)
    return ()


def offender(node: Node, *, inside: str) -> str | None:
    """The name of what in `node` may not stand inside NEAR or ATLEAST: AND, NOT, ATLEAST, a field; None if nothing."""
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, And):
            return "AND"
        if isinstance(part, Not):
            return "NOT"
        if isinstance(part, AtLeast):
            return "ATLEAST"
        if isinstance(part, Field):
            return f"the field {part.name}:"
        if isinstance(part, Near) and inside == "ATLEAST":
            return "NEAR"
        if isinstance(part, Or):
            waiting.extend(reversed(part.parts))
    return None


def check_depth(tree: Node) -> None:
    """Raises Fault where operators are nested deeper than the evaluation bears."""
    waiting = [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        parts = children(node)
        if parts and depth > MAX_DEPTH:
            raise Fault(
                f"operators are nested more than {MAX_DEPTH} deep", node.start, node.end, advice="split the query into several rules"
            )
        waiting.extend((part, depth + 1) for part in parts)


def true_of_nothing(node: Node) -> bool:
    """Whether the query holds for a text in which none of its terms is found."""
    if isinstance(node, Not):
        return not true_of_nothing(node.part)
    if isinstance(node, And):
        return all(true_of_nothing(part) for part in node.parts)
    if isinstance(node, Or):
        return any(true_of_nothing(part) for part in node.parts)
    return isinstance(node, Field) and true_of_nothing(node.part)


def check_positive(tree: Node, text: str) -> None:
    """Raises Fault for a query that would match everything but what it excludes."""
    if not true_of_nothing(tree):
        return
    place, within = tree, None
    while isinstance(place, Or | Field):
        within = place if isinstance(place, Or) else None
        place = next(part for part in children(place) if true_of_nothing(part))
    advice = "add a term that must be found, as in a AND NOT b"
    if isinstance(within, Or):
        why = "this alternative could match everything: it only says what must not be there"
        raise Fault(why, *_with_neighbour(place, within, text), advice=advice)
    what = "this query" if place is tree else "this part"
    raise Fault(f"{what} could match everything: it only says what must not be there", place.start, place.end, advice=advice)


def _with_neighbour(place: Node, within: Or, text: str) -> tuple[int, int] | tuple[int, int, Remedy]:
    """Where an alternative stands, and, where its neighbour is beside it, how AND would join the two."""
    written = text[place.start : place.end]
    before = text[: place.start].rstrip()
    if before.endswith("OR"):
        return len(before) - 2, place.end, Remedy(f"AND {written}", f"write AND {shown(written)}")
    number = next(number for number, part in enumerate(within.parts) if part is place)
    following = within.parts[number + 1] if number + 1 < len(within.parts) else place
    if text[place.end : following.start].strip() != "OR":
        return place.start, place.end
    right = f"{text[following.start : following.end]} AND {written}"
    return place.start, following.end, Remedy(right, f"write {shown(right)}")
