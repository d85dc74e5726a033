"""The read stage: claim articles, fetch the page, extract, match, and commit text, matches, alerts and deliveries."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
import structlog

from monitor.articles import normalize_url, pick_canonical
from monitor.articles.furniture import Furniture
from monitor.model import TextState
from monitor.net import Client, Robots, Turns
from monitor.pipeline.gather import Gather
from monitor.pipeline.hosts import Hosts
from monitor.pipeline.indexing import words_of
from monitor.pipeline.live import Live, Rules
from monitor.pipeline.pages import BUG, Got, Later, NoPage, alone_until, left_alone, partly, thinner
from monitor.pipeline.placing import JUDGE, as_stored, placed
from monitor.pipeline.politeness import Pauses
from monitor.pipeline.slow import SlowRules
from monitor.pipeline.stage import Owners, Stage
from monitor.pipeline.visit import Visits
from monitor.store import articles, pauses, sql
from monitor.store.database import LEASE, Store, is_away, is_full
from monitor.workers import Workers

log = structlog.get_logger("monitor")

LADDER = (60.0, 300.0, 1800.0, 7200.0, 21600.0)  # seconds between the tries of a page; then the feed's text is matched
PATIENCE = sum(LADDER)  # seconds that an article waits for a site that asked to be left alone
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
        quiet: Pauses | None = None,
    ) -> None:
        super().__init__(store, owners, limit=limit, batch=48)
        self.live = live
        self.pauses = quiet or Pauses()  # shared with the feeds' stage
        self.visits = Visits(client, turns, robots, workers, self.pauses, store.clock)
        self.hosts = Hosts(turns, per_host)
        self.furniture = Furniture()
        self.after: list[Stage[Any]] = []
        self._too_long: dict[int, float] = {}  # articles in hand that have waited for a paused site for as long as they may
        self.slow = SlowRules(store)
        self._gather: Gather[articles.ReadDone, articles.ReadReport] = Gather(self._commit, size=50, wait=0.05, common=is_away)

    async def claim(self, owner: str, limit: int) -> Sequence[articles.DueArticle]:
        found = await self.store.write(articles.claim_articles, owner, limit, LEASE, self.hosts.without(), sorted(self.in_hand))
        local = [article for article in found if not _needs_page(article)]
        asking, quiet = [], []
        for article in (article for article in found if _needs_page(article)):
            until = self.pauses.until(article.host, self.store.clock())
            if until is None:
                asking.append(article)
            elif article.since + PATIENCE <= self.store.clock():
                self._too_long[article.id] = until
                local.append(article)
            else:
                quiet.append((article, until))
        await self._put_off(quiet)
        taken, back = self.hosts.admit(asking)
        if back:
            await self.store.write(articles.give_back_articles, back)
        return local + taken

    async def _put_off(self, given: Sequence[tuple[articles.DueArticle, float]]) -> None:
        """Leaves a domain's pages alone as it asked, but for no longer than articles wait."""
        if given:
            longest = self.store.clock() + LADDER[-1]
            rows = [(article, min(until, article.since + PATIENCE, longest), alone_until(until)) for article, until in given]
            await self.store.write(pauses.put_off_articles, rows)

    def next_due(self, conn: sa.Connection) -> float | None:
        return articles.next_due(conn)

    async def work(self, row: articles.DueArticle) -> None:
        if not _needs_page(row):
            done = self._unread(row)
        elif row.id in self._too_long:
            done = self._without(row, left_alone(self._too_long.pop(row.id)))
        else:
            found = await self._visit(row)
            if isinstance(found, Later):
                if found.quiet is not None:
                    await self._put_off([(row, found.quiet)])
                else:
                    await self.store.write(articles.give_back_articles, [row], found.wait)
                return
            if isinstance(found, Got):
                found = thinner(row, found) or found
            done = self._read(row, found) if isinstance(found, Got) else self._without(row, found)
        await self._settle(row, done)

    async def _visit(self, row: articles.DueArticle) -> Got | NoPage | Later:
        try:
            return await self.visits.page(row)
        except Exception:  # a bug of ours that this page brings out: its feed's text is matched all the same
            log.exception("page.bug", url=row.url)
            return BUG
        finally:
            self.hosts.leave(row.host)

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

    # -- what it makes of the article ----------------------------------------------------------------------------------
    def _read(self, article: articles.DueArticle, got: Got) -> articles.ReadDone:
        assert article.url is not None
        page, facts = self.furniture.cut(article.host, article.id, got.text), got.facts
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
            return articles.ReadDone(article, facts, page, wait=wait, settled=False, pause=why.pause)
        return articles.ReadDone(article, {**facts, **partly(article, why.page), "text_state": TextState.FEED_TEXT}, page, pause=why.pause)

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
        if rules.set.slow:
            await self.slow.tell(rules)
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


def judged(rules: Rules, done: Sequence[articles.ReadDone]) -> list[articles.ReadDone]:
    """What was read, with the rules that match it and the words that search finds it by."""
    matched = [replace(read, matches=match(rules, read)) if read.settled and read.article.news else read for read in done]
    return [replace(read, words=words(read)) if read.settled and "text_state" in read.facts else read for read in matched]


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
