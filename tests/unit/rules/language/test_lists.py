"""any, all and none: each item one term as it stands."""

from __future__ import annotations

import pytest

from monitor.rules import Entities, EntityDef, ListError, from_lists, parse

from .strategies import without_places

ENTITIES = Entities(
    {"FFVD": EntityDef("FFVD"), "Kim Jong-un": EntityDef("Kim Jong-un", (), "person"), 'The "Rock"': EntityDef('The "Rock"')}
)

CANONICAL = [
    ((["sanctions exemptions", "sanctions waiver*"], [], []), '"sanctions exemptions" OR "sanctions waiver*"'),
    ((["korea"], [], []), "korea"),
    ((["a1", "b1"], ["c1", "d1"], ["e1", "f1"]), "(a1 OR b1) AND c1 AND d1 AND NOT (e1 OR f1)"),
    ((["a1", "b1"], [], ["e1"]), "(a1 OR b1) AND NOT e1"),
    (([], ["a1"], []), "a1"),
    (([], ["a1", "b1"], []), "a1 AND b1"),
    ((["=US", "=The Hague"], [], []), '=US OR ="The Hague"'),
    ((["entity:ffvd", "entity:Kim Jong-un"], [], []), 'entity:FFVD OR entity:"Kim Jong-un"'),
    ((["entity:type/person"], [], []), "entity:type/person"),
    ((['entity:The "Rock"'], [], []), 'entity:"The Rock"'),
    # nothing else in an item is an operator
    ((["sanctions OR waiver"], [], []), '"sanctions OR waiver"'),
    ((["AND", "or", "NEAR", "NEAR/5"], [], []), '"AND" OR "or" OR "NEAR" OR "NEAR/5"'),
    ((["(north korea)"], [], []), '"(north korea)"'),
    ((["-x1", "title:x1", "/x1/"], [], []), '"-x1" OR "title:x1" OR "/x1/"'),
    ((["10:30", "AT&T", "C++", "Jong-un", "kcna.kp"], [], []), '"10:30" OR "AT&T" OR "C++" OR Jong-un OR kcna.kp'),
    ((['the "axis of evil"'], [], []), '"the axis of evil"'),
    ((["  north \n korea  "], [], []), '"north korea"'),
    ((["제재 면제", "북한"], [], []), '"제재 면제" OR 북한'),
]


@pytest.mark.parametrize(("lists", "text"), CANONICAL, ids=[text for _, text in CANONICAL])
def test_lists_are_joined_in_one_canonical_query(lists: tuple[list[str], list[str], list[str]], text: str) -> None:
    query = from_lists(*lists, ENTITIES)
    assert query.text == text
    assert query.canonical == text
    assert without_places(parse(text, ENTITIES).tree) == without_places(query.tree)


FAULTS = [
    (([""], [], []), "any", 0, "empty item", 0),
    ((["korea", "  "], [], []), "any", 1, "empty item", 0),
    ((["korea"], ["="], []), "all", 0, "empty item", 0),
    ((["korea"], [], ["..."]), "none", 0, "no letter or digit", 0),
    ((["korea", "sanc*tion"], [], []), "any", 1, "'*' stands inside a word", 4),
    ((["north k*"], [], []), "any", 0, "'k*' is a prefix", 6),
    ((["*tion"], [], []), "any", 0, "'*' stands before a word", 0),
    ((["*"], [], []), "any", 0, "'*' by itself", 0),
    ((["korea", "entity:FVD"], [], []), "any", 1, "no entity 'FVD'", 0),
    ((["entity:type/persn"], [], []), "any", 0, "type 'persn'", 0),
    ((["entity:"], [], []), "any", 0, "entity: needs", 0),
    ((["a\x00b"], [], []), "any", 0, "U+0000", 1),
    (([], [], ["korea"]), "none", 0, "could match everything", 0),
    (([], [], []), "any", 0, "empty", 0),
]


@pytest.mark.parametrize(("lists", "name", "index", "words", "start"), FAULTS, ids=[f"{row[0]!a}" for row in FAULTS])
def test_a_faulty_item_is_named(lists: tuple[list[str], list[str], list[str]], name: str, index: int, words: str, start: int) -> None:
    with pytest.raises(ListError) as caught:
        from_lists(*lists, ENTITIES)
    assert (caught.value.list, caught.value.index) == (name, index)
    assert words in caught.value.text
    assert caught.value.start == start
    assert caught.value.suggestion


def test_the_remedy_of_an_item_mends_it() -> None:
    with pytest.raises(ListError) as caught:
        from_lists(["sanc*tion relief"], [], [])
    error = caught.value
    assert error.replacement is not None
    mended = "sanc*tion relief"[: error.start] + error.replacement + "sanc*tion relief"[error.end :]
    assert from_lists([mended], [], []).text == '"sanc* relief"'


def test_an_item_that_looks_like_a_query_warns() -> None:
    query = from_lists(["sanctions OR waiver", "korea"], ["title:x1"], ["/y1/"])
    assert [(each.list, each.index) for each in query.warnings] == [("any", 0), ("all", 0), ("none", 0)]
    assert all("as it stands" in each.text for each in query.warnings)
    assert [query.text[each.start : each.end] for each in query.warnings] == ['"sanctions OR waiver"', '"title:x1"', '"/y1/"']


def test_plain_items_do_not_warn() -> None:
    assert from_lists(["rock and roll", "either/or", "10:30", "=US", "waiver*"], ["AT&T"], ["x-ray"]).warnings == ()
