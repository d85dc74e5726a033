"""What holds for any text: places are exact, and whatever a slow and simple matcher finds is found."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.model import Article
from monitor.rules.fold import Folded, fold
from monitor.rules.matcher import Matcher
from monitor.rules.places import Place
from monitor.rules.query import Query
from monitor.rules.ruleset import RuleSet
from monitor.rules.tree import Term
from tests.unit.rules.match import reference

MANY = settings(max_examples=250, deadline=None)


def found(term: str, text: str) -> set[tuple[int, int]]:
    """Places by the scan of a rule set, but for look-alikes, of which the slow matchers know nothing."""
    ruleset = RuleSet.compile([("rule", Query(term, Term(term)))])
    return {(span.start, span.end) for match in ruleset.match(Article(body=text)) for span in match.spans if not span.lookalike}


@st.composite
def term_and_text(draw: st.DrawFn, alphabet: str, longest: int = 14) -> tuple[str, str]:
    """A text, and a term that is likely to stand in it: a stretch of it, or of it in other spelling."""
    text = draw(st.text(alphabet, max_size=longest))
    start = draw(st.integers(0, len(text)))
    term = draw(st.one_of(st.just(text[start : start + draw(st.integers(1, 6))]), st.text(alphabet, min_size=1, max_size=4)))
    return term.translate({ord("*"): None}), text


@MANY
@given(term_and_text(reference.ALPHABETIC))
@example(("a", "ab\u200ba"))
@example(("ba", "a\u200bb\u00ada\u200da"))
@example(("й", "и\u0306"))
@example(("fi", "ﬁﬁ"))
@example(("a", "\u0301a"))
@example(("².A", "²A"))
@example(("a b", "a\u200bb"))
@example(("a b", "a²b"))
def test_finds_alphabetic_words_as_a_slow_matcher_does(drawn: tuple[str, str]) -> None:
    term, text = drawn
    if reference._words(term) and not any(sign in term for sign in "&#"):
        assert reference.alphabetic(term, text) <= found(term, text) <= reference.alphabetic(term, text, apart=True)


@MANY
@given(term_and_text(reference.CJK))
@example(("がは", "か\u3099 は"))
def test_finds_han_and_kana_as_a_slow_matcher_does(drawn: tuple[str, str]) -> None:
    term, text = (reference.LONE_MARK.sub("", one.replace("a", "")) for one in drawn)
    if term.strip(" \n，・"):
        assert found(term, text) == reference.cjk(term, text)


@MANY
@given(term_and_text(reference.HANGUL))
def test_finds_korean_words_as_a_slow_matcher_does(drawn: tuple[str, str]) -> None:
    term, text = drawn
    if term.strip(" ,") and not _glued(term):
        assert found(term, text) == reference.korean(term, text)


def _glued(term: str) -> bool:
    return any(a.isascii() != b.isascii() for a, b in zip(term, term[1:], strict=False) if a.isalpha() and b.isalpha())


ANY = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from('aAeiIıİßﬁé\u0301\u0323\u200b\u00ad™²½①制裁か\u3099ﾞがｶ가각각ㄱㅏแำํา้ي\u064bأٱلاﷺशि़क़0123.,5 \n-–’"&#😀𝐬аоΑ'),
    ),
    max_size=30,
)


def bounds(folded: Folded, place: Place) -> tuple[int, int]:
    return (place.first, place.last) if place.first >= 0 else (folded.start(place.start), folded.end(place.end))


def letters(text: str) -> str:
    return fold(text).words.replace(" ", "")


def is_reading(stands: str, term: str) -> bool:
    """Whether what stands in a text is the term, raised signs aside: they are read over, and a span goes over them."""
    if letters(stands) == letters(term):
        return True
    without = "".join(" " if unicodedata.decomposition(char).startswith("<super>") else char for char in stands)
    return without != stands and is_within(letters(without), letters(term)) and is_within(letters(term), letters(stands))


def is_within(few: str, many: str) -> bool:
    rest = iter(many)
    return all(char in rest for char in few)


@settings(max_examples=250, deadline=None)
@given(ANY, st.data())
def test_words_are_found_where_they_stand_and_spans_are_the_term(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    places = [match.span() for match in re.finditer("[^ ]+", folded.words)]
    if not places:
        return
    first = data.draw(st.integers(0, len(places) - 1))
    last = min(len(places) - 1, first + data.draw(st.integers(0, 2)))
    start, end = folded.start(places[first][0]), folded.end(places[last][1])
    term = text[start:end].replace("*", " ")
    matcher = Matcher(term, False)
    spans = [bounds(folded, place) for place in matcher.find_all(folded)]
    if letters(term) == folded.words[places[first][0] : places[last][1]].replace(" ", ""):  # not inside an expansion
        assert (start, end) in spans
    for place, span in zip(matcher.find_all(folded), spans, strict=True):
        if not place.lookalike and not re.search("[가-힣ᄀ-ᇿ\u0590-\u08ff]", unicodedata.normalize("NFKC", text)):
            assert is_reading(text[slice(*span)], term)


@given(ANY)
def test_folding_knows_the_way_back(text: str) -> None:
    folded = fold(text)
    ends = [folded.end(place + 1) for place, char in enumerate(folded.words) if char != " "]
    starts = [folded.start(place) for place, char in enumerate(folded.words) if char != " "]
    assert starts == sorted(starts)
    assert ends == sorted(ends)
    assert all(start < end for start, end in zip(starts, ends, strict=True))


@given(ANY)
def test_normalised_forms_of_a_text_fold_alike(text: str) -> None:
    assert fold(unicodedata.normalize("NFC", text)).words == fold(unicodedata.normalize("NFD", text)).words
