"""The whole daemon in this process, between a real site and a real receiver."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from pathlib import Path

import pytest

from tests.support.sinks import WebhookSink
from tests.support.site import Site
from tests.support.whole import Whole, whole

Watch = Callable[..., AbstractAsyncContextManager[Whole]]

POLL = 70.0  # seconds after which a feed of these tests is due again, its jitter included

CONFIG = """\
network: {{allow: [127.0.0.0/8]{network}}}
defaults: {{interval: 60s}}
feeds:
{feeds}
rules:
  - {{name: ffvd, any: [FFVD], notify: [hook]}}
channels:
  hook: {{type: webhook, url: '{hook}'}}
  ops: {{type: webhook, url: '{hook}/ops'}}
operations: [ops]
"""


@pytest.fixture
async def watch(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, site: Site, webhook_sink: WebhookSink) -> AsyncIterator[Watch]:
    """`await watch()` opens a daemon that watches the feeds the site has, or those given as lines of YAML."""
    async with AsyncExitStack() as stack:

        async def open_(*feeds: str, network: str = "", config: str = CONFIG, more: str = "") -> Whole:
            lines = feeds or [f"{{url: '{feed.url}', name: {name}}}" for name, feed in site.feeds.items()]
            text = config.format(feeds="\n".join(f"  - {line}" for line in lines), hook=webhook_sink.url, network=network) + more
            return await stack.enter_async_context(whole(monkeypatch, tmp_path, text))

        yield open_  # type: ignore[misc]


def notices(sink: WebhookSink) -> list[tuple[str, str]]:
    """(subject, state) of each notice that came, in the order of coming."""
    return [(r.json["data"]["subject"], r.json["data"]["state"]) for r in sink.accepted if r.path.endswith("/ops")]


def alerted(sink: WebhookSink) -> list[str]:
    """The paths of the articles that were alerted on, in the order of coming."""
    found = [r.json["data"]["article"]["url"] for r in sink.accepted if not r.path.endswith("/ops")]
    return ["/" + url.split("/", 3)[3] for url in found]
