"""Why a rule did not match: each code of the interface, planted."""

from __future__ import annotations

import pytest

from monitor.model import Article
from monitor.rules import Entities, EntityDef, parse
from monitor.rules.evidence import one_edit
from monitor.rules.nearmiss import explain_rule

ARTICLE = Article(
    title="US nuclear envoy urges ‘FFVD’",
    body="The envoy discussed sanctions and several other long and winding issues before exemptions were named.\n"
    "Kim Jong Un met Moon; 대북제재 문제를 김정온이 논의했다. Denuclearisation of Korea. Korea said us. 制裁豁免问题",
    author="Ock Hyun-ju",
    site="The Korea Herald",
    url="https://www.koreaherald.com/view.php?ud=20181029000675",
    language="en",
    feeds=(("All news", "https://www.koreaherald.com/rss"),),
    tags=("peninsula",),
)
FURNITURE = "Subscribe to our newsletter. Most read: Vladivostok summit"
ENTITIES = Entities(
    {
        "Moon": EntityDef("Moon", ("문재인",), "person", ("met Moon",)),
        "FFVD": EntityDef("FFVD", ("denuclearization",)),
        "Chairman": EntityDef("Chairman", ("김정은",)),
    }
)


@pytest.mark.parametrize(
    ("query", "code", "state", "text"),
    [
        ("zebra", "no-term", "no", "'zebra' not in the text"),
        ("zebra OR lion", "no-term", "no", "none of 'zebra', 'lion' in the text"),
        ("ffvd AND zebra", "no-term", "nearly", "'ffvd' ✓; 'zebra' not in the text"),
        ('"Kim Jong-un" NEAR/10 Busan', "no-term", "nearly", "'Kim Jong-un' ✓ NEAR/10 'Busan' ✗ not in the text"),
        ("sanctions NEAR/5 exemptions", "near", "nearly", "NEAR/5: 'sanctions' and 'exemptions' are 8 words apart"),
        ("sanctions ONEAR/5 exemptions", "near", "nearly", "ONEAR/5: 'sanctions' and 'exemptions' are 8 words apart"),
        ("sanctions NEAR/S Korea", "near", "nearly", "NEAR/S: 'sanctions' and 'Korea' are in no sentence together"),
        ("sanctions NEAR/P Korea", "near", "nearly", "NEAR/P: 'sanctions' and 'Korea' are in no paragraph together"),
        ("ffvd NEAR/9 sanctions", "near", "nearly", "NEAR/9: 'ffvd' and 'sanctions' stand in different fields or share their words"),
        ('"nuclear urges"', "near", "nearly", "the words of 'nuclear urges' stand here with 1 other among them"),
        ('"envoy nuclear"', "near", "nearly", "the words of 'envoy nuclear' stand here in another order"),
        ("exemptions ONEAR/9 sanctions", "order", "nearly", "ONEAR/9: 'sanctions' stands before 'exemptions'"),
        ("ATLEAST/3 korea", "count", "nearly", "ATLEAST/3: 'korea' stands 2 times"),
        ("=FFvD", "case", "nearly", "'=FFvD' is written 'FFVD' here"),
        ("/ENVOY/", "case", "nearly", "/ENVOY/ matches in another case"),
        ("sanction", "boundary", "nearly", "'sanction' stands only inside 'sanctions'"),
        ("제재", "boundary", "nearly", "'제재' stands only inside '대북제재'"),
        ("sanctiosn", "spelling", "nearly", "'sanctiosn' is nearly 'sanctions' here"),
        ("entity:FFVD AND denuclearization", "spelling", "nearly", "'denuclearization' is nearly 'denuclearisation' here"),
        ("entity:chairman", "spelling", "nearly", "'김정은' is nearly '김정온이' here"),
        ('"Kim Yong Un"', "spelling", "nearly", "'Kim Yong Un' is nearly 'kim jong un' here"),
        ("制裁豁兔", "spelling", "nearly", "'制裁豁兔' is nearly '制裁豁免' here"),
        ("exempt ions", "boundary", "nearly", "'exempt' stands only inside 'exemptions'; 'ions' stands only inside 'sanctions'"),
        ('"exemp tions"', "spelling", "nearly", "'exemp tions' is nearly 'exemptions' here"),
        ("title:sanctions", "field", "nearly", "'sanctions' stands in body, not in title"),
        ("body:ffvd", "field", "nearly", "'ffvd' stands in title, not in body"),
        ("hyun", "field", "nearly", "'hyun' stands in author, not in title or body"),
        ("peninsula", "field", "nearly", "'peninsula' stands in tag, not in title or body"),
        ("ffvd AND NOT envoy", "excluded", "nearly", "NOT 'envoy' applies: 'envoy' in title and 1 more"),
        ("ffvd AND NOT site:koreaherald.com", "excluded", "nearly", "NOT site:koreaherald.com applies: 'koreaherald.com' in url"),
        ("entity:Moon", "excluded", "nearly", "'Moon' stands only in contexts that are another's"),
        ("envoy NOT NEAR/9 (nuclear OR sanctions)", "excluded", "nearly", "each 'envoy' has nuclear OR sanctions within NEAR/9"),
        ("newsletter", "furniture", "nearly", "'newsletter' stands only in what was cut from the page"),
        ("Kim NEAR/9 Vladivostok", "furniture", "nearly", "'Vladivostok' stands only in what was cut from the page"),
        ("stem:subscribing", "furniture", "nearly", "stem:subscribing stands only in what was cut from the page"),
        ("/Most read/", "furniture", "nearly", "/Most read/ matches only in what was cut from the page"),
        ("title:/exemptions/", "field", "nearly", "/exemptions/ matches in body, not in title"),
        ("lang:ko AND ffvd", "no-term", "nearly", "'ffvd' ✓; lang:ko ✗ lang is en"),
        ("site:kcna.kp", "no-term", "no", "site:kcna.kp ✗ site is The Korea Herald"),
        ("ffvd", None, "ok", "matches"),
    ],
)
def test_names_the_part_that_failed(query: str, code: str | None, state: str, text: str) -> None:
    verdict = explain_rule(parse(query, ENTITIES), ARTICLE, FURNITURE)
    assert (verdict.code, verdict.state, verdict.text) == (code, state, text)


