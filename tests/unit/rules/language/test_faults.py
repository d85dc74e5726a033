"""Every fault names its place and the likeliest remedy, and the remedy, applied, mends the query."""

from __future__ import annotations

import pytest

from monitor.errors import QueryError
from monitor.rules import parse, problems

from .faults import ENTITIES, TABLE, UNMENDABLE


@pytest.mark.parametrize(("query", "column", "words", "mended"), TABLE, ids=[f"{row[0][:40]!a}" for row in TABLE])
def test_a_fault_names_its_place_and_its_remedy_mends_it(query: str, column: int, words: str, mended: str | None) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query, ENTITIES)
    error = caught.value
    assert error.start + 1 == column
    assert str(error).startswith(f"query:1:{column}: ")
    assert any(part in error.text for part in words.split("|"))
    assert error.suggestion
    assert error.replacement is not None
    applied = query[: error.start] + error.replacement + query[error.end :]
    if mended is not None:
        assert applied == mended
    if query not in ("sanctions and not waiver", "entity:(FFVD OR IAEA)"):  # two faults: one remedy leaves the other
        parse(applied, ENTITIES)


TO_THE_END = (
    "not closed",
    "needs a term after",
    "nothing stands after",
    "'='",
    "entity: needs",
    "stem:",
    "flags",
    "title:",
    "match everything",
    "closes nothing",
)
APART = [row for row in TABLE if row[3] is not None and row[0] != "-waiver" and not any(each in row[2] for each in TO_THE_END)]


@pytest.mark.parametrize(("query", "column", "words", "mended"), APART, ids=[f"{row[0][:40]!a}" for row in APART])
def test_a_fault_ends_where_it_ends(query: str, column: int, words: str, mended: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(f"({query}) zz1", ENTITIES)
    error = caught.value
    assert error.start == column
    assert error.replacement is not None
    assert f"({query}) zz1"[: error.start] + error.replacement + f"({query}) zz1"[error.end :] == f"({mended}) zz1"


@pytest.mark.parametrize(("query", "column", "words"), UNMENDABLE)
def test_where_nothing_can_mend_a_query_the_place_and_the_advice_are_told(query: str, column: int, words: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query, ENTITIES)
    assert caught.value.start + 1 == column
    assert words in caught.value.text
    assert caught.value.suggestion
    assert caught.value.replacement is None


@pytest.mark.parametrize(
    "query",
    ["(a1 AND b1) NEAR/5 c1", "a1 NEAR/5 NOT b1", "title:a1 NEAR/5 b1", "ATLEAST/2 (a1 b1)", "a1 NEAR/5 (b1 NOT c1)", "ATLEAST/2 lang:ko"],
)
def test_what_may_not_stand_inside_asks_for_brackets(query: str) -> None:
    with pytest.raises(QueryError, match="brackets"):
        parse(query)


def test_the_words_a_lower_case_operator_may_mean_are_offered_too() -> None:
    with pytest.raises(QueryError) as caught:
        parse("research and development")
    assert caught.value.suggestion == 'write AND, or "and" in quotes for the word'
    assert parse('research "and" development').canonical == 'research AND "and" AND development'


def test_columns_count_code_points() -> None:
    with pytest.raises(QueryError) as caught:
        parse("\U0001f1f0\U0001f1f7x \U0001d546\U0001d546 or b1")
    assert caught.value.start == 7


def test_the_error_farthest_to_the_left_is_told_first() -> None:
    with pytest.raises(QueryError) as caught:
        parse('korea AND OR japan foo:bar ""')
    assert caught.value.start == 10


@pytest.mark.parametrize("later", ["foo:bar", '"not closed', ")", "AND", "x*", "/(/", "OR AND c1"])
def test_a_fault_of_structure_is_told_before_one_that_stands_behind_it(later: str) -> None:
    with pytest.raises(QueryError, match="AND can't stand inside NEAR") as caught:
        parse(f"x1 (a1 AND b1) NEAR/5 c1 {later}")
    assert caught.value.start == 3


def test_all_faults_of_a_query_are_told_where_they_stand() -> None:
    text = "korea or japan && titel:china waiver NEAR/1000 relief (x1"
    errors, warnings = problems(text)
    assert [text[error.start : error.end] for error in errors] == ["or", "&&", "titel:china", "NEAR/1000", "(x1"]
    assert warnings == ()


def test_at_most_ten_faults_are_told() -> None:
    assert len(problems("korea or " * 20 + "japan")[0]) == 10


def test_faults_that_lie_in_a_remedy_are_not_told() -> None:
    errors, _ = problems('x* "x* y1')
    assert [error.start for error in errors] == [0, 3]


def test_an_error_of_a_long_query_is_short() -> None:
    with pytest.raises(QueryError) as caught:
        parse("foo:" + "x" * 50_000)
    assert len(str(caught.value)) < 300
