"""The lists `any`, `all`, `none` of a rule: each item one term as it stands, the lists joined by AND."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.errors import QueryError
from monitor.rules.canonical import term_text
from monitor.rules.colons import entity_text
from monitor.rules.entities import Entities
from monitor.rules.items import ENTITY, plain_term
from monitor.rules.parsing import parse
from monitor.rules.query import Query


class ListError(QueryError):
    """A faulty item: `list` is "any", "all" or "none", `index` its place there; `start` and `end` count within the item."""

    def __init__(self, error: QueryError, list_: str, index: int) -> None:
        super().__init__(error.text, error.start, error.end, suggestion=error.suggestion, replacement=error.replacement)
        self.list = list_
        self.index = index


def from_lists(any_: Sequence[str], all_: Sequence[str], none_: Sequence[str], entities: Entities | None = None) -> Query:
    """The query that the three lists mean; its `text` is the canonical query. Raises ListError."""
    known = entities or Entities()
    written = {
        name: [_item(item, name, index, known) for index, item in enumerate(items)]
        for name, items in (("any", any_), ("all", all_), ("none", none_))
    }
    if not written["any"] and not written["all"]:
        why = "a rule of 'none' alone could match everything" if written["none"] else "these lists are empty"
        raise ListError(QueryError(why, 0, 0, suggestion="add a term to 'any' or 'all'"), "none" if written["none"] else "any", 0)
    parts = [_joined(written["any"]), *written["all"]] if written["any"] else written["all"]
    if written["none"]:
        parts.append(f"NOT {_joined(written['none'])}")
    if len(parts) == 1 and len(written["any"]) > 1:
        return parse(" OR ".join(written["any"]), known)
    return parse(" AND ".join(parts), known)


def _joined(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"({' OR '.join(items)})"


def _item(item: str, list_: str, index: int, entities: Entities) -> str:
    text = item.strip()
    try:
        if text.startswith(ENTITY):
            return _entity(text[len(ENTITY) :].strip(), entities, len(item))
        return term_text(plain_term(item))
    except QueryError as error:
        raise ListError(error, list_, index) from None


def _entity(name: str, entities: Entities, length: int) -> str:
    written = entity_text(name)
    found = entities.of_type(name[len("type/") :]) if name.startswith("type/") else entities.get(name)
    if found is not None:
        return entity_text(found.name)
    try:
        parse(written, entities)
    except QueryError as error:
        raise QueryError(error.text, 0, length, suggestion=error.suggestion, replacement=error.replacement) from None
    raise QueryError(f"there is no entity '{name}'", 0, length)
