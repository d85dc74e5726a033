"""What is shown of outside text, and where it is cut."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.clean import clean, clean_lines, cut, is_boundary

FAMILY = "👩‍👩‍👧‍👦"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mred\x1b[0m b", "a[31mred[0m b"),
        ("one\r\ntwo\tthree\u2028four", "one two three four"),
        ("\x00\x07\x7f\x9bA\x85B", "A B"),
        ("safe\u202eexe.gpj\u202c \u2066x\u2069", "safeexe.gpj x"),
        ("left\u200eto\u200fright", "left\u200eto\u200fright"),
        ("\ud800x", "\ufffdx"),
        ("نص عربي ‌با نیم‌فاصله", "نص عربي ‌با نیم‌فاصله"),
        (None, ""),
    ],
)
def test_controls_and_overrides_go_and_the_marks_of_writing_stay(text: str | None, shown: str) -> None:
    assert clean(text) == shown


def test_lines_stay_where_they_are_wanted() -> None:
    assert clean_lines("\n a\x1b \r\nb\u202e\n\n") == "a\nb"


@given(st.text())
def test_what_is_shown_holds_no_control_and_one_line(text: str) -> None:
    shown = clean(text)
    assert not regex.search(r"[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]", shown)
    assert shown == shown.strip()
    assert "  " not in shown


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("one two three", 13, "one two three"),
        ("one two three", 12, "one two…"),
        ("one, two", 5, "one…"),
        ("said (softly", 8, "said…"),
        ("제재 면제를 논의했다", 8, "제재 면제를…"),
        ("制裁豁免問題正在討論之中", 6, "制裁豁免問…"),
        ("x" * 50, 10, "x" * 9 + "…"),
        ("ab" + FAMILY + "cd", 6, "ab…"),
        ("🇰🇷🇺🇸🇯🇵", 4, "🇰🇷…"),
        ("cafe\u0301s et cafe\u0301s", 5, "caf…"),
        ("anything", 1, "…"),
        ("anything", 0, ""),
    ],
)
def test_text_is_cut_at_a_words_end_and_never_inside_a_grapheme(text: str, limit: int, shown: str) -> None:
    assert cut(text, limit) == shown


CLUSTERS = st.sampled_from(
    [
        "a",
        "e\u0301",
        "é",
        FAMILY,
        "👍🏽",
        "🇰🇷",
        "각",
        "\u1100\u1161\u11a8",
        "क्षि",
        "กำ",
        "நி",
        "\u0600\u0661",
        " ",
        "\r\n",
        "漢",
        "ﾊﾞ",
        "❤️",
        "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        "\u200d",
        "x\u0308\u0323",
    ]
)


@given(st.lists(CLUSTERS, max_size=30).map("".join))
def test_every_boundary_of_ours_is_one_of_unicodes(text: str) -> None:
    ends = {0, *(found.end() for found in regex.finditer(r"\X", text))}
    ours = {at for at in range(len(text) + 1) if is_boundary(text, at)}
    assert ours <= ends


@given(st.lists(CLUSTERS, max_size=60).map("".join), st.integers(0, 60))
def test_a_cut_text_fits_and_is_a_whole_beginning(text: str, limit: int) -> None:
    shown = cut(text, limit)
    assert len(shown) <= limit
    if shown.endswith("…") and len(text) > limit:
        kept = shown[:-1]
        assert text.startswith(kept)
        assert len(kept) == 0 or len(kept) in {found.end() for found in regex.finditer(r"\X", text)}


def test_a_grapheme_of_a_thousand_marks_is_cut_all_the_same() -> None:
    assert len(cut("a" + "\u0301" * 1000, 100)) == 100
