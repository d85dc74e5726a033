"""The deliver stage: claim lanes, compose, send, and mark what became of each message at once."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
import structlog

from monitor.alerts.channels.base import Channel
from monitor.alerts.clean import clean, cut
from monitor.alerts.lanes import DEAD_AFTER, Bucket, back_off
from monitor.alerts.message import summary_of_rules
from monitor.alerts.plain import notices_head
from monitor.model import AlertView, Message, Notice, Outcome
from monitor.pipeline.holding import Policies
from monitor.pipeline.live import Live
from monitor.pipeline.stage import Owners, Stage
from monitor.pipeline.wordings import Wordings
from monitor.store import deliveries, escalation, notices, sql, views
from monitor.store.database import LEASE, Store, is_away, is_full
from monitor.workers import Workers

log = structlog.get_logger("monitor")

TOLD_AFTER = 3  # failures in a row before operators hear of a channel; a 4xx is told at once
_MARGIN = 5.0  # seconds beyond a channel's own deadline


TOLD_TITLE = 100  # code points of a title in the log
TOLD_STORIES = 120  # of a bundle: no channel tells more than 100 one by one, the others are counted


@dataclass(frozen=True, slots=True)
class Subjects:
    """What a message is of."""

    alerts: list[AlertView] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)

    @property
    def about(self) -> tuple[str | None, str | None]:
        """Rules and title, as the log tells them; None where there are none."""
        if len({alert.story_id for alert in self.alerts}) > 1:
            return None, summary_of_rules(self.alerts)
        if self.alerts:
            ordered = sorted(self.alerts, key=lambda alert: alert.severity.rank)
            return ", ".join(dict.fromkeys(alert.rule for alert in ordered)), cut(clean(ordered[0].title), TOLD_TITLE)
        if self.notices:
            return None, cut(clean(notices_head(self.notices)), TOLD_TITLE)
        return None, None


def next_digest(cron: str, zone: ZoneInfo, after: float) -> float:
    """When a digest is due next, in seconds since the epoch. The cron line counts in the user's zone, each of its times once a day."""
    from monitor.config.cron import next_time

    return next_time(cron, zone, datetime.fromtimestamp(after, UTC)).timestamp()


