"""What a distance is measured from, and full stops that end no sentence."""

from __future__ import annotations

import pytest

from tests.unit.rules.match.support import found, spans


@pytest.mark.parametrize("query", ['a1 NEAR/2 (b9 OR "p q r s t")', '(b9 OR "p q r s t") NEAR/2 a1'])
def test_a_long_partner_elsewhere_brings_a_short_one_no_nearer(query: str) -> None:
    assert found(query, "b9 x x x x a1 x x x x x x p q r s t") is None
    assert found(query, "b9 x x a1 x x x x x x p q r s t") == ["b9", "a1"]
    assert found(query, "b9 x x x x a1 x x p q r s t") == ["a1", "p q r s t"]


def test_a_phrase_over_two_sentences_is_in_both() -> None:
    text = "Envoy named sanctions. Korea said. Seoul agreed."
    assert found('"sanctions korea" NEAR/S envoy', text) == ["Envoy", "sanctions. Korea"]
    assert found('"sanctions korea" NEAR/S said', text) == ["sanctions. Korea", "said"]
    assert found('"sanctions korea" NEAR/S seoul', text) is None


@pytest.mark.parametrize(
    ("query", "text", "together"),
    [
        ("ok NEAR/S the", "ok.The end", False),  # a lost space, at the very start of a text
        ("12 NEAR/S oktober", "Am 12. Oktober war es", True),
        ("123 NEAR/S oktober", "Zimmer 123. Oktober war es", False),  # no day has three digits
    ],
)
def test_sentences_end_or_not(query: str, text: str, together: bool) -> None:
    assert (found(query, text) is not None) is together


def test_what_begins_an_address_is_found_once() -> None:
    result = spans("url:한국", url="한국.example/x")
    assert result is not None
    assert [(span.start, span.end) for span in result] == [(0, 2)]
