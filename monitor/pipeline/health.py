"""What a poll's outcome says of its feed: its state, when it is asked next, and what people are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from monitor.feeds import DEFAULT_INTERVAL, FeedAnswer, back_off, learning, window
from monitor.model import ParsedFeed
from monitor.net import host_key, redact
from monitor.pipeline.politeness import Waves, domain_pause
from monitor.pipeline.remedies import remedy
from monitor.store import entries, feeds, notices, sql

TOLD_AFTER = 3  # failures in a row before people hear of a feed
QUARANTINE_AFTER = 3  # workers killed in a row
QUARANTINE_WAIT = 86_400.0
HELD_MOVES = 3  # polls that a permanent redirect must have held before it is followed for good
_LEFT = frozenset({401, 403, 404, 410})  # a new address that answers so was none: the configured one is asked again
_SPREAD = 0.1  # of an interval that is learnt: to both sides


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a poll brought nothing, in the words that people see."""

    code: str
    text: str
    status: int | None = None
    retry_after: float | None = None
    remedy: str | None = None


class Health:
    """Judges polls. `scale` is what the installation's budget allows (see `learning.fair_mean`); None: each feed its own."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.waves = Waves(chance)
        self.scale: float | None = None

    # -- a good poll ---------------------------------------------------------------------------------------------------
    def good(
        self, feed: feeds.DueFeed, answer: FeedAnswer, parsed: ParsedFeed | None, seen: Sequence[entries.Seen] | None, now: float
    ) -> feeds.PollDone:
        """A 304, or a document that could be read. Only what changes is written: most polls change nothing."""
        rhythm = learning.rhythm(feed.habit)
        facts: dict[str, Any] = {"last_status": answer.status, "last_bytes": answer.bytes, "last_took": answer.took}
        state = "silent" if rhythm.silent is not None and rhythm.silent < now else "ok"
        if feed.state != state or feed.failures:
            facts.update(state=state, failures=0, error_code=None, error_text=None)
        if feed.kills:
            facts["kills"] = 0
        if not answer.not_modified:
            facts.update(etag=answer.etag, last_modified=answer.last_modified, validator_url=answer.final_url, body_hash=answer.body_hash)
        moved = _move(feed, answer, facts)
        if parsed is not None:
            facts.update(
                title=parsed.title,
                link=parsed.link,
                language=parsed.language,
                format=parsed.format,
                reader=parsed.reader,
                last_total=len(seen or ()),
                warnings=sql.dump(list(parsed.warnings)),
            )
        ttl = rhythm.ttl if parsed is None else parsed.ttl or 0.0
        if rhythm.cap is not None or ttl != rhythm.ttl:
            rhythm = _touched(feed, facts, ttl, now)

        def learn(report: feeds.PollReport) -> feeds.Learnt:
            return self._learnt(feed, answer, report, ttl, now)

        return feeds.PollDone(
            feed=feed,
            wait=self._wait(feed, rhythm, answer, now),
            facts=facts,
            entries=seen,
            good=True,
            notice=_state_notice(feed, state, rhythm, now),
            event=moved,
            learn=None if seen is None else learn,
        )

    def _learnt(self, feed: feeds.DueFeed, answer: FeedAnswer, report: feeds.PollReport, ttl: float, now: float) -> feeds.Learnt:
        """What the entries that were new teach; called where the store knows which they are."""
        since = feed.last_good_at if feed.first_good_at is not None else None
        habit = learning.learn(learning.load(feed.habit), report.times, now, since=since, ttl=ttl)
        if report.rolled_over:
            learning.shorten(habit, now - (since or now))
        else:
            learning.ease(habit)
        text = learning.dump(habit)
        facts: dict[str, Any] = {"habit": text}
        if feed.state == "silent":
            facts["state"] = "ok"
        rhythm = learning.rhythm(text)
        return feeds.Learnt(facts, self._wait(feed, rhythm, answer, now), _state_notice(feed, "ok", rhythm, now))

    def _wait(self, feed: feeds.DueFeed, rhythm: learning.Rhythm, answer: FeedAnswer, now: float) -> float:
        floor = max(answer.retry_after or 0.0, answer.max_age or 0.0)
        if feed.interval is not None:
            least, most = window(interval=feed.interval, floor=floor)
        else:
            mean = DEFAULT_INTERVAL if self.scale is None else learning.fair_mean(rhythm, self.scale)
            interval = max(learning.wait(rhythm, now, mean=mean), min(answer.expires or 0.0, learning.MOST_TTL))
            # The second poll comes at any time up to the interval: what started together does not stay together.
            share = (0.5, 1.0) if feed.first_good_at is None else (1 - _SPREAD, 1 + _SPREAD)
            least = max(interval * share[0], window(interval=0.0, floor=floor)[0])
            most = max(interval * share[1], least + _SPREAD * interval)
        return self.waves.moment(feed.host, now + least, now + most) - now

    # -- a failed one --------------------------------------------------------------------------------------------------
    def failed(self, feed: feeds.DueFeed, failure: Failure, now: float, *, network_down: bool = False) -> feeds.PollDone:
        """Nothing came. While our own network is down no feed is to blame."""
        interval = feed.interval or DEFAULT_INTERVAL
        failures = feed.failures if network_down else feed.failures + 1
        facts: dict[str, Any] = {
            "last_status": failure.status,
            "error_code": failure.code,
            "error_text": failure.text[:500],
            "failures": failures,
            "state": "failing",
        }
        back = feed.polled_url != feed.url and (failure.status in _LEFT or failures >= TOLD_AFTER)
        if back:
            facts.update(polled_url=feed.url, host=host_key(feed.url), moved_to=None, moved_polls=0)
        gone = failure.status == 410 and not back
        if gone:
            facts.update(state="ended", ended_at=now)
        told = None
        if gone or failures >= TOLD_AFTER:
            words = failure.remedy or remedy(failure.code, failure.status) or "it is asked again by itself"
            told = _told(feed, str(facts["state"]), failure.text, words)
        wait = interval
        if not network_down:
            asked = failure.retry_after
            wait = back_off(interval=interval, failures=failures, status=failure.status, retry_after=asked, random=self.chance)
        pause = domain_pause(feed.polled_url, failure.status, failure.retry_after)
        return feeds.PollDone(feed=feed, wait=None if gone else wait, facts=facts, notice=told, pause=pause)

    def killed(self, feed: feeds.DueFeed, answer: FeedAnswer, now: float) -> feeds.PollDone:
        """Its document took a worker down. Three in a row, and it is asked once a day."""
        kills = feed.kills + 1
        done = self.failed(feed, Failure("killed", "its document took longer to parse than the limit", answer.status), now)
        facts = {**done.facts, "kills": kills}
        if kills < QUARANTINE_AFTER:
            return feeds.PollDone(feed=feed, wait=done.wait, facts=facts, notice=done.notice)
        facts["state"] = "quarantined"
        cause = f"its document has taken down {kills} parsers in a row"
        told = _told(feed, "quarantined", cause, "look at the document; it is asked once a day")
        return feeds.PollDone(feed=feed, wait=QUARANTINE_WAIT, facts=facts, notice=told)


def _told(feed: feeds.DueFeed, state: str, cause: str, words: str) -> notices.Told:
    return notices.Told("feed", str(feed.id), f"feed {feed.name}", state, cause, words, feed.url)


def _state_notice(feed: feeds.DueFeed, state: str, rhythm: learning.Rhythm, now: float) -> notices.Told | None:
    """What people hear of a good poll's state: that a trouble is over, or that the feed has fallen silent."""
    if state == feed.state:
        return None
    if state == "silent" and rhythm.last is not None:
        cause = f"nothing new for {span(now - rhythm.last)}; its longest usual gap is {span(rhythm.gap)}"
        return _told(feed, "silent", cause, "look at the site: if it shows newer articles, this feed is stale or has moved")
    return _told(feed, notices.OK, "it publishes again" if feed.state == "silent" else "it answers again", "nothing to do")


