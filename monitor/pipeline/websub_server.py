"""WebSub (W3C Recommendation, 2018): hubs that publishers name are asked to tell of news, and their word starts a poll at once.

What a hub sends is proof that something is new, no more: its signature is checked, then the feed itself is asked, on
condition and by the same way as ever. So one document decides what an entry is, and polling goes on as the net below.
Nothing is asked of a hub before `routes` are served (`served`) under `web.base_url`.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

import structlog

from monitor.errors import FetchError
from monitor.feeds import websub
from monitor.net import Client
from monitor.pipeline.live import Live
from monitor.store import websub as stored
from monitor.store.database import Store, is_away, is_full

if TYPE_CHECKING:
    from aiohttp import web

log = structlog.get_logger("monitor")

PATH = "/websub/"
MOST_BODY = 10_000_000  # bytes that a hub may send
_CONFIRM_WITHIN = 600.0  # seconds after which an unconfirmed subscription is asked for again
_AT_ONCE = 8  # hubs that are asked at once
_BODY_DEADLINE = 30.0  # seconds that a hub has to send what it sends
_LOOK_AGAIN, _LOOKS = 2.0, 45  # seconds between looks at a feed in hand, and how many: as long as its lease, and more
_BACK_OFF = (600.0, 3_600.0, 21_600.0, 86_400.0)


class WebSub:
    """Subscriptions of this installation. `wake` is called when a feed has become due."""

    def __init__(self, store: Store, client: Client, live: Live, wake: Callable[[], None], chance: Random | None = None) -> None:
        self.store = store
        self.client = client
        self.live = live
        self.wake = wake
        self.chance = chance or Random()
        self.wanted = False  # a server is to take the routes
        self.served = False  # and has them: hubs can call back
        self._known: dict[int, websub.Hub] = {}
        self._later: dict[int, asyncio.Task[None]] = {}  # polls that wait for one in hand

    @property
    def active(self) -> bool:
        """Whether hubs that feeds name are noted."""
        return self.wanted and self.live.base_url is not None

    def routes(self, prefix: str = "") -> list[web.AbstractRouteDef]:
        """The callback, for a server that is reached under `web.base_url`. It needs no sign-in: a token and a signature do.

        A proxy before it may leave the `prefix` of that URL's path in place or take it off.
        """
        from aiohttp import web

        self.wanted = True
        paths = dict.fromkeys(start + PATH + r"{token:[\w-]{1,100}}" for start in ("", prefix))
        return [route for path in paths for route in (web.get(path, self._confirm, allow_head=False), web.post(path, self._told))]

    # -- the hub's side ------------------------------------------------------------------------------------------------
    async def found(self, feed_id: int, hub: websub.Hub) -> None:
        """A feed's answer named its hub."""
        if not self.active or self._known.get(feed_id) == hub:
            return
        self._known[feed_id] = hub
        old = await self.store.read(stored.of_feed, feed_id)
        if old is not None and (old.hub, old.topic) == (hub.hub, hub.topic):
            return
        one = stored.Subscription(feed_id, hub.hub, hub.topic, secrets.token_urlsafe(24), secrets.token_urlsafe(32), self.store.clock())
        await self.store.write(stored.keep, one)

    async def renew(self) -> None:
        """Asks hubs for what is wanted, unconfirmed or near the end of its lease."""
        if not self.active or not self.served:
            return
        await self.store.write(stored.forget_removed)
        now = self.store.clock()
        due = sorted((one for one in await self.store.read(stored.all_) if one.ask_at <= now), key=lambda one: one.ask_at)
        for start in range(0, len(due), _AT_ONCE):
            await asyncio.gather(*(self._ask(one, now) for one in due[start : start + _AT_ONCE]))

    async def _ask(self, one: stored.Subscription, now: float) -> None:
        callback = f"{(self.live.base_url or '').rstrip('/')}{PATH}{one.token}"
        wait, failures, problem = _CONFIRM_WITHIN, one.failures, None
        try:
            body = websub.subscribe_form(one.topic, callback, one.secret)
            answer = await self.client.post(one.hub, body=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
            if not 200 <= answer.status < 300:
                problem = f"the hub answered {answer.status}"
        except FetchError as error:
            problem = error.text
        if problem is not None:
            failures += 1
            wait = _BACK_OFF[min(failures, len(_BACK_OFF)) - 1]
            log.warning("websub.refused", feed=one.feed_id, cause=problem, again_s=wait)
        current = await self.store.read(stored.of_token, one.token)
        if current is not None and current.until == one.until:  # else the hub has confirmed while it answered
            await self.store.write(stored.keep, replace(current, ask_at=now + wait, failures=failures, problem=problem))

    # -- the callback --------------------------------------------------------------------------------------------------
    async def _confirm(self, request: web.Request) -> web.Response:
        from datetime import UTC, datetime

        from aiohttp import web

        one = await self.store.read(stored.of_token, request.match_info["token"])
        said = websub.Confirmed(None) if one is None else websub.confirm(request.query, one.topic)
        if one is None or said.echo is None:
            return web.Response(status=404)
        now = self.store.clock()
        if said.denied is not None:
            log.warning("websub.denied", feed=one.feed_id, cause=said.denied)
            denied = replace(one, until=None, failures=one.failures + 1, ask_at=now + _BACK_OFF[-1], problem=said.denied[:200])
            await self.store.write(stored.keep, denied)
            return web.Response(status=200)
        lease = said.lease or websub.LEASE
        renewed = websub.renew_at(datetime.fromtimestamp(now, UTC), lease, self.chance).timestamp()
        await self.store.write(stored.keep, replace(one, until=now + lease, ask_at=renewed, failures=0, problem=None))
        log.info("websub.subscribed", feed=one.feed_id, lease_s=round(lease))
        return web.Response(text=said.echo, content_type="text/plain")

    async def _told(self, request: web.Request) -> web.Response:
        from aiohttp import web

        one = await self.store.read(stored.of_token, request.match_info["token"])
        if one is None:
            return web.Response(status=410)  # the hub may forget it
        if (request.content_length or 0) > MOST_BODY:
            return web.Response(status=413)
        body = bytearray()
        try:
            async with asyncio.timeout(_BODY_DEADLINE):
                async for chunk in request.content.iter_chunked(65_536):
                    body += chunk
                    if len(body) > MOST_BODY:
                        return web.Response(status=413)
        except TimeoutError:
            return web.Response(status=408)
        if not websub.is_signed(bytes(body), one.secret, request.headers.get("X-Hub-Signature")):
            # By the recommendation it is taken and left alone: who can't sign must not learn what would have been believed.
            log.warning("websub.unsigned", feed=one.feed_id)
            return web.Response(status=202)
        await self._poll(one.feed_id)
        return web.Response(status=202)

    async def _poll(self, feed_id: int) -> None:
        """Has the feed polled: now, soon after its last poll, or after the one in hand, which may have come before the news."""
        if await self.store.write(stored.due_soon, feed_id):
            self.wake()
        elif feed_id not in self._later:
            self._later[feed_id] = asyncio.get_running_loop().create_task(self._poll_later(feed_id))

    async def _poll_later(self, feed_id: int) -> None:
        try:
            for _ in range(_LOOKS):
                await asyncio.sleep(_LOOK_AGAIN)
                if await self.store.write(stored.due_soon, feed_id):
                    self.wake()
                    return
        except Exception as error:
            if not is_away(error) and not is_full(error):
                log.exception("websub.bug", feed=feed_id)
            else:
                log.warning("websub.late", feed=feed_id, error=str(error))
        finally:
            self._later.pop(feed_id, None)

    async def close(self) -> None:
        """Gives up what waits for a poll in hand: what a hub said is no more than a hint."""
        waiting = list(self._later.values())
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
