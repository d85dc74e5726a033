"""What a feed lists right now: asked conditionally, within a few seconds, and nothing is stored."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from monitor.articles import normalize_url
from monitor.errors import FetchError, ParseError
from monitor.feeds import FeedRequest, fetch_feed, identify, parse_feed
from monitor.model import Validators
from monitor.net import Client
from monitor.store import sql


class Asking:
    """Called with a feed's row: the keys of the articles it lists and the store does not know of, or the error's text."""

    def __init__(self, client: Client, clock: Callable[[], float], seconds: float) -> None:
        self._client = client
        self._clock = clock
        self._left = seconds

    async def __call__(self, feed: Any) -> set[bytes] | str:
        loop = asyncio.get_running_loop()
        began = loop.time()
        validators = Validators(feed.validator_url, feed.etag, feed.last_modified) if feed.validator_url else None
        now = datetime.fromtimestamp(self._clock(), UTC)
        try:
            async with asyncio.timeout(max(self._left, 0.1)):
                answer = await fetch_feed(self._client, FeedRequest(feed.polled_url, validators), now=now)
                if answer.not_modified:
                    return set()  # what it lists is what the store has seen
                parsed = await asyncio.to_thread(parse_feed, answer.body, answer.final_url, answer.content_type)
        except TimeoutError:
            return "no answer in time"
        except (FetchError, ParseError) as error:
            return error.text
        finally:
            self._left -= loop.time() - began
        return {sql.digest(item.article_key) for item in identify(parsed, feed.url, normalize_url)}
