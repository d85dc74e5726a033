"""Tables, cutting, cleaning: what is printed fits, and nothing in it is obeyed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.cli.output import Column, ago, clean, counted, cut, fitting, harmless, lasting, lay_out, pad, sized, value, width, wrapped

HOSTILE = [
    "\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07bell",
    "\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\",
    "\x9b2J clear",
    "a\rb",
    "a\nb",
    "\u202egnp.exe",
    "\ud800 alone",
    "\x00nul",
    "zero\ufeffwidth",
    "tag\U000e0041s",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_is_left_that_a_terminal_would_obey(text: str) -> None:
    left = clean(text)
    assert left == harmless(left)
    assert "\n" not in left
    assert "\x1b" not in left
    left.encode("utf-8")


def test_whole_sequences_go_not_their_first_byte_alone() -> None:
    assert clean("\x1b[31mred\x1b[0m \x1b]0;title\x07text") == "red text"


@given(st.text())
def test_cleaning_leaves_one_line_and_is_done_once(text: str) -> None:
    left = clean(text)
    assert clean(left) == left
    assert len(left.splitlines()) <= 1


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cf"])), st.integers(1, 40))
def test_what_is_cut_fits_and_what_is_padded_is_as_wide_as_asked(text: str, room: int) -> None:
    assert width(cut(text, room)) <= max(room, width("…"))
    assert width(pad(cut(text, room), room)) >= room


def test_wide_characters_take_two_columns() -> None:
    assert width("제재 면제") == 9
    assert width("e\u0301") == 1
    assert cut("제재 면제", 5) == "제재…"


@given(
    st.lists(st.tuples(st.text(max_size=60), st.text(max_size=60)), min_size=1, max_size=5),
    st.integers(50, 160),
)
def test_a_table_fits_its_terminal(rows: list[tuple[str, str]], room: int) -> None:
    columns = [Column("id", "ID"), Column("one", "ONE", wide=True), Column("two", "TWO"), Column("language", "LANG")]
    items = [{"id": "0123456789abcdef", "one": one, "two": two, "language": "en"} for one, two in rows]
    kept = fitting(columns, items, room)
    cells = [[value(item, column, human=True) for column in kept] for item in items]
    for line in lay_out(kept, cells, room):
        assert width("  ".join(line).rstrip()) <= room
        assert len(line) == len(kept)


@given(st.lists(st.text(alphabet="abc 제", min_size=1, max_size=30), max_size=8), st.integers(20, 80))
def test_what_is_wrapped_keeps_every_word(parts: list[str], room: int) -> None:
    line = " ".join(parts)
    lines = wrapped(line, room, 4)
    assert " ".join(lines).split() == line.split()
    assert all(width(one) <= room or len(one.split()) == 1 for one in lines)


def test_a_number_stays_with_its_unit() -> None:
    assert wrapped("the oldest waits for 14 min", 24, 2) == ["the oldest waits for", "  14 min"]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (59, "59 s"), (60, "1 min"), (3600, "1 h"), (5400, "1 h 30 min"), (86400, "1 d"), (3 * 86400 + 4 * 3600, "3 d 4 h")],
)
def test_lengths_of_time(seconds: float, text: str) -> None:
    assert lasting(seconds) == text


def test_times_far_and_near() -> None:
    from datetime import UTC, datetime

    now = datetime(2018, 10, 29, 6, 41, 43, tzinfo=UTC)
    assert ago("2018-10-29T06:41:03Z", now) == "40 s ago"
    assert ago("2018-10-29T06:46:43Z", now) == "in 5 min"


def test_sizes_and_counts() -> None:
    assert [sized(number) for number in (0, 999, 12_345, 2_100_000_000, 4e15)] == ["0 B", "999 B", "12 kB", "2.1 GB", "4000.0 TB"]
    assert [counted(number, "feed") for number in (0, 1, 1204)] == ["0 feeds", "1 feed", "1,204 feeds"]
    assert counted(2, "entity", "entities") == "2 entities"
