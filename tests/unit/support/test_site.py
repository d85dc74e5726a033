from __future__ import annotations

import asyncio
import io
from collections.abc import Mapping

import aiohttp
import feedparser
import pytest

from tests.support.site import Site
from tests.support.waiting import NotInTime, until


async def get(url: str, **headers: str) -> tuple[int, bytes, Mapping[str, str]]:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    async with aiohttp.ClientSession() as session, session.get(url, headers=names, allow_redirects=False) as answer:
        return answer.status, await answer.read(), answer.headers


@pytest.mark.parametrize("kind", ["rss", "rdf", "atom"])
async def test_a_feed_lists_its_newest_articles_and_their_pages_stand(site: Site, kind: str) -> None:
    feed = site.feed("world", kind, window=2)
    feed.publish("First")
    feed.publish("Second")
    newest = feed.publish("Third", "The words that count.")
    _, body, _ = await get(feed.url)
    entries = feedparser.parse(io.BytesIO(body)).entries
    assert [e.title for e in entries] == ["Third", "Second"]
    assert entries[0].link == newest.url
    status, page, _ = await get(newest.url)
    assert status == 200
    assert b"The words that count." in page


async def test_a_json_feed_is_json(site: Site) -> None:
    feed = site.feed("city", "json", entries=3)
    async with aiohttp.ClientSession() as session, session.get(feed.url) as answer:
        document = await answer.json(content_type="application/feed+json")
    assert [item["id"] for item in document["items"]] == ["tag:city,2018:3", "tag:city,2018:2", "tag:city,2018:1"]


async def test_validators_are_honoured_until_something_is_published(site: Site) -> None:
    feed = site.feed(entries=1)
    _, _, headers = await get(feed.url)
    assert (await get(feed.url, If_None_Match=headers["ETag"]))[0] == 304
    feed.publish()
    assert (await get(feed.url, If_None_Match=headers["ETag"]))[0] == 200
    assert len(site.seen(feed.path)) == 3


async def test_faults_strike_as_often_as_told_and_heal(site: Site) -> None:
    url = site.put("/page", "<p>well")
    site.fail("/page", status=503, headers={"Retry-After": "7"}, times=1)
    status, _, headers = await get(url)
    assert (status, headers["Retry-After"]) == (503, "7")
    assert (await get(url))[0] == 200
    site.fail("*", "redirect-loop")
    assert (await get(url))[0] == 302
    site.heal()
    assert (await get(url))[1] == b"<p>well"


@pytest.mark.parametrize("kind", ["reset", "truncated", "bad-gzip"])
async def test_broken_answers_are_broken(site: Site, kind: str) -> None:
    feed = site.feed(entries=1)
    site.fail(feed.path, kind)
    with pytest.raises((aiohttp.ClientError, ConnectionError)):
        await get(feed.url)


@pytest.mark.parametrize("kind", ["hang", "drip"])
async def test_slow_answers_last_until_they_are_healed(site: Site, kind: str) -> None:
    feed = site.feed(entries=1)
    site.fail(feed.path, kind)
    waiting = asyncio.create_task(get(feed.url))
    await until(lambda: site.seen(feed.path))
    assert not waiting.done()
    site.heal(feed.path)
    assert (await waiting)[0] == 200


async def test_until_tells_what_it_waited_for() -> None:
    with pytest.raises(NotInTime, match=r"the moon .*last seen: 0"):
        await until(lambda: 0, seconds=0.02, what="the moon")
