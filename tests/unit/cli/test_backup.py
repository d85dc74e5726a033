"""backup, restore, migrate: copies that are sound or are not there at all."""

from __future__ import annotations

import errno
import os
import resource
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from monitor.actions import backup as keeping
from monitor.errors import StoreError
from tests.unit.cli.conftest import Run


def rows(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        return int(connection.execute("SELECT count(*) FROM articles").fetchone()[0])


def test_a_backup_is_a_sound_store_of_its_own(run: Run, home: Path) -> None:
    done = run("backup", "copy.db")
    assert done.status == 0
    assert "verified" in done.out
    assert rows(home / "copy.db") == 3
    assert (home / "copy.db").stat().st_mode & 0o777 == 0o600
    assert keeping.verify(home / "copy.db") >= "0001"
    assert sorted(path.name for path in home.iterdir() if "copy" in path.name) == ["copy.db"]


def test_a_backup_is_of_one_moment_beside_a_writer(home: Path) -> None:
    store = home / "state" / "monitor.db"
    with closing(sqlite3.connect(store, isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM articles")
        keeping.backup(store, home / "copy.db")
        writer.execute("COMMIT")
    assert rows(home / "copy.db") == 3
    assert rows(store) == 0


@pytest.mark.parametrize("name", ["there.db", "state/monitor.db", "link.db"])
def test_nothing_is_overwritten(name: str, run: Run, home: Path) -> None:
    (home / "there.db").write_bytes(b"mine")
    (home / "link.db").symlink_to("elsewhere.db")
    done = run("backup", name)
    assert done.status == 1
    assert "not overwritten" in done.err
    assert (home / "there.db").read_bytes() == b"mine"
    assert not (home / "elsewhere.db").exists()


def test_a_folder_that_is_not_there_is_told(run: Run, home: Path) -> None:
    done = run("backup", "no/such/copy.db")
    assert done.status == 1
    assert "no folder" in done.err


FULL_DISK = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))
from monitor.cli import main
main()
"""


def test_a_copy_that_can_not_be_finished_leaves_nothing(home: Path) -> None:
    """A file that may not grow is what a full disk looks like to SQLite; the limit holds for one process alone."""
    words = [sys.executable, "-c", FULL_DISK, "backup", "copy.db", "--config", "config/monitor.yaml", "--state", "state"]
    root = str(Path(__file__).parents[3])
    done = subprocess.run(words, cwd=home, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": root}, timeout=60, check=False)
    assert done.returncode == 1, done.stderr
    assert "nothing is left of it" in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in home.iterdir() if "copy" in path.name] == []
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


@pytest.mark.parametrize("fault", [sqlite3.OperationalError("database or disk is full"), OSError(errno.ENOSPC, "No space left on device")])
def test_a_full_disk_is_told_with_what_is_needed(fault: Exception, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise fault

    monkeypatch.setattr(keeping, "_sync", full)
    with pytest.raises(StoreError, match=r"the disk of .* is full: \d+ MB are free") as told:
        keeping.backup(home / "state" / "monitor.db", home / "copy.db")
    assert told.value.remedy is not None
    assert "another disk" in told.value.remedy
    assert [path.name for path in home.iterdir() if "copy" in path.name] == []


def test_what_is_restored_is_the_store_and_the_old_one_is_kept(run: Run, home: Path) -> None:
    assert run("backup", "copy.db").status == 0
    with closing(sqlite3.connect(home / "state" / "monitor.db")) as connection:
        connection.execute("DELETE FROM articles")
        connection.commit()
    done = run("restore", "copy.db")
    assert done.status == 0
    assert rows(home / "state" / "monitor.db") == 3
    (kept,) = (home / "state").glob("*before-restore*")
    assert rows(kept) == 0
    assert run("status").status == 0


def test_a_damaged_store_can_be_replaced(run: Run, home: Path) -> None:
    assert run("backup", "copy.db").status == 0
    (home / "state" / "monitor.db").write_bytes(b"ruined" * 1000)
    assert run("restore", "copy.db").status == 0
    assert rows(home / "state" / "monitor.db") == 3


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\x00" + b"\xff" * 4096])
def test_what_is_no_backup_replaces_nothing(content: bytes, run: Run, home: Path) -> None:
    (home / "bad.db").write_bytes(content)
    before = (home / "state" / "monitor.db").read_bytes()
    done = run("restore", "bad.db")
    assert done.status == 1
    assert "bad.db" in done.err
    assert (home / "state" / "monitor.db").read_bytes() == before


def test_a_backup_from_a_newer_version_is_refused(run: Run, home: Path) -> None:
    assert run("backup", "new.db").status == 0
    with closing(sqlite3.connect(home / "new.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    done = run("restore", "new.db")
    assert done.status == 1
    assert "newer version" in done.err


@pytest.mark.parametrize("command", ["status", "feeds list", "migrate", "feeds pause Gone"])
def test_a_store_from_a_newer_version_is_left_untouched(command: str, run: Run, home: Path) -> None:
    store = home / "state" / "monitor.db"
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    done = run(*command.split())
    assert done.status == 1
    assert "newer version" in done.err
    assert rows(store) == 3


def test_restoring_waits_for_nobody_while_a_daemon_runs(run: Run, home: Path) -> None:
    from monitor.store.state import StateFolder

    assert run("backup", "copy.db").status == 0
    with StateFolder(home / "state"):
        done = run("restore", "copy.db")
    assert done.status == 1
    assert "another monitor runs" in done.err


def test_postgresql_has_its_own_means(run: Run, home: Path) -> None:
    (home / "pg.yaml").write_text("database: postgresql://u@127.0.0.1:1/d\n", encoding="utf-8")
    done = run("backup", "copy.db", "--config", "pg.yaml")
    assert done.status == 1
    assert "pg_dump" in done.err


def test_migrating_an_up_to_date_store_changes_nothing(run: Run, home: Path) -> None:
    done = run("migrate")
    assert done.status == 0
    assert "already" in done.out
