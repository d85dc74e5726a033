"""Manners towards hosts: whom to leave alone, when a host's feeds go together, who may hear a secret."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from random import Random

from yarl import URL

from monitor.net.ranges import parse_address, why_forbidden
from monitor.net.turns import host_key
from monitor.pipeline.live import FeedWish

LONGEST_PAUSE = 86_400.0  # seconds that one answer may keep a whole domain unasked; the URL itself waits as long as it says
PAUSING = frozenset({429, 503})
_MOST_WAVES = 50_000
_BURST = 10.0  # seconds' worth of requests that may go at once


class Pauses:
    """Domains that have asked to be left alone, until when (seconds since the epoch)."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}

    def put(self, host: str, until: float) -> None:
        self._until[host] = max(until, self._until.get(host, 0.0))

    def learn(self, known: Mapping[str, float]) -> None:
        """What the store knows: from before a restart, or of another daemon's asking."""
        for host, until in known.items():
            self.put(host, until)

    def until(self, host: str, now: float) -> float | None:
        """When `host` may be asked again; None where it may be now."""
        end = self._until.get(host)
        if end is None:
            return None
        if end <= now or end > now + 2 * LONGEST_PAUSE:  # over, or the clock was set back
            del self._until[host]
            return None
        return end


def domain_pause(url: str, status: int | None, retry_after: float | None) -> float | None:
    """Seconds that all of the URL's domain is left alone for this answer; None where it speaks for its URL alone.

    A public domain counts requests as a whole. Behind a private address stands somebody's own server, and often several
    that have nothing to do with each other.
    """
    if status not in PAUSING or not retry_after or not is_public(url):
        return None
    return min(retry_after, LONGEST_PAUSE)


def is_public(url: str) -> bool:
    """Whether the URL's host is, by its name or address, one of the public internet."""
    return _public_host(host_key(url))


@lru_cache(maxsize=4096)
def _public_host(host: str) -> bool:
    address = parse_address(host.strip("[]"))
    if address is not None:
        return why_forbidden(address) is None
    return "." in host and not host.endswith((".localhost", ".local", ".internal", ".lan", ".home.arpa", ".test"))


class Waves:
    """When a domain's feeds are due next: together where their windows allow it, over connections that are kept.

    Hosts keep apart by chance. Feeds that once went together stay together, since all take the moment of the first.
    """

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._next: dict[str, float] = {}

    def moment(self, host: str, earliest: float, latest: float) -> float:
        """A moment between the two (seconds since the epoch) for a feed of `host`."""
        planned = self._next.get(host)
        if planned is not None and earliest <= planned <= latest:
            return planned
        if len(self._next) >= _MOST_WAVES:
            self._next.clear()
        chosen = self._chance.uniform(earliest, latest)
        self._next[host] = chosen
        return chosen


class Budget:
    """At most so many polls a minute, of all feeds together; None is no limit."""

    def __init__(self, per_minute: int | None, steady: Callable[[], float] = time.monotonic) -> None:
        self._rate = None if per_minute is None else per_minute / 60.0
        self._steady = steady
        self._most = 0.0 if self._rate is None else max(1.0, self._rate * _BURST)
        self._left = self._most
        self._at = steady()

    @property
    def rate(self) -> float | None:
        """Requests a second."""
        return self._rate

    @property
    def pause(self) -> float:
        """Seconds after which there is room for one more, from an empty budget."""
        return 0.0 if self._rate is None else 1.0 / self._rate

    def room(self, wanted: int) -> int:
        """How many of `wanted` may go now."""
        if self._rate is None:
            return wanted
        now = self._steady()
        self._left = min(self._most, self._left + (now - self._at) * self._rate)
        self._at = now
        return min(wanted, int(self._left))

    def spend(self, count: int) -> None:
        if self._rate is not None:
            self._left -= count


_OPEN = frozenset({"user-agent", "accept", "accept-language", "referer"})


def headers_for(url: str, polled_url: str, wish: FeedWish) -> dict[str, str]:
    """The headers for a feed configured as `url` and asked at `polled_url`.

    What the configuration names (but for a few that say nothing) may be secret, and goes to the configured URL's own
    origin (scheme, host, port): a feed that has moved to another is asked without. A user in the configured URL counts
    as well, since the address that a redirect gave has none.
    """
    headers = dict(wish.headers)
    if wish.user_agent:
        headers["User-Agent"] = wish.user_agent
    if url == polled_url:
        return headers
    first = URL(url)
    if first.origin() != URL(polled_url).origin():
        return {name: value for name, value in headers.items() if name.lower() in _OPEN}
    if first.raw_user is not None or first.raw_password is not None:
        token = base64.b64encode(f"{first.user or ''}:{first.password or ''}".encode()).decode()
        headers = {"Authorization": f"Basic {token}", **headers}
    return headers
