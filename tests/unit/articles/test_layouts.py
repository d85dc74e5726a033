"""A phrase in a paragraph is always in the body, one in furniture never: in every build of page, by every way to write it."""

from __future__ import annotations

import re

import pytest

from monitor.articles import read_page
from tests.unit.articles.layouts import DECOYS, ENDLESS, LAYOUTS, PLANTS, TITLE, make_endless, make_page

PHRASE = "final, fully verified denuclearization"
URL = "https://harbour.example/bridge"


def words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("plant", PLANTS)
def test_a_phrase_in_the_text_is_in_the_body(layout: str, plant: str) -> None:
    text = read_page(make_page(layout, plant=plant, phrase=PHRASE), URL, "text/html")
    assert words(PHRASE) in words(text.body)
    assert text.body.count("\n") >= 8
    for furniture in ("Ann Example", "Link copied", "Facebook", "Copyright", "Section 3", TITLE):
        assert furniture not in text.body


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("decoy", DECOYS)
def test_a_phrase_in_furniture_is_not_in_the_body(layout: str, decoy: str) -> None:
    text = read_page(make_page(layout, decoy=decoy, phrase=PHRASE), URL, "text/html")
    assert words(PHRASE) not in words(text.body)
    assert text.body.count("\n") >= 8
    if decoy not in ("hidden", "script"):  # what nobody sees is not told either
        assert words(PHRASE) in words(text.furniture)


@pytest.mark.parametrize("layout", ENDLESS)
@pytest.mark.parametrize("seed", range(3))
def test_the_next_article_of_an_endless_page_is_not_in_the_body(layout: str, seed: int) -> None:
    text = read_page(make_endless(layout, PHRASE, seed), URL, "text/html")
    assert words(PHRASE) not in words(text.body)
    assert len(text.body.split("\n")) == 8
    assert words(PHRASE) in words(text.furniture)