class DeliverStage(Stage[deliveries.Job]):
    name = "deliver"

    def __init__(
        self,
        store: Store,
        owners: Owners,
        live: Live,
        *,
        digests: Mapping[str, str],
        workers: Workers | None = None,
        limit: int = 100,
        chance: random.Random | None = None,
    ) -> None:
        super().__init__(store, owners, limit=limit, batch=limit)
        self.live = live
        self.digests = digests  # channel -> cron
        self.chance = chance or random.Random()
        self.wording = Wordings(store, live, workers)
        self._buckets: dict[str, Bucket] = {}

    async def claim(self, owner: str, limit: int) -> Sequence[deliveries.Job]:
        channels, mine = sorted(self.live.channels), sorted(self.in_hand)
        return await self.store.write(_claim, self.live.policies, owner, limit, channels, mine, self._next_digests())

    def next_due(self, conn: sa.Connection) -> float | None:
        lane = deliveries.next_due(conn, sorted(self.live.channels), sorted(self.in_hand))
        untaken = escalation.next_at(conn) if self.live.policies is not None and self.live.policies.escalates else None
        return min((at for at in (lane, untaken) if at is not None), default=None)

    async def work(self, row: deliveries.Job) -> None:
        job: deliveries.Job | None = row
        while job is not None:
            job = await self._deliver(job)
            if self._stopping and job is not None:
                await self.store.write(deliveries.put_back, job, self._next_digests())
                return

    def _next_digests(self) -> dict[str, float]:
        now = self.store.clock()
        return {name: next_digest(cron, self.live.zone, now) for name, cron in self.digests.items()}

    # -- one message ---------------------------------------------------------------------------------------------------
    async def _deliver(self, job: deliveries.Job) -> deliveries.Job | None:
        channel = self.live.channels.get(job.channel)
        if channel is None:  # taken out by a reload since it was claimed
            await self.store.write(deliveries.put_back, job, self._next_digests())
            return None
        await self._rate(channel)
        began = time.monotonic()
        subjects = Subjects()
        try:
            subjects = await self._subjects(channel, job)
            message = self._compose(channel, job, subjects)
        except Exception as error:  # one alert's trouble holds up nobody: it goes the ladder, and the lane probes behind it
            if is_away(error) or is_full(error):
                raise
            log.exception("message.failed", channel=job.channel, delivery=job.message)
            outcome = Outcome(delivered=False, text=f"the message could not be composed: {type(error).__name__}")
        else:
            outcome = await self._send(channel, job, message)
        answer = self._judge(job, outcome, time.monotonic() - began)
        self._tell(job, answer, subjects)
        return await self._mark(answer)

    async def _mark(self, answer: deliveries.Answer) -> deliveries.Job | None:
        """Marks what became of a message. What arrived must not be forgotten: while the store is away it is tried again."""
        mark = deliveries.delivered if answer.delivered else deliveries.failed
        while True:
            try:
                return await self.store.write(mark, answer, LEASE, self._next_digests())
            except Exception as error:
                if not is_away(error) and not is_full(error):
                    raise
                await asyncio.sleep(self._trouble(error))

    async def _rate(self, channel: Channel) -> None:
        rate = channel.rate
        if rate is None:
            return
        now = time.monotonic()
        bucket, wait = self._buckets.get(channel.name, Bucket(float(rate.burst), now)).take(rate, now)
        self._buckets[channel.name] = bucket
        if wait > 0:
            await asyncio.sleep(min(wait, LEASE / 4))

    async def _subjects(self, channel: Channel, job: deliveries.Job) -> Subjects:
        found = await self.store.read(_subjects, job, threads=getattr(channel, "threads", False))
        if channel.name in self.live.wordings and found.alerts and not job.digest:
            return replace(found, alerts=await self.wording.worded(channel.name, found.alerts))
        return found

    async def _send(self, channel: Channel, job: deliveries.Job, message: Message) -> Outcome:
        for warning in message.warnings:
            log.warning("message.cut", channel=job.channel, delivery=job.message, cause=warning)
        previous: dict[str, str] | None = sql.load(job.recipients)
        try:
            async with asyncio.timeout(channel.deadline + _MARGIN):
                return await channel.send(message, previous)
        except TimeoutError:
            return Outcome(delivered=False, text=f"no answer within {channel.deadline:g} s")

    def _compose(self, channel: Channel, job: deliveries.Job, subjects: Subjects) -> Message:
        alerts, told = subjects.alerts, subjects.notices
        now = datetime.fromtimestamp(self.store.clock(), UTC)
        zone, base_url = self.live.zone, self.live.base_url
        if told and not alerts:
            return channel.compose_notice(
                told if len(told) > 1 else told[0], now=now, zone=zone, base_url=base_url, delivery_id=job.message
            )
        if job.digest:
            reason = job.digest.replace("-", " ")
            return channel.compose_digest(alerts, now=now, zone=zone, base_url=base_url, delivery_id=job.message, reason=reason)
        return channel.compose(alerts, now=now, zone=zone, base_url=base_url)

    def _judge(self, job: deliveries.Job, outcome: Outcome, took: float) -> deliveries.Answer:
        age = self.store.clock() - job.first_try_at
        final = outcome.final or age >= DEAD_AFTER
        alone = "delivered" in outcome.recipients.values()
        failures = job.tries if job.aside or alone else job.lane_failures
        notice = None if outcome.delivered else self._notice(job, outcome, final=final)
        return deliveries.Answer(
            job=job,
            delivered=outcome.delivered,
            text=outcome.text,
            status=outcome.status,
            took=took,
            final=final,
            off=outcome.off,
            reason=("final" if outcome.final else "age") if final else None,
            wait=0.0 if outcome.delivered else back_off(failures + 1, outcome.retry_after, self.chance),
            alone=alone,
            recipients=outcome.recipients or None,
            notice=notice,
            unknown=outcome.unknown,
            anchor=outcome.anchor,
        )

    def _notice(self, job: deliveries.Job, outcome: Outcome, *, final: bool) -> notices.Told | None:
        refused = outcome.status is not None and 400 <= outcome.status < 500 and outcome.status != 429
        if not (outcome.off or final or refused or job.lane_failures + 1 >= TOLD_AFTER):
            return None
        if outcome.off:
            state, remedy = (
                "off",
                "nothing goes there until 'monitor channels test' passes or the configuration changes it; what waits is kept",
            )
        elif final:
            state, remedy = "dead", "see 'monitor deliveries list --state dead'; 'monitor deliveries retry' sends again"
        else:
            state, remedy = "failing", "it is tried again by itself; nothing is lost"
        return notices.Told("channel", job.channel, f"channel {job.channel}", state, outcome.text, remedy, not_channel=job.channel)

    def _tell(self, job: deliveries.Job, answer: deliveries.Answer, subjects: Subjects) -> None:
        rule, title = subjects.about
        facts: dict[str, Any] = {"delivery": job.message, "channel": job.channel, "rule": rule, "attempt": job.tries + 1}
        facts |= {"took_s": round(answer.took, 3), "title": title}
        if answer.delivered:
            log.info("delivery.delivered", **facts)
        elif answer.final and not answer.off:
            log.error("delivery.dead", **facts, cause=answer.text)
        elif answer.off:
            log.error("delivery.waiting", **facts, cause=answer.text)
        else:
            event = "delivery.unknown" if answer.unknown else "delivery.retrying"
            log.warning(event, **facts, cause=answer.text, again_s=round(answer.wait, 1))


def _claim(
    conn: sa.Connection,
    now: float,
    policies: Policies | None,
    owner: str,
    limit: int,
    channels: Sequence[str],
    mine: Sequence[int],
    digests: Mapping[str, float],
) -> list[deliveries.Job]:
    if policies is not None and policies.escalates:
        escalation.escalate(conn, now, policies)
    return deliveries.claim_lanes(conn, now, owner, limit, LEASE, channels, mine, digests)


def _subjects(conn: sa.Connection, job: deliveries.Job, *, threads: bool) -> Subjects:
    uids = dict(zip(job.alert_ids, job.uids, strict=False)) if job.alert_ids else {}
    told = TOLD_STORIES if job.digest else None
    alerts = views.alert_views(conn, job.alert_ids, uids, told=told)
    thread = deliveries.anchor(conn, job) if threads and alerts and not job.digest else None
    if thread is not None:
        alerts = [replace(alert, thread=thread) for alert in alerts]
    return Subjects(alerts, views.notices(conn, job.notice_ids))
