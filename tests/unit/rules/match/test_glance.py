"""The first look at many rules leaves out only what the second one calls far away."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model import Article
from monitor.rules import Entities, EntityDef, parse
from monitor.rules.glance import Glance
from monitor.rules.nearmiss import explain_rule
from monitor.rules.query import Query
from tests.unit.rules.language.strategies import ENTITIES as RANDOM_ENTITIES
from tests.unit.rules.language.strategies import trees
from tests.unit.rules.match.test_nearmiss import ARTICLE, FURNITURE
from tests.unit.rules.match.test_nearness import TABLE

ENTITIES = Entities({"Leader": EntityDef("Leader", ("Kim Jong Un", "김정은")), "Delegation": EntityDef("Delegation")})
WORDS = [
    "sanctions", "sanction", "sanctoins", "exemp tions", "exemptions", "Kim Jong Eun", "김정온이", "김정은", "대북제재", "제재를",
    "制裁豁免", "制裁免", "คว่ำบาตร", "sаnctions", "FFVD를", "fFvD", "1,000", "AT&T", "The envoy", "korea", "US", "Café", "санкции",
]  # fmt: skip
QUERIES = [
    "sanctions", "sanction", '"exemptions granted"', '"exemp tions"', "exemptions NEAR/3 sanctions", "entity:Leader", "entity:Delegation",
    "제재", "김정은", "制裁豁免", "คว่ำบาตร", "=FFVD", "1000", "3.5", "AT&T", '"envoy korea"', "title:korea", "author:korea", "site:kcna.kp",
    "site:korea", "lang:en AND zebra", "lang:ko", "(lang:en OR zebra) AND lion", "url:view", "tag:korea", "feed:news", "feed:kcna.kp/rss",
    "stem:sanction", "/[0-9]{4}/", "us AND zebra", "zebra NOT korea", "ATLEAST/2 korea", "cafe", "санкция", "lead:korea", "sanc*", "zebra",
    "koreaherald", "body:FFVD AND lion", '"the envoys"', "#",
]  # fmt: skip


def _is_near(query: Query, article: Article, furniture: str) -> bool:
    verdict = explain_rule(query, article, furniture)
    return not (verdict.code == "no-term" and verdict.state == "no")


def _holds(queries: dict[str, Query], article: Article, furniture: str) -> None:
    near = Glance(queries).near(article, furniture)
    missed = [name for name, query in queries.items() if name not in near and _is_near(query, article, furniture)]
    assert missed == []


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(WORDS), max_size=6),
    st.lists(st.sampled_from(WORDS), max_size=2),
    st.sampled_from(WORDS),
    st.sampled_from(["", *WORDS]),
    st.sampled_from(["https://www.kcna.kp/view", "https://a.example/korea", None]),
)
def test_no_rule_that_came_near_is_left_out(body: list[str], title: list[str], author: str, furniture: str, url: str | None) -> None:
    article = Article(
        title=" ".join(title), body=". ".join(body), author=author, url=url, site="Korea News", language="en", tags=("korea",),
        feeds=(("All news", "https://kcna.kp/rss"),),
    )  # fmt: skip
    _holds({text: parse(text, ENTITIES) for text in QUERIES}, article, furniture)


@settings(max_examples=60, deadline=None)
@given(st.lists(trees(), min_size=1, max_size=4), st.lists(st.sampled_from(WORDS), max_size=6))
def test_that_holds_for_random_queries(some: list[object], body: list[str]) -> None:
    queries = {str(number): Query("", tree) for number, tree in enumerate(some)}  # type: ignore[arg-type]
    _holds(queries, Article(title="US sanctions", body=" ".join(body), language="en"), "")


def test_planted_near_misses_are_seen() -> None:
    texts = [row[0] for row in TABLE if "entity" not in row[0]]
    _holds({text: parse(text) for text in texts}, ARTICLE, FURNITURE)


@pytest.mark.parametrize("query", ["zebra", '"zebra crossing"', "entity:Delegation", "lang:en AND zebra", "lang:ko", "usx", "動物園"])
def test_what_is_far_away_is_left_out(query: str) -> None:
    assert RANDOM_ENTITIES.names
    assert Glance({"far": parse(query, ENTITIES), "near": parse("ffvd")}).near(ARTICLE, FURNITURE) == {"near"}
