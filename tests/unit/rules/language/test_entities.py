"""Entities: names, aliases, types, contexts, groups."""

from __future__ import annotations

import pickle

import pytest

from monitor.errors import QueryError
from monitor.rules import Entities, EntityDef, EntityError, parse
from monitor.rules.tree import Entity, Term


def entities(**defs: EntityDef) -> Entities:
    return Entities({definition.name: definition for definition in defs.values()})


KIM = EntityDef("Kim Jong-un", ("김정은", "Ким Чен Ын", "KJU"), "person")
MOON = EntityDef("Moon Jae-in", ("문재인",), "Person")
FFVD = EntityDef("FFVD", ("final, fully verified denuclearization", "최종적이고 완전하게 검증된 비핵화"))
PARIS = EntityDef("Paris", ("City of Light",), "city", ("Paris Hilton", "plaster of Paris"))


def terms_of(entity: Entity | None, index: int = 0) -> list[tuple[str, bool]]:
    assert entity is not None
    return [(term.text, term.exact) for term in entity.names[index].terms]


def test_an_entity_is_found_under_its_name_and_aliases() -> None:
    tree = parse("entity:ffvd", entities(a=FFVD)).tree
    assert isinstance(tree, Entity)
    assert tree.name == "FFVD"
    assert terms_of(tree) == [
        ("FFVD", False),
        ("final, fully verified denuclearization", False),
        ("최종적이고 완전하게 검증된 비핵화", False),
    ]


@pytest.mark.parametrize("written", ['entity:"kim jong-un"', "entity:“KIM JONG-UN”", 'entity:"Kim  Jong-un"'])
def test_its_name_in_a_query_ignores_case(written: str) -> None:
    query = parse(written, entities(a=KIM))
    assert isinstance(query.tree, Entity)
    assert query.tree.name == "Kim Jong-un"
    assert query.canonical == 'entity:"Kim Jong-un"'


@pytest.mark.parametrize(
    ("alias", "exact"),
    [
        ("KJU", True),
        ("WHO", True),
        ("U.S.", True),
        ("G7", True),
        ("us", False),
        ("EU*", False),
        ("UNSC", False),
        ("=Moon", True),
        ("문재인", False),
        ("习近平", False),
        ("ООН", True),
        ("The EU", False),
    ],
)
def test_three_letters_or_fewer_keep_their_case_unless_written_otherwise(alias: str, exact: bool) -> None:
    known = entities(a=EntityDef("Somebody", (alias,)))
    assert terms_of(known.get("somebody"))[1] == (alias.removeprefix("="), exact)


def test_a_short_name_keeps_its_case_too() -> None:
    assert terms_of(entities(a=EntityDef("WHO")).get("who")) == [("WHO", True)]


def test_contexts_are_kept_apart() -> None:
    found = entities(a=PARIS).get("paris")
    assert found is not None
    assert [term.text for term in found.names[0].contexts] == ["Paris Hilton", "plaster of Paris"]


def test_a_type_stands_for_all_of_it_case_aside() -> None:
    known = entities(a=KIM, b=MOON, c=PARIS)
    tree = parse("entity:type/PERSON", known).tree
    assert isinstance(tree, Entity)
    assert tree.name == "type/person"
    assert [one.name for one in tree.names] == ["Kim Jong-un", "Moon Jae-in"]
    assert known.types == ("person", "city")


def test_a_type_of_two_words_stands_in_quotes() -> None:
    known = entities(a=EntityDef("Moon", (), "head of state"))
    assert parse('entity:type/"head of state"', known).canonical == 'entity:type/"head of state"'


def test_a_group_stands_for_its_members_once_each() -> None:
    leaders = EntityDef("Leaders", ("the leaders",), None, (), ("Kim Jong-un", "moon jae-in"))
    all_ = EntityDef("Everybody", ("entity:Leaders",), None, (), ("Kim Jong-un", "entity:FFVD"))
    known = entities(a=all_, b=leaders, c=KIM, d=MOON, e=FFVD)
    found = known.get("everybody")
    assert found is not None
    assert [one.name for one in found.names] == ["Everybody", "Leaders", "Kim Jong-un", "Moon Jae-in", "FFVD"]


def test_an_entity_is_one_object_for_all_queries() -> None:
    known = entities(a=KIM)
    assert known.get("kim jong-un") is known.get("KIM JONG-UN")


