"""What a poll reads beside feeds' documents: sitemaps with those that an index names, and pages by selectors."""

from __future__ import annotations

import asyncio
import dataclasses
import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from monitor.errors import FetchError, ParseError, WorkerKilled
from monitor.feeds import FeedAnswer
from monitor.model import FeedEntry, ParsedFeed

if TYPE_CHECKING:
    from monitor.feeds.sitemap import Child

MOST_CHILDREN = 20  # sitemaps of an index that one poll reads, the newest first
MOST_ENTRIES = 5_000  # of sitemaps at one poll, the newest: a first document of a whole site is its archive
CHILDREN_DEADLINE = 20.0  # seconds for all of them: the lease of the feed must hold
_MARGIN = 2 * 86_400.0  # seconds before the last good poll from which what is listed is looked at again
_INDEX = re.compile(rb"<(?:[\w.-]+:)?sitemapindex[\s>]")
_ITEMS = "article, h1 a, h2 a, h3 a"  # of a page for which no selectors are configured


@dataclass(frozen=True, slots=True)
class Source:
    """What a feed's address gives, as configured: `kind` feed, sitemap or page, None to find out; the selectors of a page."""

    kind: str | None = None
    item: str | None = None
    link: str | None = None
    title: str | None = None
    time: str | None = None


FEED = Source()


@dataclass(frozen=True, slots=True)
class Read:
    """A document, and the sitemaps that it names."""

    feed: ParsedFeed
    children: tuple[Child, ...] = ()


def read_document(body: bytes, url: str, content_type: str | None, source: Source) -> Read:
    """For a worker: the document as what it is. Raises ParseError, with what is wrong with a selector too."""
    if source.kind == "page":
        return Read(_page(body, url, content_type, source))
    if source.kind == "sitemap" or names_sitemaps(body):
        from monitor.feeds.sitemap import parse_sitemap

        sitemap = parse_sitemap(body, url)
        return Read(sitemap.feed, sitemap.children)
    from monitor.feeds import parse_feed

    return Read(parse_feed(body, url, content_type))


def names_sitemaps(body: bytes) -> bool:
    """Whether the document is an index of sitemaps, zipped or not."""
    from monitor.feeds.sniff import unpacked

    return _INDEX.search(unpacked(body)[:4_000]) is not None


def _page(body: bytes, url: str, content_type: str | None, source: Source) -> ParsedFeed:
    from monitor.feeds.page import Select, parse_page

    try:
        select = Select(source.item or _ITEMS, source.link, source.title, source.time)
    except ValueError as error:
        raise ParseError("not-a-feed", f"'select' can't be used: {error}", remedy="correct the selector in the configuration") from None
    return parse_page(body, url, select, content_type)


def fresh(parsed: ParsedFeed, since: float | None) -> ParsedFeed:
    """A sitemap lists a whole site: what was changed since the last good poll, or at the first one the newest."""

    def changed(entry: FeedEntry) -> float | None:
        moment = entry.published_at or entry.updated_at
        return None if moment is None else moment.timestamp()

    entries: Iterable[FeedEntry] = parsed.entries
    if since is not None:
        entries = (e for e in entries if (at := changed(e)) is None or at > since - _MARGIN)
    kept = sorted(entries, key=lambda entry: -(changed(entry) or 0.0))
    warnings = parsed.warnings
    if len(kept) > MOST_ENTRIES:
        warnings = (*warnings, f"the newest {MOST_ENTRIES} of {len(kept)} pages were looked at")
    return dataclasses.replace(parsed, entries=tuple(kept[:MOST_ENTRIES]), warnings=warnings)


async def with_children(
    read: Read,
    since: float | None,
    ask: Callable[[str], Awaitable[FeedAnswer]],
    parse: Callable[[FeedAnswer], Awaitable[Read]],
) -> ParsedFeed:
    """A sitemap with the entries of those that it names, as far as they are new. Raises FetchError where none could be read.

    `ask` fetches one, `parse` reads one in a worker. An index in an index is not followed.
    """
    from monitor.feeds.sitemap import changed_since

    after = None if since is None else datetime.fromtimestamp(since - _MARGIN, UTC)
    changed = changed_since(read.children, after)
    chosen = changed[:MOST_CHILDREN]
    found: list[ParsedFeed] = []
    failures: list[FetchError | ParseError] = []

    async def one(url: str) -> None:
        try:
            found.append((await parse(await ask(url))).feed)
        except (FetchError, ParseError) as error:
            failures.append(error)
        except WorkerKilled:
            failures.append(ParseError("killed", "a sitemap took longer to parse than the limit"))

    await _all([one(child.url) for child in chosen])
    if chosen and not found:
        cause = failures[0].text if failures else "no answer in time"
        raise FetchError("timeout" if not failures else "http", f"none of its {len(chosen)} sitemaps could be read: {cause}")
    warnings = list(read.feed.warnings)
    if len(changed) > len(chosen):
        warnings.append(f"the newest {len(chosen)} of {len(changed)} changed sitemaps were read")
    if len(found) < len(chosen):
        warnings.append(f"{len(chosen) - len(found)} of {len(chosen)} sitemaps could not be read")
    first = next(iter(found), read.feed)
    entries = tuple(entry for part in (read.feed, *found) for entry in part.entries)
    return dataclasses.replace(first, entries=entries, warnings=tuple(warnings))


async def _all(work: Sequence[Awaitable[None]]) -> None:
    """All of it, or what is done by the deadline."""
    tasks = [asyncio.ensure_future(one) for one in work]
    if not tasks:
        return
    try:
        await asyncio.wait(tasks, timeout=CHILDREN_DEADLINE)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
