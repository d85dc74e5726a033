"""Where a store's file is, without opening it."""

from __future__ import annotations

from pathlib import Path


def database_file(url: str, state: Path) -> Path | None:
    """The SQLite file that a database URL names, relative ones in the state folder; None for PostgreSQL."""
    if not url.startswith("sqlite"):
        return None
    return (state / (url.partition(":///")[2].partition("?")[0] or "monitor.db")).absolute()
