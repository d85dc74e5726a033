"""Where a word may end though no gap stands there: at default-ignorables and at ™, in terms too long for any other reading."""

from __future__ import annotations

import pytest

from tests.unit.rules.match.support import found

ZWSP = "\u200b"
ENGLISH = (
    f"the special envoy of the united states discussed sanc{ZWSP}tions and exemptions of north korea and "
    "the further steps to be taken in seoul"
)
KOREAN = (
    f"미국의 스티븐 비건 국무부 대북정책특별대표는 서울에서 이도훈 외교부 한반도평화교섭본부장과 만나 대북제{ZWSP}재 면제 문제와 "
    "완전한 비핵화 방안을 논의하고 남북 철도 연결 사업의 유엔 제재"
)


@pytest.mark.parametrize("after", [f"{ZWSP}then", "™then", f"™{ZWSP}then", "™ then"])
def test_a_long_phrase_with_a_break_inside_ends_at_another(after: str) -> None:
    assert found(f'"{ENGLISH.replace(ZWSP, "")}"', f"now{ZWSP}{ENGLISH}{after}") == [ENGLISH]


def test_a_long_phrase_does_not_end_inside_a_word() -> None:
    assert found(f'"{ENGLISH.replace(ZWSP, "")}"', f"now{ZWSP}{ENGLISH}ite then") is None


def test_a_break_after_a_particle_ends_a_long_hangul_phrase() -> None:
    text = f"그는{ZWSP}{KOREAN}를{ZWSP}국무부대북정책특별대표이도훈외교부본부장"
    assert found(f'"{KOREAN.replace(ZWSP, "")}"', text) == [KOREAN]


@pytest.mark.parametrize("text", [f"가{ZWSP}나 제재안", f"가나{ZWSP} 제재안은", f"제재안{ZWSP} 가나"])
def test_a_break_elsewhere_ends_no_word(text: str) -> None:
    assert found("제재", text) is None


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("sanctionstm*", "Sanctions™foo bar", "Sanctions™"),
        ("sanction*", "sanctions™foo", "sanctions"),
        ("sanction*", "sanctions™ foo", "sanctions"),
        ("sanction*", "sanctions\U0001f16afoo", "sanctions"),  # MC for marque de commerce
    ],
)
def test_a_term_with_a_star_goes_on_to_a_sign(query: str, text: str, expected: str) -> None:
    assert found(query, text) == [expected]


def test_particles_against_words_are_read_over_at_each_of_two_places_of_one_window() -> None:
    far = "word " * 120
    assert found('"FFVD 검증"', f"FFVD를 검증 {far}FFVD를 논의") == ["FFVD를 검증"]
    assert found('"FFVD 논의"', f"FFVD를 검증 {far}FFVD를 논의") == ["FFVD를 논의"]


@pytest.mark.parametrize(("query", "expected"), [("한국", "한국"), ("制裁", "制裁"), ("كوريا", "كوريا")])
def test_words_end_where_four_scripts_meet(query: str, expected: str) -> None:
    assert found(query, "한국制裁ไทยكوريا") == [expected]


def test_a_breve_on_another_letter_than_the_cyrillic_ones_is_dropped() -> None:
    assert found("xa", "X\u0306a") == ["X\u0306a"]
    assert found("иa", "й") is None


def test_a_second_breve_is_dropped() -> None:
    assert found("й", "и\u0306\u0306") == ["и\u0306\u0306"]


@pytest.mark.parametrize("text", ["ํก", "ก ํก", "ํ่ก"])
def test_a_thai_sign_before_the_last_letter_of_a_text_takes_no_more_than_the_text_has(text: str) -> None:
    assert found("ก", text) == ["ก"] * text.count("ก")


@pytest.mark.parametrize(("query", "text", "expected"), [("/[]abcdx]efgh/", "aefgh", ["aefgh"]), ("/[^]abcd]efgh/", "xefgh", ["xefgh"])])
def test_a_bracket_that_stands_first_in_a_class_is_one_of_its_characters(query: str, text: str, expected: list[str]) -> None:
    assert found(query, text) == expected
