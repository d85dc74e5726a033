"""What belongs to somebody else, and what a machine denies: told in a line, with what to do, and nothing is changed."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import socket
import sqlite3
from pathlib import Path
from typing import Any

import pytest

import monitor.actions.deliver as _  # noqa: F401 - the forked child could not import it
from monitor.cli.failing import told
from tests.support.daemon import monitor
from tests.support.site import free_port
from tests.unit.cli.conftest import Run, run_command

NOBODY = 65534


def as_nobody(*words: str) -> tuple[int, str]:
    """A command in a process of another user. It is forked: what it needs is imported already, and it can't read our files."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            done = run_command(words)
            os.write(writer, f"{done.status}\n{done.err}".encode())
        except BaseException as error:  # noqa: BLE001 - told to the test, which can't see this process
            os.write(writer, f"99\n{error!r}".encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, encoding="utf-8") as stream:
        status, _, err = stream.read().partition("\n")
    os.waitpid(child, 0)
    return int(status), err


@pytest.mark.parametrize("words", ["feeds poll Gone", "status", "reload", "backup /tmp/monitor-never.db", "deliveries retry --all-dead"])
def test_anothers_state_folder_is_told_in_a_line(words: str, run: Run, home: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        os.chdir(home / "state")
        listener.bind("control.sock")
        os.chdir(home)
        run("feeds", "poll", "Gone")
        run(*words.split(), "--help")
        if os.geteuid() != 0:
            (home / "state").chmod(0o000)
            status, err = (lambda done: (done.status, done.err))(run(*words.split()))
            (home / "state").chmod(0o700)
        else:
            status, err = as_nobody(*words.split(), "--state", str(home / "state"), "--config", str(home / "config" / "monitor.yaml"))
    assert status in (1, 2), err
    assert "ermission denied" in err or "can't be read" in err or "another user" in err
    assert "Traceback" not in err
    assert not Path("/tmp/monitor-never.db").exists()


@pytest.mark.parametrize(
    ("error", "status", "text"),
    [
        (PermissionError(errno.EACCES, "Permission denied", "/x"), 1, "error: /x: Permission denied\n  = run the command as the owner"),
        (OSError(errno.ENOSPC, "No space left on device"), 1, "error: No space left on device\n  = make room"),
        (OSError(errno.EROFS, "Read-only file system", "/x"), 1, "error: /x: Read-only file system"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_what_a_machine_denies(error: BaseException, status: int, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended, told():
        raise error
    assert ended.value.code == status
    assert capsys.readouterr().err.startswith(text)


def test_a_fault_of_ours_shows_where_it_happened() -> None:
    with pytest.raises(OSError, match="Bad file descriptor"), told():
        raise OSError(errno.EBADF, "Bad file descriptor")


def test_an_error_with_escapes_in_it_steers_no_terminal(run: Run, home: Path) -> None:
    done = run("feeds", "show", "x\x1b[2Jy\u202e")
    assert done.status == 1
    assert "\x1b" not in done.err
    assert "\u202e" not in done.err


UNSET = """\
database: sqlite:///monitor.db
channels: {desk: {type: webhook, url: "https://h.example/${NO_SUCH_NAME}"}}
rules: [{name: r, query: x}]
"""


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("check", 2),
        ("rules list", 0),
        ("entities list", 0),
        ("feeds list", 0),
        ("status", 0),
        ("rules try x --against empty", 0),
        ("channels test desk", 2),
        ("once", 2),
        ("run", 2),
    ],
)
def test_an_unset_variable_stops_only_what_needs_it(line: str, status: int, run: Run, home: Path) -> None:
    (home / "config" / "monitor.yaml").write_text(UNSET, encoding="utf-8")
    (home / "empty").write_text("", encoding="utf-8")
    done = run(*line.split())
    assert done.status == status, done.err
    assert ("NO_SUCH_NAME is not set" in done.err + done.out) == (status == 2)


def test_no_color_leaves_no_escape_byte(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[Any] = [["feeds", "list"], ["status"], ["check"], ["explain", "https://www.koreaherald.com/a/3", "--offline"]]
    for words in lines:
        monkeypatch.setenv("NO_COLOR", "1")
        assert "\x1b" not in run(*words, tty=True).out
        monkeypatch.delenv("NO_COLOR")
        monkeypatch.setenv("TERM", "dumb")
        assert "\x1b" not in run(*words, tty=True).out
        monkeypatch.setenv("TERM", "xterm")
        assert "\x1b" not in run(*words, tty=False).out
    assert "\x1b[" in run("feeds", "list", tty=True).out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in run("status").out
    assert "\x1b" not in run("status", "--color", "never").out


@pytest.mark.parametrize(
    "words", ["feeds pause x", "feeds remove x", "mutes end x", "alerts ack x", "deliveries retry x", "restore missing.db"]
)
def test_a_command_that_finds_no_store_makes_none(words: str, run: Run, home: Path) -> None:
    folder = home / "empty"
    folder.mkdir()
    done = run(*words.split(), "--state", str(folder))
    assert done.status == 1
    assert "there is no" in done.err
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("words", ["status", "audit", "feeds list", "migrate", "feeds poll x", "once", "backup copy.db"])
def test_a_damaged_store_is_told_in_a_line(words: str, run: Run, home: Path) -> None:
    for file in (home / "state").glob("monitor.db*"):
        file.unlink()
    (home / "state" / "monitor.db").write_bytes(b"this is no database" * 1000)
    done = run(*words.split())
    assert (done.status, done.out) == (1, "")
    assert "file is not a database" in done.err
    assert "monitor restore FILE" in done.err
    assert "Traceback" not in done.err
    assert not (home / "copy.db").exists()


@pytest.mark.parametrize("words", ["status", "feeds poll x"])
async def test_a_postgresql_that_is_not_there_is_told_in_a_line(words: str, home: Path) -> None:
    port = await free_port()
    (home / "config" / "monitor.yaml").write_text(f"database: postgresql://user:sesame@127.0.0.1:{port}/db\n", encoding="utf-8")
    done = await monitor(*words.split(), "--json", cwd=home)
    assert (done.status, done.out) == (1, "")
    told = json.loads(done.err)
    assert told["detail"].startswith("PostgreSQL can't be reached")
    assert "sesame" not in done.err


def test_a_copy_of_what_is_no_store_names_what_was_copied(run: Run, home: Path) -> None:
    for file in (home / "state").glob("monitor.db*"):
        file.unlink()
    with contextlib.closing(sqlite3.connect(home / "state" / "monitor.db")) as other:
        other.execute("CREATE TABLE notes (text)")
    done = run("backup", "copy.db")
    assert done.status == 1
    assert f"{home / 'state' / 'monitor.db'} is no store of this program" in done.err
