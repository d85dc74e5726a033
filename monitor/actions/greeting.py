"""`check --online`: each feed is asked once and each channel greeted, storing and sending nothing.

A channel is greeted by connecting to its host, with TLS, and an SMTP server by waiting for its greeting: further one can't go without
a message.
"""

from __future__ import annotations

import asyncio
import ssl
from typing import Any
from urllib.parse import urlsplit

from monitor.actions.adding import look
from monitor.actions.doctor import channel_host
from monitor.config.settings import Channel, Config
from monitor.errors import MonitorError
from monitor.net import Client
from monitor.workers import Workers

AT_ONCE = 20
_PORTS = {"https": 443, "http": 80, "smtp": 25, "smtps": 465}
_DEADLINE = 15.0


async def greet(config: Config, client: Client, workers: Workers) -> list[dict[str, Any]]:
    """An item for each feed, then for each channel: `kind`, `name`, `text`, and `error` where it did not answer well."""
    room = asyncio.Semaphore(AT_ONCE)

    async def feed(url: str, name: str) -> dict[str, Any]:
        async with room:
            try:
                found = await look(client, workers, url)
            except MonitorError as error:
                return _item("feed", name, None, error.text)
        return _item("feed", name, f"{found.format}, {found.entries} entries", None)

    async def channel(one: Channel) -> dict[str, Any]:
        async with room:
            try:
                return _item("channel", one.name, await _hello(one, config, client), None)
            except MonitorError as error:
                return _item("channel", one.name, None, error.text)
            except (OSError, TimeoutError) as error:
                return _item("channel", one.name, None, getattr(error, "strerror", None) or str(error) or "it does not answer in time")

    asked = [*(feed(one.url, one.name) for one in config.feeds), *(channel(one) for one in config.channels.values())]
    return list(await asyncio.gather(*asked))


def _item(kind: str, name: str, text: str | None, error: str | None) -> dict[str, Any]:
    return {"kind": kind, "name": name, "text": text, "error": error}


async def _hello(channel: Channel, config: Config, client: Client) -> str:
    host = channel_host(channel)
    if host is None:
        return "no host to greet"
    url = urlsplit(
        next(str(channel.options[key]) for key in ("webhook_url", "url", "smtp", "server", "base_url") if channel.options.get(key))
    )
    port = url.port or _PORTS.get(url.scheme, 443)
    addresses = await client.check_host(host, port, allow_private=bool(channel.options.get("allow_private")))
    secure = ssl.create_default_context(cafile=config.network.ca_file) if url.scheme in ("https", "smtps") else None
    async with asyncio.timeout(_DEADLINE):
        reader, writer = await asyncio.open_connection(addresses[0], port, ssl=secure, server_hostname=host if secure else None)
        try:
            if not url.scheme.startswith("smtp"):
                return f"{host} answers"
            line = (await reader.readline()).decode("ascii", "replace").strip()
        finally:
            writer.close()
    if not line.startswith("220"):
        raise MonitorError(f"{host} greets with: {line[:200]}")
    return line[:200]
