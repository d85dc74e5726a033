"""From a feed's URL to its entries: fetching, parsing, identity, when to ask next."""

from __future__ import annotations

from .fetch import FeedAnswer, FeedRequest, fetch_feed
from .identity import Identified, identify
from .parse import cheap, parse_feed, parse_sure
from .schedule import DEFAULT_INTERVAL, back_off, window

__all__ = [
    "DEFAULT_INTERVAL",
    "FeedAnswer",
    "FeedRequest",
    "Identified",
    "back_off",
    "cheap",
    "fetch_feed",
    "identify",
    "parse_feed",
    "parse_sure",
    "window",
]
