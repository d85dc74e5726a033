"""Which entries are one, as far as a single document can tell. Pure.

What needs the past (a changed guid on a link that is known, a guid that is used for another article) is decided where
the entries are stored.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from monitor.model import FeedEntry, ParsedFeed

LONGEST_GUID = 500  # characters; longer ones are told apart by their digest


@dataclass(frozen=True, slots=True)
class Identified:
    """An entry with its identity within the feed (`guid`) and the key of the article that it points to."""

    entry: FeedEntry
    guid: str
    article_key: str
    url: str | None


def identify(parsed: ParsedFeed, feed_url: str, normalize: Callable[[str], str]) -> list[Identified]:
    """The document's entries, each once, in its order.

    - The guid is the identity. Where several items with different links or titles carry one guid, the link is.
    - Without a guid the link is the identity, without both the title (and the text, where titles repeat).
    - The link, normalised, is the article; a link that several different items share (a ticker, a front page) says
      nothing, and each of them is an article of its own, as is an entry without a link.
    - Items equal in guid, link and title are one; the first in the document counts.
    """
    keys = [_normalized(entry.url, normalize) for entry in parsed.entries]
    shared = _shared_links(parsed.entries, keys)
    reused = _reused_guids(parsed.entries, keys)
    anonymous = _anonymous_names(parsed.entries)
    found: dict[str, Identified] = {}
    for index, (entry, key) in enumerate(zip(parsed.entries, keys, strict=True)):
        link = key if key is not None and key not in shared else None
        if entry.guid and entry.guid not in reused:
            guid = entry.guid
        elif link is not None:
            guid = link
        else:
            guid = "urn:monitor:entry:" + _digest(entry.guid or "", key or "", anonymous[index])
        if len(guid) > LONGEST_GUID:
            guid = "urn:monitor:guid:" + _digest(guid)
        article = link or "urn:monitor:article:" + _digest(feed_url, guid)
        found.setdefault(guid, Identified(entry, guid, article, entry.url))
    return list(found.values())


def _normalized(url: str | None, normalize: Callable[[str], str]) -> str | None:
    if url is None:
        return None
    try:
        return normalize(url)
    except ValueError:
        return url


def _shared_links(entries: tuple[FeedEntry, ...], keys: list[str | None]) -> set[str]:
    """Links that items of different titles have in common."""
    titles: dict[str, set[str | None]] = defaultdict(set)
    for entry, key in zip(entries, keys, strict=True):
        if key is not None:
            titles[key].add(entry.title)
    return {key for key, seen in titles.items() if len(seen) > 1}


def _reused_guids(entries: tuple[FeedEntry, ...], keys: list[str | None]) -> set[str]:
    """Guids that stand on items with another link or another title."""
    items: dict[str, set[tuple[str | None, str | None]]] = defaultdict(set)
    for entry, key in zip(entries, keys, strict=True):
        if entry.guid:
            items[entry.guid].add((key, entry.title))
    return {guid for guid, seen in items.items() if len(seen) > 1}


def _anonymous_names(entries: tuple[FeedEntry, ...]) -> list[str]:
    """What names an entry that has neither guid nor link of its own: its title; where titles repeat, the text as well.

    The oldest (last) of a title keeps the title alone, so that it stays the same entry when a namesake joins it.
    """
    seen: Counter[str] = Counter()
    names: list[str] = []
    for entry in reversed(entries):
        title = entry.title or ""
        text = entry.summary or entry.content or ""
        names.append(title if title and not seen[title] else f"{title}\n{text}")
        seen[title] += 1
    return names[::-1]


def _digest(*parts: str) -> str:
    joined = "\x1f".join(parts).encode("utf-8", "replace")
    return hashlib.blake2b(joined, digest_size=16).hexdigest()
