"""`--json`: one object or a line an item, each of the shape that programs rely on; errors are problem+json on stderr."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.conftest import Run

TEXT, NUMBER, FLAG, TIME = (str,), (int, float), (bool,), (str,)
MAYBE = (str, type(None))
LIST, OBJECT = (list,), (dict,)

LISTS: dict[str, dict[str, tuple[type, ...]]] = {
    "alerts list": {
        "id": TEXT, "rule": TEXT, "severity": TEXT, "state": TEXT, "title": TEXT, "url": MAYBE, "created_at": TIME, "deliveries": OBJECT,
        "story_id": TEXT, "assignee": MAYBE, "reason": MAYBE,
    },
    "articles list": {"id": TEXT, "url": MAYBE, "title": TEXT, "source": TEXT, "published_at": MAYBE, "feeds": LIST, "tags": LIST},
    "channels list": {"name": TEXT, "type": TEXT, "state": TEXT, "waiting": NUMBER, "dead": NUMBER, "target": TEXT, "last_ok_at": MAYBE},
    "config export": {"kind": TEXT, "name": TEXT, "version": NUMBER, "actor": TEXT, "at": TIME, "yaml": TEXT},
    "deliveries list": {"id": TEXT, "channel": TEXT, "state": TEXT, "alert": MAYBE, "tries": NUMBER, "created_at": TIME},
    "doctor": {"check": TEXT, "state": TEXT, "text": TEXT, "remedy": MAYBE},
    "entities list": {"name": TEXT, "type": MAYBE, "aliases": LIST, "not": LIST, "members": LIST, "rules": LIST, "origin": TEXT},
    "feeds list": {"id": TEXT, "url": TEXT, "name": TEXT, "tags": LIST, "state": TEXT, "error": MAYBE, "next_poll_at": MAYBE},
    "rules list": {"name": TEXT, "query": TEXT, "severity": TEXT, "notify": LIST, "alerts": NUMBER, "origin": TEXT},
}  # fmt: skip
OBJECTS: dict[str, dict[str, tuple[type, ...]]] = {
    "check": {"ok": FLAG, "errors": NUMBER, "warnings": NUMBER, "files": LIST, "feeds": NUMBER, "rules": NUMBER, "problems": LIST},
    "status": {
        "word": TEXT, "causes": LIST, "running": FLAG, "now": TIME, "poll": OBJECT, "read": OBJECT, "deliver": OBJECT, "feeds": OBJECT,
        "alerts": OBJECT, "storage": OBJECT, "instances": LIST, "url": MAYBE,
    },
    "audit": {"ok": FLAG, "entries": OBJECT, "leaks": LIST},
    "explain https://www.koreaherald.com/a/3 --offline": {"url": TEXT, "verdict": TEXT, "steps": LIST},
    "feeds show Gone": {"id": TEXT, "url": TEXT, "name": TEXT, "state": TEXT, "recent": LIST},
    "alerts show alert00000000001": {"id": TEXT, "rule": OBJECT, "article": OBJECT, "matches": LIST, "story": OBJECT, "deliveries": OBJECT},
    "deliveries show delivery00000001": {"id": TEXT, "channel": TEXT, "attempts": LIST},
    "token": {"token": TEXT, "hash": TEXT},
    "migrate": {"before": TEXT, "after": TEXT},
    "feeds pause \"The Korea Herald, all news\"": {"feeds": LIST},
    "feeds poll --failing": {"feeds": LIST},
}  # fmt: skip


def holds(item: dict[str, Any], shape: dict[str, tuple[type, ...]]) -> None:
    assert {key: type(item[key]).__name__ for key, kinds in shape.items() if not isinstance(item[key], kinds)} == {}


def words(line: str) -> list[str]:
    import shlex

    return [*shlex.split(line), "--json"]


@pytest.mark.parametrize("line", LISTS)
def test_a_list_is_a_line_an_item(line: str, run: Run, home: Path) -> None:
    done = run(*words(line), tty=True)
    assert done.err == ""
    assert done.json_lines
    for item in done.json_lines:
        holds(item, LISTS[line])
    assert "\x1b" not in done.out  # JSON writes controls as \u001b, on a terminal too


@pytest.mark.parametrize("line", OBJECTS)
def test_an_object_is_one_line(line: str, run: Run, home: Path) -> None:
    if line.startswith("feeds show"):
        line = "feeds show 4"
    shape = OBJECTS.get(line) or OBJECTS["feeds show Gone"]
    done = run(*words(line))
    assert done.out.count("\n") == 1
    holds(done.json, shape)


def test_status_says_first_how_it_is(run: Run, home: Path) -> None:
    assert run("status").out.split()[0] == "attention"
    assert run("status", "--json").json["word"] == "attention"


PROBLEMS = [
    ("feeds show nope", 1, "about:blank", "there is no feed 'nope'"),
    ("rules try ( --against -", 2, "urn:monitor:problem:query", "query:1:"),
    ("feeds poll", 2, "urn:monitor:problem:usage", "FEED"),
    ("nonsense", 2, "urn:monitor:problem:usage", "nonsense"),
    ("entities list --config faulty.yaml", 2, "urn:monitor:problem:configuration", "faulty.yaml:1:1"),
    ("entities list --config missing.yaml", 2, "urn:monitor:problem:configuration", "missing.yaml"),
    ("reload", 1, "about:blank", "no daemon runs"),
    ("restore missing.db", 1, "about:blank", "there is no file"),
]


@pytest.mark.parametrize(("line", "status", "kind", "text"), PROBLEMS)
def test_errors_are_problem_json_on_stderr(line: str, status: int, kind: str, text: str, run: Run, home: Path) -> None:
    (home / "faulty.yaml").write_text("entitis: {}\n", encoding="utf-8")
    done = run(*words(line))
    assert (done.status, done.out) == (status, "")
    problem = json.loads(done.err)
    assert problem["type"] == kind
    assert text in problem["detail"]
    assert {"title", "status"} <= problem.keys()


@pytest.mark.parametrize(("line", "status", "kind", "text"), PROBLEMS)
def test_errors_for_people_name_what_and_what_to_do(line: str, status: int, kind: str, text: str, run: Run, home: Path) -> None:
    (home / "faulty.yaml").write_text("entitis: {}\n", encoding="utf-8")
    done = run(*words(line)[:-1])
    assert (done.status, done.out) == (status, "")
    assert text in done.err
    assert "Traceback" not in done.err
