"""The read stage: claim articles, fetch the page, extract, match, and commit text, matches, alerts and deliveries."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
import structlog
from yarl import URL

from monitor.articles import PartialPage, is_html, normalize_url, pick_canonical, read_page
from monitor.errors import ExtractError, FetchError, WorkerKilled
from monitor.model import Article, PageText, TextState
from monitor.net import Client, Robots, Turns
from monitor.pipeline.gather import Gather
from monitor.pipeline.hosts import Hosts
from monitor.pipeline.indexing import words_of
from monitor.pipeline.live import Live, Rules
from monitor.pipeline.pages import BUG, Facts, NoPage, no_page, partly, refused
from monitor.pipeline.placing import JUDGE, placed
from monitor.pipeline.stage import Owners, Stage
from monitor.store import articles, sql
from monitor.store.database import LEASE, Store, is_away, is_full
from monitor.store.views import moment
from monitor.workers import Workers

log = structlog.get_logger("monitor")

LADDER = (60.0, 300.0, 1800.0, 7200.0, 21600.0)  # seconds between the tries of a page; then the feed's text is matched
PAGE_DEADLINE = 30.0
TURN_DEADLINE = 15.0
ACCEPT = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5"


LARGE = 300_000  # characters of a batch, beyond which it is matched in a thread
PUT_OFF = 3600.0  # seconds until an article is tried again that can't be committed at all


class ReadStage(Stage[articles.DueArticle]):
    name = "read"

    def __init__(
        self,
        store: Store,
        owners: Owners,
        live: Live,
        client: Client,
        turns: Turns,
        robots: Robots | None,
        workers: Workers,
        *,
        per_host: int,
        limit: int = 48,
    ) -> None:
        super().__init__(store, owners, limit=limit, batch=48)
        self.live = live
        self.client = client
        self.turns = turns
        self.robots = robots
        self.workers = workers
        self.hosts = Hosts(turns, per_host)
        self.after: list[Stage[Any]] = []
        self._crawled: dict[str, float] = {}  # host -> monotonic time before which Crawl-delay lets no page be asked for
        self._gather: Gather[articles.ReadDone, articles.ReadReport] = Gather(self._commit, size=50, wait=0.05, common=is_away)

    async def claim(self, owner: str, limit: int) -> Sequence[articles.DueArticle]:
        found = await self.store.write(articles.claim_articles, owner, limit, LEASE, self.hosts.without(), sorted(self.in_hand))
        local = [article for article in found if not _needs_page(article)]
        taken, back = self.hosts.admit([article for article in found if _needs_page(article)])
        if back:
            await self.store.write(articles.give_back_articles, back)
        return local + taken

    def next_due(self, conn: sa.Connection) -> float | None:
        return articles.next_due(conn)

    async def work(self, row: articles.DueArticle) -> None:
        if not _needs_page(row):
            done = self._unread(row)
        else:
            try:
                found = await self._page(row)
            except Exception:  # a bug of ours that this page brings out: its feed's text is matched all the same
                log.exception("page.bug", url=row.url)
                found = BUG
            finally:
                self.hosts.leave(row.host)
            if isinstance(found, float):
                await self.store.write(articles.give_back_articles, [row], found)
                return
            done = self._read(row, *found) if isinstance(found, tuple) else self._without(row, found)
        await self._settle(row, done)

    async def _settle(self, row: articles.DueArticle, done: articles.ReadDone) -> None:
        """Commits what reading brought. What can't be committed goes without its page; if that can't be either, it is put off."""
        try:
            report = await self._gather.put(done)
        except Exception as error:
            if is_away(error) or is_full(error):
                raise
            log.exception("page.bug", url=row.url)
            if not done.facts.get("body"):
                await self.store.write(articles.give_back_articles, [row], PUT_OFF)
                return
            await self._settle(row, self._without(row, BUG))
            return
        self._tell(row, done, report)

    # -- the page ------------------------------------------------------------------------------------------------------
    async def _page(self, article: articles.DueArticle) -> tuple[PageText, Facts] | NoPage | float:
        """The page's text, or why there is none; seconds to wait where no turn of its host came in time."""
        assert article.url is not None
        try:
            wait = await self._may_ask(article)
            if wait is not None:
                return wait
            try:
                response = await self.client.get(
                    article.url, headers={"Accept": ACCEPT}, deadline=PAGE_DEADLINE, take_turn=False, before_hop=self._hop
                )
            finally:
                self.turns.give(article.host)
        except FetchError as error:
            return no_page(error)
        if response.status >= 400 or response.status in (204, 304):
            return refused(response.status, response.headers.get("Retry-After"))
        content_type = response.headers.get("Content-Type")
        if not is_html(content_type, response.body[:1024]):
            return NoPage("not-html", f"the page is {(content_type or 'of no known type').split(';')[0]}, not HTML", status=response.status)
        try:
            text = await self.workers.run(read_page, response.body, response.url, content_type)
        except ExtractError as error:
            partial = error.page if isinstance(error, PartialPage) else None
            return NoPage(error.code, error.text, status=response.status, page=partial)
        except WorkerKilled:
            return NoPage("page-failed", "the page took longer to read than the limit", status=response.status)
        return text, Facts(response.status, len(response.body), response.took)

    async def _may_ask(self, article: articles.DueArticle) -> float | None:
        """Takes a turn of the host, once robots.txt allows the page and its Crawl-delay has passed. Else answers seconds to wait."""
        assert article.url is not None
        while True:
            if not await self._turn(article.host):
                return 0.0
            try:
                delay = 0.0 if self.robots is None else await self.robots.check(article.url, self._now())
            except BaseException:
                self.turns.give(article.host)
                raise
            wait = self._crawl_wait(article.host, delay)
            if wait <= 0:
                return None
            self.turns.give(article.host)
            if wait > TURN_DEADLINE:
                return wait
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

    # -- what it makes of the article ----------------------------------------------------------------------------------
    def _read(self, article: articles.DueArticle, page: PageText, facts: Facts) -> articles.ReadDone:
        assert article.url is not None
        published = page.published_at.timestamp() if page.published_at else None
        canonical = pick_canonical(article.url, page.canonical_url)
        return articles.ReadDone(
            article,
            facts={
                "title": article.title or page.title or "",
                "author": page.author or article.author,
                "site": page.site or article.site,
                "language": page.language or article.language,
                "published_at": article.published_at if article.published_at is not None else published,
                "canonical_url": canonical,
                "body": page.body,
                "text_state": TextState.PAGE,
                "why": None,
                "why_text": None,
                "fetched_at": self.store.clock(),
                "tries": article.tries + 1,
            },
            page={
                "status": facts.status,
                "bytes": facts.size,
                "took": facts.took,
                "cut_lines": page.cut_lines,
                "furniture": page.furniture[:50_000],
                "warnings": sql.dump(list(page.warnings)),
            },
            canonical_key=sql.digest(normalize_url(canonical)) if canonical else None,
        )

    def _without(self, article: articles.DueArticle, why: NoPage) -> articles.ReadDone:
        facts: dict[str, Any] = {"why": why.code, "why_text": why.text[:500], "tries": article.tries + 1}
        page = {"status": why.status} if why.status else None
        if why.passing and article.tries < len(LADDER):
            wait = max(LADDER[article.tries], min(why.retry_after or 0.0, 21600.0))
            return articles.ReadDone(article, facts, page, wait=wait, settled=False)
        return articles.ReadDone(article, {**facts, **partly(article, why.page), "text_state": TextState.FEED_TEXT}, page)

    def _unread(self, article: articles.DueArticle) -> articles.ReadDone:
        """No page is asked for: the feed's own text is wanted, there is no page, or a stored text is matched once more."""
        if article.text_state != TextState.WAITING:
            return articles.ReadDone(article, {})
        why = ("no-link", "the entry has no link of its own") if article.url is None else ("feed-wanted", "the feed's own text is wanted")
        return articles.ReadDone(article, {"text_state": TextState.FEED_TEXT, "why": why[0], "why_text": why[1]})

    # -- the commit ----------------------------------------------------------------------------------------------------
    async def _commit(self, done: Sequence[articles.ReadDone]) -> list[articles.ReadReport]:
        rules = self.live.rules  # one set for the whole batch
        # Hundreds of kilobytes would hold the loop; the scan itself lets others run.
        large = sum(len(read.facts.get("body") or read.article.body) for read in done) > LARGE
        matched = await asyncio.to_thread(judged, rules, done) if large else judged(rules, done)
        told = await placed(self.store, matched)
        reports = await self.store.write(articles.commit_reads, told, JUDGE, self.live.policies)
        if any(report.told for report in reports):
            for stage in self.after:
                stage.wake.set()
        return reports

    def _tell(self, article: articles.DueArticle, done: articles.ReadDone, report: articles.ReadReport) -> None:
        if report.lost:
            return
        if done.wait is not None:
            log.info("page.retry", url=article.url, cause=done.facts.get("why_text"), again_s=round(done.wait))
        elif done.facts.get("text_state") == TextState.FEED_TEXT and article.read_page:
            log.info("page.feed-text", url=article.url, code=done.facts.get("why"), cause=done.facts.get("why_text"))
        for uid, rule in report.alerts:
            log.info("alert.created", alert=uid, rule=rule, title=done.facts.get("title") or article.title, url=article.url)

    async def close(self) -> None:
        await self._gather.close()

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.store.clock(), UTC)


