"""Which of several remedies is told, and what of it: those at the limits, and the second where the first does not mend."""

from __future__ import annotations

import pytest

from monitor.errors import QueryError
from monitor.rules import ListError, from_lists, parse


def fault(query: str) -> QueryError:
    with pytest.raises(QueryError) as raised:
        parse(query)
    return raised.value


@pytest.mark.parametrize(
    ("query", "suggestion", "replacement"),
    [
        ("/Xray", "write /Xray/, or the words in quotes", "/Xray/"),
        ("/a(/X", 'write "a(/X" in quotes for the words', '"a(/X"'),
        ("NOT NEAR/3 /x[/", "write NOT, or a term on both sides of NOT NEAR", "NOT"),
        ("korea AND NOT NEAR/3 japan", "write NOT, or a term on both sides of NOT NEAR", "NOT"),
        ("=a:b", 'write ="a:b" for the words', '="a:b"'),
        ('"a"" b', "leave it out", " b"),
        ('a""', "put a space before the quote", None),
        (f"title{' ' * 35}:korea", "write title:korea", "title:korea"),
        ("korea \x01", "leave it out, or write words", ""),
        ("url:/[", 'write "/[" in quotes for what is written', None),
        ('entity:"FFVD', "write \" after 'FFVD'", None),
        ("NOT (a1 OR b1 OR c1) NEAR/3 d1", "write brackets: each side of NEAR is a term, or terms joined by OR", None),
        (f"/{'(' * 21}/", "mend it, or leave it out", None),
    ],
)
def test_the_remedy_that_mends_is_told(query: str, suggestion: str, replacement: str | None) -> None:
    error = fault(query)
    assert (error.suggestion, error.replacement) == (suggestion, replacement)


def test_a_short_regex_is_offered_for_its_characters() -> None:
    assert (fault(f"/{'(' * 20}/").suggestion or "").endswith(" for the characters themselves")


def test_a_remedy_is_left_out_at_the_end_if_no_other_mends() -> None:
    error = fault("/[(((((")
    assert (error.suggestion, error.replacement) == ("leave it out", "")


def test_near_over_and_is_spelt_out_up_to_twenty_pairs() -> None:
    def sides(left: int, right: int) -> str:
        names = (" AND ".join(f"{letter}{number}" for number in range(size)) for letter, size in (("a", left), ("b", right)))
        return " NEAR/5 ".join(f"({each})" for each in names)

    assert (fault(sides(5, 4)).replacement or "").count("NEAR/5") == 20
    assert fault(sides(7, 3)).replacement is None


def test_a_private_use_character_is_taken_as_it_stands() -> None:
    assert parse("a\ue000b").canonical == '"a\ue000b"'
    assert fault("a\udfffb").text == "U+DFFF is no character of a text"


@pytest.mark.parametrize(
    ("query", "never"),
    [
        ("kim NOT korea*", False),
        ("korea NOT ko*", True),
        ("korean NOT korea*", True),
        ("body:a1 NOT a1", True),
        ("a1 NOT body:a1", False),
        ("korea NOT \u0378", False),
    ],
)
def test_tells_of_what_needs_what_it_excludes(query: str, never: bool) -> None:
    assert any("never match" in each.text for each in parse(query).warnings) is never


def test_a_warning_about_an_item_is_told_once_with_its_item() -> None:
    warnings = from_lists(["ko*", "ja*"], ["us*"], []).warnings
    assert [(each.list, each.index, each.text.split()[0]) for each in warnings] == [
        ("any", 0, "'ko*'"),
        ("any", 1, "'ja*'"),
        ("all", 0, "'us*'"),
    ]


@pytest.mark.parametrize("item", ["entity:", "entity:type/", "entity: type/", 'entity:type/""'])
def test_an_entity_without_a_name_is_refused_in_a_list(item: str) -> None:
    with pytest.raises(ListError, match="entity: needs the name of an entity") as raised:
        from_lists([item], [], [])
    assert raised.value.suggestion == "write a name after the colon"


def test_a_query_may_be_as_long_as_the_bound() -> None:
    assert parse(f"korea{' ' * 249_995}").canonical == "korea"
    assert fault(f"korea{' ' * 249_996}").text == "a query has at most 250,000 characters"


def test_a_choice_stands_from_its_first_part_to_its_last() -> None:
    tree = parse("(korea OR japan OR china) seoul OR (a1 OR b1 AND c1)").tree
    assert (tree.start, tree.end) == (0, 51)
