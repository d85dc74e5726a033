"""Copies of a text are one story; other texts are not, even those written from one template."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.articles.kinship import Judge, same_story
from monitor.articles.stories import KEPT, ROWS, Sketch, may_be_same, shared, shingles, sketch, words
from monitor.store.stories import Text
from tests.unit.articles.notes import NOTES
from tests.unit.articles.variants import COPIES, TEMPLATES, article, changed, from_template, line


@pytest.mark.parametrize("kind", COPIES)
def test_copies_are_found_and_are_one_story(kind: str) -> None:
    source = random.Random(kind)
    found = one = 0
    for _ in range(60):
        body = article(source)
        copy = COPIES[kind](source, body)
        found += may_be_same(sketch(body).rows, sketch(copy).rows)
        one += same_story(body, copy) and same_story(copy, body)
    assert found >= 59
    assert one >= 58


@pytest.mark.parametrize("kind", TEMPLATES)
def test_news_of_one_template_is_many_stories(kind: str) -> None:
    source = random.Random(kind)
    bodies = [from_template(kind, source) for _ in range(50)]
    merged = sum(same_story(body, other) for body, other in combinations(bodies, 2))
    assert merged <= 3  # of 1,225
    assert all(same_story(body, f"By our reporter in town. {body}") for body in bodies)


@pytest.mark.parametrize("note", NOTES, ids=lambda note: note.__name__)
def test_short_notes_of_one_pattern_are_many_stories_and_their_copies_one(note: Callable[[random.Random], str]) -> None:
    source = random.Random(note.__name__)
    bodies = [note(source) for _ in range(50)]
    merged = sum(same_story(body, other) for body, other in combinations(bodies, 2))
    assert merged <= 1  # of 1,225
    dressed = [f"{NOTE_BYLINE} {body} Reporting by Ann Lee." for body in bodies]
    assert all(same_story(body, copy) for body, copy in zip(bodies, dressed, strict=True))


NOTE_BYLINE = "OSAKA, March 3, 2021 (Agency) - By Jane Miller, Staff Writer. Updated 14:32."


@pytest.mark.parametrize(
    ("lines", "share", "least"),
    [(24, 0.03, 98), (24, 0.05, 98), (24, 0.1, 95), (8, 0.03, 98), (8, 0.05, 98), (8, 0.1, 88)],
)
def test_words_changed_here_and_there_names_and_numbers_among_them(lines: int, share: float, least: int) -> None:
    """One word in ten leaves 0.9^4, that is 66 % of the runs of four words: of short texts some fall below the 55 % of a story."""
    source = random.Random(lines)
    one = 0
    for _ in range(100):
        body = article(source, lines)
        one += same_story(body, changed(source, body, share))
    assert one >= least


def test_one_word_in_five_is_another_text_by_definition() -> None:
    source = random.Random(9)
    bodies = [article(source) for _ in range(20)]
    assert sum(same_story(body, changed(source, body, 0.2)) for body in bodies) <= 2  # 0.8^4 is 41 %


@pytest.mark.parametrize("lines", [10, 24])
def test_a_byline_a_cut_and_small_changes_at_once(lines: int) -> None:
    source = random.Random(lines)
    one = 0
    for _ in range(100):
        body = article(source, lines)
        kept = " ".join(body.split()[: int(len(body.split()) * source.uniform(0.5, 0.9))])
        one += same_story(body, changed(source, f"{NOTE_BYLINE} {kept}", 0.03))
    assert one >= 95


def test_what_a_site_says_on_each_page_is_no_story() -> None:
    body = " ".join(line(random.Random(4)) for _ in range(4))
    one, other = Text("Envoy urges talks", body, "a.example"), Text("Rain in the north", body, "a.example")
    judge = Judge()
    assert not judge.same(one, other)
    assert judge.same(one, other._replace(host="b.example"))
    assert judge.same(one, other._replace(title="Envoy urges more talks"))


def test_other_texts_are_other_stories() -> None:
    source = random.Random(1)
    bodies = [article(source) for _ in range(40)]
    assert not any(same_story(body, other) for body, other in combinations(bodies, 2))
    assert not any(may_be_same(sketch(body).rows, sketch(other).rows) for body, other in combinations(bodies, 2))


@pytest.mark.parametrize("lines", [16, 30])
def test_shared_background_does_not_merge(lines: int) -> None:
    source = random.Random(lines)
    for _ in range(30):
        background = article(source, lines * 4 // 10)
        own, other = (article(source, lines - lines * 4 // 10) for _ in range(2))
        assert not same_story(f"{own} {background}", f"{other} {background}")


def test_a_body_is_its_own_story_unless_it_is_too_short() -> None:
    body = article(random.Random(2))
    assert same_story(body, body)
    assert not same_story("Too short.", "Too short.")
    assert not same_story("", "")
    assert sketch("Too short.") == Sketch((), 0)


def test_scripts_without_spaces_are_compared_by_character() -> None:
    body = "市議会は火曜日、港をまたぐ二本目の橋を架けることを決めた。工事は来年の春に始まり、およそ三年かかる見通しだと市長は説明した。"
    assert len(words("橋を架ける。")) == 5
    assert same_story(body, body + "長年の議論を経ての決定となった。")
    assert not same_story(body, "小さな船の持ち主は、橋脚が毎日使う水路を狭めるのではないかと心配している。調査では危険はないという。")


def test_a_sketch_is_the_same_for_ever() -> None:
    made = sketch("one two three four five six seven eight nine ten eleven twelve thirteen")
    assert made.shingles == 10
    assert made.hashes[:2] == (1539754994979457274, 2725635653971693990)


def test_a_sketch_is_packed_and_unpacked() -> None:
    made = sketch(article(random.Random(3)))
    assert len(made.hashes) == KEPT
    assert made.rows == made.hashes[:ROWS]
    assert len(made.pack()) == KEPT * 8
    assert Sketch.unpack(made.pack(), made.shingles) == made


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_two_texts_can_be_compared(body: str, other: str) -> None:
    assert same_story(body, other) == same_story(other, body)
    assert 0 <= shared(shingles(words(body)), shingles(words(other))) <= 1
    assert all(-(1 << 63) <= number < 1 << 63 for number in sketch(body).hashes)
