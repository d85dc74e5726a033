"""`rules` resolved: queries parsed, channels known, examples tried."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from typing import cast

from monitor.config.diagnose import Checker, about, first_key
from monitor.config.examples import Tried, try_examples
from monitor.config.keys.base import keys_of
from monitor.config.keys.defaults import Defaults
from monitor.config.keys.rules import RuleKeys
from monitor.config.nodes import Mapping, Node, Scalar, Sequence
from monitor.config.problems import Place, Report
from monitor.config.scalars import place_in
from monitor.config.settings import Rule
from monitor.config.spelling import did_you_mean
from monitor.errors import QueryError
from monitor.rules import Entities, Query, from_lists, parse, problems

_LISTS = ("any", "all", "none")
MAX_FAULTS = 20  # of one rule's lists
_KEYS = frozenset(keys_of(RuleKeys))


def read_rules(
    nodes: list[Node], entities: Entities, channels: AnyMapping[str, object] | None, defaults: Defaults, checker: Checker
) -> tuple[Rule, ...]:
    """All rules that hold; faults of the others are told.

    `channels` are those that the configuration names, faulty ones too; None where they were not looked at.
    """
    rules: dict[str, Rule] = {}
    names: dict[str, Node] = {}
    tried: list[Tried] = []
    for index, node in enumerate(nodes):
        item = about(RuleKeys, f"rule {_label(node) or index + 1}", "a rule")
        content = checker.plain(node, owner=item.owner)
        keys, whole = checker.partly(RuleKeys, node, item, content, {"name": f"rule {index + 1}"})
        if keys is None or not isinstance(node, Mapping):
            continue
        if whole and keys.name in names:
            expected = f"the first is at {names[keys.name].place}"
            checker.report.error("duplicate-name", f"two rules are called '{keys.name}'", node.items["name"].place, expected=expected)
        if "name" in node.items:
            names.setdefault(keys.name, node.items["name"])
        if channels is not None:
            known_channels(keys.notify, node.items.get("notify"), item.owner, channels, checker.report)
        query = _query(keys, node, item.owner, entities, checker)
        if query is None or not whole:
            continue
        rules[keys.name] = Rule(
            name=keys.name,
            query=query,
            severity=keys.severity or defaults.severity,
            notify=tuple(dict.fromkeys(keys.notify)),
            again=keys.again,
            throttle=keys.throttle,
            examples=keys.examples,
            file=node.source.shown,
            line=node.line,
        )
        if keys.examples is not None:
            tried.append(Tried(keys.name, query, keys.examples, node))
    try_examples(tried, entities, checker.report)
    return tuple(rules.values())


def known_channels(names: tuple[str, ...], node: Node | None, owner: str, channels: AnyMapping[str, object], report: Report) -> None:
    """Tells each of `names` that is no channel, with the nearest that is; `node` is the list that names them."""
    items = node.items if isinstance(node, Sequence) else []
    for index, name in enumerate(names):
        if name in channels:
            continue
        place = items[index].place if index < len(items) else node.place if node else None
        expected = f"channels: {', '.join(list(channels)[:20])}" if channels else "channels: none is configured yet"
        report.error(
            "unknown-channel",
            f"{owner} names a channel that is not there: '{name}'",
            place,
            expected=expected,
            suggestion=did_you_mean(name, channels),
        )


def _label(node: Node) -> str | None:
    item = node.items.get("name") if isinstance(node, Mapping) else None
    return f"'{item.text[:100]}'" if isinstance(item, Scalar) and item.text else None


def _query(keys: RuleKeys, node: Mapping, owner: str, entities: Entities, checker: Checker) -> Query | None:
    lists = [name for name in _LISTS if getattr(keys, name) is not None]
    report = checker.report
    if keys.query is not None and lists:
        report.error("value", f"{owner} takes query or lists, not both", node.key_place(lists[0]), suggestion="take one of them out")
    elif keys.query is not None:
        return _parsed(keys.query, node, owner, entities, checker)
    elif empty := next((name for name in lists if not getattr(keys, name)), None):
        report.error("value", f"'{empty}' in {owner} is empty", node.items[empty].place, suggestion="add a term, or take the key out")
    elif lists:
        return _from_lists(keys, node, owner, entities, checker)
    elif node.items.keys() <= _KEYS - {"query", *_LISTS}:  # else the fault of what stands there is told already
        report.error("missing-key", f"{owner} needs a query, or lists: any, all, none", first_key(node), suggestion="add query: or any:")
    return None


def _parsed(text: str, node: Mapping, owner: str, entities: Entities, checker: Checker) -> Query | None:
    item = cast("Scalar", node.items["query"])
    parts = checker.expander.parts.get(id(item), ())
    try:
        query = parse(text, entities)
    except QueryError as first:
        errors, _ = problems(text, entities)
        for error in errors or [first]:
            place = place_in(item, error.start, error.end, parts)
            checker.report.error("query", f"in the query of {owner}: {error.text}", place, suggestion=error.suggestion)
        return None
    for warning in query.warnings:
        place = place_in(item, warning.start, warning.end, parts)
        checker.report.warn("query", f"in the query of {owner}: {warning.text}", place, suggestion=warning.suggestion)
    return query


def _from_lists(keys: RuleKeys, node: Mapping, owner: str, entities: Entities, checker: Checker) -> Query | None:
    """The query of the lists; each faulty item is told, by leaving it out and trying again."""
    left = {name: list(enumerate(getattr(keys, name) or ())) for name in _LISTS}
    whole = True
    for _ in range(MAX_FAULTS):
        try:
            some, every, none = ([text for _, text in left[name]] for name in _LISTS)
            query = from_lists(some, every, none, entities)
        except QueryError as error:
            name, at = getattr(error, "list", None), getattr(error, "index", None)
            faulty = left[name].pop(at) if name in left and at is not None and at < len(left[name]) else None
            if whole or (faulty is not None and error.end > error.start):
                place = _list_place(node, name, faulty and faulty[0], error.start, error.end, checker)
                checker.report.error("query", f"in {owner}: {error.text}", place, suggestion=error.suggestion)
            whole = False
            if faulty is None or not (left["any"] or left["all"]):
                return None
            continue
        for warning in query.warnings if whole else ():
            place = _list_place(node, warning.list, warning.index, 0, 0, checker)
            checker.report.warn("query", f"in {owner}: {warning.text}", place, suggestion=warning.suggestion)
        return query if whole else None
    return None


def _list_place(node: Mapping, name: str | None, index: int | None, start: int, end: int, checker: Checker) -> Place:
    found = node.items.get(name) if name else None
    if isinstance(found, Sequence) and index is not None and index < len(found.items):
        item = found.items[index]
        if isinstance(item, Scalar) and end > start:
            return place_in(item, start, end, checker.expander.parts.get(id(item), ()))
        return item.place
    return found.place if found else first_key(node)
