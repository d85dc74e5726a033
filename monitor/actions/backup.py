"""Copies of the store: made while a daemon runs, verified before they get their name, and put back with the old one kept aside."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from monitor.errors import StoreError

_FULL = ("disk is full", "no space", "disk i/o error")


def backup(database: Path, target: Path) -> dict[str, Any]:
    """Copies a SQLite store to `target`, verified and on the disk when this answers. Raises StoreError; nothing is left then.

    The copy is of one moment: a reader's snapshot, beside a daemon that goes on writing.
    """
    if not database.exists():
        raise StoreError(f"there is no store at {database}", remedy="name its folder with --state")
    if target.exists() or target.is_symlink():
        raise StoreError(f"{target} is there already, and is not overwritten", remedy="name another file, or move that one away")
    if not target.absolute().parent.is_dir():
        raise StoreError(f"there is no folder {target.absolute().parent}", remedy="make it first")
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    began = time.monotonic()
    try:
        # Made by us first: SQLite would go by the umask, and the copy is as private as the store.
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True, timeout=30)) as source:
            source.execute("VACUUM INTO ?", (str(part),))
        version = verify(part, of=database)
        _sync(part)
        _name(part, target)
        _sync_folder(target.absolute().parent)
    except FileExistsError as error:
        raise StoreError(f"{target} is there already, and is not overwritten", remedy="name another file") from error
    except (sqlite3.Error, OSError) as error:
        raise _told(error, target, database) from error
    finally:
        for name in (part, part.with_name(part.name + "-journal")):
            with suppress(OSError):
                name.unlink(missing_ok=True)
    return {"file": str(target), "bytes": target.stat().st_size, "version": version, "took_s": round(time.monotonic() - began, 2)}


def verify(file: Path, *, of: Path | None = None) -> str:
    """The schema's version of a sound store. Raises StoreError for a file that is damaged, or no store of this program.

    `of` is what the file was copied from, and what an error names then.
    """
    told = of or file
    other = StoreError(f"{told} is no store of this program", remedy=None if of else "name a file that 'monitor backup' wrote")
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if found != "ok":
                raise StoreError(f"{told} is damaged: {found}", remedy="take an older backup")
            tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if not {"alembic_version", "feeds", "articles"} <= tables:
                raise other
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{told} is no sound database: {error}", remedy="name a file that 'monitor backup' wrote") from error
    if row is None:
        raise other
    return str(row[0])


def look_for(source: Path) -> None:
    """Raises StoreError where there is no file to put back; nothing is opened or made."""
    if not source.is_file():
        raise StoreError(f"there is no file {source}", remedy="name a file that 'monitor backup' wrote")


def restore(source: Path, database: Path) -> dict[str, Any]:
    """Puts a backup in the store's place; whoever calls holds the state folder's lock. Raises StoreError, the store untouched then.

    The old store stays beside it, named by the time.
    """
    from monitor.store import schema

    look_for(source)
    if source.resolve() == database.resolve():
        raise StoreError(f"{source} is the store itself")
    version = verify(source)
    if version > schema.HEAD:
        raise StoreError(
            f"{source} is from a newer version of this program ({version}, this one knows {schema.HEAD})",
            remedy="install the newer version",
        )
    part = database.with_name(f"{database.name}.restoring")
    aside: Path | None = None
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        shutil.copyfile(source, part)
        part.chmod(0o600)
        verify(part)
        _sync(part)
        aside = _set_aside(database)
        part.rename(database)
        _sync_folder(database.parent)
    except (sqlite3.Error, OSError) as error:
        raise _told(error, database, source) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return {"file": str(database), "version": version, "old": None if aside is None else str(aside)}


def _set_aside(database: Path) -> Path | None:
    """Gives a store a second name. What its log holds is brought into the file first: a log that outlives its file ruins the next one."""
    if not database.exists():
        return None
    aside = database.with_name(f"{database.name}.before-restore-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}")
    try:
        with closing(sqlite3.connect(database, timeout=10)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except sqlite3.DatabaseError:
        pass  # it is damaged, which may be why a backup is put back: its log goes aside with it
    for ending in ("-wal", "-shm"):
        log = database.with_name(database.name + ending)
        if log.exists():
            log.rename(aside.with_name(aside.name + ending))
    _name(database, aside)
    return aside


def _name(file: Path, new: Path) -> None:
    """Another name for a file, never over one that is there; on file systems without links it is moved."""
    try:
        new.hardlink_to(file)
    except FileExistsError:
        raise
    except OSError:
        if new.exists():
            raise FileExistsError(17, "it is there already", str(new)) from None
        file.rename(new)


def _told(error: Exception, target: Path, source: Path) -> StoreError:
    text = str(error).lower()
    if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
        return StoreError(
            f"{source} is damaged: {error}; no copy is left", remedy="'monitor restore FILE' puts an older backup in its place"
        )
    if any(words in text for words in _FULL) or getattr(error, "errno", None) == 28:
        free = shutil.disk_usage(target.absolute().parent).free
        size = source.stat().st_size if source.exists() else 0
        room = f"{free // 2**20} MB are free, up to {size // 2**20 + 1} MB are needed"
        return StoreError(
            f"the disk of {target.absolute().parent} is full: {room}; nothing is left of it",
            remedy="make room, or name a file on another disk",
        )
    what = getattr(error, "strerror", None) or error
    return StoreError(f"{target} can't be written: {what}; nothing is left of it", remedy="see that the folder can be written")


def _sync(file: Path) -> None:
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
