"""Hostile queries and texts cost bounded work: what is counted here is how often something is done, never how long it takes."""

from __future__ import annotations

import pytest

from monitor.model import Article
from monitor.rules import RuleSet, parse
from monitor.rules.operators.all_of import AllOf
from monitor.rules.operators.any_of import AnyOf
from tests.unit.rules.oracle.letter import EMPTY, spans, texts


@pytest.mark.parametrize("joint", [" ", " OR "])
@pytest.mark.parametrize("part", ["a", "=a", "stem:a", "title:a", '"a b"', "/ab+/"])
def test_what_is_said_ten_thousand_times_is_evaluated_once(part: str, joint: str) -> None:
    query = parse(joint.join([part] * 10_000), EMPTY)
    operator = RuleSet.prepare([("rule", query)])[0].operator
    assert isinstance(operator, AllOf | AnyOf)
    assert len(operator.parts) == 1


def test_parts_that_differ_all_count() -> None:
    query = " OR ".join(f"w{number}" for number in range(40))
    assert texts(query, "w39 w0 w40") == ["w39", "w0"]
    assert texts(" ".join(["a"] * 40 + ["b"]), "a") is None


@pytest.mark.parametrize("query", ["/a/ NEAR/5 /a/", "/a/ NOT NEAR/999 /a/", "/a/ NEAR/S /a/ NEAR/3 /a/", "/a/ ONEAR/9 /a/"])
def test_thousands_of_hits_in_one_word_are_one_operand(query: str) -> None:
    found = spans(query, "a" * 20_000)
    assert (found is not None) == ("NOT" in query)


def test_chains_of_many_partners_do_not_multiply() -> None:
    found = spans("a ONEAR/999 a ONEAR/999 a ONEAR/999 a ONEAR/999 a", "a " * 20_100)
    assert found
    assert len(found) > 20_000


def test_groups_of_a_regex_are_not_kept() -> None:
    query = "/" + "(" * 900 + "a" + ")" * 900 + "/"
    found = RuleSet.compile([("rule", parse(query, EMPTY))], EMPTY).match(Article(body="a " * 5_000))
    assert len(found[0].spans) == 5_000
