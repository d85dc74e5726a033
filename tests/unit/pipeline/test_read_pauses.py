"""Retry-After and pages: a domain that asks for quiet is left alone, feeds and pages, whoever was told, whatever restarts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from monitor.net import Client
from monitor.pipeline.read import PATIENCE
from monitor.store import feed_state, pauses
from monitor.store import tables as t
from tests.support.sinks import WebhookSink
from tests.support.site import Site
from tests.support.whole import whole
from tests.unit.pipeline.conftest import CONFIG, POLL, Watch, alerted

NEWS = "The envoy spoke of FFVD again."
PAPER = "news.paper.example.com"


@pytest.fixture(autouse=True)
def _names(monkeypatch: pytest.MonkeyPatch) -> None:
    """All names lead to this machine, so that tests can speak of public hosts."""
    monkeypatch.setitem(Client.__init__.__kwdefaults__, "lookup", lambda host, port: ["127.0.0.1"])  # type: ignore[arg-type]


def _line(site: Site, name: str, host: str = PAPER) -> str:
    return f"{{url: 'http://{host}:{site.port}{site.feeds[name].path}', name: {name}}}"


def _page(site: Site, feed: str, path: str, host: str = PAPER) -> None:
    """An article of the feed, whose page lies on `host`."""
    article = site.feed(feed).publish("A title", NEWS, summary=NEWS, url=f"http://{host}:{site.port}{path}")
    site.articles[path] = article


async def test_a_page_s_retry_after_pauses_the_pages_and_feeds_of_its_domain(site: Site, webhook_sink: WebhookSink, watch: Watch) -> None:
    site.feed("a")
    site.feed("b")
    site.feed("far")
    watched = await watch(_line(site, "a"), _line(site, "b", "other.paper.example.com"), _line(site, "far", "far.example.org"))
    await watched.settle()
    site.fail("/sick.html", times=1, status=503, headers={"Retry-After": "3600"})
    _page(site, "a", "/sick.html")
    await watched.settle(after=POLL)
    before = {name: len(site.seen(site.feeds[name].path)) for name in site.feeds}
    # Another feed, of another domain, brings a page of the paper's: it is left alone as well.
    _page(site, "far", "/later.html", "www.paper.example.com")
    for _ in range(4):
        await watched.settle(after=POLL)
    asked = {name: len(site.seen(site.feeds[name].path)) - before[name] for name in site.feeds}
    assert asked["a"] == 0
    assert asked["b"] == 0
    assert asked["far"] == 4
    assert (len(site.seen("/sick.html")), len(site.seen("/later.html"))) == (1, 0)
    waiting = {row.url.rpartition("/")[2]: row for row in await watched.rows(t.articles, t.articles.c.text_state == "waiting")}
    assert "left alone until" in waiting["later.html"].why_text
    assert waiting["later.html"].tries == 0
    await watched.settle(after=3600)
    await watched.settle(after=POLL)
    assert sorted(alerted(webhook_sink)) == ["/later.html", "/sick.html"]
    assert len(site.seen(site.feeds["a"].path)) > before["a"]
    assert await watched.leaks() == []


async def test_a_feed_s_retry_after_pauses_the_pages_of_its_domain(site: Site, webhook_sink: WebhookSink, watch: Watch) -> None:
    site.feed("a")
    site.feed("far")
    watched = await watch(_line(site, "a"), _line(site, "far", "far.example.org"))
    await watched.settle()
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=POLL + 1800), usegmt=True)
    site.fail(site.feeds["a"].path, times=1, status=429, headers={"Retry-After": until})
    await watched.settle(after=POLL)
    _page(site, "far", "/story.html")
    await watched.settle(after=POLL)
    await watched.settle(after=1000)
    assert site.seen("/story.html") == []
    await watched.settle(after=900)
    assert alerted(webhook_sink) == ["/story.html"]


async def test_behind_a_private_address_a_page_speaks_for_itself_alone(site: Site, webhook_sink: WebhookSink, watch: Watch) -> None:
    site.feed("a")
    watched = await watch()
    await watched.settle()
    site.fail("/sick.html", times=1, status=429, headers={"Retry-After": "3600"})
    _page(site, "a", "/sick.html", "127.0.0.1")
    await watched.settle(after=POLL)
    site.feeds["a"].publish("Another title", ["Quite another text, about FFVD, that no other article has."], path="/well.html")
    await watched.settle(after=POLL)
    assert alerted(webhook_sink) == ["/well.html"]
    await watched.settle(after=3600)
    assert len(site.seen("/sick.html")) == 2
    assert await watched.store.read(pauses.all_) == {}


async def test_a_pause_outlives_a_restart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, site: Site, webhook_sink: WebhookSink) -> None:
    site.feed("a")
    site.feed("far")
    lines = f"  - {_line(site, 'a')}\n  - {_line(site, 'far', 'far.example.org')}"
    config = CONFIG.format(feeds=lines, hook=webhook_sink.url, network="")
    async with whole(monkeypatch, tmp_path, config) as watched:
        await watched.settle()
        site.fail("/sick.html", times=1, status=429, headers={"Retry-After": "7200"})
        _page(site, "a", "/sick.html")
        await watched.settle(after=POLL)
        assert list(await watched.store.read(pauses.all_)) == ["example.com"]
    polls = len(site.seen(site.feeds["a"].path))
    _page(site, "far", "/later.html")
    async with whole(monkeypatch, tmp_path, config, shift=(2 * POLL,)) as watched:
        await watched.settle()
        assert len(site.seen(site.feeds["far"].path)) == 3
        assert (len(site.seen("/later.html")), len(site.seen(site.feeds["a"].path))) == (0, polls)
        await watched.settle(after=7200)
        assert sorted(alerted(webhook_sink)) == ["/later.html", "/sick.html"]


async def test_a_site_that_never_lets_us_in_costs_no_alert(site: Site, webhook_sink: WebhookSink, watch: Watch) -> None:
    """What waits for a paused site for as long as the ladder of tries is long is matched on the feed's own text."""
    site.feed("a")
    watched = await watch(_line(site, "a"))
    await watched.settle()
    site.fail("/sick.html", status=429, headers={"Retry-After": "86400"})
    _page(site, "a", "/sick.html")
    await watched.settle(after=POLL)
    assert alerted(webhook_sink) == []
    for _ in range(4):
        await watched.settle(after=PATIENCE / 2)
    assert alerted(webhook_sink) == ["/sick.html"]
    assert len(site.seen("/sick.html")) == 1
    (row,) = await watched.rows(t.articles, t.articles.c.news == 1)
    assert (row.text_state, row.why) == ("feed-text", "page-failed")
    assert "left alone" in row.why_text
    assert await watched.leaks() == []


async def test_a_feed_that_is_made_due_meanwhile_is_put_off(site: Site, watch: Watch) -> None:
    site.feed("a")
    watched = await watch(_line(site, "a"))
    await watched.settle()
    until = watched.store.clock() + 5000
    watched.daemon.pauses.put("example.com", until)
    await watched.store.write(feed_state.poll_now, ["a"], "someone")
    watched.daemon.poll.once = None
    (row,) = await watched.daemon.poll.claim("here.1.1", 10)
    await watched.daemon.poll.work(row)
    (row,) = await watched.rows(t.feeds)
    assert (row.due_at, row.owner, len(site.seen(site.feeds["a"].path))) == (until, None, 1)


async def test_pauses_that_are_over_are_forgotten(site: Site, watch: Watch) -> None:
    site.feed("a")
    watched = await watch(_line(site, "a"))
    now = watched.store.clock()
    await watched.store.write(pauses.put, {"old.example": now + 10, "long.example": now + 5000})
    await watched.store.write(pauses.put, {"long.example": now + 1000})
    watched.move(60)
    await watched.store.write(pauses.put, {"new.example": now + 100})
    assert await watched.store.read(pauses.all_) == {"long.example": now + 5000, "new.example": now + 100}