def test_each_node_has_its_state() -> None:
    verdict = explain_rule(parse("ffvd AND zebra"), ARTICLE)
    assert {(node.start, node.end, node.state) for node in verdict.nodes} == {(0, 4, "ok"), (9, 14, "no"), (0, 14, "nearly")}


@pytest.mark.parametrize(
    ("term", "body", "code"),
    [
        ("Kim Jong Un", "Kim Jong Eun spoke.", "spelling"),
        ("Kim Jong-un", "Kim Jong-eun spoke.", "spelling"),
        ("Choe Son Hui", "Choe Sonn Hui spoke.", "boundary"),
        ("nuclear envoy", "Nuclear envoys met.", "boundary"),
        ("nuclear envoy", "The subnuclear envoy met.", "boundary"),
        ("nuclear test", "A nuclear attest was given.", "boundary"),
        ("Ан Чен", "Сан Чен сказал.", "spelling"),
        ("김정은 위원장", "김정은 부위원장이 말했다.", "boundary"),
        ("rate", "The crate fell.", "boundary"),
        ("sanction", "Sanctions hold.", "boundary"),
    ],
)
def test_a_phrase_with_a_letter_more_is_another_spelling_unless_its_word_has_an_ending(term: str, body: str, code: str) -> None:
    entities = Entities({"E": EntityDef("E", (term,))})
    for query in (f'"{term}"', "entity:E"):
        verdict = explain_rule(parse(query, entities), Article(title="News", body=body))
        assert (verdict.code, verdict.state) == (code, "nearly")


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        ("abc", "abc", False),
        ("abc", "abd", True),
        ("abc", "ab", True),
        ("abc", "acb", True),
        ("abc", "xabc", True),
        ("abc", "cba", False),
        ("abcd", "ab", False),
        ("abcd", "badc", False),
        ("abcde", "bacde", True),
        ("abcde", "bacxe", False),
        ("abcdef", "abdcef", True),
        ("abcdef", "abdcxf", False),
        ("abcdef", "abdxef", False),
        ("abcdef", "abcdefg", True),
        ("abcdef", "xbcdefg", False),
    ],
)
def test_one_edit(one: str, other: str, is_one: bool) -> None:
    assert one_edit(one, other) is is_one
    assert one_edit(other, one) is is_one