def test_definitions_are_found_by_name() -> None:
    known = entities(a=KIM)
    assert known.definition("kim jong-UN") == KIM
    assert known.definition("nobody") is None
    assert known.owner("kju") == "Kim Jong-un"
    assert known.owner("nobody") is None
    assert known.names == ("Kim Jong-un",)


FAULTS = [
    ([EntityDef("A1", ("",))], "A1", "aliases", 0, "empty item"),
    ([EntityDef("A1", ("ok", "x*"))], "A1", "aliases", 1, "fewer than two letters"),
    ([EntityDef("A1", (), None, ("...",))], "A1", "not", 0, "no letter or digit"),
    ([EntityDef("A1", (), None, (), ("Kim Jong",)), KIM], "A1", "members", 0, "no entity 'Kim Jong'"),
    (
        [
            EntityDef(
                "A1",
                ("ok", "entity:Kim"),
            ),
            KIM,
        ],
        "A1",
        "aliases",
        1,
        "no entity 'Kim'",
    ),
    ([EntityDef("  ")], "  ", "name", None, "can't be empty"),
    ([EntityDef("…")], "…", "name", None, "no letter or digit"),
    ([EntityDef("A1"), EntityDef("a1")], "a1", "name", None, "name of 'A1'"),
    ([EntityDef("A1", (), " ")], "A1", "type", None, "can't be empty"),
    ([EntityDef("A1", (), None, (), ("A1",))], "A1", "members", None, "A1 → A1"),
    (
        [EntityDef("A1", (), None, (), ("B1",)), EntityDef("B1", ("entity:C1",)), EntityDef("C1", (), None, (), ("A1",))],
        "A1",
        "members",
        None,
        "A1 → B1 → C1 → A1",
    ),
    ([EntityDef("X1", (), None, (), ("A1",)), EntityDef("A1", (), None, (), ("A1",))], "A1", "members", None, "A1 → A1"),
]


@pytest.mark.parametrize(("defs", "entity", "key", "index", "words"), FAULTS, ids=[row[4] for row in FAULTS])
def test_a_faulty_definition_is_named(defs: list[EntityDef], entity: str, key: str, index: int | None, words: str) -> None:
    with pytest.raises(EntityError) as caught:
        Entities({each.name: each for each in defs})
    error = caught.value
    assert (error.entity, error.key, error.index) == (entity, key, index)
    assert words in error.text
    assert str(error).startswith(f"entity '{entity}': ")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_all_faults_are_told_at_once() -> None:
    defs = [EntityDef("A1", ("", "x*")), EntityDef("B1", (), None, ("",), ("Nobody",))]
    found = Entities.check({each.name: each for each in defs})
    assert [(each.entity, each.key, each.index) for each in found] == [
        ("A1", "aliases", 0),
        ("A1", "aliases", 1),
        ("B1", "not", 0),
        ("B1", "members", 0),
    ]
    assert Entities.check({"FFVD": FFVD}) == []


def test_a_likely_member_is_suggested() -> None:
    with pytest.raises(EntityError) as caught:
        entities(a=EntityDef("Leaders", (), None, (), ("Kim Jong-on",)), b=KIM)
    assert caught.value.suggestion == "did you mean 'Kim Jong-un'?"


def test_a_chain_of_members_of_any_length_is_borne() -> None:
    last = 5000
    defs = {f"E{i:05}": EntityDef(f"E{i:05}", (), None, (), (f"E{i + 1:05}",) if i < last else ()) for i in range(last + 1)}
    found = Entities(defs).get("e00000")
    assert found is not None
    assert len(found.names) == last + 1


def test_equal_aliases_count_once() -> None:
    known = entities(a=EntityDef("FFVD", ("FFVD", "final", "final")))
    assert terms_of(known.get("ffvd")) == [("FFVD", False), ("final", False)]


def test_entities_cross_to_another_process() -> None:
    known = pickle.loads(pickle.dumps(entities(a=KIM)))
    assert known.get("Kim Jong-un") == entities(a=KIM).get("Kim Jong-un")
    assert Term("KJU", True) in known.get("Kim Jong-un").names[0].terms


def test_the_longest_name_that_stands_without_quotes_is_meant() -> None:
    known = entities(a=EntityDef("Kim Jong"), b=EntityDef("Kim Jong Un Group"), c=EntityDef("Kim Jong Un"))
    with pytest.raises(QueryError) as caught:
        parse("entity:kim jong un NEAR/5 korea", known)
    assert caught.value.replacement == 'entity:"Kim Jong Un"'
    assert caught.value.end == len("entity:kim jong un")
