"""A store on each database, on a clock that stands still, and a desk over it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from monitor.store.database import Store
from tests.unit.pipeline.deliver.desk import Desk
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


@pytest.fixture
def desk(store: Store, ticks: Ticks) -> Desk:
    return Desk(store, ticks)
