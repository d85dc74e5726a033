"""A store on each database, on a clock that stands still."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from monitor.store.database import Store
from tests.unit.store.helpers import Ticks


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
async def store(database_url: str, tmp_path: Path, ticks: Ticks) -> AsyncIterator[Store]:
    store = Store(database_url, tmp_path, clock=ticks, server_time=False)
    await store.open()
    yield store
    await store.close()