def _move(feed: feeds.DueFeed, answer: FeedAnswer, facts: dict[str, Any]) -> notices.Told | None:
    """A permanent redirect is followed for good once it has led to one place for three polls."""
    if answer.moved_to is None:
        if feed.moved_polls:
            facts.update(moved_to=None, moved_polls=0)
        return None
    polls = feed.moved_polls + 1 if answer.moved_to == feed.moved_to else 1
    if polls < HELD_MOVES:
        facts.update(moved_to=answer.moved_to, moved_polls=polls)
        return None
    facts.update(moved_to=None, moved_polls=0, polled_url=answer.moved_to, host=host_key(answer.moved_to))
    if answer.moved_to == feed.url:
        return None
    cause = f"its address has redirected for good to {redact(answer.moved_to)} for {HELD_MOVES} polls; it is asked there from now on"
    return notices.feed_event(feed.id, feed.name, feed.url, "moved", cause, "write the new address into the configuration")


def _touched(feed: feeds.DueFeed, facts: dict[str, Any], ttl: float, now: float) -> learning.Rhythm:
    """A habit that changes without new entries: the interval was in time, or the document asks for another one."""
    habit = learning.load(feed.habit) or learning.Habit(at=now)
    learning.ease(habit)
    habit.ttl = ttl
    facts["habit"] = text = learning.dump(habit)
    return learning.rhythm(text)


def span(seconds: float) -> str:
    """A length of time for people: "25 min", "9 h", "3 d"."""
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size * (2 if unit == "d" else 1):
            return f"{seconds / size:.0f} {unit}"
    return f"{max(seconds, 0):.0f} s"
