"""Fields and entities, decisions 24 to 26."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.model import Article
from monitor.rules import Entities, EntityDef, RuleSet, from_lists, parse
from tests.unit.rules.oracle.letter import Case, agrees, error, name, spans, texts

HERALD = {"url": "https://www.koreaherald.com/view.php?ud=2018", "site": "The Korea Herald", "title": "x", "body": "y"}
SITE: list[tuple[str, dict[str, Any], bool]] = [
    ("site:koreaherald.com", HERALD, True),
    ("site:www.koreaherald.com", HERALD, True),
    ("site:KoreaHerald.com", HERALD, True),
    ("site:herald.com", HERALD, False),
    ("site:koreaherald.co", HERALD, False),
    ("site:koreaherald.com.kr", HERALD, False),
    ("site:news.koreaherald.com", HERALD, False),
    ("site:herald", HERALD, True),
    ("site:korea", HERALD, True),
    ('site:"korea herald"', HERALD, True),
    ('site:"herald korea"', HERALD, False),
    ("site:kor*", HERALD, True),
    ("site:=Herald", HERALD, True),
    ("site:=herald", HERALD, False),
    ("site:/^The/", HERALD, True),
    ("site:kcna.kp", {"url": "http://kcna.kp/x"}, True),
    ("site:kcna.kp", {"url": "http://www.kcna.kp:8080/x"}, True),
    ("site:kcna.kp", {"url": "http://notkcna.kp/x"}, False),
    ("site:kcna.kp", {"url": "http://evil.example/kcna.kp"}, False),
    ("site:kcna.kp", {"url": "http://kcna.kp.evil.example/"}, False),
    ("site:kcna.kp", {"site": "kcna.kp"}, True),
    ("site:kcna.kp", {}, False),
    ("site:kcna.kp", {"url": "https://nk.example/", "site": "A KCNA.kp watch"}, False),
    ("site:.kp", {"url": "https://kcna.kp/"}, True),
    ("site:.kp", {"url": "https://kp.example/"}, False),
    ("site:пример.рф", {"url": "https://xn--e1afmkfd.xn--p1ai/"}, True),
    ("site:пример.рф", {"url": "https://пример.рф/"}, True),
    ("site:xn--e1afmkfd.xn--p1ai", {"url": "https://www.пример.рф/"}, True),
    ("url:herald*", HERALD, True),
    ("site:bbc.co.uk", {"url": "https://feeds.bbc.co.uk/x"}, True),
    ("(site:a.example OR site:b.example)", {"url": "https://b.example/"}, True),
    ("x NOT site:koreaherald.com", HERALD, False),
    ("x NOT site:kcna.kp", HERALD, True),
    ("url:koreaherald", HERALD, True),
    ("url:herald.com/view", HERALD, True),
    ("url:ald.c", HERALD, True),
    ("url:UD=2018", HERALD, True),
    ('url:"view.php?ud=2018"', HERALD, True),
    ("url:2019", HERALD, False),
    ("url:/ud=[0-9]+$/", HERALD, True),
    ("url:/^http:/", HERALD, False),
    ("tag:korea", {"tags": ("korea",)}, True),
    ("tag:Korea", {"tags": ("korea",)}, True),
    ("tag:korea", {"tags": ("KOREA", "x")}, True),
    ("tag:korea", {"tags": ("north korea",)}, False),
    ("tag:kor", {"tags": ("korea",)}, False),
    ('tag:"north korea"', {"tags": ("north korea",)}, True),
    ("tag:korea", {}, False),
    ("feed:yonhap", {"feeds": (("Yonhap News Agency", "https://en.yna.co.kr/RSS/news.xml"),)}, True),
    ('feed:"news agency"', {"feeds": (("Yonhap News Agency", "https://en.yna.co.kr/RSS/news.xml"),)}, True),
    ("feed:yna", {"feeds": (("Yonhap News Agency", "https://en.yna.co.kr/RSS/news.xml"),)}, False),
    ("feed:yna.co.kr", {"feeds": (("Yonhap News Agency", "https://en.yna.co.kr/RSS/news.xml"),)}, True),
    ("feed:en.yna.co.kr/RSS/news.xml", {"feeds": (("Yonhap", "https://en.yna.co.kr/RSS/news.xml"),)}, True),
    ('feed:"https://en.yna.co.kr/RSS/news.xml"', {"feeds": (("Yonhap", "https://en.yna.co.kr/RSS/news.xml"),)}, True),
    ("feed:other", {"feeds": (("A", "https://a.example/"), ("Other", "https://b.example/"))}, True),
    ("lang:ko", {"language": "ko"}, True),
    ("lang:KO", {"language": "ko"}, True),
    ("lang:ko", {"language": "ko-KR"}, True),
    ("lang:ko", {"language": "ko_KR"}, True),
    ("lang:ko", {"language": "KO"}, True),
    ("lang:ko", {"language": "kok"}, False),
    ("lang:ko", {"language": None}, False),
    ("lang:ko", {"language": "en"}, False),
    ("x lang:en", {"title": "x", "language": "en-GB"}, True),
    ("x NOT lang:en", {"title": "x", "language": None}, True),
    ("author:lee", {"author": "Lee Ji-yoon"}, True),
    ("author:ji-yoon", {"author": "Lee Ji-yoon"}, True),
    ('author:"lee ji yoon"', {"author": "Lee Ji-yoon"}, True),
    ("author:yoon", {"author": "Lee Ji-yoon"}, True),
    ("author:ji*", {"author": "Lee Ji-yoon"}, True),
    ("author:lee", {"author": "Leeds"}, False),
    ("author:lee", {"author": None, "body": "lee"}, False),
    ("author:(lee OR kim)", {"author": "Kim"}, True),
    ("url:x", {}, False),
    ("site:x", {}, False),
    ("feed:x", {}, False),
    ("author: lee", {"author": "Lee"}, True),
    ("title:(x)", {"title": "x"}, True),
    ("ATLEAST/2 x site:koreaherald.com", {**HERALD, "title": "x x"}, True),
]
REGEX: list[Case] = [
    ("/FFVD/", "FFVD ffvd", ["FFVD"]),
    ("/(?i)ffvd/", "FFVD ffvd", ["FFVD", "ffvd"]),
    ("/covid-?19/", "covid19 covid-19", ["covid19", "covid-19"]),
    ("/a b/", "xa by", ["a b"]),
    (r"/a\/b/", "a/b", ["a/b"]),
    ("/é/", "e é", ["é"]),
    ("/é/", "e\u0301", None),
    (r"/\bUS\b/", "US USA", ["US"]),
    (r"/[0-9]{4}/", "in 2018", ["2018"]),
    ("/U\\.S\\./", "The U.S. is", ["U.S."]),
    ("/(a OR b)/", "(a OR b) a", ["a OR b"]),
    ("/“x”/", "“x” y", ["“x”"]),
    ("/^x/", {"title": "a x", "body": "x y"}, ["x"]),
    ("(/ab+/ OR c)", "abb c", ["abb", "c"]),
    ("/제재/", "대북제재를", ["제재"]),
    (r"/\d+ percent/ sanctions", "5 percent sanctions", ["5 percent", "sanctions"]),
    ("x AND NOT /y+/", "x yy", None),
]
ENTITIES = Entities(
    {
        "FFVD": EntityDef("FFVD", ("final, fully verified denuclearization", "최종적이고 완전하게 검증된 비핵화")),
        "Kim Jong-un": EntityDef("Kim Jong-un", ("김정은", "Ким Чен Ын"), type="person"),
        "Moon Jae-in": EntityDef("Moon Jae-in", ("Moon",), type="person"),
        "World Health Organization": EntityDef("World Health Organization", ("WHO",)),
        "Paris": EntityDef("Paris", (), type="place", not_=("Paris Hilton", "Paris Agreement")),
        "Leaders": EntityDef("Leaders", (), members=("Kim Jong-un", "Moon Jae-in")),
        "America": EntityDef("America", ("U.S.", "=US", "Americ*")),
    }
)
ENTITY: list[Case] = [
    ("entity:FFVD", "FFVD", ["FFVD"]),
    ("entity:ffvd", "FFVD", ["FFVD"]),
    ("entity:FFVD", "ffvd", ["ffvd"]),
    ("entity:FFVD", "the final, fully verified denuclearization", ["final, fully verified denuclearization"]),
    ("entity:FFVD", "the final fully verified denuclearization", ["final fully verified denuclearization"]),
    ("entity:FFVD", "최종적이고 완전하게 검증된 비핵화를", ["최종적이고 완전하게 검증된 비핵화"]),
    ('entity:"Kim Jong-un"', "Kim Jong Un met", ["Kim Jong Un"]),
    ('entity:"kim jong-un"', "김정은은", ["김정은"]),
    ("entity:“Kim Jong-un”", "Ким Чен Ын", ["Ким Чен Ын"]),
    ("entity:type/person", "Moon and Kim Jong-un", ["Moon", "Kim Jong-un"]),
    ("entity:type/person", "Paris", None),
    ("entity:type/place", "Paris", ["Paris"]),
    ("entity:Paris", "Paris Hilton", None),
    ("entity:Paris", "Paris Hilton in Paris", ["Paris"]),
    ("entity:Paris", "Paris's streets", ["Paris"]),
    ("entity:Leaders", "Moon met 김정은", ["Moon", "김정은"]),
    ('entity:"World Health Organization"', "who is it", None),
    ('entity:"World Health Organization"', "WHO says", ["WHO"]),
    ('entity:"World Health Organization"', "world health organization", ["world health organization"]),
    ("entity:America", "the U.S. says", ["U.S"]),
    ("entity:America", "us", None),
    ("entity:America", "US", ["US"]),
    ("entity:America", "Americans", ["Americans"]),
    ("title:entity:FFVD", {"title": "FFVD", "body": "FFVD"}, ["FFVD"]),
    ("entity:FFVD NEAR/1 entity:Paris", "FFVD in Paris", ["FFVD", "Paris"]),
    ("ATLEAST/2 entity:FFVD", "FFVD, final fully verified denuclearization", ["FFVD", "final fully verified denuclearization"]),
    ("ATLEAST/2 entity:type/person", "Moon, Kim Jong-un", ["Moon", "Kim Jong-un"]),
]


@pytest.mark.parametrize(("query", "article", "expected"), SITE)
def test_fields(query: str, article: dict[str, Any], expected: bool) -> None:
    assert (spans(query, article) is not None) == expected


@pytest.mark.parametrize("case", REGEX, ids=name)
def test_a_regex_sees_the_field_as_written(case: Case) -> None:
    agrees(case)


@pytest.mark.parametrize("case", ENTITY, ids=name)
def test_entities(case: Case) -> None:
    agrees(case, ENTITIES)


def test_an_entity_span_names_its_entity() -> None:
    found = spans("entity:ffvd", "final fully verified denuclearization", ENTITIES)
    assert found
    assert found[0].entity == "FFVD"


def test_an_unknown_entity_is_an_error_that_names_the_nearest() -> None:
    caught = error("x entity:FVVD", ENTITIES)
    assert str(caught).startswith("query:1:")
    assert "FFVD" in (caught.suggestion or "")


LISTS: list[tuple[list[str], list[str], list[str], str, bool]] = [
    (["sanctions exemptions"], [], [], "sanctions-exemptions", True),
    (["sanctions exemptions"], [], [], "exemptions sanctions", False),
    (["a OR b"], [], [], "a", False),
    (["a OR b"], [], [], "a or b", True),
    (["AND"], [], [], "and", True),
    (["NOT x"], [], [], "not x", True),
    (["NEAR/5"], [], [], "near 5", True),
    (["title:x"], [], [], "x", False),
    (["title:x"], [], [], "Title: x", True),
    (["-x"], [], [], "x", True),
    (["(x)"], [], [], "x", True),
    (["exempt*"], [], [], "exemptions", True),
    (["sanction* exempt*"], [], [], "sanctions exemptions", True),
    (["=US"], [], [], "us", False),
    (["=US"], [], [], "US", True),
    (["=Kim Jong Un"], [], [], "Kim Jong Un", True),
    (["=Kim Jong Un"], [], [], "kim jong un", False),
    (["/ab/"], [], [], "ab", True),
    (["/ab+/"], [], [], "abb", False),
    (["stem:sanction"], [], [], "sanctioned", False),
    (["stem:sanction"], [], [], "stem sanction", True),
    (['"x y"'], [], [], "x y", True),
    (['say "x" y'], [], [], "say x y", True),
    (["and"], [], [], "and", True),
    (["C++"], [], [], "C", False),
    (["entity:FFVD"], [], [], "FFVD", True),
    (["entity:Kim Jong-un"], [], [], "김정은", True),
    (["entity:ffvd"], ["seoul"], ["football"], "FFVD seoul", True),
    (["x"], ["seoul"], ["football"], "x", False),
    (["x"], ["seoul"], ["football"], "x seoul football", False),
    ([], ["a", "b"], [], "a b", True),
    ([], ["a", "b"], [], "a", False),
    (["ATLEAST/2 a"], [], [], "atleast 2 a", True),
    (["a b"], [], [], "a. b", True),
]


@pytest.mark.parametrize(("any_", "all_", "none", "body", "expected"), LISTS)
def test_list_items_are_terms_as_they_stand(any_: list[str], all_: list[str], none: list[str], body: str, expected: bool) -> None:
    query = from_lists(any_, all_, none, ENTITIES)
    for one in (query, parse(query.text, ENTITIES)):
        found = RuleSet.compile([("rule", one)], ENTITIES).match(Article(body=body))
        assert bool(found) == expected


def test_a_field_keeps_to_its_field() -> None:
    assert texts("title:x body:x", {"title": "x", "body": "x"}) == ["x", "x"]
    assert texts("title:x NOT body:x", {"title": "x", "body": "x"}) is None
