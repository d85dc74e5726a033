"""What a text must hold for a pattern to match: only what is sure."""

from __future__ import annotations

import pytest
import re2
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.rules.fold import fold
from monitor.rules.regex_literals import needed_literals
from monitor.rules.regexes import PatternSet


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        ("sanction(s|ed)? waiv", {"sanction"}),
        (r"(?i)sanctions?\s+(waiver|exemption)s?", {"sanction"}),
        (r"\bFFVD\b", {"ffvd"}),
        ("[A-Z]{4}", None),
        ("(foo|bar)baz", {"baz"}),
        ("(food|barn)", {"food", "barn"}),
        ("(food|b)", None),
        ("ab+c", None),
        ("abcd*", {"abc"}),
        ("abcd+e", {"abcd"}),
        ("abc{2}d", {"abc"}),
        ("abc{0,2}", None),
        ("(?:abc)?wxyz", {"wxyz"}),
        ("(?:wxyz)?abc", {"abc"}),
        ("(?:wxyz){0,3}abc", {"abc"}),
        ("(?:wxyz){2}abc", {"wxyz"}),
        ("(?:wxyz)+abc", {"wxyz"}),
        ("[^]x]foo", {"foo"}),
        (r"[\]x]foo", {"foo"}),
        (r"foo\.bar", {"foo"}),
        ("foo.barn", {"barn"}),
        (r"\$\d+ (million|billion)", {"million", "billion"}),
        ("제재안.*면제", {"제재"}),
        (r"\Qa.b c\Edef", {"cdef"}),
        (r"\Qabc\E+", None),
        (r"U\.S\. troops", {"troops"}),
        ("(", None),
        ("a)", None),
        ("(?=abc)", None),
        ("[[:alpha:]]foo]", {"foo"}),
        ("[]x]foo", {"foo"}),
        (r"[^\]]foo", {"foo"}),
        (r"\x41bcde\x{10FFFF}", {"bcde"}),
        (r"\pLfoo\p{Greek}", {"foo"}),
        ("(?P<n>north) korea", {"north"}),
        ("(?im)^north$", {"north"}),
        ("(?s-i:north)", {"north"}),
        ("cafés", {"cafes"}),
        ("straße", {"stra"}),
        ("пои\u0306", {"по"}),
        ("К팝노래", {"팝노"}),
        ("\\", None),
        ("[a", None),
    ],
)
def test_needed_literals(pattern: str, literals: set[str] | None) -> None:
    assert needed_literals(pattern) == (None if literals is None else frozenset(literals))


ATOMS = st.sampled_from(["a", "b", "c", "й", "가", "é", "1", ",", " ", ".", "[ab]", "\\d", "\\.", "(?i)", "^", "ab", "abc", "1000"])
PATTERNS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({'|'.join(parts)})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{0,1}"])).map(lambda pair: f"(?:{pair[0]}){pair[1]}"),
    ),
    max_leaves=8,
)


@settings(max_examples=400, deadline=None)
@given(PATTERNS, st.text("aAbBcCйи\u0306가\u11a8éE\u03011,0 .\u00ad", max_size=30))
def test_a_text_that_matches_has_a_needed_literal(pattern: str, text: str) -> None:
    literals = needed_literals(pattern)
    if literals is not None and re2.search(pattern, text) is not None:
        scan = fold(text).scan
        assert any(literal in scan for literal in literals)


def test_a_set_of_patterns_tells_which_may_match() -> None:
    patterns = [f"[{chr(97 + number % 26)}]{{{number // 26 + 1}}}" for number in range(120)]
    found = PatternSet(patterns).find(b"aab")
    assert set(found) == {"[a]{1}", "[b]{1}", "[a]{2}"}


def test_a_set_that_outgrows_its_memory_rules_nothing_out() -> None:
    patterns = [f"[ab]*a[ab]{{{number}}}c" for number in range(200, 250)]
    text = ("ab" * 2000 + "a" + "b" * 220 + "c").encode()
    assert "[ab]*a[ab]{220}c" in PatternSet(patterns).find(text)
