"""What stands inside NEAR or ATLEAST and may not: found on the tree, told with the brackets that would say it rightly."""

from __future__ import annotations

from collections.abc import Callable

from monitor.rules.faults import Fault, Remedy
from monitor.rules.structure import offender
from monitor.rules.tree import And, AtLeast, Field, Near, Node, Not, Or

_MOST_PARTS = 20  # a remedy longer than that helps nobody


class Misfit(Exception):
    """A node that its parent can't take; the builder knows no text, so the fault is written where the text is known."""

    def __init__(self, outer: Near | AtLeast, operator: tuple[int, int], name: str) -> None:
        super().__init__(name)
        self.outer = outer
        self.operator = operator
        self.name = name

    def fault(self, text: str) -> Fault:
        if isinstance(self.outer, AtLeast):
            return _inside_count(self.outer, self.operator, self.name, text)
        return _inside_near(self.outer, self.operator, self.name, text)


def check_near(near: Near, operator: tuple[int, int]) -> None:
    """Raises Misfit where an operand of NEAR is, or holds, AND, NOT, ATLEAST or a field."""
    for side in (near.left, near.right):
        found = offender(side, inside="NEAR")
        if found:
            raise Misfit(near, operator, found)


def check_count(count: AtLeast, operator: tuple[int, int]) -> None:
    """Raises Misfit where ATLEAST is to count what can't be counted."""
    found = offender(count.part, inside="ATLEAST")
    if found:
        raise Misfit(count, operator, found)


def _inside_near(near: Near, operator: tuple[int, int], name: str, text: str) -> Fault:
    written = " ".join(text[operator[0] : operator[1]].split())
    what = f"{name} can't stand inside {written.split('/')[0]} without brackets of its own"
    if isinstance(near.right, Not) and offender(near.left, inside="NEAR") is None and not near.ordered:
        right = written.removeprefix("NOT ") if near.negated else f"NOT {written}"
        rest = text[near.right.part.start : near.right.end]
        advice = f"write {right} {rest}, or brackets around what NOT takes"
        return Fault(what, operator[0], near.end, Remedy(f"{right} {rest}", advice), advice=advice)
    general = "write brackets: each side of NEAR is a term, or terms joined by OR"
    if _size(near.left) * _size(near.right) > _MOST_PARTS:
        return Fault(what, near.start, near.end, advice=general)
    if isinstance(near.left, Field) and isinstance(near.right, Field) and near.left.name == near.right.name:
        left, right = (_slice(side.part, text) for side in (near.left, near.right))
        spread = f"{near.left.name}:({left} {written} {right})"
    else:
        spread = _spread(near.left, text, lambda left: _spread(near.right, text, lambda right: f"{left} {written} {right}"))
    remedy = spread if not isinstance(near.left, And | Or) and not isinstance(near.right, And | Or) else f"({spread})"
    return Fault(what, near.start, near.end, Remedy(remedy, f"write brackets: {remedy}"), Remedy(f"({spread})", general), advice=general)


def _inside_count(count: AtLeast, operator: tuple[int, int], name: str, text: str) -> Fault:
    written = text[operator[0] : operator[1]]
    what = f"{name} can't stand inside ATLEAST without brackets of its own"
    general = "write brackets: ATLEAST takes one term, or terms joined by OR in brackets"
    if _size(count.part) > _MOST_PARTS:
        return Fault(what, count.start, count.end, advice=general)
    spread = _spread(count.part, text, lambda part: f"{written} {part}")
    remedy = f"({spread})" if isinstance(count.part, And | Or) else spread
    return Fault(what, count.start, count.end, Remedy(remedy, f"write brackets: {remedy}"), advice=general)


def _size(node: Node) -> int:
    size, waiting = 0, [node]
    while waiting and size <= _MOST_PARTS:
        part = waiting.pop()
        if isinstance(part, And | Or):
            waiting.extend(part.parts)
        elif isinstance(part, Not | Field | AtLeast):
            waiting.append(part.part)
        else:
            size += 1
    return size


def _slice(node: Node, text: str) -> str:
    return text[node.start : node.end]


def _spread(node: Node, text: str, write: Callable[[str], str]) -> str:
    """The outer operator said of each part by itself: (a AND b) NEAR/5 c is a NEAR/5 c AND b NEAR/5 c."""
    if isinstance(node, And):
        return " AND ".join(_bracket(part, _spread(part, text, write)) for part in node.parts)
    if isinstance(node, Or) and offender(node, inside="ATLEAST"):
        return " OR ".join(_bracket(part, _spread(part, text, write)) for part in node.parts)
    if isinstance(node, Not):
        return f"NOT ({_spread(node.part, text, write)})"
    if isinstance(node, Field):
        return f"{node.name}:({_spread(node.part, text, write)})"
    if isinstance(node, AtLeast):
        return f"ATLEAST/{node.count} {_slice(node.part, text)} AND {write(_slice(node.part, text))}"
    if isinstance(node, Near) and write("").startswith("ATLEAST"):
        return _slice(node, text)
    return write(_slice(node, text))


def _bracket(part: Node, written: str) -> str:
    return f"({written})" if isinstance(part, And | Or | AtLeast) else written
