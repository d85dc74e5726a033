"""The poll stage: claim due feeds, ask, parse, and commit entries with the feed's validators."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
import structlog

from monitor.articles import normalize_url
from monitor.errors import FetchError, ParseError, WorkerKilled
from monitor.feeds import (
    FeedAnswer,
    FeedRequest,
    cheap,
    fetch_feed,
    identify,
    parse_sure,
)
from monitor.feeds.websub import find_hub
from monitor.model import ParsedFeed, Validators
from monitor.net import Client, Turns
from monitor.pipeline.expiry import Expiry
from monitor.pipeline.gather import Gather
from monitor.pipeline.health import Failure, Health
from monitor.pipeline.hosts import Hosts
from monitor.pipeline.indexing import words_of_row
from monitor.pipeline.live import PLAIN, Live
from monitor.pipeline.network import UNREACHABLE, OwnNetwork
from monitor.pipeline.politeness import Budget, Pauses, headers_for
from monitor.pipeline.seen import seen_of, weight
from monitor.pipeline.sources import Read, Source, fresh, read_document, with_children
from monitor.pipeline.stage import Owners, Stage
from monitor.pipeline.websub_server import WebSub
from monitor.store import feeds, notices, pauses, polls
from monitor.store.database import LEASE, Store, is_away, is_full
from monitor.workers import Workers

log = structlog.get_logger("monitor")

TURN_DEADLINE = 15.0  # seconds in hand without a turn, after which a feed is given back
_SHARE_EVERY = 60.0  # seconds between two looks at what a budget is shared by

BUG = Failure("internal", "this program failed on it; the log has where")
_NETWORK = ("network", "own", "the network of this machine")


class PollStage(Stage[feeds.DueFeed]):
    name = "poll"
    tells = True
    pace = 0.05

    def __init__(
        self,
        store: Store,
        owners: Owners,
        live: Live,
        client: Client,
        turns: Turns,
        workers: Workers,
        *,
        per_host: int,
        limit: int = 200,
        chance: random.Random | None = None,
        requests_per_minute: int | None = None,
        quiet: Pauses | None = None,
    ) -> None:
        super().__init__(store, owners, limit=limit, batch=100)
        self.live = live
        self.client = client
        self.turns = turns
        self.workers = workers
        self.hosts = Hosts(turns, per_host)
        self.network = OwnNetwork()
        self.expiry = Expiry(client)
        self.health = Health(chance or random.Random())
        self.pauses = quiet or Pauses()  # shared with the pages' stage
        self.budget = Budget(requests_per_minute)
        self._shared_at = 0.0
        self._due: float | None = None  # when the earliest feed is due, as the last claim saw it
        self.once: set[int] | None = None  # in a run that ends by itself: feeds that have had their poll
        self.websub: WebSub | None = None
        self.after: list[Stage[Any]] = []  # woken by what a commit made
        self._log = log.bind()  # bound once: most polls tell what nobody asked to hear
        self._gather: Gather[feeds.PollDone, feeds.PollReport] = Gather(self._commit, size=200, wait=0.05, common=is_away, weigh=weight)

    async def claim(self, owner: str, limit: int) -> Sequence[feeds.DueFeed]:
        limit = self.budget.room(limit)
        if limit <= 0:
            self._due = self.store.clock() + self.budget.pause
            return []
        await self._share()
        sort = self.hosts.sorter(self.once or ())
        # A domain's feeds are due after its pause; one that was made due since is claimed, and put off without being asked.
        taken, self._due = await self.store.write(feeds.claim_and_look, owner, limit, LEASE, self.hosts.without(), self.overdue(), sort)
        if self.once is not None:
            self.once.update(feed.id for feed in taken)
        self.hosts.take(taken)
        self.budget.spend(len(taken))
        return taken

    async def _share(self) -> None:
        """A budget for all is shared by what the feeds on `auto` are likely to bring; the others' intervals come off first."""
        if self.budget.rate is None or time.monotonic() < self._shared_at:
            return
        self._shared_at = time.monotonic() + _SHARE_EVERY
        shared, fixed = await self.store.read(polls.spending)
        self.health.scale = shared / max(self.budget.rate - fixed, 0.1 * self.budget.rate)

    def next_due(self, conn: sa.Connection) -> float | None:
        return feeds.next_due(conn)

    async def look(self) -> float | None:
        return self._due

    async def work(self, row: feeds.DueFeed) -> None:
        try:
            if not await self._turn(row.host):
                await self.store.write(feeds.give_back_feeds, [row])
                self.sooner(0.0)
                return
            try:
                quiet = self.pauses.until(row.host, self.store.clock())
                if quiet is not None:  # the domain asked for it while this one waited
                    await self.store.write(pauses.put_off_feeds, [row], quiet)
                    self.sooner(quiet - self.store.clock())
                    return
                asked = await self._ask(row)
            finally:
                self.turns.give(row.host)
        finally:
            self.hosts.leave(row.host)
        network = self._network(row, asked)
        try:
            done = await self._judge(row, asked)
        except Exception:  # a bug of ours that this feed brings out: told, backed off, and its neighbours go on
            log.exception("poll.bug", feed=row.name, url=row.url)
            done = self._failed(row, BUG)
        if done.pause:
            self.pauses.put(row.host, self.store.clock() + done.pause)
        certificate = None if isinstance(asked, FetchError) else self.expiry.news(asked.final_url, self.store.clock())
        if network is not None or certificate is not None:
            done = replace(done, network=network, certificate=certificate)
        await self._settle(row, done)

    async def _settle(self, row: feeds.DueFeed, done: feeds.PollDone) -> None:
        """Commits what the poll learned. What can't be committed, whatever the reason, must not be asked for again and again."""
        try:
            report = await self._gather.put(done)
        except Exception as error:
            if is_away(error) or is_full(error):
                raise
            log.exception("poll.bug", feed=row.name, url=row.url)
            done = replace(self._failed(row, BUG), network=done.network, certificate=done.certificate)
            report = await self._gather.put(done)
        if report.wait is not None:
            self.sooner(report.wait)
        self._tell(row, done, report)

    async def _turn(self, host: str) -> bool:
        if self.turns.try_take(host):
            return True
        try:
            async with asyncio.timeout(TURN_DEADLINE):
                await self.turns.wait(host)
        except TimeoutError:
            return False
        return True

    async def _ask(self, feed: feeds.DueFeed) -> FeedAnswer | FetchError:
        wish = self.live.feeds.get(feed.url, PLAIN)
        validators = None
        if feed.validator_url is not None:
            validators = Validators(feed.validator_url, feed.etag, feed.last_modified)
        try:
            request = FeedRequest(feed.polled_url, validators, headers_for(feed.url, feed.polled_url, wish), proxy=wish.proxy)
            return await fetch_feed(self.client, request, now=self._now(), take_turn=False)
        except FetchError as error:
            return error
        except Exception:
            log.exception("poll.bug", feed=feed.name, url=feed.url)
            return FetchError(BUG.code, BUG.text)

    def _network(self, feed: feeds.DueFeed, asked: FeedAnswer | FetchError) -> notices.Told | None:
        """What the answer, or the lack of one, says of our own network."""
        if isinstance(asked, FetchError):
            if asked.code in UNREACHABLE:
                down = self.network.unreachable(feed.host)
                return notices.Told(*_NETWORK, "down", "no host at all answers", "check its connection") if down else None
            if asked.code in ("forbidden-address", "bad-url", BUG.code):
                return None
        return notices.Told(*_NETWORK, notices.OK, "hosts answer again", "nothing to do") if self.network.answered(feed.host) else None

    async def _judge(self, feed: feeds.DueFeed, asked: FeedAnswer | FetchError) -> feeds.PollDone:
        if isinstance(asked, FetchError):
            return self._failed(feed, Failure(asked.code, asked.text, asked.status, asked.retry_after, asked.remedy))
        if asked.not_modified or asked.body_hash == feed.body_hash:
            return self._good(feed, asked, None)
        try:
            parsed = await self._parse(feed, asked)
        except WorkerKilled:
            return self.health.killed(feed, asked, self.store.clock())
        except FetchError as error:
            return self._failed(feed, Failure(error.code, error.text, error.status, error.retry_after, error.remedy))
        except ParseError as error:
            text = f"{error.text}: {asked.wall}" if asked.wall else error.text
            return self._failed(feed, Failure(error.code, text, asked.status, asked.retry_after, error.remedy))
        if (
            self.websub is not None
            and self.websub.active
            and (hub := find_hub(asked.body, asked.final_url, {"Link": asked.links}, asked.content_type))
        ):
            await self.websub.found(feed.id, hub)
        return self._good(feed, asked, parsed)

    async def _parse(self, feed: feeds.DueFeed, answer: FeedAnswer) -> ParsedFeed:
        wish = self.live.feeds.get(feed.url, PLAIN)
        if cheap(answer.body) and wish.source.kind in (None, "feed"):
            parsed = parse_sure(answer.body, answer.final_url, answer.content_type)
            if parsed is not None:
                return parsed
        read = await self._read(answer, wish.source)
        if read.feed.format != "sitemap":
            return read.feed
        sitemap = read.feed
        if read.children:

            async def ask(url: str) -> FeedAnswer:
                request = FeedRequest(url, None, headers_for(feed.url, url, wish), proxy=wish.proxy)
                return await fetch_feed(self.client, request, now=self._now())

            sitemap = await with_children(read, feed.last_good_at, ask, lambda child: self._read(child, Source("sitemap")))
        return fresh(sitemap, feed.last_good_at)

    async def _read(self, answer: FeedAnswer, source: Source) -> Read:
        result: Read = await self.workers.run(read_document, answer.body, answer.final_url, answer.content_type, source)
        return result

    # -- judging -------------------------------------------------------------------------------------------------------
    def _good(self, feed: feeds.DueFeed, answer: FeedAnswer, parsed: ParsedFeed | None) -> feeds.PollDone:
        now = self.store.clock()
        if parsed is None:
            return self.health.good(feed, answer, None, None, now)
        seen = [seen_of(feed, item) for item in identify(parsed, feed.url, normalize_url)]
        return replace(
            self.health.good(feed, answer, parsed, seen, now),
            max_age=self.live.feeds.get(feed.url, PLAIN).max_age,
            rematch=self.live.rules.uses_carriers,
            whole=parsed.format != "sitemap",
            index=words_of_row,
        )

    def _failed(self, feed: feeds.DueFeed, failure: Failure) -> feeds.PollDone:
        return self.health.failed(feed, failure, self.store.clock(), network_down=self.network.down)

    # -- after the commit ----------------------------------------------------------------------------------------------
    async def _commit(self, done: Sequence[feeds.PollDone]) -> list[feeds.PollReport]:
        reports = await self.store.write(feeds.commit_polls, list(done))
        if any(report.work or report.told for report in reports):
            for stage in self.after:
                stage.wake.set()
        return reports

    def _tell(self, feed: feeds.DueFeed, done: feeds.PollDone, report: feeds.PollReport) -> None:
        if report.lost:
            self._log.debug("poll.lost", feed=feed.name)
            return
        state = done.facts.get("state", feed.state)
        self._log.debug(
            "poll.done",
            feed=feed.name,
            status=done.facts.get("last_status"),
            new=report.new,
            backlog=report.backlog,
            error=done.facts.get("error_text"),
            wait_s=None if report.wait is None else round(report.wait, 1),
        )
        if state != feed.state:
            log.info("feed.changed", feed=feed.name, before=feed.state, state=state, cause=done.facts.get("error_text"))
        if report.rolled_over:
            log.warning("feed.rolled-over", feed=feed.name, new=report.new)

    async def close(self) -> None:
        await self._gather.close()

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.store.clock(), UTC)
