"""From what people paste to feeds: an address is looked at, and what it holds or names is told before it is added."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from monitor.errors import FetchError, MonitorError, ParseError
from monitor.net import Client
from monitor.workers import Workers


@dataclass(frozen=True, slots=True)
class Found:
    """A feed that answered: its URL, what it calls itself, and how much it holds now. `texts` are titles and texts of its entries."""

    url: str
    title: str | None
    format: str | None
    language: str | None
    entries: int
    texts: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {"url": self.url, "title": self.title, "format": self.format, "language": self.language, "entries": self.entries}


def address(text: str) -> str:
    """A URL of what people type: `koreaherald.com` is https."""
    text = text.strip()
    return text if "://" in text else f"https://{text}"


async def look(client: Client, workers: Workers, url: str) -> Found:
    """Fetches a feed and reads it. Raises FetchError, ParseError."""
    from monitor.feeds import parse_feed
    from monitor.feeds.fetch import ACCEPT

    response = await client.get(url, headers={"Accept": ACCEPT})
    if response.status >= 400:
        raise FetchError("http", f"{url} answered {response.status}", status=response.status)
    parsed = await workers.run(parse_feed, response.body, response.url, response.headers.get("Content-Type"))
    moved = bool(response.history) and all(status in (301, 308) for status, _ in response.history)
    texts = tuple(" ".join(filter(None, (entry.title, entry.summary, entry.content))) for entry in parsed.entries)
    return Found(response.url if moved else url, parsed.title, parsed.format, parsed.language, len(parsed.entries), texts)


async def discover(client: Client, workers: Workers, text: str, *, sitemaps: bool = False) -> list[Found]:
    """The feed at an address, or the feeds of the site that lives there; the likeliest first. With `sitemaps`, last those of robots.txt.

    Raises FetchError where nothing answers, ParseError where the site names no feed.
    """
    url = address(text)
    try:
        return [await look(client, workers, url)]
    except (ParseError, FetchError) as error:
        found = await _named_by(client, workers, url, error, sitemaps=sitemaps)
        if found:
            return found
        if isinstance(error, FetchError):
            raise
        remedy = "look for an RSS sign on the site, and give that address"
        raise ParseError(error.code, f"{url} is no feed, and none is found from there", remedy=remedy) from error


async def _named_by(client: Client, workers: Workers, url: str, error: MonitorError, *, sitemaps: bool) -> list[Found]:
    """The feeds that a site links; where it links none, the first that lies where feeds usually do."""
    from monitor.feeds.discover import discover as candidates

    try:
        every = await candidates(client, workers, url)
    except FetchError:
        raise error from None
    named = [one for one in every if one.kind == "feed"]
    found = await _good(client, workers, [one.url for one in named if one.why != "usual-path"])
    if not found and isinstance(error, ParseError):
        found = await _first(client, workers, [one.url for one in named if one.why == "usual-path"])
    if sitemaps:
        found += await _good(client, workers, [one.url for one in every if one.kind != "feed"])
    return list({one.url: one for one in found}.values())


async def _good(client: Client, workers: Workers, urls: list[str]) -> list[Found]:
    """Those of `urls` that are what they are said to be."""
    looked = await asyncio.gather(*(look(client, workers, url) for url in urls), return_exceptions=True)
    for one in looked:
        if isinstance(one, BaseException) and not isinstance(one, MonitorError):
            raise one
    return [one for one in looked if isinstance(one, Found)]


async def _first(client: Client, workers: Workers, urls: list[str]) -> list[Found]:
    for url in urls:
        try:
            return [await look(client, workers, url)]
        except MonitorError:
            continue  # a guess that fails says nothing: the next one may do
    return []
