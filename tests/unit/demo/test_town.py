from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from email.message import EmailMessage

import aiohttp
import aiosmtplib
import pytest

from monitor.demo import news as printed
from monitor.demo.play import Play, print_backlog
from monitor.demo.settings import RULES, configuration
from monitor.demo.town import SLACK_PATH, WEBHOOK_PATH, Town
from tests.support.waiting import until

NOW = datetime(2018, 10, 29, 6, 41, tzinfo=UTC)


class Told(list[tuple[str, str]]):
    def __call__(self, who: str, what: str) -> None:
        self.append((who, what))


@pytest.fixture
def told() -> Told:
    return Told()


async def test_the_papers_answer_conditional_requests_and_a_failing_one_503(told: Told) -> None:
    async with Town(printed.load(), told) as town, aiohttp.ClientSession() as session:
        print_backlog(town, NOW)
        async with session.get(town.papers["herald"].feed_url) as answer:
            etag = answer.headers["ETag"]
        async with session.get(town.papers["herald"].feed_url, headers={"If-None-Match": etag}) as answer:
            assert answer.status == 304
        async with session.get(town.papers["herald"].printed[0].url) as answer:
            assert town.papers["herald"].printed[0].text.title in await answer.text()
        async with session.get(town.papers["hangang"].home) as answer:
            assert "한강일보" in await answer.text()
        town.papers["gazette"].down = True
        async with session.get(town.papers["gazette"].feed_url) as answer:
            assert answer.status == 503
        for path in ("/nowhere", "/herald/999"):
            async with session.get(town.url + path) as answer:
                assert answer.status == 404


async def test_the_webhook_refuses_once_and_tells_that_the_second_try_came(told: Told) -> None:
    alert = {"type": "alert.created", "data": {"rule": {"name": "ffvd"}}}
    async with Town(printed.load(), told) as town, aiohttp.ClientSession(headers={"webhook-id": "1"}) as session:
        statuses = []
        for payload in (alert, alert, ["no alert"]):
            async with session.post(town.url + WEBHOOK_PATH, json=payload) as answer:
                statuses.append(answer.status)
        assert statuses == [503, 200, 400]
        assert town.received["webhook", "ffvd"] == 1
    assert [who for who, _ in told] == ["webhook", "webhook"]
    assert "at try 2" in told[1][1]


async def test_slack_and_the_mailbox_show_what_they_got(told: Told) -> None:
    letter = EmailMessage()
    letter["Subject"], letter["From"], letter["To"] = "[high] ‘FFVD’", "monitor@demo.example", "analyst@demo.example"
    letter.set_content("One line.\n.A dot at its head.\n")
    async with Town(printed.load(), told) as town:
        await aiosmtplib.send(letter, hostname="127.0.0.1", port=town.mail_port, start_tls=False)
        async with aiohttp.ClientSession() as session:
            async with session.post(town.url + SLACK_PATH, json={"text": "◆ high · ffvd\nA title"}) as answer:
                assert answer.status == 200
            async with session.post(town.url + SLACK_PATH, data=b"{") as answer:
                assert (answer.status, await answer.text()) == (400, "invalid_payload")
    assert told == [("mail", "to analyst@demo.example: [high] ‘FFVD’"), ("slack", "shows: ◆ high · ffvd / A title")]


async def test_the_play_begins_after_the_second_polls_and_everything_happens(told: Told) -> None:
    news = printed.load()
    async with Town(news, told) as town, aiohttp.ClientSession() as session:
        print_backlog(town, NOW)
        playing = asyncio.create_task(Play(town, news, told, pace=0.001).run())
        for _ in range(2):
            assert told == []
            for paper in town.papers.values():
                async with session.get(paper.feed_url) as answer:
                    assert answer.status == 200
        await until(lambda: len(told) > 20)
        playing.cancel()
        await asyncio.gather(playing, return_exceptions=True)
        assert town.papers["gazette"].down
        # Nothing that the feed showed before is left in it.
        assert any("rolled over" in what for _, what in told)
        assert len(town.papers["observer"].printed) == 10
        assert "‘FFVD,’" in told[0][1]


async def test_the_configuration_names_every_feed_and_both_rules(told: Told) -> None:
    async with Town(printed.load(), told) as town:
        text = configuration(town, dashboard_port=8642)
        assert text.count("interval:") == 6
        assert all(f"name: {rule}" in text for rule in RULES)
        assert text.endswith("web: {listen: 127.0.0.1:8642}\n")
        assert "web:" not in configuration(town)
