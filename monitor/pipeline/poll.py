"""The poll stage: claim due feeds, ask, parse, and commit entries with the feed's validators."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
import structlog

from monitor.articles import normalize_url
from monitor.errors import FetchError, ParseError, WorkerKilled
from monitor.feeds import (
    DEFAULT_INTERVAL,
    FeedAnswer,
    FeedRequest,
    Identified,
    back_off,
    cheap,
    fetch_feed,
    identify,
    next_poll,
    parse_feed,
    parse_strict,
)
from monitor.model import ParsedFeed, Validators
from monitor.net import Client, Turns, host_key
from monitor.pipeline.gather import Gather
from monitor.pipeline.hosts import Hosts
from monitor.pipeline.indexing import words_of_row
from monitor.pipeline.live import FeedWish, Live
from monitor.pipeline.network import UNREACHABLE, OwnNetwork
from monitor.pipeline.stage import Owners, Stage
from monitor.store import entries, feeds, notices
from monitor.store.database import LEASE, Store, is_away, is_full
from monitor.workers import Workers

log = structlog.get_logger("monitor")

TURN_DEADLINE = 15.0  # seconds in hand without a turn, after which a feed is given back
TOLD_AFTER = 3  # failures in a row before people hear of a feed
QUARANTINE_AFTER = 3  # workers killed in a row
QUARANTINE_WAIT = 86_400.0
HELD_MOVES = 3  # polls that a permanent redirect must have held before it is followed for good


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a poll brought nothing, in the words that people see."""

    code: str
    text: str
    status: int | None = None
    retry_after: float | None = None
    remedy: str | None = None


BUG = Failure("internal", "this program failed on it; the log has where")
_NETWORK = ("network", "own", "the network of this machine")


