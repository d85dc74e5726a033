"""WebSub with the real daemon: a real hub subscribes it over its own server, and what the hub tells is delivered at once."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from urllib.parse import parse_qs

import aiohttp
from aiohttp import web

from tests.support.daemon import Daemon
from tests.support.sinks import WebhookSink
from tests.support.site import Site, free_port
from tests.support.waiting import until
from tests.system.configs import NEWS, config, hook

LEASE = "86400"


class Hub:
    """Verifies what it is asked for by asking back, as a hub does, and tells its one subscriber of news."""

    def __init__(self, site: Site) -> None:
        self.asked: list[dict[str, str]] = []
        self.echoed: list[bool] = []
        self.url = site.on("/hub", self._ask)

    async def _ask(self, request: web.Request) -> web.Response:
        form = {key: values[0] for key, values in parse_qs((await request.read()).decode()).items()}
        self.asked.append(form)
        query = {"hub.mode": form["hub.mode"], "hub.topic": form["hub.topic"], "hub.challenge": "c-4711", "hub.lease_seconds": LEASE}
        async with aiohttp.ClientSession() as session, session.get(form["hub.callback"], params=query) as answer:
            self.echoed.append(answer.status == 200 and await answer.text() == "c-4711")
        return web.Response(status=202)

    async def tell(self, body: bytes) -> int:
        form = self.asked[-1]
        digest = hmac.new(form["hub.secret"].encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature": f"sha256={digest}", "Content-Type": "application/rss+xml"}
        async with aiohttp.ClientSession() as session, session.post(form["hub.callback"], data=body, headers=headers) as answer:
            return answer.status


async def test_what_a_hub_tells_is_delivered_long_before_the_next_poll(
    site: Site, webhook_sink: WebhookSink, make_daemon: Callable[..., Daemon]
) -> None:
    hub, feed = Hub(site), site.feed(entries=2)
    feed.headers["Link"] = f'<{hub.url}>; rel="hub", <{feed.url}>; rel="self"'
    port = await free_port()
    text = config(
        None,
        {"archive": hook(webhook_sink.url)},
        feeds=[f"{{url: '{feed.url}', name: world, interval: 1d}}"],
        more=f"web: {{listen: '127.0.0.1:{port}', base_url: 'http://127.0.0.1:{port}'}}",
    )
    async with make_daemon(text) as daemon:
        await daemon.logged("web.ready", seconds=60)
        # The hub may be asked a moment before the server is there, and is asked again half a minute later.
        await daemon.logged("websub.subscribed", seconds=90)
        assert hub.echoed[-1]
        assert hub.asked[-1]["hub.callback"].startswith(f"http://127.0.0.1:{port}/websub/")
        feed.publish("A title", NEWS, path="/story.html")
        assert await hub.tell(feed.document()) == 202
        await until(lambda: webhook_sink.pairs(), what="the alert", seconds=60)
        assert [url.rpartition("/")[2] for _, url in webhook_sink.pairs()] == ["story.html"]
        assert len(site.seen(feed.path)) == 2
        async with aiohttp.ClientSession() as session:
            for host, status in (("localhost", 200), ("evil.example", 421)):
                async with session.get(f"http://127.0.0.1:{port}/healthz", headers={"Host": host}) as answer:
                    assert answer.status == status
        assert await daemon.stop() == 0


async def test_a_server_beyond_this_machine_wants_users(make_daemon: Callable[..., Daemon]) -> None:
    daemon = make_daemon(config(None, {}, more="web: {listen: '0.0.0.0:8642'}"))
    daemon.start()
    assert await daemon.ended(30) == 2
    assert "web.users" in daemon.tail()
