"""WebSub through the whole daemon: a real hub, a real callback."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs

import aiohttp
import pytest
from aiohttp import web

from monitor.store import tables as t
from monitor.store import websub as stored
from monitor.web.front import front_of
from tests.support.sinks import WebhookSink
from tests.support.site import Feed, Site, free_port
from tests.support.waiting import until
from tests.unit.pipeline.conftest import POLL, Watch, alerted


class Hub:
    """Takes subscriptions at `/hub`, confirms them when told to, and publishes."""

    def __init__(self, site: Site) -> None:
        self.asked: list[dict[str, str]] = []
        self.status = 202
        self.url = site.on("/hub", self._ask)

    async def _ask(self, request: web.Request) -> web.Response:
        self.asked.append({key: values[0] for key, values in parse_qs((await request.read()).decode()).items()})
        return web.Response(status=self.status)

    async def confirm(self, lease: int = 86_400, **changed: str) -> tuple[int, str]:
        form = self.asked[-1]
        query = {"hub.mode": "subscribe", "hub.topic": form["hub.topic"], "hub.challenge": "echo-me", "hub.lease_seconds": str(lease)}
        async with aiohttp.ClientSession() as session, session.get(form["hub.callback"], params={**query, **changed}) as answer:
            return answer.status, await answer.text()

    async def publish(self, body: bytes, secret: str | None = None, callback: str | None = None) -> int:
        form = self.asked[-1]
        key = (secret or form["hub.secret"]).encode()
        headers = {"X-Hub-Signature": "sha256=" + hmac.new(key, body, hashlib.sha256).hexdigest()}
        async with aiohttp.ClientSession() as session, session.post(callback or form["hub.callback"], data=body, headers=headers) as answer:
            return answer.status


class Subscribed:
    def __init__(self, watched: Any, hub: Hub, feed: Feed) -> None:
        self.watched, self.hub, self.feed = watched, hub, feed

    async def subscriptions(self) -> list[stored.Subscription]:
        found: list[stored.Subscription] = await self.watched.store.read(stored.all_)
        return found

    async def renew(self, after: float = 0.0) -> None:
        self.watched.move(after)
        await self.watched.daemon.websub.renew()


@pytest.fixture
async def subscribed(site: Site, watch: Watch) -> AsyncIterator[Subscribed]:
    """A feed that names a hub, polled once, its hub asked once."""
    hub, feed = Hub(site), site.feed(entries=2)
    feed.headers["Link"] = f'<{hub.url}>; rel="hub", <{feed.url}>; rel="self"'
    port = await free_port()
    watched = await watch(more=f"web: {{listen: '127.0.0.1:{port}', base_url: 'http://127.0.0.1:{port}/news'}}\n")
    front = front_of(watched.daemon.config.web, watched.daemon.live, watched.daemon.websub, list)
    assert front is not None
    serving = asyncio.create_task(front.run())
    await until(lambda: watched.daemon.websub.served, what="the server")
    await watched.settle()
    found = Subscribed(watched, hub, feed)
    await found.renew()
    yield found
    serving.cancel()
    await asyncio.wait([serving])


async def test_a_hub_is_asked_and_its_confirmation_echoed(subscribed: Subscribed) -> None:
    (form,) = subscribed.hub.asked
    assert form["hub.topic"] == subscribed.feed.url
    assert form["hub.mode"] == "subscribe"
    assert await subscribed.hub.confirm() == (200, "echo-me")
    (one,) = await subscribed.subscriptions()
    assert one.until == pytest.approx(subscribed.watched.store.clock() + 86_400, abs=60)
    await subscribed.renew()
    assert len(subscribed.hub.asked) == 1, "nothing is asked twice"


@pytest.mark.parametrize("changed", [{"hub.topic": "https://other.example/"}, {"hub.mode": "unsubscribe"}, {"hub.challenge": ""}])
async def test_what_we_did_not_ask_for_is_refused(subscribed: Subscribed, changed: dict[str, str]) -> None:
    assert (await subscribed.hub.confirm(**changed))[0] == 404
    (one,) = await subscribed.subscriptions()
    assert one.until is None


async def test_news_from_the_hub_are_polled_at_once(subscribed: Subscribed, webhook_sink: WebhookSink) -> None:
    await subscribed.hub.confirm()
    subscribed.watched.move(20)
    article = subscribed.feed.publish(paragraphs="The envoy spoke of FFVD.")
    await subscribed.watched.settle()
    assert len(subscribed.watched.daemon.poll.in_hand) == 0
    assert alerted(webhook_sink) == []
    assert await subscribed.hub.publish(subscribed.feed.document()) == 202
    await subscribed.watched.settle()
    assert alerted(webhook_sink) == ["/" + article.url.split("/", 3)[3]]


async def test_a_wrong_signature_starts_nothing(subscribed: Subscribed) -> None:
    await subscribed.hub.confirm()
    subscribed.watched.move(20)
    assert await subscribed.hub.publish(b"<rss/>", secret="guessed") == 202
    await subscribed.watched.settle()
    (row,) = await subscribed.watched.rows(t.feeds)
    assert row.polls == 1
    callback = subscribed.hub.asked[-1]["hub.callback"]
    assert await subscribed.hub.publish(b"<rss/>", callback=callback[:-3] + "abc") == 410


async def test_news_right_after_a_poll_or_during_one_are_not_lost(subscribed: Subscribed, webhook_sink: WebhookSink) -> None:
    """What is in hand, or was asked just now, may be older than what the hub tells of."""
    await subscribed.hub.confirm()
    watched, feed = subscribed.watched, subscribed.feed
    watched.move(20)
    published = asyncio.Event()

    async def late(request: web.Request) -> web.Response:
        old = feed.document()
        if not published.is_set():
            feed.publish(paragraphs="The envoy spoke of FFVD.")
            published.set()
            assert await subscribed.hub.publish(b"news") == 202
        return web.Response(body=old, content_type="application/rss+xml")

    feed.site.on(feed.path, late)
    assert await subscribed.hub.publish(b"news") == 202
    await watched.settle()
    assert published.is_set()
    assert alerted(webhook_sink) == []
    # The clock of the store stands still for what waits: a second poll is due ten seconds after the first.
    (waiting,) = watched.daemon.websub._later.values()
    await waiting
    await watched.settle(after=11)
    assert len(alerted(webhook_sink)) == 1


async def test_a_lease_is_renewed_before_it_ends_and_polling_goes_on(subscribed: Subscribed) -> None:
    await subscribed.hub.confirm(lease=86_400)
    await subscribed.renew(after=0.69 * 86_400)
    assert len(subscribed.hub.asked) == 1
    await subscribed.renew(after=0.12 * 86_400)
    assert len(subscribed.hub.asked) == 2
    assert subscribed.hub.asked[0]["hub.callback"] == subscribed.hub.asked[1]["hub.callback"]
    await subscribed.watched.settle(after=POLL)
    (row,) = await subscribed.watched.rows(t.feeds)
    assert row.polls == 2


async def test_a_hub_that_refuses_is_asked_again_later_and_less_often(subscribed: Subscribed) -> None:
    subscribed.hub.status = 500
    await subscribed.renew(after=601)
    await subscribed.renew(after=590)
    assert len(subscribed.hub.asked) == 2
    (one,) = await subscribed.subscriptions()
    assert (one.failures, one.problem) == (1, "the hub answered 500")
    await subscribed.renew(after=20)
    await subscribed.renew(after=1_000)
    assert len(subscribed.hub.asked) == 3


async def test_a_denial_is_kept(subscribed: Subscribed) -> None:
    assert (await subscribed.hub.confirm(**{"hub.mode": "denied", "hub.reason": "not for you"}))[0] == 200
    (one,) = await subscribed.subscriptions()
    assert (one.until, one.problem) == (None, "not for you")


async def test_without_a_public_address_no_hub_is_asked(site: Site, watch: Watch) -> None:
    hub, feed = Hub(site), site.feed(entries=2)
    feed.headers["Link"] = f'<{hub.url}>; rel="hub"'
    watched = await watch()
    await watched.settle()
    await watched.daemon.websub.renew()
    assert hub.asked == []
    assert await watched.store.read(stored.all_) == []
