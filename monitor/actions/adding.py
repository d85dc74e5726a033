"""From what people paste to feeds: an address is looked at, and what it holds or names is told before it is added."""

from __future__ import annotations

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


async def discover(client: Client, workers: Workers, text: str) -> list[Found]:
    """The feed at an address, or the feeds of the site that lives there; the likeliest first.

    Raises FetchError where nothing answers, ParseError where the site names no feed.
    """
    url = address(text)
    try:
        return [await look(client, workers, url)]
    except ParseError as error:
        found = await _named_by(client, workers, url)
        if not found:
            raise ParseError(
                error.code, f"{url} is no feed, and names none", remedy="look for an RSS sign on the site, and give that address"
            ) from error
        return found


async def _named_by(client: Client, workers: Workers, url: str) -> list[Found]:
    try:
        from monitor.feeds.discover import discover as candidates
    except ModuleNotFoundError:
        return []

    found: list[Found] = []
    for candidate in await candidates(client, workers, url):
        try:
            found.append(await look(client, workers, candidate.url))
        except MonitorError:
            continue  # a site that names a feed which is gone is common, and the others count
    return found
