"""Names that stored articles hold and the entities do not, and aliases that mean more than their entity."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor.model import Article
from monitor.pipeline.ambiguous import ambiguous
from monitor.pipeline.suggest import Suggestion, suggest
from monitor.rules import Entities, EntityDef

ENTITIES = Entities(
    {
        "FFVD": EntityDef("FFVD", ("final, fully verified denuclearization",)),
        "Kim Jong-un": EntityDef("Kim Jong-un", ("Kim Jong Un",), "person"),
        "Apple": EntityDef("Apple", ("Apple Inc.",)),
    }
)
FILLER = "A town fair opened with music, and many visitors came by train."


def found(*bodies: str, entities: Entities | None = ENTITIES) -> dict[tuple[str, str | None], Suggestion]:
    names, looked = suggest([Article(title="A title", body=body) for body in bodies], entities)
    assert looked == len(bodies)
    return {(one.text, one.entity): one for one in names}


def test_brackets_after_a_known_name_hold_an_alias() -> None:
    names = found(
        f"{FILLER} The leader Kim Jong Un (김정은) came. {FILLER}",
        "정부는 FFVD(최종적이고 완전하게 검증된 비핵화)를 강조했다.",
        "They met Kim Jong-un (34) in 2018.",
    )
    one = names["김정은", "Kim Jong-un"]
    assert (one.reason, one.articles) == ("brackets", 1)
    assert "«김정은»" in one.samples[0]
    assert ("최종적이고 완전하게 검증된 비핵화", "FFVD") in names
    assert not any(text == "34" for text, _ in names)


def test_a_known_name_in_brackets_gives_the_name_before_it() -> None:
    names = found("북한 국무위원장 김정은(Kim Jong Un)이 왔다.", "They asked for a fully final verified dismantlement (FFVD) now.")
    assert ("김정은", "Kim Jong-un") in names
    assert ("fully final verified dismantlement", "FFVD") in names


def test_a_new_acronym_is_a_new_entity_once_it_is_common() -> None:
    body = "Inspectors of the International Atomic Energy Agency (IAEA) came."
    assert not any(entity is None for _, entity in found(body, body))
    one = found(body, body, body)["International Atomic Energy Agency", None]
    assert (one.also, one.reason, one.articles) == ("IAEA", "brackets", 3)


def test_called_and_beside() -> None:
    names = found(
        "The chairman Kim Jong Un, also known as Rocket Man, spoke.",
        "The envoy met 김정은 Kim Jong Un there.",
    )
    assert names["Rocket Man", "Kim Jong-un"].reason == "called"
    assert names["김정은", "Kim Jong-un"].reason == "beside"


def test_one_letter_off_is_told_of_its_entity() -> None:
    names = found("Yesterday the leader Kim Jong On spoke.", "Then Kim Yong Un left.")
    assert names["Kim Jong On", "Kim Jong-un"].reason == "spelling"
    assert names["Kim Yong Un", "Kim Jong-un"].reason == "spelling"


def test_capitalised_sequences_with_what_they_are() -> None:
    bodies = [f"In Seoul, Stephen Biegun, the special envoy for North Korea, met officials. {FILLER}"] * 4
    one = found(*bodies)["Stephen Biegun", None]
    assert (one.articles, one.what, one.reason) == (4, "special envoy for North Korea", "capitals")
    assert len(one.samples) == 3


def test_a_sentences_first_word_is_no_part_of_a_name() -> None:
    names = found(*["On Monday Kang Kyung-wha spoke. The Blue House agreed."] * 3)
    assert {text for text, entity in names if entity is None} == {"Kang Kyung-wha", "Blue House"}


def test_what_is_nearly_always_part_of_a_longer_name_is_left_out() -> None:
    names = found(*["The new International Atomic Energy Agency chief spoke of International Atomic Energy Agency rules."] * 3)
    assert [text for text, entity in names if entity is None] == ["International Atomic Energy Agency"]


@given(st.lists(st.text(alphabet="AaBb (),.가나'\"-\n0é", max_size=200), max_size=3))
def test_any_text_is_borne(bodies: list[str]) -> None:
    names, _ = suggest([Article(title="", body=body) for body in bodies], ENTITIES)
    assert all(one.articles >= 1 and one.samples for one in names)


def test_ambiguous_aliases() -> None:
    entities = Entities(
        {
            "Turkey": EntityDef("Turkey", ("Republic of Turkey",)),
            "Moon": EntityDef("Moon", ("Moon Jae-in", "President Moon")),
            "Town": EntityDef("Town", ("town",)),
            "Seoul": EntityDef("Seoul", ("the capital",)),
            "Rome": EntityDef("Rome", ("the capital",)),
        }
    )
    articles = [Article(title="", body=f"{FILLER} They ate turkey. Moon Jae-in spoke.") for _ in range(30)]
    articles += [Article(title="", body="Turkey spoke.") for _ in range(10)]
    told = {(one.entity, one.alias): one.text for one in ambiguous(articles, entities)}
    assert told["Turkey", "Turkey"] == "stands in small letters 30 of 40 times: a common word"
    assert told["Town", "town"] == "is in 75 % of the articles: a common word"
    assert told["Seoul", "the capital"] == "is a name of Rome too"
    assert ("Turkey", "Republic of Turkey") not in told
