"""NEAR and its kin, ATLEAST: decisions 1 to 6."""

from __future__ import annotations

import time

import pytest

from monitor.model import Article
from monitor.rules import RuleSet, parse
from monitor.rules.sentences import sentence_starts
from tests.unit.rules.match.support import found, spans


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("sanctions NEAR/2 exemptions", "sanctions and their exemptions", ["sanctions", "exemptions"]),
        ("sanctions NEAR/1 exemptions", "sanctions and their exemptions", None),
        ("sanctions NEAR/2 exemptions", "exemptions from new sanctions", ["exemptions", "sanctions"]),
        ("sanctions NEAR/0 exemptions", "sanctions-exemptions", ["sanctions", "exemptions"]),
        ("sanctions NEAR/0 exemptions", "sanctions. Exemptions", ["sanctions", "Exemptions"]),
        ("sanctions ONEAR/2 exemptions", "exemptions from sanctions", None),
        ("sanctions ONEAR/2 exemptions", "sanctions, then exemptions", ["sanctions", "exemptions"]),
        ("korea NEAR/5 korea", "Korea alone", None),
        ("korea NEAR/5 korea", "Korea and Korea", ["Korea", "Korea"]),
        ('"north korea" NEAR/3 korea', "North Korea", None),
        ('"north korea" NEAR/3 korea', "North Korea and South Korea", ["North Korea", "Korea"]),
        ('"final deal" NEAR/1 korea', "final deal with Korea", ["final deal", "Korea"]),
        ('"final deal" NEAR/1 korea', "Korea one final deal", ["Korea", "final deal"]),
        ("a1 NEAR/1 b1 NEAR/1 c1", "a1 x b1 y c1", ["a1", "b1", "c1"]),
        ("a1 NEAR/1 b1 NEAR/1 c1", "c1 y a1 x b1", ["c1", "a1", "b1"]),
        ("a1 NEAR/1 b1 NEAR/1 c1", "a1 c1 b1", ["a1", "c1", "b1"]),
        ("a1 NEAR/1 b1 NEAR/1 c1", "a1 x b1 y z c1", None),
        ("a1 ONEAR/1 b1 ONEAR/1 c1", "a1 b1 c1", ["a1", "b1", "c1"]),
        ("a1 ONEAR/1 b1 ONEAR/1 c1", "c1 a1 b1", None),
        ("a1 ONEAR/3 b1 ONEAR/3 c1", "a1 c1 b1", None),
        ("a1 NEAR/1 (b1 OR c1)", "a1 x c1 y z b1", ["a1", "c1"]),
        ("a1 NEAR/0 b1", "a1 b1 z z z z a1 z z b1", ["a1", "b1"]),
        ("a1 NEAR/3 b1", "a1 b1 a1", ["a1", "b1", "a1"]),
        ("a1 NOT NEAR/2 b1", "a1 x b1 z z z z A1", ["A1"]),
        ("a1 NOT NEAR/2 b1", "a1 x b1", None),
        ("a1 NOT NEAR/2 b1", "a1 alone", ["a1"]),
        ("a1 NOT NEAR/1 b1 NEAR/2 c1", "a1 b1 x x x x a1 c1", ["a1", "c1"]),
        ("a1 NOT NEAR/1 b1 NEAR/2 c1", "a1 b1 c1", None),
        ("a1 NEAR/1 b1", "a1 x x x a1 x x x a1 b1 x x x a1", ["a1", "b1"]),
        ("b1 NEAR/1 a1", "a1 x x x a1 x x x a1 b1 x x x a1", ["a1", "b1"]),
        ("a1 ONEAR/1 b1", "b1 a1 x x x a1 b1 x b1 a1", ["a1", "b1"]),
        ("a1 ONEAR/1 b1 NEAR/1 c1", "c1 x a1 b1 x c1", ["c1", "a1", "b1", "c1"]),
        ("korea NOT NEAR/0 north", "North Korea, South Korea", ["Korea"]),
        ("korea NOT NEAR/2 korea", "Korea", ["Korea"]),
        ("a1 NOT NEAR/1 b1 NEAR/1 c1", "a1 b1 c1 z z z z a1 x c1", ["a1", "c1"]),
        ("a1 NEAR/S b1", "A1 is here. B1 is there.", None),
        ("a1 NEAR/S b1", "Here A1 is with Mr. B1 and others. Then", ["A1", "B1"]),
        ("a1 NEAR/S b1", "The U.S. a1 met Dr. X on Jan. 5 with b1", ["a1", "b1"]),
        ("a1 NEAR/S b1", "a1 here\nb1 there", None),
        ("a1 NEAR/P b1", "A1 is. B1 is.", ["A1", "B1"]),
        ("a1 NEAR/P b1", "A1 is.\nB1 is.", None),
        ("a1 NEAR/P b1", "A1 is.\r\n\r\nB1 is.", None),
        ("a1 NOT NEAR/S b1", "A1 and b1. Again A1.", ["A1"]),
        ("a1 NEAR/P b1 NEAR/P c1", "a1 b1\nc1", None),
        ("制裁 NEAR/2 豁免", "制裁不可豁免", ["制裁", "豁免"]),
        ("制裁 NEAR/1 豁免", "制裁不可豁免", None),
        ("か NEAR/1 ん", "かxん", ["か", "ん"]),
        ("제재 NEAR/0 FFVD", "FFVD를 제재는", ["FFVD", "제재"]),
        ("제재 NEAR/1 면제", "제재를 위한 면제", ["제재", "면제"]),
        ("제재 NEAR/0 면제", "제재를 위한 면제", None),
        ("sanction* NEAR/1 waiver*", "sanctions without waivers", ["sanctions", "waivers"]),
        ("/[A-Z]{4}/ NEAR/1 deal", "the FFVD new deal", ["FFVD", "deal"]),
        ("/[A-Z]{4}/ NEAR/0 deal", "the FFVD new deal", None),
        ("stem:sanction NEAR/1 korea", "sanctioned North Korea", ["sanctioned", "Korea"]),
        ("1000 NEAR/0 troops", "1,000 troops", ["1,000", "troops"]),
    ],
)
def test_near(query: str, text: str, expected: list[str] | None) -> None:
    assert found(query, text) == expected


