"""Links of feeds: absolute http(s) URLs or None. Nothing here raises, whatever a feed writes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urljoin

_PLAIN = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,4})?(?:[/?#][!-~]*)?\Z")
_SLASHES = re.compile(r"(https?:)//+", re.I)
_CONTROL = re.compile("[\x00-\x1f\x7f]")


def absolute(link: str | None, base: str | None = None) -> str | None:
    """`link`, resolved against `base`, if that makes a usable absolute http(s) URL; else None."""
    if not link:
        return None
    link = link.strip()
    if _PLAIN.match(link):
        return link
    link = _SLASHES.sub(r"\1//", _CONTROL.sub("", link), count=1)
    try:
        if not link.lower().startswith(("http://", "https://")):
            if base is None:
                return f"https:{link}" if link.startswith("//") and usable(f"https:{link}") else None
            link = urljoin(base, link)
        return link if usable(link) else None
    except ValueError:
        return None


def usable(url: str) -> bool:
    """Whether `url` is http(s) with a host and a port that exists, to the parser that will fetch it.

    Raises ValueError where that can't take it apart.
    """
    from yarl import URL  # most links never come here, and commands that only parse need not wait for it

    parts = URL(url)
    return parts.scheme in ("http", "https") and bool(parts.host) and parts.port != 0


def first(links: Iterable[str | None], base: str | None = None) -> str | None:
    """The first of `links` that is, or becomes, a usable URL."""
    for link in links:
        found = absolute(link, base)
        if found:
            return found
    return None
