"""The commands in this process: with a terminal of a given width, or a pipe, at a fixed time, over a fixed store."""

from __future__ import annotations

import asyncio
import io
import json
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.store import CONFIG, NOW, fill


class Stream(io.StringIO):
    def __init__(self, tty: bool) -> None:
        super().__init__()
        self._tty = tty

    def isatty(self) -> bool:
        return self._tty


@dataclass(frozen=True)
class Ran:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def json_lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Ran]


def run_command(words: tuple[str, ...], *, tty: bool = False, stdin: str = "") -> Ran:
    """`monitor WORDS` to its end, as the program would run it."""
    from monitor.cli import context, main

    out, err = Stream(tty), Stream(tty)
    old = sys.stdin, sys.stdout, sys.stderr, sys.argv
    sys.stdin, sys.stdout, sys.stderr, sys.argv = io.StringIO(stdin), out, err, ["monitor", *words]
    context.color = "auto"
    status: Any = None
    try:
        main()
    except SystemExit as ended:
        status = ended.code
    finally:
        sys.stdin, sys.stdout, sys.stderr, sys.argv = old
        context.color = "auto"
    return Ran(int(status or 0), out.getvalue(), err.getvalue())


@pytest.fixture(autouse=True)
def quiet_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "STATE_DIRECTORY", "MONITOR_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "xdg"))


@pytest.fixture
def run() -> Run:
    return lambda *words, **options: run_command(words, **options)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store")
    (folder / "state").mkdir(mode=0o700)
    asyncio.run(fill(folder / "state"))
    (folder / "monitor.yaml").write_text(CONFIG, encoding="utf-8")
    return folder


@pytest.fixture
def home(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with config/monitor.yaml and a filled store in state/, which all commands find; the time stands still."""
    shutil.copytree(template / "state", tmp_path / "state")
    (tmp_path / "config").mkdir()
    shutil.copy(template / "monitor.yaml", tmp_path / "config" / "monitor.yaml")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STATE_DIRECTORY", "state")
    monkeypatch.setattr(time, "time", lambda: NOW)
    return tmp_path
