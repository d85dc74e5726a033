"""A deliver stage over a real store, with channels that answer as they are told and a clock that jumps to what is due next."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from monitor.alerts.lanes import Rate
from monitor.model import AlertView, Article, Message, Notice, Outcome, Severity
from monitor.pipeline.deliver import DeliverStage, next_digest
from monitor.pipeline.holding import Policies, Wishes
from monitor.pipeline.live import Live, Rules
from monitor.pipeline.placing import JUDGE
from monitor.pipeline.stage import Owners
from monitor.store import articles, audit, loading
from monitor.store import tables as t
from monitor.store.database import Store
from tests.unit.store import helpers
from tests.unit.store.helpers import Ticks, matched

OK = Outcome(delivered=True, text="200 ok", status=200)
DOWN = Outcome(delivered=False, text="503", status=503)


def at(text: str, zone: str = "UTC") -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()


async def whole(store: Store) -> bool:
    sums = await store.read(audit.audit)
    assert sums.leaks == []
    return sums.ok


@dataclass(frozen=True)
class Sent:
    """A message that was tried: when, its id, why many go as one, what it tells of, and whether it was taken."""

    at: float
    id: str
    reason: str | None
    told: tuple[str, ...]
    taken: bool


@dataclass
class FakeChannel:
    """`answer` decides on each message; everything tried is kept in `tried`."""

    name: str
    ticks: Ticks
    human: bool = False
    answer: Callable[[Message], Outcome] = lambda message: OK
    type: str = "fake"
    target: str = "fake"
    deadline: float = 15.0
    rate: Rate | None = None
    tried: list[Sent] = field(default_factory=list)

    def compose(self, alerts: Sequence[AlertView], *, now: datetime, zone: ZoneInfo, base_url: str | None) -> Message:
        if not self.human:
            assert len(alerts) == 1
        assert len({alert.story_id for alert in alerts}) == 1
        return Message(alerts[0].delivery_id, (None, tuple(alert.title for alert in alerts)))

    def compose_digest(
        self,
        alerts: Sequence[AlertView],
        *,
        now: datetime,
        zone: ZoneInfo,
        base_url: str | None,
        delivery_id: str | None = None,
        reason: str = "",
    ) -> Message:
        return Message(delivery_id or alerts[0].delivery_id, (reason, tuple(alert.title for alert in alerts)))

    def compose_notice(
        self, notice: Notice | Sequence[Notice], *, now: datetime, zone: ZoneInfo, base_url: str | None, delivery_id: str | None = None
    ) -> Message:
        listed = [notice] if isinstance(notice, Notice) else list(notice)
        return Message(delivery_id or listed[0].id, ("notice", tuple(f"{one.subject}: {one.state}" for one in listed)))

    async def send(self, message: Message, previous: Mapping[str, str] | None = None) -> Outcome:
        outcome = self.answer(message)
        reason, told = message.payload
        self.tried.append(Sent(self.ticks(), message.id, reason, told, outcome.delivered))
        return outcome

    @property
    def taken(self) -> list[Sent]:
        return [sent for sent in self.tried if sent.taken]

    @property
    def titles(self) -> list[str]:
        """Of all alerts that were taken, in order."""
        return [title for sent in self.taken for title in sent.told]


class Desk:
    """Channels over a store. `alert` makes alerts as a read commits them; `until` lets time pass, with all that is due in it done."""

    def __init__(self, store: Store, ticks: Ticks, *, zone: str = "UTC") -> None:
        self.store = store
        self.ticks = ticks
        self.zone = ZoneInfo(zone)
        self.channels: dict[str, FakeChannel] = {}
        self.lanes: dict[str, dict[str, Any]] = {}
        self.wishes: dict[str, Wishes] = {}
        self.digests: dict[str, str] = {}
        self.operations: tuple[str, ...] = ()
        self.options = "options"
        self.stage: DeliverStage
        self._numbers = 0

    def channel(
        self, name: str = "desk", *, human: bool = False, digest: str | None = None, wishes: Wishes | None = None, **lane: Any
    ) -> FakeChannel:
        self.channels[name] = FakeChannel(name, self.ticks, human)
        self.lanes[name] = {"human": human, "digest": digest, **lane}
        if digest:
            self.digests[name] = digest
        if wishes is not None:
            self.wishes[name] = wishes
        return self.channels[name]

    async def start(self, instance: str = "here") -> Desk:
        rows = [
            loading.LaneRow(
                name,
                "fake",
                name,
                lane["human"],
                self.options,
                digest=lane["digest"],
                digest_at=next_digest(lane["digest"], self.zone, self.ticks()) if lane["digest"] else None,
                **{key: value for key, value in lane.items() if key not in ("human", "digest")},
            )
            for name, lane in self.lanes.items()
        ]
        feed = loading.FeedRow("https://a.example/feed", "A", "a.example", interval=300.0)
        plan = loading.Plan(self.options, [feed], [loading.RuleRow("ffvd", "ffvd", "normal", tuple(self.channels))], rows, self.operations)
        await self.store.write(loading.start, instance, host="h", pid=1, version="1")
        await self.store.write(loading.load, plan, instance)
        self.policies = Policies(self.zone, self.wishes)
        live = Live(Rules(None, {}, False), {}, self.channels, self.zone, policies=self.policies)  # type: ignore[arg-type]
        chance = random.Random(7)
        self.stage = DeliverStage(self.store, Owners(instance, "s"), live, digests=self.digests, chance=chance)
        return self

    async def articles(self, number: int) -> list[articles.DueArticle]:
        """New articles, in hand."""
        first = self._numbers == 0
        names = [str(self._numbers + each + 1) for each in range(number)]
        self._numbers += number
        await helpers.make_due(self.store, t.feeds)
        if first:
            await helpers.poll(self.store, [])
            await helpers.make_due(self.store, t.feeds)
        await helpers.poll(self.store, [helpers.seen(name) for name in names], wait=1e9)
        found = await self.store.write(articles.claim_articles, helpers.OWNER, number, 60.0, [])
        # A poll writes in the order of keys: titles are given by the order in which alerts will be made.
        ordered = sorted(found, key=lambda article: article.id)
        return [replace(article, title=f"story {name}") for article, name in zip(ordered, names, strict=True)]

    async def alert(
        self,
        number: int = 1,
        *,
        rules: Sequence[str] = ("ffvd",),
        severity: Severity = Severity.NORMAL,
        notify: Sequence[str] | None = None,
        **match: Any,
    ) -> list[articles.ReadReport]:
        """So many articles that each of the rules matches."""
        wanted = notify if notify is not None else list(self.channels)
        reports: list[articles.ReadReport] = []
        due = await self.articles(number)
        for start in range(0, len(due), 50):
            done = [
                self.read(article, [matched(rule, notify=wanted, severity=severity) for rule in rules], **match)
                for article in due[start : start + 50]
            ]
            reports += await self.store.write(articles.commit_reads, done, JUDGE, self.policies)
        return reports

    def read(self, article: articles.DueArticle, matches: Sequence[articles.Matched], **match: Any) -> articles.ReadDone:
        facts = {"title": article.title, "body": f"FFVD {article.url}", "text_state": "page", "fetched_at": self.ticks(), "tries": 1}
        seen = Article(title=article.title, body=facts["body"], url=article.url, feeds=article.feeds)
        return articles.ReadDone(article, facts, matches=[replace(one, **match) for one in matches], as_matched=seen)

    async def now(self) -> None:
        """All that is due at this moment."""
        await self.stage.drain()

    async def until(self, moment: float) -> None:
        """Time passes until `moment`, from one thing that is due to the next."""
        while True:
            await self.stage.drain()
            due = await self.store.read(self.stage.next_due)
            if due is None or due > moment:
                break
            self.ticks.now = max(due, self.ticks.now + 0.001)
        self.ticks.now = moment

    async def later(self, seconds: float) -> None:
        await self.until(self.ticks.now + seconds)
