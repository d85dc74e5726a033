"""pydantic's findings as problems with places, in the words of section 6 of the interface."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from monitor.config.expand import Expander
from monitor.config.keys.base import keys_of
from monitor.config.nodes import Mapping, Node, Scalar, Sequence
from monitor.config.problems import Place, Report
from monitor.config.secrets import is_plain, note_literal
from monitor.config.spelling import did_you_mean

Model = TypeVar("Model", bound=BaseModel)
_MAPPINGS = frozenset(("model_type", "model_attributes_type", "dict_type", "dataclass_type"))
_LISTS = frozenset(("tuple_type", "list_type", "set_type", "frozen_set_type"))


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
            note_literal(node, key, value, self.expander)
            return value
        if isinstance(node, Sequence):
            return [self.plain(item, key, owner) for item in node.items]
        if isinstance(node, Mapping):
            above = "headers." if key == "headers" else ""
            return {name: self.plain(item, above + name, owner) for name, item in node.items.items()}
        raise TypeError(f"no node of a configuration: {type(node)}")

    def model(
        self,
        kind: type[Model],
        node: Node,
        owner: str,
        *,
        noun: str,
        value: Any = None,
        keys: Iterable[str] | None = None,
        skip: frozenset[str] = frozenset(),
    ) -> Model | None:
        """`node` as a `kind`, or None with its faults told.

        `owner` names the item for people ("rule 'ffvd'"), `noun` its sort ("a rule"). `value` is what `plain` made of it, where
        that is known; `keys` are all that the item takes, where `kind` holds a part of them alone; keys in `skip` are another's.
        """
        before = len(self.report.problems)
        content = self.plain(node, owner=owner) if value is None else value
        if skip and isinstance(content, dict):
            content = {key: item for key, item in content.items() if key not in skip}
        try:
            made = kind.model_validate(content)
        except ValidationError as error:
            known = list(keys) if keys is not None else keys_of(kind)
            for fault in error.errors(include_url=False, include_input=False):
                self._tell(fault, node, owner, noun, kind, known)
            return None
        return made if value is not None or len(self.report.problems) == before or not self._failed_below(node) else None

    def _failed_below(self, node: Node) -> bool:
        if id(node) in self.expander.failed:
            return True
        children = node.items.values() if isinstance(node, Mapping) else node.items if isinstance(node, Sequence) else ()
        return any(self._failed_below(child) for child in children)

    def _tell(self, fault: Any, node: Node, owner: str, noun: str, kind: type[BaseModel], known: list[str]) -> None:
        loc: tuple[int | str, ...] = tuple(fault["loc"])
        sort = fault["type"]
        if sort in ("extra_forbidden", "missing") and loc:
            holder, path = _walk(node, loc[:-1])
            key = str(loc[-1])
            if sort == "missing":
                where = next((f"'{step}' in {owner}" for step in reversed(path) if isinstance(step, str)), owner)
                self.report.error("missing-key", f"{where} needs '{key}'", first_key(holder), suggestion=f"add {key}:")
            else:
                self._unknown(key, holder, path, owner, noun, kind, known)
            return
        of_key = bool(loc) and loc[-1] == "[key]"
        target, path = _walk(node, loc[:-1] if of_key else loc)
        if id(target) in self.expander.failed:
            return
        place = target.place
        if of_key:
            holder, _ = _walk(node, loc[:-2])
            place = _key_place(holder, str(loc[-2]))
        key = next((step for step in reversed(path) if isinstance(step, str)), "")
        message, expected, advice = _words(fault, target)
        self.report.error("value", f"{_prefix(key, owner)}{message}", place, expected=expected, suggestion=advice)

    def _unknown(
        self, key: str, holder: Node, path: list[int | str], owner: str, noun: str, kind: type[BaseModel], known: list[str]
    ) -> None:
        inner = _model_at(kind, path)
        names = keys_of(inner) if path and inner is not None else known
        above = next((step for step in reversed(path) if isinstance(step, str)), None)
        self.report.error(
            "unknown-key",
            f"unknown key '{key[:100]}' in {owner}",
            _key_place(holder, key),
            expected=f"{noun if above is None else repr(above)} takes: {', '.join(names)}",
            suggestion=did_you_mean(key, names),
        )


def first_key(node: Node) -> Place:
    """Where an item begins, for faults of the item as a whole."""
    if isinstance(node, Mapping) and node.keys:
        return next(iter(node.keys.values())).place
    return node.place


def _key_place(target: Node, key: str) -> Place:
    """The place of `key` itself; `target` is the mapping that holds it."""
    return target.key_place(key) if isinstance(target, Mapping) else target.place


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
    """The model that holds what `path` leads to, through lists and optional values."""
    current: type[BaseModel] | None = kind
    for step in path:
        if isinstance(step, int) or current is None:
            continue
        field = next((field for name, field in current.model_fields.items() if (field.alias or name) == step), None)
        current = _first_model(field.annotation) if field else None
    return current


def _first_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in getattr(annotation, "__args__", ()):
        if (found := _first_model(part)) is not None:
            return found
    return None


def _words(fault: Any, target: Node) -> tuple[str, str | None, str | None]:
    """Message, what is expected, and advice."""
    context = fault.get("ctx") or {}
    sort = fault["type"]
    if sort == "monitor":
        return context["message"], context["expected"], context["suggestion"]
    if sort in ("literal_error", "enum"):
        known = [word.strip("' ") for word in str(context.get("expected", "")).replace(" or ", ",").split(",")]
        written = target.text if isinstance(target, Scalar) else ""
        found = f"{written[:60]!r} is not known" if written else f"{target.kind} where one word is expected"
        return found, f"one of: {', '.join(known)}", did_you_mean(written, known) if written else None
    if sort in _MAPPINGS:
        return f"{target.kind} where keys and values are expected", "KEY: VALUE lines, or {KEY: VALUE}", None
    if sort in _LISTS:
        written = target.source.text[target.start : target.end] if isinstance(target, Scalar) else ""
        short = bool(written) and len(written) <= 60 and "\n" not in written
        return f"{target.kind} where a list is expected", "lines that begin with -, or [A, B]", f"write [{written}]" if short else None
    if sort == "string_type":
        return f"{target.kind} where text is expected", None, None
    text = str(fault["msg"]).removeprefix("Value error, ")
    return text[:1].lower() + text[1:], None, None


def _prefix(key: str, owner: str) -> str:
    shown = f"'{key.removeprefix('headers.')[:100]}'" if key else ""
    where = f"{shown} in {owner}" if shown and owner else shown or owner
    return f"{where}: " if where else ""
