"""A short form of `python -m tests.system.kills`, on both databases: the long one makes thousands of kills."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.postgres import Server
from tests.system import kills

KILLS = 10


def _held(result: kills.Result) -> None:
    assert result.faults == []
    assert sum(result.kills.values()) >= KILLS
    assert result.alerts > KILLS


async def test_nothing_is_lost_or_doubled_by_kills_on_sqlite(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'monitor.db'}"
    _held(await kills.run(KILLS, url, tmp_path, seed=11, first=1, empty=lambda: "sqlite:///born.db"))


@pytest.mark.usefixtures("postgres_url")
async def test_nothing_is_lost_or_doubled_by_kills_on_postgresql(tmp_path: Path, postgres_server: Server) -> None:
    made: list[str] = []

    def empty() -> str:
        made.append(postgres_server.create())
        return made[-1]

    try:
        _held(await kills.run(KILLS, empty(), tmp_path, seed=12, first=1, empty=empty))
    finally:
        for url in made:
            postgres_server.drop(url)
