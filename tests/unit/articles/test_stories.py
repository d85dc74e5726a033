"""Copies of a text are one story; other texts are not, even those written from one template."""

from __future__ import annotations

import random
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.articles.stories import KEPT, ROWS, Sketch, may_be_same, same_story, shared, sketch, words
from tests.unit.articles.variants import COPIES, TEMPLATES, article, from_template


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
    assert 0 <= shared(body, other) <= 1
    assert all(-(1 << 63) <= number < 1 << 63 for number in sketch(body).hashes)
