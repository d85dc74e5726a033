"""Lists of what is in the store, as the API's items: the same for terminal, JSON and pages. Newest first, by key."""

from __future__ import annotations

from monitor.store.listing.alerts import alerts, export_alerts
from monitor.store.listing.articles import articles, export_page, find_article
from monitor.store.listing.common import Item, stamp
from monitor.store.listing.deliveries import channels, deliveries, find_delivery
from monitor.store.listing.feeds import feed_entries, feed_polls, feed_state, feeds, find_feed
from monitor.store.listing.mutes import find_mute, mutes
from monitor.store.listing.rules import rules
from monitor.store.listing.status import status

__all__ = [
    "Item",
    "alerts",
    "articles",
    "channels",
    "deliveries",
    "export_alerts",
    "export_page",
    "feed_entries",
    "feed_polls",
    "feed_state",
    "feeds",
    "find_article",
    "find_delivery",
    "find_feed",
    "find_mute",
    "mutes",
    "rules",
    "stamp",
    "status",
]
