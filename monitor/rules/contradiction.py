"""Queries that can't match: what must be found is what must not be (a AND NOT a), or two languages at once.

Only what is certain counts: a warning here is never a guess, and its absence promises nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from monitor.rules.structure import children
from monitor.rules.tree import And, AtLeast, Entity, Field, Near, Node, Not, Or, Regex, Stem, Term

_COVERED = {"": ("", "title", "body", "lead"), "lead": ("lead", "title")}  # a hit of these fields is one of that field too
_MOST_PAIRS = 20_000


class Demand(NamedTuple):
    """A leaf in its field, as far as two leaves have to be compared. `words` are folded roughly, a prefix keeps its `*`."""

    kind: str  # term, exact, regex, stem, entity
    field: str
    words: tuple[str, ...]


def contradictions(tree: Node) -> Iterator[Node]:
    """The outermost AND nodes that can't hold, in text order."""
    waiting: list[tuple[Node, str, frozenset[Demand], frozenset[Demand]]] = [(tree, "", frozenset(), frozenset())]
    while waiting:
        node, field, needed, banned = waiting.pop()
        if isinstance(node, And):
            needed, banned = needed | required(node, field), banned | _banned(node, field)
            if _clash(needed, banned):
                yield node
                continue
        below = node.name if isinstance(node, Field) else field
        if isinstance(node, And | Or | Field):
            waiting.extend((part, below, needed, banned) for part in reversed(children(node)))


def required(node: Node, field: str) -> frozenset[Demand]:
    """What must be found wherever `node` holds."""
    match node:
        case And():
            return frozenset().union(*(required(part, field) for part in node.parts))
        case Or():
            first, *others = (required(part, field) for part in node.parts)
            return first.intersection(*others)
        case Near():
            return required(node.left, field) if node.negated else required(node.left, field) | required(node.right, field)
        case AtLeast():
            return required(node.part, field)
        case Field():
            return required(node.part, node.name)
        case Not():
            return frozenset()
        case _:
            return frozenset((_demand(node, field),))


def _banned(node: Node, field: str) -> frozenset[Demand]:
    """What must not be found wherever `node` holds."""
    match node:
        case And():
            return frozenset().union(*(_banned(part, field) for part in node.parts))
        case Field():
            return _banned(node.part, node.name)
        case Not():
            return _refused(node.part, field)
        case _:
            return frozenset()


def _refused(node: Node, field: str) -> frozenset[Demand]:
    """What must not be found wherever `node` does not hold."""
    match node:
        case Or():
            return frozenset().union(*(_refused(part, field) for part in node.parts))
        case Field():
            return _refused(node.part, node.name)
        case Term() | Regex() | Stem() | Entity():
            return frozenset((_demand(node, field),))
        case _:
            return frozenset()


def _demand(node: Term | Regex | Stem | Entity, field: str) -> Demand:
    match node:
        case Term():
            text = node.text if node.exact else unicodedata.normalize("NFKC", node.text).casefold()
            return Demand("exact" if node.exact else "term", field, tuple(re.findall(r"[\w&+#@$%]+\*?", text)))
        case Regex():
            return Demand("regex", field, (node.pattern,))
        case Stem():
            return Demand("stem", field, (node.word.casefold(),))
        case Entity():
            return Demand("entity", field, (node.name,))


def _clash(needed: frozenset[Demand], banned: frozenset[Demand]) -> bool:
    languages = {demand.words for demand in needed if demand.field == "lang" and demand.kind == "term"}
    if len(languages) > 1 or not needed.isdisjoint(banned):
        return True
    if len(needed) * len(banned) > _MOST_PAIRS:
        return False
    return any(_implies(one, other) for one in needed for other in banned)


def _implies(needed: Demand, banned: Demand) -> bool:
    """Whether a hit of the one is always a hit of the other as well."""
    if needed.field not in _COVERED.get(banned.field, (banned.field,)):
        return False
    if needed.kind == "exact" and banned.kind == "term":
        needed = Demand("term", needed.field, tuple(unicodedata.normalize("NFKC", word).casefold() for word in needed.words))
    if needed.kind != banned.kind:
        return False
    if needed.kind not in ("term", "exact") or needed.field in ("site", "feed", "tag", "lang", "url"):
        return needed.words == banned.words
    width = len(banned.words)
    return width > 0 and any(
        all(_covers(*pair) for pair in zip(needed.words[at : at + width], banned.words, strict=True))
        for at in range(len(needed.words) - width + 1)
    )


def _covers(needed: str, banned: str) -> bool:
    if banned.endswith("*"):
        return needed.rstrip("*").startswith(banned[:-1])
    return needed == banned