class PollStage(Stage[feeds.DueFeed]):
    name = "poll"

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
        limit: int = 150,
        chance: random.Random | None = None,
    ) -> None:
        super().__init__(store, owners, limit=limit, batch=100)
        self.live = live
        self.client = client
        self.turns = turns
        self.workers = workers
        self.hosts = Hosts(turns, per_host)
        self.network = OwnNetwork()
        self.chance = chance or random.Random()
        self.once: set[int] | None = None  # in a run that ends by itself: feeds that have had their poll
        self.after: list[Stage[Any]] = []  # woken by what a commit made
        self._gather: Gather[feeds.PollDone, feeds.PollReport] = Gather(self._commit, size=100, wait=0.05, common=is_away)

    async def claim(self, owner: str, limit: int) -> Sequence[feeds.DueFeed]:
        found = await self.store.write(feeds.claim_feeds, owner, limit, LEASE, self.hosts.without(), sorted(self.in_hand))
        if self.once is not None:
            again = [feed for feed in found if feed.id in self.once]
            found = [feed for feed in found if feed.id not in self.once]
            await self.store.write(feeds.give_back_feeds, again)
            self.once.update(feed.id for feed in found)
        taken, back = self.hosts.admit(found)
        if back:
            await self.store.write(feeds.give_back_feeds, back)
        return taken

    def next_due(self, conn: sa.Connection) -> float | None:
        return feeds.next_due(conn)

    async def work(self, row: feeds.DueFeed) -> None:
        try:
            if not await self._turn(row.host):
                await self.store.write(feeds.give_back_feeds, [row])
                return
            try:
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
        await self._settle(row, replace(done, network=network))

    async def _settle(self, row: feeds.DueFeed, done: feeds.PollDone) -> None:
        """Commits what the poll learned. What can't be committed, whatever the reason, must not be asked for again and again."""
        try:
            report = await self._gather.put(done)
        except Exception as error:
            if is_away(error) or is_full(error):
                raise
            log.exception("poll.bug", feed=row.name, url=row.url)
            done = replace(self._failed(row, BUG), network=done.network)
            report = await self._gather.put(done)
        self._tell(row, done, report)

    async def _turn(self, host: str) -> bool:
        try:
            async with asyncio.timeout(TURN_DEADLINE):
                await self.turns.wait(host)
        except TimeoutError:
            return False
        return True

    async def _ask(self, feed: feeds.DueFeed) -> FeedAnswer | FetchError:
        wish = self.live.feeds.get(feed.url, FeedWish())
        validators = None
        if feed.validator_url is not None:
            validators = Validators(feed.validator_url, feed.etag, feed.last_modified)
        headers = dict(wish.headers)
        if wish.user_agent:
            headers["User-Agent"] = wish.user_agent
        try:
            return await fetch_feed(self.client, FeedRequest(feed.polled_url, validators, headers), now=self._now(), take_turn=False)
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
            parsed = await self._parse(asked)
        except WorkerKilled:
            return self._killed(feed, asked)
        except ParseError as error:
            return self._failed(feed, Failure(error.code, error.text, asked.status, asked.retry_after, error.remedy))
        return self._good(feed, asked, parsed)

    async def _parse(self, answer: FeedAnswer) -> ParsedFeed:
        if cheap(answer.body):
            parsed = parse_strict(answer.body, answer.final_url, answer.content_type)
            if parsed is not None:
                return parsed
        result: ParsedFeed = await self.workers.run(parse_feed, answer.body, answer.final_url, answer.content_type)
        return result

    # -- judging -------------------------------------------------------------------------------------------------------
    def _good(self, feed: feeds.DueFeed, answer: FeedAnswer, parsed: ParsedFeed | None) -> feeds.PollDone:
        now = self._now()
        interval = feed.interval or DEFAULT_INTERVAL
        floor = max(answer.retry_after or 0.0, answer.max_age or 0.0)
        facts: dict[str, Any] = {
            "last_status": answer.status,
            "last_bytes": answer.bytes,
            "last_took": answer.took,
            "failures": 0,
            "error_code": None,
            "error_text": None,
            "state": "ok",
        }
        facts.update(_move(feed, answer))
        if not answer.not_modified:
            facts.update(etag=answer.etag, last_modified=answer.last_modified, validator_url=answer.final_url, body_hash=answer.body_hash)
        seen = None
        if parsed is not None:
            seen = [self._seen(feed, item) for item in identify(parsed, feed.url, normalize_url)]
            facts.update(
                kills=0,
                title=parsed.title,
                link=parsed.link,
                language=parsed.language,
                format=parsed.format,
                reader=parsed.reader,
                last_total=len(seen),
                warnings=_dump(parsed.warnings),
            )
        return feeds.PollDone(
            feed=feed,
            wait=(next_poll(now=now, interval=interval, floor=floor, random=self.chance) - now).total_seconds(),
            facts=facts,
            entries=seen,
            good=True,
            max_age=self.live.feeds.get(feed.url, FeedWish()).max_age,
            notice=self._well(feed) if feed.state != "ok" else None,
            rematch=self.live.rules.uses_carriers,
            index=words_of_row,
        )

    def _failed(self, feed: feeds.DueFeed, failure: Failure) -> feeds.PollDone:
        now = self._now()
        interval = feed.interval or DEFAULT_INTERVAL
        notice = None
        failures = feed.failures if self.network.down else feed.failures + 1
        gone = failure.status == 410
        facts: dict[str, Any] = {
            "last_status": failure.status,
            "error_code": failure.code,
            "error_text": failure.text[:500],
            "failures": failures,
            "state": "ended" if gone else "failing",
        }
        if gone:
            facts["ended_at"] = now.timestamp()
        if gone or failures >= TOLD_AFTER:
            notice = notices.Told(
                kind="feed",
                key=str(feed.id),
                subject=f"feed {feed.name}",
                state=facts["state"],
                cause=failure.text,
                remedy=failure.remedy or ("it has ended; take it out of the configuration" if gone else "it is asked again by itself"),
                url=feed.url,
            )
        if self.network.down:
            wait = interval
        else:
            later = back_off(
                now=now, interval=interval, failures=failures, status=failure.status, retry_after=failure.retry_after, random=self.chance
            )
            wait = (later - now).total_seconds()
        return feeds.PollDone(feed=feed, wait=None if gone else wait, facts=facts, notice=notice)

    def _killed(self, feed: feeds.DueFeed, answer: FeedAnswer) -> feeds.PollDone:
        """Its document took a worker down. Three in a row, and it is asked once a day."""
        kills = feed.kills + 1
        done = self._failed(feed, Failure("killed", "its document took longer to parse than the limit", answer.status))
        facts = {**done.facts, "kills": kills}
        if kills < QUARANTINE_AFTER:
            return feeds.PollDone(feed=feed, wait=done.wait, facts=facts)
        facts["state"] = "quarantined"
        told = notices.Told(
            kind="feed",
            key=str(feed.id),
            subject=f"feed {feed.name}",
            state="quarantined",
            cause=f"its document has taken down {kills} parsers in a row",
            remedy="look at the document; it is asked once a day",
            url=feed.url,
        )
        return feeds.PollDone(feed=feed, wait=QUARANTINE_WAIT, facts=facts, notice=told)

    def _well(self, feed: feeds.DueFeed) -> notices.Told:
        return notices.Told("feed", str(feed.id), f"feed {feed.name}", notices.OK, "it answers again", "nothing to do", feed.url)

    def _seen(self, feed: feeds.DueFeed, item: Identified) -> entries.Seen:
        entry = item.entry
        title = entry.title or ""
        summary, content = entry.summary or "", entry.content or ""
        text = content if summary and summary in content else "\n".join(part for part in (summary, content) if part)
        return entries.Seen(
            guid=item.guid,
            article_key=item.article_key,
            url=item.url,
            host=host_key(item.url) if item.url else "",
            title=title,
            author=entry.author,
            published_at=entry.published_at.timestamp() if entry.published_at else None,
            updated_at=entry.updated_at.timestamp() if entry.updated_at else None,
            text=text,
            read_page=feed.body != "feed" and item.url is not None and not item.article_key.startswith("urn:"),
        )

    # -- after the commit ----------------------------------------------------------------------------------------------
    async def _commit(self, done: Sequence[feeds.PollDone]) -> list[feeds.PollReport]:
        reports = await self.store.write(feeds.commit_polls, list(done))
        if any(report.work or report.told for report in reports):
            for stage in self.after:
                stage.wake.set()
        return reports

    def _tell(self, feed: feeds.DueFeed, done: feeds.PollDone, report: feeds.PollReport) -> None:
        if report.lost:
            log.debug("poll.lost", feed=feed.name)
            return
        state = done.facts.get("state", feed.state)
        log.debug(
            "poll.done",
            feed=feed.name,
            status=done.facts.get("last_status"),
            new=report.new,
            backlog=report.backlog,
            error=done.facts.get("error_text"),
            wait_s=None if done.wait is None else round(done.wait, 1),
        )
        if state != feed.state:
            log.info("feed.changed", feed=feed.name, before=feed.state, state=state, cause=done.facts.get("error_text"))
        if report.rolled_over:
            log.warning("feed.rolled-over", feed=feed.name, new=report.new)

    async def close(self) -> None:
        await self._gather.close()

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.store.clock(), UTC)


def _move(feed: feeds.DueFeed, answer: FeedAnswer) -> dict[str, Any]:
    """A permanent redirect is followed for good once it has led to one place for three polls."""
    if answer.moved_to is None:
        return {"moved_to": None, "moved_polls": 0}
    polls = feed.moved_polls + 1 if answer.moved_to == feed.moved_to else 1
    if polls < HELD_MOVES:
        return {"moved_to": answer.moved_to, "moved_polls": polls}
    return {"moved_to": None, "moved_polls": 0, "polled_url": answer.moved_to, "host": host_key(answer.moved_to)}


def _dump(warnings: Sequence[str]) -> str:
    from monitor.store.sql import dump

    return dump(list(warnings))
