"""Where terms stand: places in a text form, and hits, which also say whose they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from monitor.rules.article import Part


class Place(NamedTuple):
    """`start` to `end` of the text form's `words`; `first` to `last` of the text itself (−1: not worked out yet)."""

    start: int
    end: int
    first: int = -1
    last: int = -1
    lookalike: bool = False


class Hit(NamedTuple):
    """A place in a part of an article, with the term that stands there as the rule wrote it."""

    part: Part
    place: Place
    term: str
    entity: str | None = None
