"""YAML as it is read: places, version 1.2, bounds, and what is told of broken files."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from monitor.config.nodes import Mapping, Node, Scalar, Sequence
from monitor.config.problems import Report
from monitor.config.source import Source
from monitor.config.yaml_read import MAX_DEPTH, read_yaml
from tests.unit.config.tools import only, pointed, where


def parsed(text: str) -> tuple[Any, list[str]]:
    report = Report()
    node = read_yaml(Source(Path("f"), "f", text), report)
    return _plain(node), [problem.message for problem in report.problems]


def _plain(node: Node | None) -> Any:
    if isinstance(node, Scalar):
        return None if node.null else node.text
    if isinstance(node, Sequence):
        return [_plain(item) for item in node.items]
    return {key: _plain(item) for key, item in node.items.items()} if isinstance(node, Mapping) else None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: NO", {"a": "NO"}),
        ("a: 12:30:45", {"a": "12:30:45"}),
        ("a: 007", {"a": "007"}),
        ("a: ~", {"a": None}),
        ('a: "null"', {"a": "null"}),
        ("a: !!str null", {"a": "null"}),
        ("a: !!int 5", {"a": "5"}),
        ("{url: https://a.example.org/x?y=z, b: [c]}", {"url": "https://a.example.org/x?y=z", "b": ["c"]}),
        ("[title:FFVD, a?b, ?c, C#, a:b:c]", ["title:FFVD", "a?b", "?c", "C#", "a:b:c"]),
        ('{"a":1, "b": "x:y?z"}', {"a": "1", "b": "x:y?z"}),
        ("a: 'x\":y'", {"a": 'x":y'}),
        ("a: |\n  b:c\n   d?\n", {"a": "b:c\n d?\n"}),
        ("a: >-\n  b\n  c\n", {"a": "b c"}),
        ("a: &x [b]\nc: *x", {"a": ["b"], "c": ["b"]}),
        ("a: \ue000b:c", {"a": "\ue000b:c"}),
        ("? a\n: b", {"a": "b"}),
        ("%YAML 1.2\n---\na: b\n...\n", {"a": "b"}),
        ("a: 최종\r\nb: 😀 c\r\n", {"a": "최종", "b": "😀 c"}),
    ],
)
def test_values(text: str, value: Any) -> None:
    assert parsed(text) == (value, [])


def test_places_count_code_points_over_all_line_ends() -> None:
    source = Source(Path("f"), "f", "한국: [😀, x]\r\n\r\nb:\n  - c: d\r  - e\n")
    root = read_yaml(source, Report())
    assert isinstance(root, Mapping)
    first, second = root.items["한국"], root.items["b"]
    assert isinstance(first, Sequence)
    assert isinstance(second, Sequence)
    assert str(first.items[1].place) == "f:1:9"
    assert root.keys["b"].place.line == 3
    assert str(second.items[0].place) == "f:4:5"
    assert str(second.items[1].place) == "f:5:5"


def test_an_anchored_value_begins_behind_its_anchor() -> None:
    root = read_yaml(Source(Path("f"), "f", 'a: &x "b"\nc: &y !!str d\n'), Report())
    assert isinstance(root, Mapping)
    assert (root.items["a"].place.column, root.items["c"].place.column) == (7, 13)


@pytest.mark.parametrize(
    ("text", "message", "advice", "place"),
    [
        ("rules:\n\t- name: x\n", "a tab can't be used to indent", "use spaces", (2, 1)),
        ("web:\n  listen: 127.0.0.1:1\n edit: true\n", "this line's indent fits no line above it", "give keys of one block", (3, 2)),
        ('rules:\n- name: a\n  query: "US" AND x\n', "text goes on after the closing quote", "in single quotes", (3, 15)),
        ("rules:\n- name: a\n  query: 'US' AND x\n", "text goes on after the closing quote", "in double quotes", (3, 15)),
        ("rules:\n- query: title: x\n", "a second ': ' in one line", "in quotes", (2, 15)),
        ("rules: [{name: a, any: [*b]}]\n", "nothing is named &b", "in quotes", (1, 25)),
        ("channels: {a: {digest: * * * * *}}\n", "a value that begins with * needs quotes", "put it in quotes", (1, 24)),
        ("rules: [{name: @a}]\n", "a value can't begin with @", "put it in quotes", (1, 16)),
        ("feeds: [{url: ${URL}}]\n", "a ${…} within brackets needs quotes", 'write "${…}"', (1, 15)),
        ("feeds: [a, b\n", "a bracket is not closed, or a comma is missing before this: ] expected", None, (2, 1)),
        ("feeds: {a: b\n", "a bracket is not closed, or a comma is missing before this: } expected", None, (2, 1)),
        ('a: "b\n', "a quote is opened and never closed", "close it", (2, 1)),
        ('a: "\\d"\n', "this backslash means nothing within double quotes", "use single quotes", (1, 5)),
        ("a: b\n---\nc: d\n", "a second document begins here: a file holds one", "take out the line with ---", (2, 1)),
        ("a: !env b\n", "a tag (a word that begins with !) means nothing here", "put the value in quotes", (1, 4)),
        ("a: !x [b]\n", "a tag (a word that begins with !) means nothing here", "take it out", (1, 4)),
        ("? [a]\n: b\n", "a key must be a word, not a list or keys and values", None, (1, 3)),
        ("a: {{b}}\n", "a key must be a word, not a list or keys and values", "put it in quotes", (1, 5)),
        ("a\nb: c\n", "this line goes on from the one above, and can't hold a key", "end the line above with :", (2, 1)),
        ("a: b\n  c: d\n", "this line goes on from the one above, and can't hold a key", "mend the indent", (2, 3)),
        ("%FOO x\n---\na: b\n", "this directive (a line that begins with %) is not known", "take the line out", (1, 1)),
    ],
)
def test_broken_files(tmp_path: Path, text: str, message: str, advice: str | None, place: tuple[int, int]) -> None:
    problem = only(tmp_path, text)
    assert (problem.code, problem.message, where(problem)) == ("yaml", message, place)
    assert (problem.suggestion is None) if advice is None else (problem.suggestion is not None and advice in problem.suggestion)


def test_a_key_that_stands_twice_names_both_places(tmp_path: Path) -> None:
    problem = only(tmp_path, "web:\n  edit: true\n  listen: 127.0.0.1:1\n  edit: false\n")
    assert (problem.code, problem.message, where(problem)) == ("duplicate-key", "the key 'edit' stands twice", (4, 3))
    assert problem.expected == f"the first is at {tmp_path}/monitor.yaml:2:3"


def test_two_keys_that_look_alike_are_one_key(tmp_path: Path) -> None:
    assert only(tmp_path, 'web: {edit: true, "edit": true}').code == "duplicate-key"


def test_the_merge_key_is_refused(tmp_path: Path) -> None:
    problem = only(tmp_path, "web: &w {edit: true}\nnetwork: {<<: *w}\n")
    assert (problem.message, where(problem)) == ("the merge key << is not of YAML 1.2", (2, 11))


def test_aliases_are_few() -> None:
    many = "a: &x b\nc: [" + ", ".join(["*x"] * 99) + "]\n"
    assert parsed(many)[1] == []
    value, messages = parsed(many.replace("]", ", *x]"))
    assert value is None
    assert messages == ["more than 99 aliases (*name), or more than they may stand for"]


def test_a_bomb_of_aliases_is_stopped() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    value, messages = parsed("\n".join(lines))
    assert value is None
    assert messages == ["more than 99 aliases (*name), or more than they may stand for"]


def test_depth_is_bounded_also_through_aliases() -> None:
    assert parsed("[" * MAX_DEPTH + "]" * MAX_DEPTH)[1] == []
    assert parsed("[" * 100_000)[1] == [f"brackets or indents are nested deeper than {MAX_DEPTH}"]
    deep = "[" * 20
    text = "".join(f"a{n}: &a{n} {deep}{f'*a{n - 1}' if n else 'x'}{']' * 20}\n" for n in range(90))
    assert parsed(text)[1] == [f"with what *a0 stands for, this is nested deeper than {MAX_DEPTH}"]


def test_an_alias_within_its_own_anchor_is_refused() -> None:
    assert parsed("a: &x [b, *x]")[1] == ["*x stands inside of what it names"]


def test_bytes_that_are_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "monitor.yaml"
    path.write_bytes(b"feeds:\n  - https://a.example.org/\xe9\n")
    from monitor.config import load

    (problem,) = load(path, env={}).problems
    assert (problem.code, problem.message, where(problem)) == ("encoding", "byte 0xE9 is not UTF-8", (2, 27))
    path.write_bytes("feeds: []\n".encode("utf-16"))
    (problem,) = load(path, env={}).problems
    assert (problem.message, problem.line) == ("this file is UTF-16, not UTF-8", None)


@pytest.mark.parametrize("char", ["\x00", "\x1b", "\x85", "\u2028", "\ufeff"])
def test_characters_that_no_editor_shows(tmp_path: Path, char: str) -> None:
    problem = only(tmp_path, f"# a\nfeeds: []{char}\n")
    assert (problem.code, where(problem)) == ("character", (2, 10))
    assert f"U+{ord(char):04X}" in problem.message


def test_files_that_are_none(tmp_path: Path) -> None:
    from monitor.config import load

    (problem,) = load(tmp_path / "not-there.yaml", env={}).problems
    assert (problem.code, problem.message) == ("file", "this file is not there")
    assert problem.suggestion == "`monitor init` writes one"
    (problem,) = load(tmp_path, env={}).problems
    assert problem.message == "this is a folder, not a file"
    (problem,) = load(Path("\0"), env={}).problems
    assert problem.message.startswith("this file can't be read")
    (problem,) = load(tmp_path / ("x" * 300), env={}).problems
    assert problem.message == "this file can't be read: File name too long"


@pytest.mark.parametrize(("text", "kind"), [("- a\n", "a list"), ("hello\n", "text"), ("5\n", "text"), ("[]", "a list")])
def test_the_wrong_shape_at_the_top(tmp_path: Path, text: str, kind: str) -> None:
    problem = only(tmp_path, text)
    assert (problem.code, problem.message) == ("shape", f"a configuration is keys and values, and this is {kind}")
    assert problem.expected is not None
    assert problem.expected.startswith("keys: database, defaults")


@pytest.mark.parametrize(
    ("section", "value"), [("feeds", "x"), ("rules", "{a: b}"), ("entities", "[a]"), ("channels", "x"), ("web", "[a]"), ("network", "x")]
)
def test_the_wrong_shape_of_a_section(tmp_path: Path, section: str, value: str) -> None:
    problem = only(tmp_path, f"{section}: {value}")
    assert problem.code in ("shape", "value")
    assert where(problem) == (1, len(section) + 3)


def test_a_line_of_a_megabyte_is_not_quoted(tmp_path: Path) -> None:
    problem = only(tmp_path, "rulez: " + "x" * 1_000_000)
    assert problem.excerpt is None
    assert problem.suggestion == "did you mean 'rules'?"


def test_what_the_caret_points_at(tmp_path: Path) -> None:
    assert pointed(only(tmp_path, "web: {edti: true}")) == "edti"
    assert pointed(only(tmp_path, "web: {edit: 'maybe'}")) == "'maybe'"


def test_ten_thousand_rules_are_read_in_half_a_second() -> None:
    rule = "  - name: rule-{0}\n    any: [sanctions exemption{0}, waiver{0}*]\n    severity: high\n    notify: [desk, analysts]\n"
    text = "rules:\n" + "".join(rule.format(number) for number in range(10_000))
    source = Source(Path("f"), "f", text)
    started = time.process_time()
    root = read_yaml(source, Report())
    assert time.process_time() - started < 2.0  # 0.35 s where nothing else runs
    assert root is not None
    assert root.weight > 100_000
