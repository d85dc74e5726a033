"""The words around a match."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.clean import clean_piece
from monitor.alerts.snippet import LIMIT, RuleSpan, Snippet, gather, sentence, snippets, window
from monitor.model import Span


def found(text: str, *words: str, rule: str = "r") -> list[RuleSpan]:
    pairs = [(rule, Span("body", m.start(), m.end(), m[0], word)) for word in words for m in re.finditer(re.escape(word), text)]
    return gather(pairs)


def told(text: str, *words: str, count: int = 2) -> list[str]:
    return [snippet.text("[", "]") for snippet in snippets(text, found(text, *words), count)]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("First one. The match stands here. Last one.", "The [match] stands here."),
        ("No end and a match", "No end and a [match]"),
        (
            "Mr. Kim met Gen. Lee of S. Korea at the U.S. base for a match. Then.",
            "Mr. Kim met Gen. Lee of S. Korea at the U.S. base for a [match].",
        ),
        ("He said: “It is over.” The match is on!", "The [match] is on!"),
        ("It costs 3.5 billion won, says match.com today. Yes.", "It costs 3.5 billion won, says [match].com today."),
        ("One line\nThe match line\nThird line", "The [match] line"),
        ("그는 말했다. 북한은 match를 요구했다. 끝.", "북한은 [match]를 요구했다."),
        ("第一句。這裡有match的句子。第三句。", "這裡有[match]的句子。"),
        ("قال إنه انتهى. هل هذه match؟ نعم.", "هل هذه [match]؟"),
        ("Was it? match! No.", "[match]!"),
    ],
)
def test_a_short_sentence_is_shown_whole(text: str, shown: str) -> None:
    assert told(text, "match") == [shown]


def test_a_long_sentence_is_cut_at_words_and_clauses() -> None:
    text = (
        "A sentence that begins far away and goes on for quite some time before it comes to the match that is meant, and then goes on "
        "for as long again until it ends at last."
    )
    assert told(text, "match") == ["…quite some time before it comes to the [match] that is meant…"]


def test_a_match_at_the_head_of_a_long_sentence_begins_without_dots() -> None:
    text = "The match comes first " + "and then many words follow " * 10
    assert told(text, "match") == ["The [match] comes first and then many words follow…"]


def test_two_matches_in_one_window_are_both_marked() -> None:
    assert told("Here a match and there a match.", "match") == ["Here a [match] and there a [match]."]


def test_overlapping_matches_are_one_mark() -> None:
    text = "About the sanctions exemptions list."
    assert told(text, "sanctions exemptions", "exemptions list") == ["About the [sanctions exemptions list]."]


def test_other_paragraphs_come_before_other_sentences() -> None:
    text = "A match here. A match there.\nNothing.\nA match below."
    assert told(text, "match") == ["A [match] here.", "A [match] below."]


def test_what_shows_most_comes_first_and_all_stand_in_text_order() -> None:
    text = "First apple alone.\nThen pear and apple and plum.\nThen pear again."
    assert told(text, "apple", "pear", "plum", count=1) == ["Then [pear] and [apple] and [plum]."]


def test_other_rules_come_first() -> None:
    text = "One apple.\nTwo apples.\nThree pears."
    spans = gather(
        [("fruit", Span("body", m.start(), m.end(), m[0], "apple")) for m in re.finditer("apple", text)]
        + [("pears", Span("body", text.index("pear"), text.index("pear") + 4, "pear", "pear"))]
    )
    assert [snippet.rules for snippet in snippets(text, spans, 2)] == [frozenset({"fruit"}), frozenset({"pears"})]


def test_matches_of_other_fields_have_no_snippet() -> None:
    assert gather([("r", Span("title", 0, 3, "abc", "abc"))]) == []


def test_offsets_beyond_the_text_are_left_out() -> None:
    assert snippets("short", [RuleSpan(2, 99, ("r",), ("t",)), RuleSpan(3, 3, ("r",), ("t",))], 2) == []


def test_a_match_longer_than_a_snippet_is_cut() -> None:
    text = "word " * 200
    (snippet,) = snippets(text, [RuleSpan(0, 900, ("r",), ("t",))], 2)
    assert len(snippet.text()) <= LIMIT
    assert snippet.text().endswith("…")


def test_a_paragraph_without_end_is_not_scanned_whole() -> None:
    text = "x" * 3_000_000
    assert window(text, RuleSpan(1_500_000, 1_500_005, (), ())) == (1_500_000, 1_500_005)


def test_matches_by_the_thousand_cost_little() -> None:
    text = "a match. " * 5000
    assert len(told(text, "match")) == 2


WORDS = st.lists(
    st.sampled_from(
        ["match", "word", "말", "漢字", "🇰🇷", "e\u0301", "S.", "end.", ",", "“q”", "\n", "\x1b[0m", "\u202e", "نص", "a" * 50, "…"]
    ),
    max_size=120,
).map(" ".join)


@given(WORDS, st.integers(1, 3))
def test_snippets_are_clean_short_and_mark_what_matched(text: str, count: int) -> None:
    spans = found(text, "match")
    made: Sequence[Snippet] = snippets(text, spans, count)
    assert len(made) == min(count, len({window(text, span, spans) for span in spans})) or len(made) <= count
    for snippet in made:
        whole = snippet.text()
        assert 0 < len(whole) <= LIMIT
        assert clean_piece(whole) == whole
        assert {words for words, marked in snippet.pieces if marked} == {"match"}
    places = [(snippet.start, snippet.end) for snippet in made]
    assert places == sorted(places)
    assert all(first[1] <= second[0] for first, second in zip(places, places[1:], strict=False))


@given(WORDS)
def test_a_sentence_holds_its_match(text: str) -> None:
    for span in found(text, "match"):
        start, end = sentence(text, span.start, span.end)
        assert 0 <= start <= span.start < span.end <= end <= len(text)
