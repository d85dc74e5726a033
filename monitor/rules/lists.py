"""The lists `any`, `all`, `none` of a rule: each item one term as it stands, the lists joined by AND."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from monitor.errors import QueryError
from monitor.rules.canonical import term_text
from monitor.rules.colons import entity_text
from monitor.rules.entities import Entities
from monitor.rules.faults import shown
from monitor.rules.fields import FIELDS
from monitor.rules.items import ENTITY, plain_term
from monitor.rules.parsing import parse
from monitor.rules.query import Query, QueryWarning
from monitor.rules.quotes import unquote

_LOOKS_LIKE_A_QUERY = re.compile(
    rf"\S\s+(?:AND|OR|NOT|O?NEAR/\w+)\s+\S|^(?:NOT|ATLEAST/\w+)\s+\S|^(?:{'|'.join(FIELDS)}|stem):\S|^/.+/$|^-\w", re.DOTALL
)


class ListError(QueryError):
    """A faulty item: `list` is "any", "all" or "none", `index` its place there; `start` and `end` count within the item."""

    def __init__(self, error: QueryError, list_: str, index: int) -> None:
        super().__init__(error.text, error.start, error.end, suggestion=error.suggestion, replacement=error.replacement)
        self.list = list_
        self.index = index


def from_lists(any_: Sequence[str], all_: Sequence[str], none_: Sequence[str], entities: Entities | None = None) -> Query:
    """The query that the three lists mean; its `text` is the canonical query. Raises ListError."""
    known = entities or Entities()
    lists = {"any": any_, "all": all_, "none": none_}
    if not any_ and not all_:
        why = "a rule of 'none' alone could match everything" if none_ else "a rule of empty lists finds nothing"
        error = QueryError(why, 0, 0, suggestion="add a term to 'any' or 'all'")
        raise ListError(error, "none" if none_ else "any", 0)
    written = {name: [_written(item, name, index, known) for index, item in enumerate(items)] for name, items in lists.items()}
    pieces = list(_pieces(written))
    query = parse("".join(piece for piece, _, _ in pieces), known)
    return replace(query, warnings=tuple(_warnings(query, pieces, lists)))


def _pieces(written: dict[str, list[str]]) -> Iterator[tuple[str, str, int]]:
    """The canonical text, piece by piece, each with the list and item it is of; what joins them has no list."""
    several = {name: len(items) > 1 for name, items in written.items()}
    bracket = several["any"] and bool(written["all"] or written["none"])
    begun = False
    for name, joint, opening, closing in (
        ("any", " OR ", "(" if bracket else "", ")" if bracket else ""),
        ("all", " AND ", "", ""),
        ("none", " OR ", "NOT (" if several["none"] else "NOT ", ")" if several["none"] else ""),
    ):
        if not written[name]:
            continue
        yield (" AND " if begun else "") + opening, "", 0
        for index, text in enumerate(written[name]):
            yield joint if index else "", "", 0
            yield text, name, index
        yield closing, "", 0
        begun = True


def _warnings(query: Query, pieces: list[tuple[str, str, int]], lists: dict[str, Sequence[str]]) -> Iterator[QueryWarning]:
    """The query's own warnings with the item they are about, and those of items that seem to be more than a term."""
    start, own = 0, list(query.warnings)
    for piece, name, index in pieces:
        end = start + len(piece)
        if name:
            yield from (replace(each, list=name, index=index) for each in own if each.start == start and each.end == end)
            own = [each for each in own if not (each.start == start and each.end == end)]
            item = lists[name][index].strip()
            if _LOOKS_LIKE_A_QUERY.search(item):
                why = f"in a list an item is looked for as it stands: '{shown(item)}'"
                yield QueryWarning(why, start, end, "write it under 'query' if its signs are operators", name, index)
        start = end
    yield from own


def _written(item: str, list_: str, index: int, entities: Entities) -> str:
    """An item as the query language writes it."""
    text = item.strip()
    try:
        if text.startswith(ENTITY):
            return _entity(text[len(ENTITY) :].strip(), entities, len(item))
        return term_text(plain_term(item))
    except QueryError as error:
        raise ListError(error, list_, index) from None


def _entity(name: str, entities: Entities, length: int) -> str:
    if not unquote(name.removeprefix("type/")):
        raise QueryError("entity: needs the name of an entity", 0, length, suggestion="write a name after the colon")
    try:
        return parse(entity_text(name), entities).canonical
    except QueryError as error:
        raise QueryError(error.text, 0, length, suggestion=error.suggestion, replacement=error.replacement) from None
