"""Which words of mixed alphabets are read in the other one, and how many Latin words make a text Latin."""

from __future__ import annotations

import pytest

from tests.unit.rules.match.support import found, spans


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the саре", None),
        ("over the саре", None),
        ("over the far саре", ["саре"]),
        ("over the far саре саре", None),
        ("over the far саре and the саре", ["саре", "саре"]),
    ],
)
def test_a_word_all_of_another_alphabet_is_read_in_a_text_with_more_than_two_latin_words_to_one(
    text: str, expected: list[str] | None
) -> None:
    assert found("cape", text) == expected


def test_a_single_letter_is_no_masked_word() -> None:
    assert found("a", "one two three four а") is None


@pytest.mark.parametrize(("query", "lookalike"), [("vovo", True), ("νονο", True)])
def test_one_word_is_read_as_latin_and_as_greek(query: str, lookalike: bool) -> None:
    result = spans(query, "this is νoνo for νoνo")
    assert result is not None
    assert [(span.text, span.lookalike) for span in result] == [("νoνo", lookalike)] * 2


@pytest.mark.parametrize(("before", "after", "read"), [(99, 0, True), (100, 0, False), (0, 99, True), (0, 100, False)])
def test_a_run_of_more_than_a_hundred_letters_is_no_word_to_be_read_otherwise(before: int, after: int, read: bool) -> None:
    text = f"{'x' * before}а{'x' * after}"
    assert found(text.replace("а", "a"), text) == ([text] if read else None)
    assert found(text.replace("а", "a"), f"go {text} on") == ([text] if read else None)
