from __future__ import annotations

import io

import aiohttp
import feedparser

from tests.support.farm_http import Farm


async def test_a_farm_serves_what_it_publishes_and_counts_what_comes() -> None:
    async with Farm(feeds=6, hosts=3, entries=4) as farm, aiohttp.ClientSession() as session:
        fresh = farm.publish(30)
        due = [(rule, story.url) for story in fresh for rule in story.due]
        assert due
        story = next(s for s in fresh if s.feed % 3 == 0)
        async with session.get(f"http://{farm.feeds[story.feed].host}:{farm.port}/f{story.feed}/feed") as answer:
            links = [e.link for e in feedparser.parse(io.BytesIO(await answer.read())).entries]
        assert farm.feeds[story.feed].stories[-1].url == links[0]
        async with session.get(links[0]) as answer:
            assert answer.status == 200
        for number, (rule, url) in enumerate([*due[1:], due[-1], ("ffvd", "http://nowhere/")]):
            payload = {"data": {"rule": {"name": rule}, "article": {"url": url}}}
            sink = f"http://{farm.hosts[0]}:{farm.port}/sink/webhook"
            async with session.post(sink, json=payload, headers={"webhook-id": str(number)}) as answer:
                assert answer.status == 200
        report = farm.report()
        assert (report.due, report.missing, report.doubled, report.false) == (len(due), (due[0],), 1, 1)
        assert report.quantile(0.99) is not None
        assert farm.lapses() == {}


async def test_a_farm_is_the_same_for_the_same_seed_and_notes_lapses() -> None:
    async with Farm(feeds=2, hosts=2, entries=2, seed=7) as one, Farm(feeds=2, hosts=2, entries=2, seed=7) as other:
        assert [s.title for s in one.feeds[0].stories] == [s.title for s in other.feeds[0].stories]
        assert one.fall_ill(1.0, ("500",)) == {one.hosts[1]}
        url = f"http://{one.hosts[0]}:{one.port}/f0/feed"
        async with aiohttp.ClientSession(headers={"Accept-Encoding": "identity"}) as session:
            for _ in range(2):
                async with session.get(url) as answer:
                    assert answer.status == 200
            async with session.get(f"http://{one.hosts[1]}:{one.port}/f1/feed") as answer:
                assert answer.status == 500
        assert set(one.lapses()) == {"lapse: polled too soon", "lapse: unconditional poll", "lapse: no compression asked"}
