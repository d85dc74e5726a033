"""Every output for people, letter by letter: at 60, 80 and 140 columns, with colour and without, and into a pipe.

`MONITOR_GOLDEN=write pytest tests/unit/cli/test_golden.py` writes the files anew; look at their diff before you commit it.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from monitor.cli.output import width
from tests.unit.cli.conftest import Run

GOLDEN = Path(__file__).with_name("golden")
WIDTHS = (60, 80, 140)
ESCAPE = re.compile("\x1b\\[[0-9;]*m")
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

COMMANDS = [
    "alerts list",
    "alerts show alert00000000001",
    "articles list",
    "articles show https://www.koreaherald.com/a/1",
    "audit",
    "audit --by-feed",
    "channels list",
    "check",
    "check --config faulty.yaml",
    "config export",
    "deliveries list",
    "deliveries show delivery00000001",
    "entities list",
    "explain https://www.koreaherald.com/a/1 --offline",
    "explain https://www.koreaherald.com/a/3 --offline",
    "feeds export",
    "feeds list",
    "feeds list --state failing",
    "feeds show Gone --state state",
    'feeds show "The Korea Herald, all news"',
    "rules list",
    "status",
]
FAULTY = """\
feeds:
  - {url: "https://www.koreaherald.com/rss/newsAll", name: "The Korea Herald, all news", intervall: 5m}
rules:
  - {name: exemptions, query: 'entity:FFVD AND sanctions NEAR exemptions', notify: [desk]}
channels:
  desk: {type: console}
  archive: {type: console}
"""


def shown(run: Run, line: str) -> str:
    """All looks of one command, one below the other."""
    import shlex

    words = shlex.split(line)
    parts: list[str] = []
    for columns in WIDTHS:
        os.environ["COLUMNS"] = str(columns)
        for color in ("never", "always"):
            done = run(*words, "--color", color, tty=True)
            parts.append(f"== {columns} columns, color {color}, status {done.status}\n{done.out}-- stderr\n{done.err}")
            if "export" not in line:
                check_lines(done.out, columns, line, plain=color == "never")
    done = run(*words)
    assert "\x1b" not in done.out
    parts.append(f"== piped, status {done.status}\n{done.out}-- stderr\n{done.err}")
    return "".join(parts).replace("\x1b", "␛")


def check_lines(text: str, columns: int, line: str, *, plain: bool) -> None:
    bare = ESCAPE.sub("", text)
    assert not CONTROL.search(bare.replace("\n", ""))
    if plain:
        assert bare == text
    if line.split()[-1] == "list":
        assert max((width(one) for one in bare.splitlines()), default=0) <= columns


@pytest.mark.parametrize("line", COMMANDS)
def test_the_look_of_a_command(line: str, run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    (home / "faulty.yaml").write_text(FAULTY, encoding="utf-8")
    monkeypatch.setattr("monitor.actions.status._free", lambda folder: 40_000_000_000)
    monkeypatch.setattr("monitor.store.retention.used", lambda conn: 2_100_000_000)
    monkeypatch.setattr("monitor.store.about._engine", lambda conn: "SQLite 3.46.1")
    found = shown(run, line)
    file = GOLDEN / (re.sub(r"[^a-z0-9]+", "-", line.lower()).strip("-") + ".txt")
    if os.environ.get("MONITOR_GOLDEN") == "write":
        file.write_text(found, encoding="utf-8")
    assert found == file.read_text(encoding="utf-8")


def test_every_golden_file_belongs_to_a_command() -> None:
    names = {re.sub(r"[^a-z0-9]+", "-", line.lower()).strip("-") + ".txt" for line in COMMANDS}
    assert {path.name for path in GOLDEN.glob("*.txt")} == names
