"""Whatever the matcher finds, the index offers: a clause holds for every article that the query matches."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from monitor.model import Article
from monitor.pipeline.indexing import words_of
from monitor.pipeline.narrow import clause_of
from monitor.rules import Entities, EntityDef, RuleSet, parse
from monitor.rules.stems import ALGORITHMS
from monitor.store.search import ALWAYS, LONGEST, AllOf, AnyOf, Clause, Word

WORDS = [
    "sanctions",
    "exemptions",
    "sanctions-exemptions",
    "SANCTIONS",
    "sanction",
    "Café",
    "cafe\u0301",
    "U.S.",
    "1,000",
    "3.5",
    "AT&T",
    "C++",
    "제재",
    "제재를",
    "면제",
    "FFVD를",
    "비핵화",
    "制裁",
    "制裁免除",
    "制",
    "日本の",
    "カタカナ",
    "ไทย",
    "ประเทศไทย",
    "والعقوبات",
    "العقوبات",
    "עם",
    "והסנקציות",
    "sаnctions",
    "sanc\u00adtions",
    "sanctions\u200bexemptions",
    "sanctions™",
    "™sanctions",
    "CO₂",
    "ﬁnal",
    "straße",
    "İstanbul",
    "a" * 80,
    "ЁЛКА",
    "санкции",
    "\ufffd",
    "x\u0301\u00ady",
    "K팝",
    "ｆｕｌｌ",
    "Ⅳ",
    "#x",
    "don't",
    "l’homme",
    "сор",
    "10:30",
    "\u0e4d\u0e32",
    "Ω",
]
GAPS = [" ", " ", " ", "", ", ", ". ", "\n", "—", "\u00a0", "\u200b", "\u00ad", "（"]
QUERIES = [
    "sanctions",
    "=Sanctions",
    '"sanctions exemptions"',
    "sanction*",
    "sanctions NEAR/3 exemptions",
    "sanctions ONEAR/0 exemptions",
    "sanctions NOT NEAR/2 cafe",
    "ATLEAST/2 sanctions",
    "sanctions AND NOT 제재",
    "cafe OR 制裁",
    "제재",
    '"제재 면제"',
    "=제재",
    "비핵*",
    "FFVD",
    "制裁",
    "制",
    '"制裁 免除"',
    "日本",
    "ไทย",
    "العقوبات",
    "عقوبات",
    "סנקציות",
    "санкции",
    "cop",
    "елка",
    '"1000"',
    "3.5",
    "AT&T",
    "C++",
    "CO2",
    "final",
    "strasse",
    "istanbul",
    "a" * 80,
    "a" * 70 + "*",
    '"K팝"',
    "full",
    "x",
    "don",
    "lead:sanctions",
    "lead:cop",
    "title:制裁",
    "author:cafe",
    "site:a.example",
    "site:example",
    "site:cafe",
    "lang:ko",
    "/sanc.*s/",
    "/経済制裁.?/",
    "/(制裁|ไทย)/",
    "stem:sanction",
    "entity:E",
    "entity:E NEAR/4 sanctions",
    "body:(cafe OR 면제) sanctions",
    "title:=Sanctions",
    "NOT lang:en sanctions",
    "(sanctions cafe) OR 制",
    "author:(cafe 制裁)",
    "feed:news",
    "url:story",
    '"sanctions exemptions" OR feed:news',
]
ENTITIES = Entities({"E": EntityDef("E", ("U.S.", "제재", "制裁*", "sanctions exemptions", "الع"), None, ("cafe sanctions",))})


def holds(clause: Clause | None, words: set[str]) -> bool:
    """What a database makes of a clause."""
    match clause:
        case None:
            return True
        case Word(text, prefix):
            return any(word.startswith(text[:LONGEST]) for word in words) if prefix else text[:LONGEST] in words
        case AllOf(parts):
            return all(holds(part, words) for part in parts)
        case AnyOf(parts):
            return any(holds(part, words) for part in parts)


PARSED = [parse(query, ENTITIES) for query in QUERIES]
RULES = RuleSet.compile([(query.text, query) for query in PARSED])
CLAUSES = {query.text: clause_of(query.tree) for query in PARSED}


@st.composite
def texts(draw: st.DrawFn) -> str:
    pieces = draw(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(GAPS)), max_size=12))
    return "".join(word + gap for word, gap in pieces)


def check(article: Article) -> list[str]:
    words = {word[:LONGEST] for word in words_of(article)}
    matched = [match.rule for match in RULES.match(article)]
    missed = [rule for rule in matched if not holds(CLAUSES[rule], words) and ALWAYS not in words]
    assert missed == [], (missed, article)
    return matched


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts(), texts(), texts(), st.sampled_from([None, "en", "ko", "en-GB"]))
@example("sanctions\u200bexemptions\u00ad™", "a\u00adsanctions\u200bb", "", None)
@example("", "sаnctions™ and a word", "sаnctions™", "en")
def test_what_matches_is_a_candidate(title: str, body: str, more: str, language: str | None) -> None:
    article = Article(
        title=title, body=body, author=more, site=more or None, url="https://www.a.example/story/1", language=language,
        feeds=(("news of the day", "https://a.example/feed"),),
    )  # fmt: skip
    check(article)


@pytest.mark.parametrize("query", QUERIES)
def test_most_queries_narrow(query: str) -> None:
    by_scan = {"/sanc.*s/", "/(制裁|ไทย)/", "feed:news", "url:story", '"sanctions exemptions" OR feed:news'}
    assert (CLAUSES[query] is None) == (query in by_scan)


def test_a_clause_leaves_out_what_can_not_match() -> None:
    words = words_of(Article(title="Nothing of the kind", body="제목만 있는 글. 日本語", url="https://b.example/1", language="ja"))
    narrowed = [query for query, clause in CLAUSES.items() if clause is not None and holds(clause, words)]
    assert set(narrowed) <= {"日本", "site:example"}


BASES = [
    *("sanction", "nation", "vote", "happy", "die", "relat", "elector", "carry", "haus", "häuser", "libert", "élève", "canción", "nación"),
    *("casa", "санкци", "человек", "kaupunki", "könyv", "kitap"),
]
ENDINGS = [
    *(
        "",
        "s",
        "es",
        "ed",
        "ing",
        "ly",
        "ies",
        "ation",
        "ational",
        "izer",
        "ability",
        "er",
        "en",
        "ern",
        "e",
        "heit",
        "ments",
        "eux",
        "euse",
    ),
    *("ción", "ciones", "aba", "ами", "ого", "sta", "ssa", "nak", "ban", "lar", "lık", "y", "i"),
]


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(BASES), st.sampled_from(ENDINGS), st.sampled_from(ENDINGS), st.sampled_from(sorted(ALGORITHMS)))
def test_words_of_one_stem_are_candidates(base: str, asked: str, written: str, language: str) -> None:
    query = parse(f"stem:{base}{asked}")
    article = Article(title="", body=f"A text with {base}{written} in it.", language=language)
    if RuleSet.compile([("q", query)]).match(article):
        assert holds(clause_of(query.tree), words_of(article))


def test_a_stem_narrows() -> None:
    clause = clause_of(parse("stem:sanctions").tree)
    assert clause is not None
    assert holds(clause, words_of(Article(body="It was sanctioned.", language="en")))
    assert not holds(clause, words_of(Article(body="Nothing of the kind.", language="en")))
    assert holds(clause, words_of(Article(body="Nothing of the kind.", language="ar")))
    assert clause_of(parse("stem:vote").tree) is None
