"""Queries that are kept parsed: those that mean the same in every configuration, and not too many."""

from __future__ import annotations

import pytest

from monitor.errors import QueryError
from monitor.rules import Entities, EntityDef, from_lists, kept, parse


@pytest.fixture(autouse=True)
def emptied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_queries", {})


def test_a_query_is_parsed_once() -> None:
    assert parse("kept AND parsed") is parse("kept AND parsed")
    assert parse("kept AND parsed") is not parse("kept AND  parsed")


def test_what_an_entity_means_is_asked_anew() -> None:
    known = Entities({"FFVD": EntityDef("FFVD", ("denuclearization",))})
    assert parse("entity:FFVD", known).tree
    with pytest.raises(QueryError, match="no entity 'FFVD'"):
        parse("entity:FFVD")


def test_a_fault_is_told_each_time_with_the_entities_of_the_day() -> None:
    for _ in range(2):
        with pytest.raises(QueryError, match="query:1:6"):
            parse("this or that")


def test_warnings_of_a_list_are_not_those_of_its_query() -> None:
    lists = from_lists(["ko*", "korea"], [], [])
    assert [warning.list for warning in lists.warnings] == ["any"]
    kept.keep(lists)
    assert [warning.list for warning in parse(lists.text).warnings] == [None]


def test_the_oldest_goes_where_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_MOST", 2)
    first, _, third = (parse(text) for text in ("first", "second", "third"))
    assert parse("third") is third
    assert parse("first") is not first


def test_a_long_query_is_not_kept() -> None:
    long = " OR ".join(f"word{number}" for number in range(100))
    assert parse(long) is not parse(long)
