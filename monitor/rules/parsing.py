"""A query's text to its tree: lark decides the structure (grammar.lark), the builder makes the nodes and judges them."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from lark import Lark, Transformer
from lark.exceptions import UnexpectedToken
from lark.lexer import Lexer

from monitor.rules import kept
from monitor.rules.check import fields_used, warnings_of
from monitor.rules.diagnose import unexpected
from monitor.rules.entities import Entities
from monitor.rules.faults import Fault, settle
from monitor.rules.inside import Misfit, check_count, check_near
from monitor.rules.items import strange_character
from monitor.rules.query import Query
from monitor.rules.scanner import Scanner
from monitor.rules.structure import check_depth, check_positive
from monitor.rules.tree import And, AtLeast, Field, Near, Node, Not, Or

MAX_LENGTH = 250_000
_NO_ENTITIES = Entities()


def parse(text: str, entities: Entities | None = None) -> Query:
    """The query of `text`. Raises QueryError with the place, and the remedy that mends it where there is one."""
    found = kept.find(text)
    if found is None:
        found = _parsed(text, entities or _NO_ENTITIES)
        kept.keep(found)
    return found


def _parsed(text: str, known: Entities) -> Query:
    try:
        tree = tree_of(text, known)
    except Fault as fault:
        error = settle(fault, text, lambda mended: tree_of(mended, known))
        error.query = text
        raise error from None
    return Query(text, tree, warnings_of(tree, text), fields_used(tree))


def tree_of(text: str, entities: Entities) -> Node:
    """The tree of `text`. Raises Fault, its remedies untried; of several that which stands first."""
    if len(text) > MAX_LENGTH:
        raise Fault(f"a query has at most {MAX_LENGTH:,} characters", MAX_LENGTH, len(text), advice="split it into several rules")
    strange = strange_character(text)
    try:
        tree = _tree(text, entities)
    except Fault as fault:
        raise strange if strange and strange.start < fault.start else fault from None
    if strange:
        raise strange
    return tree


def _tree(text: str, entities: Entities) -> Node:
    scanner = Scanner(text, entities)
    try:
        tree = cast("Node", _lark().parse(scanner))  # lark hands the scanner to our lexer as it is
    except UnexpectedToken as error:
        token = cast("Any", error.token)
        fault = unexpected(scanner, None if token.type == "$END" else token)
        raise _misfit_before(text, fault, entities) or fault from None
    except Misfit as misfit:
        raise misfit.fault(text) from None
    except Fault as fault:
        raise _misfit_before(text, fault, entities) or fault from None
    check_depth(tree)
    check_positive(tree, text)
    return tree


def _misfit_before(text: str, fault: Fault, entities: Entities) -> Fault | None:
    """A fault of the structure before `fault`: the grammar looks a token ahead, so it may not have got to judge it."""
    before = text[: fault.start]
    try:
        _lark().parse(Scanner(before, entities))
    except Misfit as misfit:
        return misfit.fault(before)
    except (UnexpectedToken, Fault):
        return None
    return None


class _Input(Lexer):
    """lark's way in: what it is given to parse is a Scanner, which is already an iterable of tokens."""

    def __init__(self, lexer_conf: Any) -> None:
        pass

    def lex(self, data: Any) -> Iterator[Any]:  # type: ignore[override]  # lark's interface 0 for lexers of one's own
        return iter(data)


class _Builder(Transformer[Any, Node]):
    """The nodes, made as the grammar finds them; the names are the grammar's."""

    def unit(self, items: list[Any]) -> Node:
        return cast("Node", items[0].value)

    def either(self, parts: list[Node]) -> Node:
        flat = _flat(parts, Or)
        return Or(flat, flat[0].start, flat[-1].end)

    def all(self, parts: list[Node]) -> Node:
        flat = _flat(parts, And)
        return And(flat, flat[0].start, flat[-1].end)

    def near(self, items: list[Any]) -> Node:
        left, operator, right = items
        distance, ordered, negated = operator.value
        near = Near(left, right, distance, ordered, negated, left.start, right.end)
        check_near(near, (operator.start, operator.end))
        return near

    def without(self, items: list[Any]) -> Node:
        operator, part = items
        return Not(part, operator.start, part.end)

    def at_least(self, items: list[Any]) -> Node:
        operator, part = items
        count = AtLeast(operator.value, part, operator.start, part.end)
        check_count(count, (operator.start, operator.end))
        return count

    def field(self, items: list[Any]) -> Node:
        operator, part = items
        return Field(operator.value, part, operator.start, part.end)

    def group(self, items: list[Any]) -> Node:
        opening, node, closing = items
        if isinstance(node, And | Or | Near | Not | AtLeast):
            return replace(node, start=opening.start, end=closing.end)
        return cast("Node", node)


def _flat(parts: list[Node], kind: type[And] | type[Or]) -> tuple[Node, ...]:
    if not any(type(part) is kind for part in parts):
        return tuple(parts)
    return tuple(inner for part in parts for inner in (part.parts if isinstance(part, kind) else (part,)))


@functools.cache
def _lark() -> Lark:
    grammar = (Path(__file__).parent / "grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer=_Input, transformer=_Builder())
