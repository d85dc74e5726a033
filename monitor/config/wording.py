"""pydantic's faults in words for someone who edits a file."""

from __future__ import annotations

from typing import Any

from monitor.config.nodes import Node, Scalar
from monitor.config.spelling import did_you_mean

_MAPPINGS = frozenset(("model_type", "model_attributes_type", "dict_type", "dataclass_type"))
_LISTS = frozenset(("tuple_type", "list_type", "set_type", "frozen_set_type"))


def words(fault: Any, target: Node) -> tuple[str, str | None, str | None]:
    """Message, what is expected, and advice. `fault` is one of `ValidationError.errors()`, `target` the node it is about."""
    context = fault.get("ctx") or {}
    sort = fault["type"]
    if sort == "monitor":
        return context["message"], context["expected"], context["suggestion"]
    if sort in ("literal_error", "enum"):
        return _one_of(str(context.get("expected", "")), target)
    if sort in _MAPPINGS:
        return f"{target.kind} where keys and values are expected", "KEY: VALUE lines, or {KEY: VALUE}", None
    if sort in _LISTS:
        return f"{target.kind} where a list is expected", "lines that begin with -, or [A, B]", _as_list(target)
    if sort == "string_type":
        return f"{target.kind} where text is expected", None, None
    if sort in ("too_short", "string_too_short") and context.get("min_length") == 1:
        return ("an empty list" if sort == "too_short" else "an empty text") + " where something is needed", None, None
    if sort in ("bool_parsing", "bool_type"):
        return "this is neither true nor false", "true or false", None
    text = str(fault["msg"]).removeprefix("Value error, ")
    return text[:1].lower() + text[1:], None, None


def _one_of(expected: str, target: Node) -> tuple[str, str | None, str | None]:
    known = [word.strip("' ") for word in expected.replace(" or ", ",").split(",")]
    if not isinstance(target, Scalar):
        return f"{target.kind} where one word is expected", f"one of: {', '.join(known)}", None
    return f"'{target.text}' is not known", f"one of: {', '.join(known)}", did_you_mean(target.text, known)


def _as_list(target: Node) -> str | None:
    written = target.source.text[target.start : target.end] if isinstance(target, Scalar) else ""
    return f"write [{written}]" if written and len(written) <= 60 and "\n" not in written else None
