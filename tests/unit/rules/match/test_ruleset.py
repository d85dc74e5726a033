"""Rule sets: waking, reloading, order, and what they tell of themselves."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
import time
from typing import Any

import pytest

from monitor.model import Article
from monitor.rules import Entities, EntityDef, RuleSet, parse, tokens, try_lines
from monitor.rules.fold import fold
from monitor.rules.matcher import Matcher
from monitor.rules.ruleset import literals_of
from monitor.rules.scan import build_automaton

ENTITIES = Entities({"WHO": EntityDef("WHO", ("World Health Organization",))})
QUERIES = [
    "ffvd", "=US", "us", '"north korea"', "sanction*", "korea AND NOT seoul", "korea NEAR/3 sanctions", "korea OR 제재", "ATLEAST/2 korea",
    "title:korea", "lead:korea", "lang:en", "lang:ko AND 제재",
    "site:koreaherald.com", "site:herald", "author:kim", "tag:asia", "feed:world",
    "feed:example.org", "url:view.php", "stem:sanction", "/[A-Z]{4}/", "/(?i)north kor/", "title:/^US/", "entity:WHO", "C++", "AT&T", "#",
    "제재", '"제재 면제"', "制裁", "عقوبات", "NOT zebra AND korea", "korea NOT NEAR/1 seoul", "lang:en AND NOT korea", "url:/ud=\\d/",
    "author:/K/", "site:(kcna.kp OR koreaherald.com)", "tag:(asia OR europe)", "who", "=Who",
]  # fmt: skip
TEXTS = [
    "north korea",
    "US",
    "us troops",
    "sanctions",
    "FFVD",
    "seoul",
    "제재를",
    "제재 면제는",
    "制裁",
    "العقوبات",
    "C++",
    "AT&T",
    "WHO",
    "who",
    "Who",
    "North Korea",
    "#x",
    "sanctioned",
]


def random_article(rng: random.Random) -> Article:
    def some(most: int) -> str:
        return " ".join(rng.choices(TEXTS, k=rng.randint(0, most)))

    return Article(
        title=some(3),
        body=some(8),
        author=rng.choice([None, "Kim Yo", "Lee"]),
        site=rng.choice([None, "The Korea Herald", "koreaherald.com"]),
        url=rng.choice([None, "https://www.koreaherald.com/view.php?ud=1", "http://kcna.kp/"]),
        language=rng.choice([None, "en", "ko", "de"]),
        feeds=rng.choice([(), (("World news", "https://example.org/rss"),)]),
        tags=rng.choice([(), ("asia",), ("Asia Pacific", "europe")]),
    )


def test_waking_misses_no_rule_that_would_match() -> None:
    rng = random.Random(7)
    ruleset = RuleSet.compile([(query, parse(query, ENTITIES)) for query in QUERIES])
    matched: set[str] = set()
    for _ in range(300):
        article = random_article(rng)
        found = {match.rule: match for match in ruleset.match(article)}
        alone = {query: match for query in QUERIES if (match := ruleset.match_one(query, article)) is not None}
        assert found == alone
        matched |= found.keys()
    assert matched == set(QUERIES)


def test_matches_come_in_the_rules_order_and_spans_in_the_texts() -> None:
    ruleset = RuleSet.compile([("b", parse("korea OR us")), ("a", parse("us"))])
    matches = ruleset.match(Article(title="US Korea", body="Korea us"))
    assert [match.rule for match in matches] == ["b", "a"]
    assert [(span.field, span.start) for span in matches[0].spans] == [("title", 0), ("title", 3), ("body", 0), ("body", 6)]


def test_a_place_of_a_term_is_told_once() -> None:
    ruleset = RuleSet.compile([("rule", parse("korea AND (korea OR us) AND korea NEAR/5 us"))])
    (match,) = ruleset.match(Article(body="Korea us"))
    assert [(span.term, span.start) for span in match.spans] == [("korea", 0), ("us", 6)]


def test_uses_names_the_rules_that_ask_for_a_field() -> None:
    ruleset = RuleSet.compile([("a", parse("feed:x")), ("b", parse("korea AND NOT tag:y")), ("c", parse("korea"))])
    assert ruleset.uses("feed") == {"a"}
    assert ruleset.uses("tag") == {"b"}
    assert ruleset.uses("url") == frozenset()


def test_a_reload_takes_over_what_has_not_changed() -> None:
    old = RuleSet.compile([("a", parse("korea")), ("b", parse("us"))])
    new = RuleSet.compile([("a", parse("korea")), ("b", parse("seoul"))], previous=old)
    assert new.rules[0] is old.rules[0]
    assert [match.rule for match in new.match(Article(body="Korea US Seoul"))] == ["a", "b"]
    same = RuleSet.compile([("b", parse("seoul"))], previous=new)
    assert [match.rule for match in same.match(Article(body="Seoul"))] == ["b"]
    with pytest.raises(KeyError):
        same.match_one("a", Article())


def test_an_automaton_built_elsewhere_is_taken() -> None:
    rules = [(query, parse(query, ENTITIES)) for query in QUERIES]
    data = build_automaton(literals_of(RuleSet.prepare(rules)))
    loaded, built = RuleSet.compile(rules, automaton=data), RuleSet.compile(rules)
    article = Article(title="US", body="North Korea sanctions 제재")
    assert loaded.match(article) == built.match(article) != []
    assert build_automaton([]) == b""


def test_an_empty_set_matches_nothing() -> None:
    assert RuleSet.compile([]).match(Article(title="US", body="x")) == []


def test_threads_may_share_a_set() -> None:
    ruleset = RuleSet.compile([(query, parse(query, ENTITIES)) for query in QUERIES])
    articles = [random_article(random.Random(seed)) for seed in range(40)]
    expected = [ruleset.match(article) for article in articles]
    answers: list[bool] = []

    def work() -> None:
        answers.append([ruleset.match(article) for article in articles] == expected)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [True] * 4


@pytest.mark.parametrize("text", ["", " ", "\x00", "\ud800", "\U0010ffff", "​", "\u0301", "…", "*", "\n\n"])
def test_odd_texts_are_matched_like_any(text: str) -> None:
    ruleset = RuleSet.compile([(query, parse(query, ENTITIES)) for query in QUERIES])
    assert ruleset.match(Article(title=text, body=text)) == []
    matches = ruleset.match(Article(title=text, body=f"{text} FFVD {text}"))
    assert [match.spans[0].start for match in matches if match.rule == "ffvd"] == [len(text) + 1]


def test_signs_alone_are_found_as_they_stand() -> None:
    matcher = Matcher("🚀", False)
    (place,) = matcher.find_all(fold("up 🚀!"))
    assert (place.first, place.last) == (3, 4)


HOSTILE = [
    "제재\u200b", "sanc\u200b", "aа", "عقوبات", "제재를", "FFVD를", "a.", ".", "(", "1,",
    "a\u0301", "½", "korea ", "제재 ", "制", "™", "‘제재’", "\x00 "
]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
def test_hundreds_of_kilobytes_of_anything_are_matched_in_linear_time(unit: str) -> None:
    queries = [*QUERIES, "sanc*", "제재*", '"제재* 면제"', "korea NEAR/S 제재", "제재 NEAR/P 면제", '"a а"', "aa*", "عقوب*"]
    ruleset = RuleSet.compile([(query, parse(query, ENTITIES)) for query in queries])
    article = Article(title="korea", body=unit * (50_000 // len(unit)))
    started = time.process_time()
    ruleset.match(article)
    assert time.process_time() - started < 6


# -- rules try ---------------------------------------------------------------------------------------------------------


def test_try_lines_keeps_the_contract() -> None:
    lines: list[dict[str, Any]] = [
        {"url": "https://a.b/", "title": "no", "body": "The FFVD"},
        {},
        {"body": None, "title": 5, "tags": "x", "feeds": 3},
    ]
    first, second, third = try_lines(parse("ffvd"), lines)
    assert json.loads(json.dumps(first)) == {
        "url": "https://a.b/",
        "matched": True,
        "matches": [{"field": "body", "start": 4, "end": 8, "text": "FFVD", "term": "ffvd"}],
    }
    assert second == {"url": None, "matched": False, "matches": []}
    assert not third["matched"]


def test_try_lines_knows_feeds() -> None:
    lines: list[dict[str, Any]] = [
        {"feeds": [{"name": "World", "url": "https://a.b/rss"}]},
        {"feeds": ["https://a.b/rss"]},
        {"feeds": [{"name": None}, 5]},
    ]
    assert [line["matched"] for line in try_lines(parse("feed:a.b"), lines)] == [True, True, False]


def test_try_lines_tells_entity_and_look_alike() -> None:
    (line,) = try_lines(parse("entity:WHO", ENTITIES), [{"title": "WНO"}])
    assert line["matches"] == [{"field": "title", "start": 0, "end": 3, "text": "WНO", "term": "WHO", "entity": "WHO", "lookalike": True}]


def test_try_lines_counts_code_points() -> None:
    (line,) = try_lines(parse("ffvd"), [{"body": "😀é ﬁ FFVD"}])
    assert line["matches"][0]["start"] == 5


# -- tokens ------------------------------------------------------------------------------------------------------------


def test_tokens_are_folded_words_and_pairs() -> None:
    assert tokens("Café 1,000 FFVD를") == ["cafe", "1000", "ffvd", "를"]
    assert tokens("制裁豁免") == ["制裁", "裁豁", "豁免", "免"]
    assert tokens("คว") == ["คว", "ว"]
    assert tokens("") == []


def test_tokens_hold_other_readings_too() -> None:
    assert {"sanctions", "sanc", "tions"} <= set(tokens("sanc\u00adtions"))
    assert "sanctions" in tokens("sаnctions")


def test_patterns_that_take_longer_than_they_have_are_named() -> None:
    rules = [(f"r{number}", parse(query)) for number, query in enumerate(["/[0-9]{4}/", "/[0-9]{4}/", "korea", "/korea/"])]
    ruleset = RuleSet.compile(rules)
    ruleset.budget = 1e9
    article = Article(title="In 2018", body="Korea")
    assert {match.rule for match in ruleset.match(article)} == {"r0", "r1", "r2"}
    assert ruleset.slow == {}
    ruleset.budget = -1.0
    assert {match.rule for match in ruleset.match(article)} == {"r0", "r1", "r2"}
    assert ruleset.slow.keys() == {"r0", "r1"}, "a rule with a word that must be there is woken by that"
    assert all(seconds >= 0 for seconds in ruleset.slow.values())


def test_the_names_of_the_package_are_there_and_stay_what_they_are() -> None:
    code = (
        "import importlib, monitor.rules as rules\n"
        "for module in ('tokens', 'entities', 'lists', 'live', 'parsing', 'query', 'ruleset', 'tryout'):\n"
        "    importlib.import_module(f'monitor.rules.{module}')\n"
        "assert callable(rules.tokens) and callable(rules.parse) and callable(rules.problems)\n"
        "assert all(getattr(rules, name).__name__ == name for name in rules.__all__)\n"
        "from monitor.rules import *\n"
        "assert Query is rules.Query\n"
        "try:\n    rules.nothing\nexcept AttributeError as error:\n    assert \"has no attribute 'nothing'\" in str(error)\n"
        "else:\n    raise SystemExit(3)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)  # noqa: S603
    assert (done.returncode, done.stderr) == (0, "")
