"""Turns: how many requests may be under way at one host at a time, shared by feeds, pages and robots.txt."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from yarl import URL

from monitor.net.ranges import parse_address

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList


def host_key(url: str | URL) -> str:
    """Whose turns a request to `url` takes: its registrable domain, "" where it names no host. The one place that decides it.

    Large services count requests across their subdomains. An IP address, and a name below no public suffix, is its own.
    """
    try:
        host = (URL(url) if isinstance(url, str) else url).raw_host or ""
    except ValueError:
        return ""
    return registrable(host)


@lru_cache(maxsize=20_000)
def registrable(host: str) -> str:
    """The registrable domain of a host by the public suffix list (publicsuffix.org, its ICANN part)."""
    name = host.rstrip(".")
    if parse_address(name.strip("[]")) is not None:
        return name
    return _suffixes().privatesuffix(name) or name


@cache
def _suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList

    # Private suffixes are left out: the pages of one hosting service are one service's load.
    return PublicSuffixList(only_icann=True)


class Turns:
    """`per_host` turns for each host, handed on in the order of asking. Not for use from several threads.

    `on_free` is called whenever a turn is given back that nobody was waiting for.
    """

    def __init__(self, per_host: int) -> None:
        if per_host < 1:
            raise ValueError("per_host must be at least 1")
        self._per_host = per_host
        self._taken: dict[str, int] = {}
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}
        self._full: set[str] = set()
        self.on_free: Callable[[], None] | None = None

    def full(self) -> frozenset[str]:
        """Hosts whose turns are all taken."""
        return frozenset(self._full)

    def try_take(self, host: str) -> bool:
        """Take a turn if one is free at once; it must be given back by `give`."""
        if host in self._full:
            return False
        self.take_over(host)
        return True

    def take_over(self, host: str) -> None:
        """Take a turn without waiting and without asking whether one is free: for one that was lent and comes back."""
        count = self._taken.get(host, 0) + 1
        self._taken[host] = count
        if count >= self._per_host:
            self._full.add(host)

    def give(self, host: str) -> bool:
        """Give a turn back; the longest waiting gets it. False if none was taken, and nothing changes then."""
        count = self._taken.get(host, 0)
        if count == 0:
            return False
        waiting = self._waiting.get(host)
        if waiting and count <= self._per_host:
            # Handed over, not freed: nobody who asks later can slip in between.
            while waiting:
                future = waiting.popleft()
                if not waiting:
                    del self._waiting[host]
                if not future.done():
                    future.set_result(None)
                    return True
        count -= 1
        if count:
            self._taken[host] = count
        else:
            del self._taken[host]
        if count < self._per_host:
            self._full.discard(host)
            if self.on_free is not None:
                self.on_free()
        return True

    async def wait(self, host: str) -> None:
        """Wait for a turn, first come first served; it must be given back by `give`. Cancelled, it leaves no trace."""
        if self.try_take(host):
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(host, deque()).append(future)
        try:
            await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled():
                self.give(host)  # the turn had come in the very moment of the cancellation: it goes on to the next
            else:
                self._forget(host, future)
            raise

    @asynccontextmanager
    async def take(self, host: str) -> AsyncIterator[None]:
        """A turn for the length of a block."""
        await self.wait(host)
        try:
            yield
        finally:
            self.give(host)

    def _forget(self, host: str, future: asyncio.Future[None]) -> None:
        waiting = self._waiting.get(host)
        if waiting is not None and future in waiting:
            waiting.remove(future)
            if not waiting:
                del self._waiting[host]


class Seat:
    """The turn that one request holds while redirects lead it from host to host: never two at once, so no deadlock.

    With `lent` the caller holds the turn of that host; it has it again when the seat is left.
    """

    def __init__(self, turns: Turns, lent: str | None = None) -> None:
        self._turns = turns
        self._lent = lent
        self._host = lent
        self._taken = False  # the turn of _host is ours to give back
        self._owed = False  # the lent turn was given away, and its owner counts on having it

    async def move(self, host: str) -> None:
        """Hold the turn of `host`, and no other."""
        if host == self._host:
            return
        if self._host is not None:
            gave = self._turns.give(self._host)
            if self._host == self._lent and not self._taken:
                self._owed = gave
            self._host = None
            self._taken = False
        await self._turns.wait(host)
        self._host = host
        self._taken = True

    def leave(self) -> None:
        """Give back what was taken, and restore what was lent."""
        if self._host is not None and self._taken:
            if self._owed and self._host == self._lent:
                self._owed = False
            else:
                self._turns.give(self._host)
        if self._owed and self._lent is not None:
            self._turns.take_over(self._lent)
        self._host, self._taken, self._owed = None, False, False
