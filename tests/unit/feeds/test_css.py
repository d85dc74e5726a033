"""CSS selectors as XPath."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from monitor.feeds.css import to_xpath

PAGE = etree.HTML(
    """<div id=main class="list big"><article class="story top" data-x="a-b"><h2>1</h2><a href="/one" rel="me you">2</a><p>3</p>
    <p>4</p></article>
    <article class=story><h2>5</h2><p lang=en-GB>6</p></article><ul><li>7</li><li>8</li><li><b>9</b></li></ul></div><p id="it's">10</p>"""
)


@pytest.mark.parametrize(
    ("selector", "texts"),
    [
        ("h2", ["1", "5"]),
        ("H2", ["1", "5"]),
        (".story h2", ["1", "5"]),
        ("article.story.top h2", ["1"]),
        ("#main > article > p", ["3", "4", "6"]),
        ("#main > p", []),
        ("h2 + p", ["6"]),
        ("h2 + *", ["2", "6"]),
        ("h2 ~ p", ["3", "4", "6"]),
        ("li:first-child, li:last-child b", ["7", "9"]),
        ("li:nth-child(2)", ["8"]),
        ("[href]", ["2"]),
        ('a[href="/one"]', ["2"]),
        ("a[href^='/']", ["2"]),
        ("a[href$=ne]", ["2"]),
        ("a[href*='on']", ["2"]),
        ("[rel~=you]", ["2"]),
        ("[lang|=en]", ["6"]),
        ("[data-x='a-b'] h2", ["1"]),
        ("article:not(.top) h2", ["5"]),
        ("p:not([lang]):not(:last-child)", ["3"]),
        ("b:only-child", ["9"]),
        ('[id="it\'s"]', ["10"]),
        ("p[title='a,b'], h2", ["1", "5"]),
    ],
)
def test_what_is_selected(selector: str, texts: list[str]) -> None:
    found = PAGE.xpath(to_xpath(selector))
    assert ["".join(element.itertext()) for element in found] == texts


@pytest.mark.parametrize(
    "selector",
    [
        "",
        "  ",
        ",",
        "a,",
        "> a",
        "a >",
        "a b:hover",
        "a::before",
        "a[",
        "a..b",
        "!",
        "a{}",
        ":nth-child",
        "p:not(a b)",
        ".a p.b em x:lang(en)",
    ],
)
def test_what_is_refused(selector: str) -> None:
    with pytest.raises(ValueError):
        to_xpath(selector)


@given(st.text(alphabet=st.sampled_from("ab.#[]=\"' ,>+~:()*-1not"), max_size=30))
def test_any_selector_is_an_xpath_or_refused(selector: str) -> None:
    try:
        path = to_xpath(selector)
    except ValueError:
        return
    assert isinstance(PAGE.xpath(path), list)
