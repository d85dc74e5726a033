"""The tree of a query: what the parser makes and the operators evaluate. Positions are code points of the query's text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """A word, phrase or prefix as written, quotes and the leading `=` taken off: `text` may hold `*` at a word's end."""

    text: str
    exact: bool = False  # `=`: case and marks count
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Regex:
    """An RE2 pattern; sees the field as written (decision 26)."""

    pattern: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Stem:
    """`stem:word`: any word with the same stem in the article's language."""

    word: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Entity:
    """`entity:NAME` or `entity:type/TYPE`, resolved: `names` are the entities it stands for, with all that each is found by."""

    name: str  # as the configuration writes it; "type/person" for a type
    names: tuple[EntityTerms, ...]
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class EntityTerms:
    """One entity as the matcher needs it: its name and aliases as terms, and contexts in which it is another's."""

    name: str
    terms: tuple[Term, ...]
    contexts: tuple[Term, ...] = ()  # `not:`: a hit inside one of these does not count


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Node, ...]
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Node, ...]
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Not:
    part: Node
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Near:
    """`left NEAR/n right`; `ordered` for ONEAR, `negated` for NOT NEAR; `distance` a number of words, or "S", "P"."""

    left: Node
    right: Node
    distance: int | str
    ordered: bool = False
    negated: bool = False
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class AtLeast:
    count: int
    part: Node
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Field:
    """`name:part`: title, body, lead, author, site, feed, tag, lang, url."""

    name: str
    part: Node
    start: int = 0
    end: int = 0


Node = Term | Regex | Stem | Entity | And | Or | Not | Near | AtLeast | Field
