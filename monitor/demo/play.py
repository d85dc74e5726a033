"""What happens in the demo's town, and when: one new article each five seconds, and four things that go wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from monitor.demo.news import News, Text
from monitor.demo.town import Town

PACE = 5.0  # seconds between two new articles
FIRST_POLLS = 60.0  # at most so long is waited for the daemon's first polls
BACKLOG = 10
QUIET = ("gazette", "observer")  # one fails and one has fallen silent, so neither prints anything new
WRITING = ("herald", "hangang", "marsad", "wire")

Tell = Callable[[str, str], None]


def print_backlog(town: Town, now: datetime) -> None:
    """What the papers printed before the demo began: an article an hour, and in one paper none for the last nine hours."""
    for key, paper in town.papers.items():
        age = timedelta(hours=9 if key == "observer" else 1)
        for number in range(BACKLOG, 0, -1):
            paper.publish(now - age - timedelta(hours=number - 1))


class Play:
    """Brings the town's news, article by article. `tell` takes (who, what) for people."""

    def __init__(self, town: Town, news: News, tell: Tell, *, pace: float = PACE) -> None:
        self._town, self._tell, self._pace = town, tell, pace
        self._alerts = list(news.alerts)
        self._turn = 0
        self._scenes: dict[int, Callable[[], None]] = {
            0: self._alert,
            1: self._alert,  # the same news in another paper
            2: self._fail,
            3: self._alert,
            5: self._roll_over,
            7: self._alert,
            11: self._alert,
        }

    async def run(self) -> None:
        """Runs until it is cancelled; begins when the daemon has stored what each feed holds already."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._town.read.wait(), FIRST_POLLS)
        while True:
            self._scenes.get(self._turn, self._ordinary)()
            self._turn += 1
            await asyncio.sleep(self._pace)

    def _print(self, key: str, text: Text | None = None) -> None:
        article = self._town.papers[key].publish(datetime.now(UTC), text)
        self._tell("press", f"{self._town.papers[key].plan.name} prints: {article.text.title}")

    def _alert(self) -> None:
        self._print(*self._alerts.pop(0))

    def _ordinary(self) -> None:
        self._print(WRITING[self._turn % len(WRITING)])

    def _fail(self) -> None:
        paper = self._town.papers["gazette"]
        paper.down = True
        self._tell("press", f"{paper.plan.name} answers 503 from now on: its feed will be failing")
        self._ordinary()

    def _roll_over(self) -> None:
        paper = self._town.papers["wire"]
        count = paper.plan.shows + 2
        for _ in range(count):
            paper.publish(datetime.now(UTC))
        self._tell("press", f"{paper.plan.name} prints {count} articles at once, its feed shows {paper.plan.shows}: it has rolled over")
