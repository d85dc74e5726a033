"""robots.txt, by RFC 9309: what a site allows this program to fetch."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from protego import Protego
from yarl import URL

from monitor.errors import FetchError
from monitor.net.client import Client

_KEPT = timedelta(days=1)
_KEPT_FAILURE = timedelta(minutes=1)  # shorter than the first wait of a page that is tried again
_LIMIT = 512_000  # bytes; RFC 9309, section 2.5, asks for at least 500 KiB
_DEADLINE = 15.0
_LONGEST_DELAY = 60.0
_MAX_ORIGINS = 2_000
_MAX_RULES = 8_000_000  # bytes of robots.txt behind all the rules that are kept


@dataclass(slots=True)
class _Site:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    until: datetime | None = None
    rules: Protego | None = None  # None: all is allowed
    failure: str | None = None
    size: int = 0


class Robots:
    """Answers whether `user_agent` may fetch a URL. The caller holds a turn of the URL's host.

    Rules are kept a day for each origin, in memory, for the 2,000 origins last asked for.
    """

    def __init__(self, client: Client, user_agent: str) -> None:
        self._client = client
        self._agent = user_agent
        self._sites: OrderedDict[str, _Site] = OrderedDict()
        self._size = 0

    async def check(self, url: str, now: datetime) -> float:
        """Seconds that the site asks to leave between two fetches (0 if none), a minute at most.

        Raises FetchError(`robots`): permanent where a rule forbids the URL, not permanent where robots.txt can't be had now
        (section 2.3.1.4 of the RFC: then nothing may be fetched).
        """
        try:
            target = URL(url)
            origin = str(target.origin())
        except ValueError:
            raise FetchError("bad-url", "the URL can't be read", permanent=True) from None
        site = self._sites.setdefault(origin, _Site())
        self._sites.move_to_end(origin)
        if site.until is None or not now < site.until <= now + _KEPT:
            async with site.lock:
                # Whoever waited for the lock finds what the first one brought.
                if site.until is None or not now < site.until <= now + _KEPT:
                    await self._load(origin, site, now)
        if site.failure is not None:
            raise FetchError("robots", site.failure, remedy="Without it nothing may be fetched (RFC 9309); it is tried again by itself")
        if site.rules is None:
            return 0.0
        if not site.rules.can_fetch(str(target), self._agent):
            raise FetchError(
                "robots",
                f"robots.txt of {target.host} forbids this page",
                permanent=True,
                remedy="The feed's own text is used; body: feed spares the try",
            )
        delay = site.rules.crawl_delay(self._agent)
        return min(max(float(delay), 0.0), _LONGEST_DELAY) if delay else 0.0

    async def _load(self, origin: str, site: _Site, now: datetime) -> None:
        host = URL(origin).host
        rules: Protego | None = None
        failure: str | None = None
        size = 0
        try:
            answer = await self._client.get(f"{origin}/robots.txt", limit=_LIMIT, deadline=_DEADLINE, take_turn=False)
        except FetchError as exc:
            if exc.code in ("forbidden-address", "bad-url"):
                raise
            failure = f"robots.txt of {host} can't be had: {exc.text}"
        else:
            if answer.status >= 500 or answer.status == 429:
                failure = f"robots.txt of {host} can't be had: status {answer.status}"
            elif answer.status < 300:
                rules = Protego.parse(answer.body.decode("utf-8-sig", errors="replace"))
                size = len(answer.body)
        self._size += size - site.size
        site.rules, site.failure, site.size = rules, failure, size
        site.until = now + (_KEPT if failure is None else _KEPT_FAILURE)
        self._trim()

    def _trim(self) -> None:
        while len(self._sites) > _MAX_ORIGINS or (self._size > _MAX_RULES and len(self._sites) > 1):
            _, site = self._sites.popitem(last=False)
            self._size -= site.size
            site.size = 0
