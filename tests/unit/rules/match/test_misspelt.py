"""What is told of a term that is nearly there: another space, another letter, in scripts with and without word ends."""

from __future__ import annotations

import pytest

from monitor.model import Article
from monitor.rules import parse
from monitor.rules.nearmiss import explain_rule


@pytest.mark.parametrize(
    ("query", "body", "near"),
    [
        ('"exemp tions of korea"', "Exemptions of Korea.", "exemptions of korea"),
        ('"of exemp tions"', "of exemptions", "of exemptions"),
        ('"many exemp tions of korea"', "many exemptions of korea", "many exemptions of korea"),
        ('"exemp tions of north korea"', "exemptions of north korea", "exemptions of north korea"),
        ("northkorea", "The north korea talks.", "north korea"),
        ("制裁免", "制裁豁 x", "制裁豁"),  # three letters suffice in Han
        ("制裁豁免", "x 裁豁免", "裁豁免"),
        ("制裁豁免", "x 制裁豁", "制裁豁"),
        ('"문핵 실험"', "핵을 실험 했다", "핵을 실험"),  # a noun of one syllable with its particle
    ],
)
def test_names_what_is_nearly_the_term(query: str, body: str, near: str) -> None:
    verdict = explain_rule(parse(query), Article(title="", body=body))
    assert (verdict.code, verdict.state) == ("spelling", "nearly")
    assert verdict.text.endswith(f" is nearly '{near}' here")


@pytest.mark.parametrize(("query", "body"), [("northkorea", "north x korea"), ("northkorea", "north of korea and korea north")])
def test_words_that_do_not_stand_side_by_side_are_not_the_term_with_a_space(query: str, body: str) -> None:
    assert explain_rule(parse(query), Article(title="", body=body)).code == "no-term"
