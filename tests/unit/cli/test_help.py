"""Help: every command has its sentence and its examples, and every example runs."""

from __future__ import annotations

import json
import os
import re
import resource
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer.main

import monitor.actions.doctor  # noqa: F401 - imported before the time stands still: it keeps the clock of its import
from monitor.cli.app import app
from tests.unit.cli.conftest import Run

ROOT = Path(__file__).parents[3]


def commands(command: Any, words: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    if not hasattr(command, "commands"):
        return [(words, command)]
    return [found for name, sub in command.commands.items() for found in commands(sub, (*words, name))]


ALL = commands(typer.main.get_command(app))
EXAMPLES = [
    (words, line.strip()) for words, command in ALL for line in (command.help or "").partition("Examples:")[2].splitlines() if line.strip()
]
# What an example speaks of, and what stands for it in the test's store.
STAND_INS = {
    "k3v9x2mqe7ap4hct": "alert00000000001",
    "The Korea Herald": "The Korea Herald, all news",
    "https://www.koreaherald.com/view.php?ud=20181029000675": "https://www.koreaherald.com/a/1",
    "my.yaml": "config/monitor.yaml",
    "/etc/monitor/monitor.yaml": "config/monitor.yaml",
    "/var/lib/monitor": "state",
    "./state": "state",
    "/srv/backup/monitor.db": "copy.db",
    "Yonhap": "Yonhap News Agency",
}
# These speak to the network, to people, or without end: they are parsed here, and run where there is somebody to answer.
ELSEWHERE = re.compile(
    r"monitor (run|once|demo|init|feeds add|feeds discover|feeds preview|articles preview|check --online|channels test|password$"
    r"|reload|search|rules (test|diff|lint|explain)|mutes|alerts (ack|dismiss|assign|note|preview|export)|explain|entities suggest"
    r"|deliveries|articles show)"
)


@pytest.mark.parametrize(("words", "command"), ALL, ids=lambda value: " ".join(value) if isinstance(value, tuple) else "")
def test_every_command_says_what_it_is_for(words: tuple[str, ...], command: Any, run: Run) -> None:
    sentence = (command.help or "").strip()
    assert re.match(r"[A-Z]", sentence)
    done = run(*words, "--help")
    assert done.status == 0
    assert done.out.startswith(sentence.split()[0])
    assert "\nUsage: monitor " in done.out
    assert "\nCommon options:\n" in done.out
    assert re.search(r"\nExamples:\n  monitor ", done.out)
    for option in (param for param in command.params if param.param_type_name == "option"):
        assert option.help, f"{option.name} has no help"


@pytest.mark.parametrize(("words", "line"), EXAMPLES, ids=lambda value: value if isinstance(value, str) else "")
def test_every_example_is_of_its_command_and_parses(words: tuple[str, ...], line: str) -> None:
    told = shlex.split(re.split(r" [|<>] ", line)[0])
    assert told[: len(words) + 1] == ["monitor", *words]
    command, rest, context = typer.main.get_command(app), told[1:], None
    while hasattr(command, "commands"):
        context = command.make_context("monitor", list(rest), parent=context)
        _, command, rest = command.resolve_command(context, [*getattr(context, "_protected_args", []), *context.args])
    assert command.make_context(words[-1], list(rest), parent=context).command is command


async def found(host: str) -> bool:
    return bool(host)


async def nobody(*_: Any) -> None:
    """No server is asked for the time."""


@pytest.mark.parametrize("line", [line for _, line in EXAMPLES if not ELSEWHERE.match(line)])
def test_every_example_runs(line: str, run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.actions.doctor.resolves", found)
    monkeypatch.setattr("monitor.actions.doctor.server_time", nobody)
    (home / "feeds.opml").write_text(
        '<opml version="2.0"><body><outline text="A" xmlUrl="https://a.example/rss"/></body></opml>', encoding="utf-8"
    )
    (home / "articles.jsonl").write_text(json.dumps({"url": "u", "title": "sanctions", "body": "exemptions FFVD"}) + "\n", encoding="utf-8")
    if "38north" in line:
        assert run("feeds", "add", "https://www.38north.org/feed/", "--unseen").status == 0
    if line.startswith("monitor restore"):
        assert run("backup", "copy.db").status == 0
    if line == 'monitor feeds remove "The Korea Herald"':
        line = "monitor feeds remove Added"
    if line.startswith("monitor config remove"):
        line = "monitor config remove feed https://added.example/rss"
    told, _, source = re.split(r" > ", line)[0].partition(" < ")
    words = [STAND_INS.get(word, word) for word in shlex.split(told)[1:]]
    done = run(*words, stdin="secret\n" if source or "-" in words else "")
    assert done.status == (2 if "-" in words and "--against" in words else 0), done.err


def test_help_and_completion_are_quick(home: Path) -> None:
    """Processor time, since waiting is the machine's and work is ours; on a slow machine by as much more as a bare start takes there."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "STATE_DIRECTORY": str(home / "state")}
    code = ""

    def measured(words: list[str], **more: str) -> tuple[float, str]:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(
            [sys.executable, "-c", code, *words], env={**env, **more}, capture_output=True, text=True, check=False, timeout=30
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout

    bash = {"_MONITOR_COMPLETE": "complete_bash", "COMP_WORDS": "monitor feeds show Yon", "COMP_CWORD": "3"}
    code = "pass"
    limit = 0.2 * max(1.0, min(measured([])[0] for _ in range(6)) / 0.03)
    code = "from monitor.cli import main; main()"
    for words, wanted in ((["--help"], "Usage"), (["feeds", "add", "--help"], "--tag")):
        took, out = min(measured(words) for _ in range(6))
        assert wanted in out
        assert took <= limit, words
    (home / "elsewhere").mkdir()
    shutil.move(home / "state", home / "elsewhere" / "state")
    bash["COMP_WORDS"] = f"monitor feeds show --state {home / 'elsewhere' / 'state'} Yon"
    bash["COMP_CWORD"] = "5"
    code = "import sys; sys.argv[0] = 'monitor'; from monitor.cli import main; main()"
    took, out = min(measured([], **bash) for _ in range(6))
    assert out.strip() == "Yonhap News Agency"
    assert took <= limit


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("monitor feeds show G", ["Gone"]),
        ("monitor feeds pause Th", ["The Korea Herald, all news"]),
        ("monitor channels test d", ["desk"]),
        ("monitor fe", ["feeds"]),
    ],
)
def test_names_are_completed(line: str, wanted: list[str], run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.cli.completing.be_quick", lambda: None)  # it changes typer for good, in a process that completes
    monkeypatch.setenv("_MONITOR_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(len(line.split()) - 1))
    names = run().out.split("\n")
    assert [name for name in names if name.strip()] == ([] if wanted == ["Gone"] else wanted)  # Gone's name has an escape in it
    assert "\x1b" not in "".join(names)


def test_completion_of_a_store_that_is_none_is_quiet(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.cli.completing.be_quick", lambda: None)
    monkeypatch.setenv("_MONITOR_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "monitor feeds show Y")
    monkeypatch.setenv("COMP_CWORD", "3")
    (home / "state" / "monitor.db").write_bytes(b"ruined")
    done = run()
    assert (done.out.strip(), done.err) == ("", "")
    shutil.rmtree(home / "state")
    assert run().out.strip() == ""


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_is_given_its_script(shell: str, home: Path) -> None:
    code = "import sys; sys.argv[0] = 'monitor'; from monitor.cli import main; main()"
    env = {**os.environ, "PYTHONPATH": str(ROOT), "_MONITOR_COMPLETE": f"source_{shell}"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False, timeout=30)
    assert "_MONITOR_COMPLETE" in done.stdout