def judged(rules: Rules, done: Sequence[articles.ReadDone]) -> list[articles.ReadDone]:
    """What was read, with the rules that match it and the words that search finds it by."""
    matched = [replace(read, matches=match(rules, read)) if read.settled and read.article.news else read for read in done]
    return [replace(read, words=words(read)) if read.settled and "text_state" in read.facts else read for read in matched]


def as_stored(read: articles.ReadDone) -> Article:
    """The article as it will stand in the store."""
    article, facts = read.article, read.facts
    return Article(
        title=sql.clean(facts.get("title", article.title)) or "",
        body=sql.clean(facts.get("body", article.body)) or "",
        author=facts.get("author", article.author),
        site=facts.get("site", article.site),
        url=article.url,
        language=facts.get("language", article.language),
        published_at=moment(facts.get("published_at", article.published_at)),
        feeds=article.feeds,
        tags=article.tags,
    )


def words(read: articles.ReadDone) -> set[str]:
    """What the search index takes of it."""
    return words_of(as_stored(read))


def match(rules: Rules, read: articles.ReadDone) -> tuple[articles.Matched, ...]:
    """Which rules match the article as it will stand in the store."""
    answer = []
    for one in rules.match(as_stored(read)):
        wish = rules.by_name[one.rule]
        answer.append(articles.Matched(one.rule, wish.query, wish.severity, wish.notify, one.spans, wish.again, wish.throttle))
    return tuple(answer)


def _needs_page(article: articles.DueArticle) -> bool:
    return article.text_state == TextState.WAITING and bool(article.read_page) and article.url is not None
