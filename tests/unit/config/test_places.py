"""From a character of a value back to the file, whatever the style of the scalar."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config.expand import Expander
from monitor.config.nodes import Mapping, Scalar
from monitor.config.problems import Report
from monitor.config.scalars import place_in
from monitor.config.source import Source
from monitor.config.yaml_read import read_yaml
from tests.unit.config.tools import only, pointed, read, where


def scalar(text: str) -> Scalar:
    root = read_yaml(Source(Path("f"), "f", text), Report())
    assert isinstance(root, Mapping)
    node = root.items["q"]
    assert isinstance(node, Scalar)
    return node


def spot(node: Scalar, word: str) -> str:
    """What stands in the file where `word` stands in the value."""
    start = node.text.index(word)
    place = place_in(node, start, start + len(word))
    index = [match.end() for match in re.finditer(r"\r\n|\r|\n", node.source.text)]
    first = ([0, *index])[place.line - 1] + place.column - 1
    return node.source.text[first : first + place.length]


@pytest.mark.parametrize(
    ("text", "word", "seen"),
    [
        ("q: FFVD NEAR x", "NEAR", "NEAR"),
        ("q: 'it''s NEAR x'", "NEAR", "NEAR"),
        ("q: 'it''s NEAR x'", "it's", "it''s"),
        ('q: "a \\"b\\" NEAR x"', "NEAR", "NEAR"),
        ('q: "\\uD55C\\u00e9 NEAR"', "NEAR", "NEAR"),
        ('q: "\\uD55C NEAR"', "한", "\\uD55C"),
        ("q: 'a\n\n   b NEAR x\n  y'", "NEAR", "NEAR"),
        ('q: "a\\\n   b NEAR"', "NEAR", "NEAR"),
        ("q: a\n  b\n  NEAR x", "NEAR", "NEAR"),
        ("q: |\n  a\n    b NEAR\n", "NEAR", "NEAR"),
        ("q: >\n  a\n  b\n\n  c NEAR d\n", "NEAR", "NEAR"),
        ("q: >2-\n   a\n  b NEAR\n", "NEAR", "NEAR"),
        ("q: |  # NEAR in a comment\n  b NEAR\n", "NEAR", "NEAR"),
        ("q: &x 'b NEAR'", "NEAR", "NEAR"),
        ("{q: a:b NEAR?, r: s}", "NEAR?", "NEAR?"),
        ("q: 😀 한국 NEAR", "NEAR", "NEAR"),
    ],
)
def test_words_are_found(text: str, word: str, seen: str) -> None:
    assert spot(scalar(text), word) == seen


def test_the_comment_of_a_block_is_not_taken_for_its_text() -> None:
    node = scalar("q: |  # NEAR in a comment\n  b NEAR\n")
    assert place_in(node, node.text.index("NEAR"), node.text.index("NEAR") + 4).line == 2


def test_behind_the_end() -> None:
    assert str(place_in(scalar("q: 'abc'  # d"), 3, 3)) == "f:1:8"
    assert str(place_in(scalar("q: ''"), 0, 0)) == "f:1:4"


words = st.text(st.sampled_from("ab한😀'\"\\:#-{}[],&*!|>%@ \n\té?\u0301"), min_size=1, max_size=30)


@given(words)
def test_each_character_of_a_single_quoted_value(text: str) -> None:
    flat = re.sub(r"\s+", " ", text).strip() or "x"
    node = scalar("q: '" + flat.replace("'", "''") + "'")
    assert node.text == flat
    for index, char in enumerate(flat):
        place = place_in(node, index, index + 1)
        assert node.source.text[place.column - 1 : place.column - 1 + place.length] == ("''" if char == "'" else char)


@given(words)
def test_each_character_of_a_double_quoted_value(text: str) -> None:
    escaped = {"\n": "\\n", "\t": "\\t", '"': '\\"', "\\": "\\\\", "é": "\\xe9", "😀": "\\U0001F600", "한": "\\ud55c"}
    node = scalar('q: "' + "".join(escaped.get(char, char) for char in text) + '"')
    assert node.text == text
    for index, char in enumerate(text):
        place = place_in(node, index, index + 1)
        assert node.source.text[place.column - 1 : place.column - 1 + place.length] == escaped.get(char, char)


@given(
    st.lists(st.text(st.sampled_from("ab한😀'\":#-"), min_size=1, max_size=8), min_size=1, max_size=6),
    st.sampled_from(["|", ">", "|-", ">-", "|+"]),
)
def test_each_word_of_a_block(lines: list[str], header: str) -> None:
    text = f"q: {header}\n" + "".join(f"    {line}\n" for line in lines)
    node = scalar(text)
    rows = text.split("\n")
    at = 0
    for number, line in enumerate(lines, 2):
        at = node.text.index(line, at)
        place = place_in(node, at, at + len(line))
        assert (place.line, place.column) == (number, 5)
        assert rows[place.line - 1][4:] == line
        at += len(line)


@given(st.lists(st.sampled_from(["${A}", "${B}", "$${", "x", "yz ", "NEAR", "{}"]), max_size=8))
def test_each_character_behind_references(parts: list[str]) -> None:
    written = "".join(parts)
    node = scalar("q: '" + written + "'")
    expander = Expander({"A": "", "B": "longer than it was"}, Report())
    value = expander.value(node)
    replaced = {"${A}": "", "${B}": "longer than it was", "$${": "${"}
    assert value == "".join(replaced.get(part, part) for part in parts)
    at, column = 0, 5
    for part in parts:
        new = replaced.get(part, part)
        for offset in range(len(new)):
            place = place_in(node, at + offset, at + offset + 1, expander.parts.get(id(node), ()))
            assert place.column == (column if part in replaced else column + offset)
            assert place.length == (len(part) if part in replaced else 1)
        at += len(new)
        column += len(part)


def test_a_query_s_fault_below_its_word(tmp_path: Path) -> None:
    problem = only(tmp_path, "rules:\n  - name: a\n    query: >\n      FFVD AND\n      sanctions NEAR waiver\n")
    assert (problem.code, where(problem), pointed(problem)) == ("query", (5, 17), "NEAR")


def test_a_query_s_fault_behind_a_reference(tmp_path: Path) -> None:
    problem = only(tmp_path, 'rules: [{name: a, query: "${TOKEN} AND b NEAR c"}]', {"TOKEN": "something longer"})
    assert (where(problem), pointed(problem)) == ((1, 42), "NEAR")


def test_a_fault_within_a_reference_points_at_it(tmp_path: Path) -> None:
    problem = only(tmp_path, 'rules: [{name: a, query: "FFVD AND ${BAD}"}]', {"BAD": "b NEAR c"})
    assert pointed(problem) == "${BAD}"


def test_a_fault_in_a_list_points_into_its_item(tmp_path: Path) -> None:
    problem = only(tmp_path, "rules:\n  - name: a\n    any:\n      - fine\n      - 'it''s b*c'\n")
    assert problem.line == 5
    assert "*" in pointed(problem)


def test_a_value_that_is_not_what_the_file_spells_is_shown_as_a_whole() -> None:
    node = scalar("q: abc")
    odd = Scalar(node.source, node.start, node.end, "abcd")
    assert (place_in(odd, 3, 4).column, place_in(odd, 3, 4).length) == (4, 3)
    odd = Scalar(node.source, node.start, node.end, "xbc")
    assert place_in(odd, 1, 2).column == 4


def test_blocks_with_the_line_ends_of_old_macs() -> None:
    node = scalar("q: |\r  a NEAR b\r")
    assert str(place_in(node, 2, 6)) == "f:2:5"


def test_a_warning_of_a_list_points_at_its_item(tmp_path: Path) -> None:
    loaded = read(tmp_path, "rules:\n  - name: a\n    any: [fine, x1 OR y1]\n")
    (problem,) = loaded.warnings
    assert (problem.code, where(problem), pointed(problem)) == ("query", (3, 17), "x1 OR y1")
