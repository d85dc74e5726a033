"""A visit to an article's page: in a turn of its host, as robots.txt and pauses allow, with all its parts, read in a worker."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from yarl import URL

from monitor.articles import MOST_PARTS, PartialPage, is_html, joined, read_page
from monitor.articles.parts import is_next
from monitor.errors import ExtractError, FetchError, WorkerKilled
from monitor.feeds.walls import wall
from monitor.model import PageText
from monitor.net import Client, Response, Robots, Turns, host_key, retry_after
from monitor.pipeline.pages import Facts, Got, Later, NoPage, no_page, refused
from monitor.pipeline.politeness import Pauses, domain_pause
from monitor.store import articles
from monitor.workers import Workers

PAGE_DEADLINE = 30.0  # seconds for all parts of a page
TURN_DEADLINE = 15.0
ACCEPT = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5"
_INSISTS = 2  # tries for which a part that fails for now is waited for; then what came is the text


class Visits:
    """All visits of one daemon. `clock` gives seconds since the epoch."""

    def __init__(
        self, client: Client, turns: Turns, robots: Robots | None, workers: Workers, quiet: Pauses, clock: Callable[[], float]
    ) -> None:
        self.client = client
        self.turns = turns
        self.robots = robots
        self.workers = workers
        self.quiet = quiet
        self.clock = clock
        self._crawled: dict[str, float] = {}  # host -> monotonic time before which Crawl-delay lets no page be asked for

    async def page(self, article: articles.DueArticle) -> Got | NoPage | Later:
        """The article's text from its page or pages, why there is none, or when to come again."""
        assert article.url is not None
        try:
            later = await self._may_ask(article.host, article.url)
            if later is not None:
                return later
            until = asyncio.get_running_loop().time() + PAGE_DEADLINE
            try:
                response = await self._get(article.url, PAGE_DEADLINE, take_turn=False)
            finally:
                self.turns.give(article.host)
        except FetchError as error:
            return no_page(error)
        first = await self._read(response, article.body)
        if isinstance(first, NoPage) or first.text.next_url is None:
            return first
        return await self._whole(article, first, until)

    async def _get(self, url: str, deadline: float, *, take_turn: bool) -> Response:
        return await self.client.get(url, headers={"Accept": ACCEPT}, deadline=deadline, take_turn=take_turn, before_hop=self._hop)

    async def _read(self, response: Response, told: str) -> Got | NoPage:
        if response.status >= 400 or response.status in (204, 304):
            now = self.clock()
            asked = retry_after(response.headers, datetime.fromtimestamp(now, UTC))
            before = wall(response.status, response.headers, response.body, response.url)
            return refused(response.status, asked, self._heed(response, asked, now), before)
        content_type = response.headers.get("Content-Type")
        if not is_html(content_type, response.body[:1024]):
            return NoPage("not-html", f"the page is {(content_type or 'of no known type').split(';')[0]}, not HTML", status=response.status)
        try:
            text: PageText = await self.workers.run(read_page, response.body, response.url, content_type, told)
        except ExtractError as error:
            partial = error.page if isinstance(error, PartialPage) else None
            return NoPage(error.code, error.text, status=response.status, page=partial)
        except WorkerKilled:
            return NoPage("page-failed", "the page took longer to read than the limit", status=response.status)
        return Got(text, Facts(response.status, len(response.body), response.took))

    def _heed(self, response: Response, asked: float | None, now: float) -> tuple[str, float] | None:
        """The domain that wants to be left alone, and until when: known here at once, in the store with the commit."""
        pause = domain_pause(response.url, response.status, asked)
        if pause is None:
            return None
        host = host_key(response.url)
        self.quiet.put(host, now + pause)
        return host, now + pause

    # -- further pages of one article ----------------------------------------------------------------------------------
    async def _whole(self, article: articles.DueArticle, first: Got, until: float) -> Got | NoPage:
        """The text of all its pages, as far as they come in the time of one."""
        parts, facts = [first.text], first.facts
        unread = None
        while unread is None and (url := parts[-1].next_url) is not None:
            which = f"page {len(parts) + 1}"
            if len(parts) == MOST_PARTS:
                unread = f"only the first {MOST_PARTS} pages of the article were read"
                break
            found = await self._further(article, url, until)
            if found is None:
                break
            if isinstance(found, Got):
                parts.append(found.text)
                facts = Facts(facts.status, facts.size + found.facts.size, facts.took + found.facts.took)
                continue
            if found.passing and article.tries < _INSISTS:
                return replace(found, text=f"{which} of the article: {found.text}")
            if found.page is not None and found.page.body:
                parts.append(replace(found.page, next_url=None))
            unread = f"{which} of the article was not read whole: {found.text}"
        return Got(joined(parts, unread), facts)

    async def _further(self, article: articles.DueArticle, url: str, until: float) -> Got | NoPage | None:
        """The next page of an article; None where its address leads elsewhere."""
        loop = asyncio.get_running_loop()
        try:
            delay = 0.0 if self.robots is None else await self.robots.check(url, self._now())
            while True:
                wait = self._crawl_wait(article.host, delay)
                if (left := until - loop.time() - wait) <= 0:
                    return NoPage("page-failed", f"no time was left of the {PAGE_DEADLINE:.0f} s that a page has")
                if wait <= 0:
                    break
                await asyncio.sleep(wait)
            if self.quiet.until(article.host, self.clock()) is not None:
                return NoPage("page-failed", "its site has asked to be left alone", passing=True)
            response = await self._get(url, left, take_turn=True)
        except FetchError as error:
            return no_page(error)
        if response.history and response.url != url and not is_next(url, response.url):
            return None
        return await self._read(response, article.body)

    # -- manners -------------------------------------------------------------------------------------------------------
    async def _may_ask(self, host: str, url: str) -> Later | None:
        """Takes a turn of the host, once robots.txt allows the page, its Crawl-delay has passed and no pause holds."""
        while True:
            if not await self._turn(host):
                return Later(0.0)
            try:
                quiet = self.quiet.until(host, self.clock())
                delay = 0.0 if self.robots is None or quiet is not None else await self.robots.check(url, self._now())
            except BaseException:
                self.turns.give(host)
                raise
            wait = self._crawl_wait(host, delay) if quiet is None else 0.0
            if quiet is None and wait <= 0:
                return None
            self.turns.give(host)
            if quiet is not None:
                return Later(0.0, quiet)
            if wait > TURN_DEADLINE:
                return Later(wait)
            await asyncio.sleep(wait)

    async def _turn(self, host: str) -> bool:
        try:
            async with asyncio.timeout(TURN_DEADLINE):
                await self.turns.wait(host)
        except TimeoutError:
            return False
        return True

    def _crawl_wait(self, host: str, delay: float) -> float:
        """Seconds until the host's Crawl-delay lets a page be asked for; 0 takes that moment."""
        if delay <= 0:
            return 0.0
        now = time.monotonic()
        at = self._crawled.get(host, now)
        if at > now:
            return at - now
        self._crawled[host] = now + delay
        return 0.0

    async def _hop(self, url: URL) -> None:
        """robots.txt holds for where a redirect leads, too."""
        if self.robots is not None:
            await self.robots.check(str(url), self._now())

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.clock(), UTC)
