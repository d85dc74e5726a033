"""Problems as people read them: exactly the look of the interface's section 6, at every width, in every script."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config import Level, Problem, as_json, load, render, summary
from tests.unit.config.tools import read, write

KOREA = """# rules of the Korea desk
rules:
  - name: one
    any: [FFVD]
  - name: two
    any: [FFVD]
  - name: three
    any: [FFVD]

  - name: ffvd
    query: entity:FFVD
    notfy: [desk]

  - name: exemptions
    severity: high
    # with a distance
    query: 'entity:FFVD AND sanctions NEAR exemptions'
"""
MAIN = """channels:
  desk: {type: console}
  archive: {type: webhook, url: "${ARCHIVE}"}
operations: [desk]
entities:
  FFVD: {aliases: [final verified denuclearization]}
include: [rules/*.yaml]
"""
LOOK = f"""\
{"warning: channel 'archive' is used by no rule":95}[unused]
 --> config/monitor.yaml:3:3
  |
3 |   archive: {{type: webhook, url: "${{ARCHIVE}}"}}
  |   ^^^^^^^
{"error: unknown key 'notfy' in rule 'ffvd'":95}[unknown-key]
  --> config/rules/korea.yaml:12:5
   |
12 |     notfy: [desk]
   |     ^^^^^ did you mean 'notify'?
   = a rule takes: name, query, any, all, none, severity, notify, examples, again, throttle
{"error: in the query of rule 'exemptions': NEAR needs a distance":95}[query]
  --> config/rules/korea.yaml:17:39
   |
17 |     query: 'entity:FFVD AND sanctions NEAR exemptions'
   |                                       ^^^^ ADVICE
2 errors, 1 warning. 2 files: 0 feeds, 5 rules, 1 entity, 2 channels. The running configuration is unchanged."""


def test_the_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, KOREA, "config/rules/korea.yaml")
    write(tmp_path, MAIN, "config/monitor.yaml")
    monkeypatch.chdir(tmp_path)
    loaded = load(Path("config/monitor.yaml"), env={"ARCHIVE": "https://archive.example.org/hook"})
    text = render(loaded)
    advice = str(loaded.errors[-1].suggestion)
    assert advice.startswith("write NEAR/5")
    assert text == LOOK.replace("ADVICE", advice)


def test_all_is_well(tmp_path: Path) -> None:
    loaded = read(tmp_path, "feeds: [https://a.example.org]")
    assert render(loaded) == "0 errors, 0 warnings. 1 file: 1 feed, 0 rules, 0 entities, 0 channels."
    assert render(loaded.problems) == ""
    many = "feeds:\n" + "".join(f"  - https://a.example.org/{number}\n" for number in range(1204))
    assert "1,204 feeds" in summary(read(tmp_path, many))


def problem(excerpt: str, column: int, length: int = 1, **more: str) -> Problem:
    return Problem(Level.ERROR, "query", more.pop("message", "a fault"), "f.yaml", 7, column, length, excerpt, **more)


def cells(text: str) -> int:
    return sum(0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def caret(text: str) -> tuple[int, int]:
    """Where the carets stand and how many, in columns of a terminal behind the gutter."""
    line = next(line for line in text.split("\n") if "^" in line and line.startswith("  |"))
    return cells(line.split("^")[0]) - 4, line.count("^")


@pytest.mark.parametrize(
    ("excerpt", "column", "length", "at"),
    [
        ("a: NEAR", 4, 4, (3, 4)),
        ("a: 한국 NEAR", 7, 4, (8, 4)),
        ("a: 한국", 4, 2, (3, 4)),
        ("\ta: x", 5, 1, (4, 1)),
        ("e\u0301e\u0301 x", 6, 1, (3, 1)),
        ("a: ''", 6, 1, (5, 1)),
        ("a \u202e x", 5, 1, (4, 1)),
    ],
)
def test_the_caret_stands_below_its_word(excerpt: str, column: int, length: int, at: tuple[int, int]) -> None:
    assert caret(render([problem(excerpt, column, length)])) == at


@pytest.mark.parametrize("width", [20, 60, 80, 100, 140, None])
def test_long_lines_are_cut_round_the_caret(width: int | None) -> None:
    excerpt = "query: " + "word " * 300 + "NEAR " + "word " * 300
    start = excerpt.index("NEAR")
    text = render([problem(excerpt, start + 1, 4)], width=width)
    line = next(line for line in text.split("\n") if line.startswith("7 |"))
    at, count = caret(text)
    assert line[4:][at : at + count] == "NEAR"
    assert len(line) <= max(width or 160, 26)
    assert line[4:].startswith("…")
    assert line.endswith("…")


@pytest.mark.parametrize(("width", "column"), [(60, 53), (80, 73), (102, 95), (140, 95), (None, 95)])
def test_the_code_stands_at_the_right(width: int | None, column: int) -> None:
    head = render([problem("x", 1)], width=width).split("\n")[0]
    assert head.index("[query]") == column
    assert "  [query]" in render([problem("x", 1, message="m" * 200)], width=width)


def test_a_file_as_a_whole(tmp_path: Path) -> None:
    text = render([Problem(Level.ERROR, "file", "this file is not there", "config/monitor.yaml", suggestion="`monitor init` writes one")])
    assert text.split("\n")[1:] == ["--> config/monitor.yaml", " = `monitor init` writes one"]


def test_colour_is_asked_for() -> None:
    plain = render([problem("a: x", 4, expected="y")])
    coloured = render([problem("a: x", 4, expected="y")], color=True)
    assert "\x1b" not in plain
    assert re.sub("\x1b\\[[0-9;]*m", "", coloured) == plain
    assert "\x1b[1;31merror\x1b[0m" in coloured


@given(st.text(max_size=60), st.integers(1, 80), st.integers(1, 80), st.sampled_from([None, 10, 40]))
def test_nothing_that_a_terminal_obeys(text: str, column: int, length: int, width: int | None) -> None:
    shown = render([problem(text, column, length, message=text, expected=text, suggestion=text)], width=width)
    assert all(char == "\n" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in shown)
    assert len(shown.split("\n")) <= 6


def test_json(tmp_path: Path) -> None:
    loaded = read(tmp_path, "web: {listen: 0.0.0.0:1}\nrulez: []\n")
    found = json.loads(json.dumps(as_json(loaded)))
    assert {key: found[key] for key in ("ok", "errors", "warnings", "feeds", "rules", "entities", "channels")} == {
        "ok": False, "errors": 2, "warnings": 0, "feeds": 0, "rules": 0, "entities": 0, "channels": 0,
    }  # fmt: skip
    assert found["files"] == [f"{tmp_path}/monitor.yaml"]
    assert found["problems"][0] == {
        "severity": "error",
        "code": "unknown-key",
        "message": "unknown key 'rulez'",
        "file": f"{tmp_path}/monitor.yaml",
        "line": 2,
        "column": 1,
        "length": 5,
        "excerpt": "rulez: []",
        "expected": loaded.errors[0].expected,
        "suggestion": "did you mean 'rules'?",
    }
    assert found["problems"][1]["code"] == "open-dashboard"


def test_a_problem_in_one_line() -> None:
    assert str(problem("x", 3, suggestion="do this")) == "f.yaml:7:3: a fault (do this)"
    assert str(Problem(Level.ERROR, "a", "b")) == "b"
