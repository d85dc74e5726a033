"""Warnings: what can't match, what costs much, and what says less than it seems to."""

from __future__ import annotations

import pytest

from monitor.rules import Entities, EntityDef, parse

ENTITIES = Entities({"FFVD": EntityDef("FFVD", ("final",)), "IAEA": EntityDef("IAEA")})

NEVER = [
    "a1 AND NOT a1",
    "a1 NOT A1",
    "=US NOT us",
    "=US NOT =US",
    '"north korea" NOT korea',
    '"north korea" NOT "north korea"',
    "sanctions NOT sanction*",
    "sanctions* NOT sanc*",
    "title:a1 NOT a1",
    "title:a1 NOT lead:a1",
    "body:a1 NOT a1",
    "lead:a1 NOT a1",
    "title:(a1 NOT a1)",
    "title:a1 NOT title:a1",
    "a1 NEAR/5 b1 NOT b1",
    "ATLEAST/2 a1 NOT a1",
    "a1 NOT (a1 OR b1)",
    "(a1 b1 OR a1 c1) NOT a1",
    "x1 OR (a1 NOT a1)",
    "a1 (b1 OR (c1 NOT a1))",
    "entity:FFVD NOT entity:ffvd",
    "/korea/ NOT /korea/",
    "stem:sanction NOT stem:sanction",
    "lang:ko lang:en",
    "site:kcna.kp NOT site:kcna.kp",
]
MAY = [
    "a1 NOT b1",
    'korea NOT "north korea"',
    "us NOT =US",
    "a1 NOT title:a1",
    "title:a1 NOT body:a1",
    "sanction* NOT sanctions",
    "a1 NOT (a1 NEAR/5 b1)",
    "a1 NOT ATLEAST/2 a1",
    "a1 NOT NEAR/5 a1",
    "b1 NOT NEAR/5 a1 NOT a1",
    "(a1 OR b1) NOT a1",
    "entity:FFVD NOT FFVD",
    "lang:(ko OR en)",
    "lang:ko OR lang:en",
    "site:kcna.kp NOT site:watch.kcna.kp",
    "kp NOT site:kp",
    "korea NOT japan*",
    "ko* NOT korea",
    'feed:"north korea" NOT feed:korea',
    'tag:"north korea" NOT tag:korea',
    'site:"north korea" NOT site:korea',
    "url:korea NOT url:kor",
    "korea NOT korean",
    "=US NOT =us",
    "stem:korea NOT korea",
    "/korea/ NOT korea",
    "title:korea NOT author:korea",
    "lead:korea NOT title:japan",
    "ATLEAST/2 korea NOT japan",
]


@pytest.mark.parametrize("text", NEVER)
def test_a_query_that_cannot_match_warns(text: str) -> None:
    assert any("can never match" in warning.text for warning in parse(text, ENTITIES).warnings)


@pytest.mark.parametrize("text", MAY)
def test_a_query_that_can_match_does_not(text: str) -> None:
    assert not any("can never match" in warning.text for warning in parse(text, ENTITIES).warnings)


def test_the_warning_names_the_part_that_cannot_match() -> None:
    text = "x1 OR (a1 NOT a1)"
    (warning,) = parse(text).warnings
    assert text[warning.start : warning.end] == "(a1 NOT a1)"


WARNINGS = [
    ("korea sa*", "costly", "sa*"),
    ('"north ko* war"', "costly", '"north ko* war"'),
    ("ка*", "costly", "ка*"),
    (r"korea /\d+/", "costly", r"/\d+/"),
    ("/(ab|xyz)/", "costly", "/(ab|xyz)/"),
    ("/a.b.c/", "costly", "/a.b.c/"),
    ("site:koreaherald", "no dot", "koreaherald"),
    ("site:(kcna.kp OR yonhap)", "no dot", "yonhap"),
    ("site:kcna.kp/watch", "not a path", "kcna.kp/watch"),
    ("lang:korean", "no code", "korean"),
    ("lang:en-US", "code of a language alone", "en-US"),
    ("lang:martian", "code of a language alone", "martian"),
    ("title:(a1 OR body:b1)", "stands inside title:", "body:b1"),
    ("a1 NOT NOT b1", "cancel", "NOT NOT b1"),
    ("organi?ation", "wildcard", "organi?ation"),
    ("korea|japan", "'|'", "korea|japan"),
    ("korea !japan", "'!'", "!japan"),
    ("+korea japan", "'+'", "+korea"),
    ("'north korea'", "quote", "'north"),
    ("「北朝鮮」", "quote", "「北朝鮮」"),
    ("（korea OR japan）", "bracket", "（korea"),
    ("korea, japan", "','", "korea,"),
]


@pytest.mark.parametrize(("text", "words", "place"), WARNINGS, ids=[f"{row[0]!a}" for row in WARNINGS])
def test_what_is_likely_not_meant_warns(text: str, words: str, place: str) -> None:
    found = [warning for warning in parse(text).warnings if words in warning.text]
    assert text[found[0].start : found[0].end] == place
    assert found[0].suggestion


SILENT = [
    "korea",
    "sanc* relief",
    "북한*",
    "金正*",
    "/sanctions? relief/",
    "/(?i)north|south/",
    "site:kcna.kp",
    'site:"Korea Herald"',
    "site:=KCNA.kp",
    "lang:ko",
    "lang:fil",
    "AT&T",
    "C++ #korea $5",
    "Jong-un U.S. don't 10:30",
    "why?",
    "'90s korea",
    "url:kcna.kp/?a=b|c",
    "feed:https://kcna.kp/rss?x",
    '"korea|japan"',
    "+82 5+5",
    "korea,",
    "(korea OR japan) NOT china",
]


@pytest.mark.parametrize("text", SILENT)
def test_what_is_meant_is_silent(text: str) -> None:
    assert parse(text).warnings == ()


def test_warnings_stand_in_text_order() -> None:
    places = [warning.start for warning in parse("sa* organi?ation lang:korean a1 NOT a1").warnings]
    assert places == sorted(places)
    assert len(places) == 4
