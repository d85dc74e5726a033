"""Channels with the program's own client, which may reach the sinks on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest

from monitor.alerts.channels import Channel, Services, build
from monitor.net import AddressGuard, Client, Turns
from tests.support.mail import CA_FILE

NOW = datetime(2018, 10, 29, 6, 41, 8, tzinfo=UTC)

Make = Callable[..., Channel]


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with Client(guard=AddressGuard(), turns=Turns(2), user_agent="news-monitor/test") as client:
        yield client


@pytest.fixture
def written() -> list[str]:
    """What the console wrote."""
    return []


@pytest.fixture
def make(client: Client, written: list[str]) -> Make:
    """Builds a channel from its keys; `_…` are fields of Services."""

    def build_one(type: str, name: str = "desk", **keys: Any) -> Channel:
        given = {key[1:]: keys.pop(key) for key in list(keys) if key.startswith("_")}
        services = Services(client=client, write=written.append, random=Random(1), clock=lambda: NOW, ca_file=str(CA_FILE), **given)
        return build(name, {"type": type, **({} if type in ("console", "file", "exec") else {"allow_private": True}), **keys}, services)

    return build_one
