"""Rules that do not earn their keep: never matched, equal to another, inside another, or a flood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.pipeline.backtest import Backtest
from monitor.rules.query import Query

FLOOD = 20.0  # alerts a day
_SURE = 5  # articles below which one rule inside another may be chance


@dataclass(frozen=True, slots=True)
class Finding:
    """`code`: never-matched, equal, same-articles, shadowed, flood."""

    rule: str
    code: str
    text: str
    remedy: str


def lint(rules: Mapping[str, Query], run: Backtest, now: float) -> list[Finding]:
    """What `run`, of these queries in their order, says of them."""
    names = list(rules)
    found: list[Finding] = []
    first_of: dict[str, str] = {}
    articles = [frozenset(match.doc.article_id for match in matches) for matches in run.matches]
    holders = _holders(articles)
    for number, name in enumerate(names):
        twin = first_of.setdefault(rules[name].canonical, name)
        if twin != name:
            found.append(Finding(name, "equal", f"asks for the same as '{twin}'", "take one of the two out, or join their channels"))
            continue
        if not articles[number]:
            found.append(
                Finding(
                    name,
                    "never-matched",
                    f"matches none of {run.articles:,} articles",
                    "widen it: 'monitor rules test' tells each term's count",
                )
            )
            continue
        flood = run.alerts_a_day(number, now)
        if flood >= FLOOD:
            found.append(
                Finding(name, "flood", f"would alert {flood:,.1f} times a day", "narrow it, or send it to a channel with a digest")
            )
        outer = _outer(number, articles, holders, names, first_of)
        if outer is not None:
            same = articles[outer] == articles[number]
            code, what = ("same-articles", "exactly the articles that") if same else ("shadowed", "only articles that")
            found.append(
                Finding(name, code, f"matches {what} '{names[outer]}' matches, {len(articles[number]):,} of them", "one of the two may do")
            )
    return found


def _holders(articles: list[frozenset[int]]) -> dict[int, list[int]]:
    """For each article the rules that match it."""
    holders: dict[int, list[int]] = {}
    for number, some in enumerate(articles):
        for article in some:
            holders.setdefault(article, []).append(number)
    return holders


def _outer(
    number: int, articles: list[frozenset[int]], holders: dict[int, list[int]], names: list[str], first_of: dict[str, str]
) -> int | None:
    """The widest other rule that matches all that this one does; of two that match the same the later one is told."""
    mine = articles[number]
    if len(mine) < _SURE:
        return None
    rarest = min(mine, key=lambda article: len(holders[article]))
    own = set(first_of.values())
    wider = [
        other
        for other in holders[rarest]
        if other != number and mine <= articles[other] and (mine != articles[other] or other < number) and (names[other] in own)
    ]
    return max(wider, key=lambda other: (len(articles[other]), -other), default=None)
