"""A story's messages stand in one thread, whoever sends them: Slack by a bot, and mail; over a restart too."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from random import Random

import pytest

from monitor.alerts.channels import Channel, Services, build
from monitor.net import AddressGuard, Client, Turns
from monitor.pipeline.placing import JUDGE, placed
from monitor.store import articles
from monitor.store import tables as t
from monitor.store.database import Store
from tests.support.mail import MailSink
from tests.unit.alerts.service import Asked, Service
from tests.unit.pipeline.deliver.desk import Desk
from tests.unit.store.helpers import Ticks, matched, rows

BODY = " ".join(f"word{number % 211}x{number % 97}" for number in range(300))


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with Client(guard=AddressGuard(), turns=Turns(2), user_agent="news-monitor/test") as client:
        yield client


def bot(client: Client, url: str) -> Channel:
    keys = {"type": "slack", "token": "xoxb-1", "channel": "C1", "api_url": url, "allow_private": True}
    return build("bot", keys, Services(client=client, random=Random(1)))


def post(client: Client, sink: MailSink) -> Channel:
    keys = {"type": "email", "smtp": sink.url, "from": "monitor@example.org", "to": "a@example.org", "allow_private": True}
    return build("post", keys, Services(client=client, random=Random(1)))


async def started(store: Store, ticks: Ticks, channels: dict[str, Channel], options: str = "options") -> Desk:
    desk = Desk(store, ticks)
    desk.channels = channels  # type: ignore[assignment]
    desk.lanes = {name: {"human": True, "digest": None} for name in channels}
    desk.options = options
    return await desk.start()


async def tells(desk: Desk, rule: str) -> None:
    """One more article of the same story, which this rule matches first."""
    (due,) = await desk.articles(1)
    read = desk.read(due, [matched(rule, notify=list(desk.channels))])
    assert read.as_matched is not None
    read = replace(read, facts={**read.facts, "body": BODY}, as_matched=replace(read.as_matched, body=BODY))
    await desk.store.write(articles.commit_reads, await placed(desk.store, [read]), JUDGE, desk.policies)
    await desk.now()


def answers() -> Service:
    service = Service()

    def judge(asked: Asked) -> tuple[int, dict[str, object]]:
        return 200, {"ok": True, "ts": f"1.{len(service.asked)}"}

    service.judge = judge
    return service


async def test_threads_hold_over_a_restart(store: Store, ticks: Ticks, client: Client) -> None:
    async with answers() as slack, MailSink() as mail:
        desk = await started(store, ticks, {"bot": bot(client, slack.url), "post": post(client, mail)})
        await tells(desk, "ffvd")
        await tells(desk, "other")
        again = await started(store, ticks, {"bot": bot(client, slack.url), "post": post(client, mail)})
        again._numbers = desk._numbers
        await tells(again, "third")
        assert [asked.json.get("thread_ts") for asked in slack.asked] == [None, "1.1", "1.1"]
        first, *later = (one.message for one in mail.mails)
        assert [one["In-Reply-To"] for one in later] == [first["Message-ID"]] * 2
        assert all(str(first["Message-ID"]) in str(one["References"]) for one in later)
        assert len(await rows(store, t.stories)) == 1


async def test_a_channel_that_leads_elsewhere_begins_its_threads_anew(store: Store, ticks: Ticks, client: Client) -> None:
    async with answers() as slack:
        desk = await started(store, ticks, {"bot": bot(client, slack.url)})
        await tells(desk, "ffvd")
        moved = await started(store, ticks, {"bot": bot(client, slack.url)}, options="another place")
        moved._numbers = desk._numbers
        await tells(moved, "other")
        await tells(moved, "third")
        assert [asked.json.get("thread_ts") for asked in slack.asked] == [None, None, "1.2"]
