"""Random queries of the whole language, as trees, and text that is nearly a query."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from monitor.rules import Entities, EntityDef
from monitor.rules.structure import true_of_nothing
from monitor.rules.tree import And, AtLeast, Field, Near, Node, Not, Or, Regex, Stem, Term

ENTITIES = Entities(
    {
        "FFVD": EntityDef("FFVD", ("final, fully verified denuclearization",)),
        "Kim Jong-un": EntityDef("Kim Jong-un", ("김정은",), "person"),
        "Moon Jae-in": EntityDef("Moon Jae-in", ("문재인",), "head of state"),
        'The "Rock"': EntityDef('The "Rock"', (), "person"),
    }
)
WORDS = (
    "korea",
    "sanction*",
    "US",
    "10:30",
    "and",
    "OR",
    "Not",
    "NEAR",
    "near/5",
    "W5",
    "AT&T",
    "C++",
    "제재",
    "final, fully",
    "-x",
    "kcna.kp",
    "x yy*",
    "entity:x",
)
FIELDS = ("title", "body", "lead", "author", "site", "feed", "tag", "lang", "url")


@st.composite
def trees(draw: st.DrawFn) -> Any:
    """A tree of the whole language that the parser would make: nothing flat left nested, nothing that matches everything.

    Built by hand, since hypothesis spells out the whole of a recursive strategy where it names one.
    """
    tree = _Draw(draw).node(3)
    assume(not true_of_nothing(tree))
    return tree


class _Draw:
    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw

    def _one(self, *choices: Any) -> Any:
        return self._draw(st.sampled_from(choices))

    def node(self, depth: int) -> Any:
        kind = self._one("unit", "near", "count", "and", "or", "not", "field") if depth else "unit"
        if kind == "near":
            return self.near(2)
        if kind == "count":
            return AtLeast(self._one(1, 2, 999), self.countable())
        if kind == "not":
            return Not(self.node(depth - 1))
        if kind == "field":
            return Field(self._one(*FIELDS), self.node(depth - 1))
        if kind == "unit":
            return self.unit()
        outer = And if kind == "and" else Or
        parts = [self.node(depth - 1) for _ in range(self._one(2, 3))]
        return outer(tuple(inner for part in parts for inner in (part.parts if isinstance(part, outer) else (part,))))

    def near(self, depth: int) -> Any:
        left, right = (self.near(depth - 1) if depth and self._one(False, True) else self.countable() for _ in range(2))
        ordered, negated = self._one((False, False), (True, False), (False, True))
        return Near(left, right, self._one(0, 5, 999, "S", "P"), ordered, negated)

    def countable(self) -> Any:
        return Or((self.unit(), self.unit())) if self._one(False, True) else self.unit()

    def unit(self) -> Any:
        kind = self._one("term", "term", "regex", "stem", "entity", "type")
        if kind == "term":
            return Term(self._one(*WORDS), self._one(False, True))
        if kind == "regex":
            return Regex(self._one(r"^US", r"a\/b", "north korea", r"\d+ (?:dollars|won)"))
        if kind == "stem":
            return Stem(self._one("sanction", "제재", "élite"))
        if kind == "entity":
            return ENTITIES.get(self._one("FFVD", "Kim Jong-un", 'The "Rock"'))
        return ENTITIES.of_type(self._one("person", "head of state"))


PIECES = (
    "korea",
    "sanction*",
    "*",
    "AND",
    "OR",
    "NOT",
    "or",
    "NEAR",
    "NEAR/5",
    "ONEAR/S",
    "NEAR/1000",
    "ATLEAST/2",
    "ATLEAST/0",
    "(",
    ")",
    '"',
    "“",
    "”",
    "/",
    "/x/",
    "=",
    "-",
    "~5",
    "^2",
    "&&",
    "||",
    ":",
    "title:",
    "site:",
    "foo:",
    "entity:",
    "entity:FFVD",
    "type/",
    "stem:",
    "10:30",
    "https://a.b/c",
    "\u200b",
    "\u3000",
    "제재",
    "é",
    "\x00",
    "\ud800",
    "\\",
    "[",
    "+",
    "…",
    " ",
    "  ",
    "\n",
)
nearly_queries: st.SearchStrategy[str] = st.deferred(
    lambda: (
        st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=14).map("".join)
        | st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join)
    )
)


def without_places(node: Any) -> Any:
    """The node with every position set to 0."""
    if not isinstance(node, Term | Regex | Stem | And | Or | Not | Near | AtLeast | Field) and not hasattr(node, "names"):
        return node
    changes: dict[str, Any] = {"start": 0, "end": 0}
    for each in fields(node):
        value = getattr(node, each.name)
        if each.name == "parts":
            changes["parts"] = tuple(without_places(part) for part in value)
        elif each.name in ("part", "left", "right"):
            changes[each.name] = without_places(value)
    return replace(node, **changes)


def leaves(node: Node) -> list[Node]:
    if isinstance(node, And | Or):
        return [leaf for part in node.parts for leaf in leaves(part)]
    if isinstance(node, Near):
        return leaves(node.left) + leaves(node.right)
    if isinstance(node, Not | AtLeast | Field):
        return leaves(node.part)
    return [node]
