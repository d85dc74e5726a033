"""robots.txt, by RFC 9309: what a site allows this program to fetch."""

from __future__ import annotations

import asyncio
import re
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
_MOST_RULES = 5_000  # of one file; beyond it they are somebody's play with our time
_LONGEST_LINE = 4_096  # characters; no URL that is fetched is so long
_MAX_ORIGINS = 2_000
_MAX_RULES = 8_000_000  # bytes of robots.txt behind all the rules that are kept

# What Protego takes for these lines, its misspellings included.
_AGENT_LINE = re.compile(r"user[ -]?agent\b\s*:?(?P<name>.*)", re.IGNORECASE)
_SITE_LINE = re.compile(r"(?:site-?maps?|host)\b", re.IGNORECASE)
_RULE_LINE = re.compile(r"[^:]+:|(?:dis+al+ow|disalow|diasllow|disallaw|allow|crawl[ -]delay)\b", re.IGNORECASE)


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
        self._token = product_token(user_agent)
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
        if not site.rules.can_fetch(str(target), self._token):
            raise FetchError(
                "robots",
                f"robots.txt of {target.host} forbids this page",
                permanent=True,
                remedy="The feed's own text is used; body: feed spares the try",
            )
        delay = site.rules.crawl_delay(self._token)
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
                text = concerning(answer.body.decode("utf-8-sig", errors="replace"), self._token)
                rules = Protego.parse(text) if text else None
                size = len(text)
        site.rules, site.failure = rules, failure
        site.until = now + (_KEPT if failure is None else _KEPT_FAILURE)
        if self._sites.get(origin) is site:  # else it was put out while it was loading
            self._size += size - site.size
            site.size = size
            self._trim()

    def _trim(self) -> None:
        while len(self._sites) > _MAX_ORIGINS or (self._size > _MAX_RULES and len(self._sites) > 1):
            _, site = self._sites.popitem(last=False)
            self._size -= site.size


def product_token(user_agent: str) -> str:
    """The name that robots.txt calls a program by: "monitor" of "monitor/1.0 (+https://…)" (RFC 9309, section 2.2.1)."""
    claimed = re.search(r"compatible;\s*([A-Za-z_-]+)", user_agent) or re.match(r"\s*([A-Za-z_-]+)", user_agent)
    return claimed[1].lower() if claimed else "*"


def concerning(text: str, token: str) -> str:
    """The groups of a robots.txt that speak to `token` or to all, rewritten in plain form, at most 5,000 rules.

    The library keeps every rule for every agent that a group names: 15,000 agents above 20,000 rules, which fit in 500 kB,
    would cost minutes and all memory. So it gets two agents at most.
    """
    kept: list[str] = []
    rules = 0
    ours = naming = False  # whether the group at hand concerns us; whether its agents are still being named
    for raw in text.splitlines():
        line = raw.partition("#")[0].strip() if len(raw) <= _LONGEST_LINE else ""
        if (agent := _AGENT_LINE.fullmatch(line)) is not None:
            ours = ours and naming
            naming = True
            name = agent["name"].strip().lower().partition("/")[0].rstrip(" *")
            if name == token or (not name and "*" in agent["name"]):
                kept.append(f"User-agent: {name or '*'}")
                ours = True
        elif line and _SITE_LINE.match(line) is None and _RULE_LINE.match(line) is not None:
            naming = False
            if ours and rules < _MOST_RULES:
                kept.append(line)
                rules += 1
    return "\n".join(kept)
