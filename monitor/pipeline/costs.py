"""What each rule costs, and how often it is woken in vain: measured on stored articles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from time import perf_counter

from monitor.model import Article
from monitor.rules.article import View
from monitor.rules.query import Query
from monitor.rules.ruleset import RuleSet


@dataclass(slots=True)
class Cost:
    """Of one rule: articles it was woken by, articles it matched, and the seconds that its evaluation took."""

    woken: int = 0
    matched: int = 0
    seconds: float = 0.0


def costs(rules: Iterable[tuple[str, Query]], articles: Sequence[Article]) -> dict[str, Cost]:
    """Every rule by name. What all share, folding and scanning, is nobody's."""
    compiled = RuleSet.compile(rules)
    answer = {rule.name: Cost() for rule in compiled.rules}
    for article in articles:
        view = View.of(article)
        for number in sorted(compiled._wake(view)):
            rule = compiled.rules[number]
            started = perf_counter()
            hits = rule.operator.evaluate(view)
            cost = answer[rule.name]
            cost.seconds += perf_counter() - started
            cost.woken += 1
            cost.matched += hits is not None
    return answer