def test_near_never_runs_from_title_into_body() -> None:
    assert found("a1 NEAR/5 b1", "b1", title="a1") is None
    assert found("a1 NEAR/S b1", "b1", title="a1") is None
    assert found("a1 NEAR/P b1", "b1", title="a1") is None
    assert found('"a1 b1"', "b1", title="a1") is None
    assert found("a1 NOT NEAR/5 b1", "b1", title="a1") == ["a1"]
    assert found("a1 NEAR/1 b1", "x b1", title="b1 a1") == ["b1", "a1"]


@pytest.mark.parametrize(
    ("query", "title", "body", "expected"),
    [
        ("ATLEAST/3 korea", "Korea", "Korea and Korea", ["Korea"] * 3),
        ("ATLEAST/4 korea", "Korea", "Korea and Korea", None),
        ("ATLEAST/2 (korea OR seoul)", "Korea", "Seoul", ["Korea", "Seoul"]),
        ('ATLEAST/2 (korea OR "north korea")', "", "North Korea", None),
        ('ATLEAST/2 (korea OR "north korea")', "", "North Korea and Korea", ["North Korea", "Korea", "Korea"]),
        ('ATLEAST/2 (north OR korea OR "north korea")', "", "North Korea", ["North", "North Korea", "Korea"]),
        ("ATLEAST/2 sanction*", "", "sanctions sanctioned", ["sanctions", "sanctioned"]),
        ("ATLEAST/2 金", "", "金金", ["金", "金"]),
        ("ATLEAST/3 金", "", "金金", None),
        ("ATLEAST/2 金正", "", "金正金正", ["金正", "金正"]),
        ("NOT ATLEAST/2 korea AND seoul", "", "Seoul Korea", ["Seoul"]),
    ],
)
def test_at_least(query: str, title: str, body: str, expected: list[str] | None) -> None:
    assert found(query, body, title=title) == expected


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("The U.S. envoy said so. He left.", ["The U.S. envoy said so. ", "He left."]),
        ('He said "It is done." Then he left!', ['He said "It is done." ', "Then he left!"]),
        ("Mr. Kim met Dr. Lee at 5 p.m. on Oct. 5.", ["Mr. Kim met Dr. Lee at 5 p.m. on Oct. 5."]),
        ("It was in the U.S. The deal held.", ["It was in the U.S. ", "The deal held."]),
        ('"Really?" he asked. Yes.', ['"Really?" he asked. ', "Yes."]),
        ("Rate is 3.5 percent. No. 5 is next.", ["Rate is 3.5 percent. ", "No. 5 is next."]),
        ("면제를 논의했다. 이 제재는 2018. 10. 29. 발효됐다.", ["면제를 논의했다. ", "이 제재는 2018. 10. 29. 발효됐다."]),
        ("制裁豁免。会谈结束！", ["制裁豁免。", "会谈结束！"]),
        ("प्रतिबंध जारी हैं। छूट नहीं।", ["प्रतिबंध जारी हैं। ", "छूट नहीं।"]),
        ("Er kam am 29. Oktober an. Dann", ["Er kam am 29. Oktober an. ", "Dann"]),
        ("So they discussed exemptions.The next day www.example.com", ["So they discussed exemptions.", "The next day www.example.com"]),
        ("Title line\nBody. ", ["Title line\n", "Body. "]),
        ("Apple Inc. The firm. Apple Inc. chief said", ["Apple Inc. ", "The firm. ", "Apple Inc. chief said"]),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    starts = [0, *sentence_starts(text), len(text)]
    assert [text[a:b] for a, b in zip(starts, starts[1:], strict=False) if a < b] == sentences


def test_what_takes_part_in_no_pair_is_not_told() -> None:
    result = spans("a1 NEAR/1 b1", "a1 z z z a1 b1 z z z b1") or []
    assert [(span.text, span.start) for span in result] == [("a1", 9), ("b1", 12)]


@pytest.mark.parametrize("query", ["a1 ONEAR/999 b1", "a1 NEAR/999 b1", "a1 NOT NEAR/999 b1", "a1 NEAR/999 b1 NEAR/999 c1", "a1 NEAR/S b1"])
def test_hostile_repetition_stays_linear(query: str) -> None:
    text = " ".join(["b1"] * 1000 + ["a1"] * 1000 + ["x"] * 10) * 5 + " c1"
    ruleset = RuleSet.compile([("rule", parse(query))])
    started = time.process_time()
    ruleset.match(Article(body=text))
    assert time.process_time() - started < 3
