"""Queries that name no entity are parsed once: a reload of thousands finds them."""

from __future__ import annotations

import pytest

from monitor.errors import QueryError
from monitor.rules import Entities, EntityDef, parse

ONE = Entities({"FFVD": EntityDef("FFVD", aliases=("final denuclearization",))})
OTHER = Entities({"FFVD": EntityDef("FFVD", aliases=("another alias",))})


def test_a_query_without_entities_is_parsed_once_for_every_configuration() -> None:
    assert parse("sanctions NEAR/5 exemptions", ONE) is parse("sanctions NEAR/5 exemptions", OTHER)


def test_a_query_that_names_one_is_parsed_with_those_it_is_given() -> None:
    assert parse("entity:FFVD", ONE).tree != parse("entity:FFVD", OTHER).tree


def test_a_fault_is_told_each_time() -> None:
    for _ in range(2):
        with pytest.raises(QueryError, match="query:1:"):
            parse("sanctions NEAR exemptions", ONE)
