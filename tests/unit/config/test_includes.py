"""Files that include others."""

from __future__ import annotations

from pathlib import Path

from monitor.config import load
from tests.unit.config.tools import ENV, good, only, read, where, write

RULE = "rules: [{{name: {0}, any: [x1]}}]\n"


def test_patterns_are_relative_to_the_file_and_sorted(tmp_path: Path) -> None:
    for name in ("b", "a", "c"):
        write(tmp_path, RULE.format(name), f"rules/{name}.yaml")
    write(tmp_path, RULE.format("hidden"), "rules/.hidden.yaml")
    write(tmp_path, RULE.format("other"), "rules/other.txt")
    loaded = load(write(tmp_path, RULE.format("first") + "include: [rules/*.yaml]\n"), env={})
    assert loaded.config is not None
    assert [rule.name for rule in loaded.config.rules] == ["first", "a", "b", "c"]
    assert loaded.files == tuple(f"{tmp_path}/{name}" for name in ("monitor.yaml", "rules/a.yaml", "rules/b.yaml", "rules/c.yaml"))
    assert loaded.config.rules[1].where == f"{tmp_path}/rules/a.yaml:1"


def test_paths_are_shown_as_they_were_given(tmp_path: Path, monkeypatch: object) -> None:
    import os

    write(tmp_path, RULE.format("a"), "config/rules/a.yaml")
    write(tmp_path, "include: rules/a.yaml\n", "config/monitor.yaml")
    before = Path.cwd()
    os.chdir(tmp_path)
    try:
        assert load(Path("config/monitor.yaml"), env={}).files == ("config/monitor.yaml", "config/rules/a.yaml")
    finally:
        os.chdir(before)


def test_a_pattern_may_find_nothing_a_name_may_not(tmp_path: Path) -> None:
    assert good(tmp_path, "include: [rules/*.yaml, 'more/**/*.yaml']\n").rules == ()
    problem = only(tmp_path, "include:\n  - rules/*.yaml\n  - missing.yaml\n")
    assert (problem.code, problem.message, where(problem)) == ("include", "the file missing.yaml is not there", (3, 5))


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    problem = only(tmp_path, "include: [rules/]\n")
    assert (problem.message, problem.suggestion) == ("the file rules/ is a folder", "write rules/*.yaml")


def test_a_circle_is_told_once(tmp_path: Path) -> None:
    write(tmp_path, "include: [b.yaml]\n", "a.yaml")
    write(tmp_path, "include: [monitor.yaml]\n", "b.yaml")
    problem = only(tmp_path, "include: [a.yaml]\n")
    assert (problem.code, problem.message) == ("include", "monitor.yaml includes itself")
    assert problem.file == f"{tmp_path}/b.yaml"
    assert problem.expected is not None
    assert problem.expected.count("→") == 3


def test_a_pattern_that_holds_its_own_file_is_no_circle(tmp_path: Path) -> None:
    write(tmp_path, RULE.format("a"), "a.yaml")
    assert [rule.name for rule in good(tmp_path, "include: ['*.yaml']\n").rules] == ["a"]


def test_a_file_that_two_name_is_read_once(tmp_path: Path) -> None:
    write(tmp_path, RULE.format("a"), "rules/a.yaml")
    (tmp_path / "rules" / "link.yaml").symlink_to(tmp_path / "rules" / "a.yaml")
    assert [rule.name for rule in good(tmp_path, "include: [rules/a.yaml, rules/*.yaml]\n").rules] == ["a"]


def test_includes_of_includes_are_relative_to_theirs(tmp_path: Path) -> None:
    write(tmp_path, "include: [../deep/b.yaml]\n", "sub/a.yaml")
    write(tmp_path, RULE.format("b"), "deep/b.yaml")
    assert [rule.name for rule in good(tmp_path, "include: [sub/a.yaml]\n").rules] == ["b"]


def test_absolute_paths_and_references(tmp_path: Path) -> None:
    path = write(tmp_path, RULE.format("a"), "else/a.yaml")
    config = good(tmp_path, f"include: ['{path.parent}/*.yaml', '${{DIR}}/a.yaml']\n", {"DIR": str(path.parent)})
    assert [rule.name for rule in config.rules] == ["a"]


def test_what_stands_in_two_files(tmp_path: Path) -> None:
    other = write(
        tmp_path, "web: {edit: false}\nchannels: {a: {type: console}}\nentities: {E: {aliases: [eee]}}\noperations: [a]\n", "b.yaml"
    )
    loaded = read(tmp_path, "web: {edit: true}\nchannels:\n  a: {type: console}\nentities:\n  E: {aliases: [fff]}\ninclude: [b.yaml]\n")
    assert [(problem.code, problem.message) for problem in loaded.errors] == [
        ("duplicate-key", "'web' stands in two files"),
        ("duplicate-key", "the name 'a' stands twice in channels"),
        ("duplicate-key", "the name 'E' stands twice in entities"),
    ]
    assert {problem.file for problem in loaded.errors} == {str(other)}
    assert loaded.errors[1].expected == f"the first is at {tmp_path}/monitor.yaml:3:3"


def test_a_rule_that_stands_in_two_files(tmp_path: Path) -> None:
    write(tmp_path, RULE.format("a"), "b.yaml")
    problem = only(tmp_path, RULE.format("a") + "include: [b.yaml]\n")
    assert (problem.code, problem.message) == ("duplicate-name", "two rules are called 'a'")
    assert problem.expected == f"the first is at {tmp_path}/monitor.yaml:1:16"


def test_faults_of_all_files_come_by_file_and_line(tmp_path: Path) -> None:
    write(tmp_path, "x: 1\ny: 2\n", "a.yaml")
    write(tmp_path, "\tbroken", "b.yaml")
    loaded = read(tmp_path, "include: [b.yaml, a.yaml]\nz: 3\nrules: 5\n")
    found = [(Path(str(problem.file)).name, problem.line) for problem in loaded.errors]
    assert found == [("monitor.yaml", 2), ("monitor.yaml", 3), ("b.yaml", 1), ("a.yaml", 1), ("a.yaml", 2)]


def test_wrong_includes(tmp_path: Path) -> None:
    assert only(tmp_path, "include: {a: b}\n").code == "shape"
    assert only(tmp_path, "include: [[a]]\n").code == "shape"
    assert only(tmp_path, "include: ['']\n").code == "include"
    assert only(tmp_path, f"include: ['{'x' * 300}']\n").message.endswith("is not there")
    assert only(tmp_path, "include: ['a**b/[']\n").code == "include"
    assert good(tmp_path, "include:\n", ENV).rules == ()
