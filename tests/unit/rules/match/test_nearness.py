"""How near a rule came: what is told of each part, and what counts as one edit away."""

from __future__ import annotations

import pytest

from monitor.model import Article
from monitor.rules import Entities, EntityDef, parse
from monitor.rules.nearmiss import NodeState, explain_rule

ARTICLE = Article(
    title="US nuclear envoy urges ‘FFVD’",
    body="The envoy discussed sanctions and several exemptions. Moon spoke of Korea; Korea listened. The korea herald wrote it.",
    author="Ock Hyun-ju",
    site="The Korea Herald",
    url="https://www.koreaherald.com/view.php",
    language="en",
    feeds=(("All news", "https://a.example/rss"), ("World", "https://b.example/rss")),
    tags=("peninsula", "north"),
)
ENTITIES = Entities(
    {"Delegation": EntityDef("Delegation", ("special representatives", "negotiators")), "Moon": EntityDef("Moon", (), None, ("Full Moon",))}
)

TABLE = [
    # several parts at once: the farthest is the cause, and whatever is there is named
    ("zebra OR (ffvd AND lion)", "no-term", "nearly", "'ffvd' ✓; 'lion' not in the text"),
    ("zebra AND lion", "no-term", "no", "'zebra' not in the text; 'lion' not in the text"),
    ("zebra AND zebra", "no-term", "no", "'zebra' not in the text"),
    ("ffvd AND korea AND lion", "no-term", "nearly", "'ffvd', 'korea' ✓; 'lion' not in the text"),
    ("lion AND NOT korea", "no-term", "nearly", "'lion' not in the text; NOT 'korea' applies: 'Korea' in body and 2 more"),
    ("lion AND NOT tiger", "no-term", "no", "'lion' not in the text"),
    ("ffvd AND NOT korea", "excluded", "nearly", "NOT 'korea' applies: 'Korea' in body and 2 more"),
    ("ffvd AND NOT nuclear", "excluded", "nearly", "NOT 'nuclear' applies: 'nuclear' in title"),
    # distances
    ("zebra NEAR/3 korea", "no-term", "nearly", "'zebra' ✗ NEAR/3 'korea' ✓ not in the text"),
    ("korea NEAR/3 zebra", "no-term", "nearly", "'korea' ✓ NEAR/3 'zebra' ✗ not in the text"),
    ("lion NEAR/3 zebra", "no-term", "no", "'lion' ✗ NEAR/3 'zebra' ✗ not in the text"),
    ("sanctions NEAR/1 exemptions", "near", "nearly", "NEAR/1: 'sanctions' and 'exemptions' are 2 words apart"),
    ("sanctions ONEAR/1 exemptions", "near", "nearly", "ONEAR/1: 'sanctions' and 'exemptions' are 2 words apart"),
    ("exemptions NEAR/1 sanctions", "near", "nearly", "NEAR/1: 'exemptions' and 'sanctions' are 2 words apart"),
    ("exemptions ONEAR/1 sanctions", "order", "nearly", "ONEAR/1: 'sanctions' stands before 'exemptions'"),
    ("exemptions ONEAR/9 envoy", "order", "nearly", "ONEAR/9: 'envoy' stands before 'exemptions'"),
    ("discussed NEAR/S spoke", "near", "nearly", "NEAR/S: 'discussed' and 'spoke' are in no sentence together"),
    ("zebra NOT NEAR/3 korea", "no-term", "no", "'zebra' not in the text"),
    ("sanctions NOT NEAR/3 discussed", "excluded", "nearly", "each 'sanctions' has 'discussed' within NEAR/3"),
    ('"envoy sanctions"', "near", "nearly", "the words of 'envoy sanctions' stand here with 1 other among them"),
    ('"envoy and"', "near", "nearly", "the words of 'envoy and' stand here with 2 others among them"),
    ('"sanctions discussed"', "near", "nearly", "the words of 'sanctions discussed' stand here in another order"),
    ('"envoy wrote"', "no-term", "no", "'envoy wrote' not in the text"),
    # counts
    ("ATLEAST/4 korea", "count", "nearly", "ATLEAST/4: 'korea' stands 3 times"),
    ("ATLEAST/2 ffvd", "count", "nearly", "ATLEAST/2: 'ffvd' stands once"),
    ("ATLEAST/2 zebra", "no-term", "no", "'zebra' not in the text"),
    # fields
    ("feed:sport", "no-term", "no", "feed:sport ✗ feed is All news, World"),
    ("tag:south", "no-term", "no", "tag:south ✗ tag is peninsula, north"),
    ("lang:ko", "no-term", "no", "lang:ko ✗ lang is en"),
    ("author:kim", "no-term", "no", "author:kim ✗ author is Ock Hyun-ju"),
    ("title:zebra", "no-term", "no", "title:zebra ✗ not in title"),
    ("title:stem:discuss", "field", "nearly", "stem:discuss stands in body, not in title"),
    ("body:stem:urging", "field", "nearly", "stem:urging stands in title, not in body"),
    ("stem:zebra", "no-term", "no", "stem:zebra not in the text"),
    ("title:/exempt.../", "field", "nearly", "/exempt.../ matches in body, not in title"),
    ("body:/FFVD/", "field", "nearly", "/FFVD/ matches in title, not in body"),
    ("/zebra[0-9]/", "no-term", "no", "/zebra[0-9]/ matches nowhere"),
    ("/ffvd/", "case", "nearly", "/ffvd/ matches in another case"),
    ("author:herald", "field", "nearly", "'herald' stands in body, not in author"),
    ("view", "field", "nearly", "'view' stands in url, not in title or body"),
    ("world", "field", "nearly", "'world' stands in feed, not in title or body"),
    ("ock", "field", "nearly", "'ock' stands in author, not in title or body"),
    # entities
    ("entity:Delegation", "no-term", "no", "entity:Delegation under none of its names in the text"),
    ("title:entity:Moon", "field", "nearly", "'Moon' stands in body, not in title"),
    # one edit away
    ("exemptios", "spelling", "nearly", "'exemptios' is nearly 'exemptions' here"),
    ("exemmptions", "spelling", "nearly", "'exemmptions' is nearly 'exemptions' here"),
    ("exemtpions", "spelling", "nearly", "'exemtpions' is nearly 'exemptions' here"),
    ("exempzions", "spelling", "nearly", "'exempzions' is nearly 'exemptions' here"),
    ("exemtionz", "no-term", "no", "'exemtionz' not in the text"),
    ("koreaherald", "field", "nearly", "'koreaherald' stands in url, not in title or body"),
    ("envoydiscussed", "spelling", "nearly", "'envoydiscussed' is nearly 'envoy discussed' here"),
    ("sanctionsexemptions", "no-term", "no", "'sanctionsexemptions' not in the text"),
    ('"envoydiscussed sanctions"', "spelling", "nearly", "'envoydiscussed sanctions' is nearly 'envoy discussed sanctions' here"),
    ('"envoy dis cussed sanctions"', "spelling", "nearly", "'envoy dis cussed sanctions' is nearly 'envoy discussed sanctions' here"),
    ("korex", "spelling", "nearly", "'korex' is nearly 'korea' here"),
    ("mooc", "spelling", "nearly", "'mooc' is nearly 'moon' here"),
    ("usx", "no-term", "no", "'usx' not in the text"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "code", "state", "text"), TABLE)
