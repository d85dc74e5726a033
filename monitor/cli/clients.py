"""The HTTP client and the worker processes of a command, as the configuration says."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.config.settings import Config
    from monitor.net import Client
    from monitor.workers import Workers


def client_of(settings: Config | None, allow: Sequence[str] = ()) -> Client:
    """A client under the configuration's guard, proxy and name; without one only `allow` opens private ranges."""
    from monitor.actions.assemble import USER_AGENT
    from monitor.net import AddressGuard, Client, Turns

    if settings is None:
        return Client(guard=AddressGuard(allow), turns=Turns(2), user_agent=USER_AGENT)
    network = settings.network
    return Client(
        guard=AddressGuard([str(range_) for range_ in network.allow]),
        turns=Turns(network.per_host),
        user_agent=network.user_agent or USER_AGENT,
        per_host=network.per_host,
        proxy=network.proxy,
        ca_file=network.ca_file,
    )


@asynccontextmanager
async def looking(settings: Config | None, allow: Sequence[str] = ()) -> AsyncIterator[tuple[Client, Workers]]:
    """What a command needs to look at feeds and pages."""
    from monitor.workers import Workers

    async with Workers(min(os.cpu_count() or 1, 4)) as workers, client_of(settings, allow) as client:
        yield client, workers
