"""Nodes to models, and pydantic's findings as problems with places, in the words of section 6 of the interface."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from monitor.config.expand import Expander
from monitor.config.keys.base import keys_of
from monitor.config.nodes import Mapping, Node, Scalar, Sequence
from monitor.config.problems import Place, Report
from monitor.config.secrets import is_plain, note_literal
from monitor.config.spelling import did_you_mean
from monitor.config.wording import words

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class About:
    """What people are told an item is: itself ("rule 'ffvd'"), its sort ("a rule"), and all keys that its sort takes."""

    owner: str
    noun: str
    keys: tuple[str, ...]


def about(kind: type[BaseModel], owner: str, noun: str) -> About:
    return About(owner, noun, tuple(keys_of(kind)))


class Checker:
    """Turns nodes into models; what can't be turned is told in `report`."""

    def __init__(self, report: Report, expander: Expander) -> None:
        self.report = report
        self.expander = expander

    def plain(self, node: Node, key: str = "", owner: str = "") -> Any:
        """The values below `node` as text, lists and dicts, references filled in. What is empty is told, and stands as ''."""
        if isinstance(node, Scalar):
            if node.null:
                advice = "write one, or take the key out"
                self.report.error("value", f"{_prefix(key, owner)}there is no value", node.place, suggestion=advice)
                self.expander.failed.add(id(node))
                return ""
            value = self.expander.value(node, secret=not is_plain(key))
            note_literal(key, value, self.expander)
            return value
        if isinstance(node, Sequence):
            return [self.plain(item, key, owner) for item in node.items]
        if isinstance(node, Mapping):
            above = "headers." if key == "headers" else ""
            return {name: self.plain(item, above + name, owner) for name, item in node.items.items()}
        raise TypeError(f"no node of a configuration: {type(node)}")

    def model(self, kind: type[Model], node: Node, item: About) -> Model | None:
        """`node` as a `kind`, or None with all its faults told."""
        made, whole = self.partly(kind, node, item, self.plain(node, owner=item.owner))
        return made if whole else None

    def partly(
        self, kind: type[Model], node: Node, item: About, content: Any, stand_ins: AnyMapping[str, Any] | None = None
    ) -> tuple[Model | None, bool]:
        """What of `content` (by `plain` made of `node`) is right, and whether all is; so that the rest of an item can be checked too.

        `stand_ins` are values for required keys that are missing or wrong.
        """
        dropped: set[str] = set()
        if isinstance(content, dict) and isinstance(node, Mapping) and self.expander.failed:
            dropped = {key for key in content if self._failed_below(node.items[key])}
            content = {key: value for key, value in content.items() if key not in dropped}
        whole = not dropped and id(node) not in self.expander.failed
        faulty: set[str] = set()
        try:
            return kind.model_validate(content), whole
        except ValidationError as error:
            for fault in error.errors(include_url=False, include_input=False):
                loc = fault["loc"]
                faulty.add(str(loc[0]) if loc else "")
                # A key whose value could not be read is not missing, and what its absence makes of the whole is no fault of its own.
                if not dropped or (loc and (fault["type"] != "missing" or loc[0] not in dropped)):
                    self._tell(fault, node, item, kind)
        if "" in faulty or not isinstance(content, dict):
            return None, False
        rest = {key: value for key, value in content.items() if key not in faulty}
        try:
            return kind.model_validate({**{key: value for key, value in (stand_ins or {}).items() if key not in rest}, **rest}), False
        except ValidationError:
            return None, False

    def _failed_below(self, node: Node) -> bool:
        if id(node) in self.expander.failed:
            return True
        children = node.items.values() if isinstance(node, Mapping) else node.items if isinstance(node, Sequence) else ()
        return any(self._failed_below(child) for child in children)

    def _tell(self, fault: Any, node: Node, item: About, kind: type[BaseModel]) -> None:
        loc: tuple[int | str, ...] = tuple(fault["loc"])
        sort = fault["type"]
        if sort in ("extra_forbidden", "missing") and loc:
            holder, path = _walk(node, loc[:-1])
            key = str(loc[-1])
            if sort == "missing":
                where = next((f"'{step}' in {item.owner}" for step in reversed(path) if isinstance(step, str)), item.owner)
                self.report.error("missing-key", f"{where} needs '{key}'", first_key(holder), suggestion=f"add {key}:")
            else:
                self._unknown(key, holder, path, item, kind)
            return
        of_key = bool(loc) and loc[-1] == "[key]"
        target, path = _walk(node, loc[:-1] if of_key else loc)
        place = target.place if path else first_key(target)
        if of_key:
            holder, _ = _walk(node, loc[:-2])
            place = _key_place(holder, str(loc[-2]))
        key = next((step for step in reversed(path) if isinstance(step, str)), "")
        message, expected, advice = words(fault, target)
        self.report.error("value", f"{_prefix(key, item.owner)}{message}", place, expected=expected, suggestion=advice)

    def _unknown(self, key: str, holder: Node, path: list[int | str], item: About, kind: type[BaseModel]) -> None:
        inner = _model_at(kind, path)
        names = keys_of(inner) if path and inner is not None else item.keys
        above = next((step for step in reversed(path) if isinstance(step, str)), None)
        self.report.error(
            "unknown-key",
            f"unknown key '{key}' in {item.owner}",
            _key_place(holder, key),
            expected=f"{item.noun if above is None else repr(above)} takes: {', '.join(names)}",
            suggestion=did_you_mean(key, names),
        )


def first_key(node: Node) -> Place:
    """Where an item begins, for faults of the item as a whole."""
    if isinstance(node, Mapping) and node.keys:
        return next(iter(node.keys.values())).place
    return node.place


def _key_place(holder: Node, key: str) -> Place:
    """The place of `key` itself; `holder` is the mapping that has it."""
    return holder.key_place(key) if isinstance(holder, Mapping) else holder.place


def _walk(node: Node, loc: tuple[int | str, ...]) -> tuple[Node, list[int | str]]:
    """The deepest node that `loc` leads to, and the steps that lead there."""
    path: list[int | str] = []
    for step in loc:
        following: Node | None = None
        if isinstance(node, Mapping) and isinstance(step, str):
            following = node.items.get(step)
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            following = node.items[step]
        if following is None:
            break
        path.append(step)
        node = following
    return node, path


def _model_at(kind: type[BaseModel], path: list[int | str]) -> type[BaseModel] | None:
    """The model of what `path` leads to, through lists, dicts and optional values."""
    current: type[BaseModel] | None = kind
    for step in path:
        if isinstance(step, int) or current is None:
            continue
        field = next((field for name, field in current.model_fields.items() if (field.alias or name) == step), None)
        current = _first_model(field.annotation) if field else current
    return current


def _first_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in getattr(annotation, "__args__", ()):
        if (found := _first_model(part)) is not None:
            return found
    return None


def _prefix(key: str, owner: str) -> str:
    shown = f"'{key.removeprefix('headers.')}'" if key else ""
    where = f"{shown} in {owner}" if shown and owner else shown or owner
    return f"{where}: " if where else ""