def test_the_part_that_failed_is_told(query: str, code: str, state: str, text: str | None) -> None:
    verdict = explain_rule(parse(query, ENTITIES), ARTICLE)
    assert (verdict.code, verdict.state) == (code, state)
    if text is not None:
        assert verdict.text == text


def test_a_long_part_is_named_shortly() -> None:
    words = " OR ".join(f"koreaword{number}" for number in range(12))
    verdict = explain_rule(parse(f"korea NOT NEAR/9 (herald OR {words}) AND NOT (moon OR {words})"), ARTICLE)
    names = [part for part in verdict.text.split("NOT ") if part]
    assert all(len(name) < 140 for name in names)
    assert "…" in verdict.text


def test_each_node_is_told_by_its_place() -> None:
    query = parse("(korea OR zebra) AND NOT lion AND NOT ffvd")
    verdict = explain_rule(query, ARTICLE)
    told = {query.text[node.start : node.end]: (node.state, node.text) for node in verdict.nodes}
    assert told["(korea OR zebra)"] == ("ok", "found 3 times")
    assert told["NOT lion"] == ("ok", "holds")
    assert told["NOT ffvd"] == ("nearly", "NOT 'ffvd' applies: 'FFVD' in title")
    assert isinstance(verdict.nodes[0], NodeState)
    matching = explain_rule(parse("korea AND ffvd"), ARTICLE)
    assert (matching.code, matching.text, matching.state) == (None, "matches", "ok")


@pytest.mark.parametrize(
    ("query", "body", "code", "text"),
    [
        ("김정은", "김정온이 말했다", "spelling", "'김정은' is nearly '김정온이' here"),
        ("문재인", "문제인에게 말했다", "spelling", "'문재인' is nearly '문제인에게' here"),
        ("คว่ำ", "คว้ำ", "no-term", None),
        ("制裁", "制造", "no-term", None),
        ("abc", "abd", "no-term", None),
        ("abcd", "abce", "spelling", "'abcd' is nearly 'abce' here"),
        ("비핵하", "비핵화를 위한", "spelling", "'비핵하' is nearly '비핵화를' here"),
        ("제제", "제재를 위한", "no-term", None),
        ("金正恩氏", "金正雲氏は", "spelling", "'金正恩氏' is nearly '金正雲氏' here"),
        ("制裁豁免", "制裁免", "spelling", "'制裁豁免' is nearly '制裁免' here"),
        ("制裁豁免", "对制裁的豁", "no-term", None),
        ("金正", "金日成", "no-term", None),
        ("คว่ำบาตร", "มาตรการคว่ำบาต", "spelling", None),
        ('"Ким Чен Ын"', "Ким Чен Ин", "spelling", "'Ким Чен Ын' is nearly 'ким чен ин' here"),
        ("=FFVD", "We met fFvD", "case", "'=FFVD' is written 'fFvD' here"),
        ('="North Korea"', "in north korea", "case", "'=North Korea' is written 'north korea' here"),
        ("korea", "Koreans came", "boundary", "'korea' stands only inside 'Koreans'"),
        ('"north korea"', "the northern koreans", "boundary", "'north korea' stands only inside 'northern koreans'"),
    ],
)
def test_nearness_in_many_scripts(query: str, body: str, code: str, text: str | None) -> None:
    verdict = explain_rule(parse(query), Article(title="News", body=body))
    assert verdict.code == code
    if text is not None:
        assert verdict.text == text


def test_what_stands_there_is_shown_shortly() -> None:
    body = f"x{'anti' * 20}korea came"
    verdict = explain_rule(parse("korea"), Article(title="News", body=f"the {'a' * 30}korea{'b' * 30} came"))
    assert verdict.text == f"'korea' stands only inside '{('a' * 30 + 'korea' + 'b' * 30)[:59]}…'"
    assert explain_rule(parse("korea"), Article(title="News", body=body)).code == "no-term", "no word is that long"
