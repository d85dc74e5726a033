"""A rule's `examples`, tried with the matcher that alerts."""

from __future__ import annotations

from dataclasses import replace

from monitor.config.keys.rules import Example, RuleKeys
from monitor.config.nodes import Mapping, Node, Sequence
from monitor.config.problems import Report
from monitor.model import Article
from monitor.rules.entities import Entities
from monitor.rules.query import Query


def try_examples(keys: RuleKeys, node: Mapping, query: Query, entities: Entities, report: Report) -> None:
    """Tells each example of `match` that the rule misses, and each of `not` that it finds."""
    from monitor.rules import RuleSet

    assert keys.examples is not None
    rules = RuleSet.compile([(keys.name, query)], entities)
    for key, examples, wanted in (("match", keys.examples.match, True), ("not", keys.examples.not_, False)):
        for index, example in enumerate(examples):
            matched = next((match for article in articles(example) if (match := rules.match_one(keys.name, article))), None)
            if wanted and matched is None:
                message = f"rule '{keys.name}' does not match its own example"
                report.error("example", message, _node(node, key, index).place, expected=f"a match of {query.text[:200]}")
            elif not wanted and matched is not None:
                words = ", ".join(dict.fromkeys(span.text for span in matched.spans[:5]))
                message = f"rule '{keys.name}' matches an example that it must not"
                report.error(
                    "example", message, _node(node, key, index).place, expected=f"no match; found: {words}" if words else "no match"
                )


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
    return inner.items[index] if isinstance(inner, Sequence) else found
