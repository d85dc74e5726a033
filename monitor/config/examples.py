"""A rule's `examples`, tried with the matcher that alerts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from monitor.config.keys.rules import Example, Examples
from monitor.config.nodes import Mapping, Node
from monitor.config.nodes import Sequence as NodeList
from monitor.config.problems import Report
from monitor.model import Article, RuleMatch
from monitor.rules import Entities, Query

if TYPE_CHECKING:
    from monitor.rules import RuleSet


@dataclass(frozen=True, slots=True)
class Tried:
    """A rule whose examples are to be tried."""

    name: str
    query: Query
    examples: Examples
    node: Mapping


def try_examples(tried: Sequence[Tried], entities: Entities, report: Report) -> None:
    """Tells each example of `match` that its rule misses, and each of `not` that it finds."""
    if not tried:
        return
    from monitor.rules import RuleSet  # the matcher and its tables, which most configurations need not here

    rules = RuleSet.compile([(rule.name, rule.query) for rule in tried], entities)
    for rule in tried:
        for index, example in enumerate(rule.examples.match):
            if not _matches(rules, rule.name, example):
                message = f"rule '{rule.name}' does not match its own example"
                expected = f"a match of {rule.query.text[:200]}"
                report.error("example", message, _node(rule.node, "match", index).place, expected=expected)
        for index, example in enumerate(rule.examples.not_):
            for match in _matches(rules, rule.name, example)[:1]:
                found = ", ".join(dict.fromkeys(span.text for span in match.spans[:5]))
                message = f"rule '{rule.name}' matches an example that it must not"
                expected = f"no match; found: {found}" if found else "no match"
                report.error("example", message, _node(rule.node, "not", index).place, expected=expected)


def _matches(rules: RuleSet, name: str, example: Example) -> list[RuleMatch]:
    return [match for article in articles(example) if (match := rules.match_one(name, article)) is not None]


def articles(example: Example) -> list[Article]:
    """What an example stands for: a bare text once as a title and once as a body, for a rule may look at either."""
    known = Article(
        title=example.title,
        body=example.body,
        author=example.author,
        site=example.site,
        url=example.url,
        language=example.lang,
        feeds=((example.feed, ""),) if example.feed else (),
        tags=(example.tag,) if example.tag else (),
    )
    if example.text is None:
        return [known]
    return [replace(known, title=example.title or example.text), replace(known, body=example.body or example.text)]


def _node(node: Mapping, key: str, index: int) -> Node:
    found = node.items["examples"]
    inner = found.items.get(key) if isinstance(found, Mapping) else None
    return inner.items[index] if isinstance(inner, NodeList) else found
