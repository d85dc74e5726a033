"""Matching stored articles in worker processes: the rules are read from a file once for each process, then page by page."""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from monitor.model import Article

if TYPE_CHECKING:
    from monitor.rules.query import Query
    from monitor.rules.ruleset import RuleSet


class Hits(NamedTuple):
    """A rule, by its number, in an article, by its place in the page; how often each of its terms stands there."""

    place: int
    rule: int
    terms: tuple[tuple[str, int], ...]


def write_rules(path: Path, queries: Sequence[Query]) -> None:
    """For `match_page` in another process of this program and this user."""
    path.write_bytes(pickle.dumps(list(queries)))


def match_page(path: str, articles: Sequence[Article]) -> list[Hits]:
    """Which of the rules in the file match which articles."""
    return match_all(_rules(path), articles)


@lru_cache(maxsize=2)
def _rules(path: str) -> RuleSet:
    queries = pickle.loads(Path(path).read_bytes())  # noqa: S301 - written by the process that started this one
    return compile_all(queries)


def compile_all(queries: Sequence[Query]) -> RuleSet:
    from monitor.rules.ruleset import RuleSet

    return RuleSet.compile([(str(number), query) for number, query in enumerate(queries)])


def match_all(rules: RuleSet, articles: Sequence[Article]) -> list[Hits]:
    found = []
    for place, article in enumerate(articles):
        for match in rules.match(article):
            terms = Counter(span.entity or span.term for span in match.spans)
            found.append(Hits(place, int(match.rule), tuple(terms.items())))
    return found
