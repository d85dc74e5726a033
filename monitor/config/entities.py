"""`entities` resolved."""

from __future__ import annotations

from pydantic_core import PydanticCustomError

from monitor.config.diagnose import Checker, about
from monitor.config.keys.base import name as check_name
from monitor.config.keys.entities import EntityKeys
from monitor.config.nodes import Mapping, Node, Scalar, Sequence
from monitor.rules import Entities, EntityDef, EntityError


def read_entities(items: dict[str, tuple[Scalar, Node]], checker: Checker) -> tuple[Entities, int]:
    """The entities, and how many there are; one with a fault is told and left out."""
    definitions: dict[str, EntityDef] = {}
    for written, (key, node) in items.items():
        definition = _entity(written, key, node, checker)
        if definition is not None:
            definitions[written] = definition
    for error in Entities.check(definitions):
        _tell(error, items[error.entity], checker)
        definitions[error.entity] = EntityDef(name=error.entity)  # rules that name it are not wrong for that
    for error in Entities.check(definitions):
        definitions.pop(error.entity, None)
    return Entities(definitions), len(items)


def checked_name(text: str, key: Scalar, what: str, checker: Checker) -> bool:
    """Whether a name that is a key may be one; told if not."""
    try:
        check_name(text)
    except PydanticCustomError as error:
        context = error.context or {}
        checker.report.error(
            "name", f"{what}: {context.get('message')}", key.place, expected=context.get("expected"), suggestion=context.get("suggestion")
        )
        return False
    return True


def _entity(written: str, key: Scalar, node: Node, checker: Checker) -> EntityDef | None:
    if not checked_name(written, key, "an entity's name", checker):
        return None
    if isinstance(node, Scalar) and node.null:
        return EntityDef(name=written, aliases=(), type=None, not_=(), members=())
    keys = checker.model(EntityKeys, node, about(EntityKeys, f"entity '{written}'", "an entity"))
    if keys is None:
        return EntityDef(name=written)  # rules that name it are not wrong for that
    return EntityDef(name=written, aliases=keys.aliases, type=keys.type, not_=keys.not_, members=keys.members)


def _tell(error: EntityError, item: tuple[Scalar, Node], checker: Checker) -> None:
    key, node = item
    found = node.items.get(error.key) if isinstance(node, Mapping) else None
    if isinstance(found, Sequence) and error.index is not None and error.index < len(found.items):
        found = found.items[error.index]
    checker.report.error("entity", f"entity '{error.entity}': {error.text}", (found or key).place, suggestion=error.suggestion)
