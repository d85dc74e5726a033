"""The poll stage: what it makes of answers and of their lack, who is told, and what a bug of ours may cost."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from monitor.errors import WorkerKilled
from monitor.pipeline import network, poll
from monitor.store import feeds as statements
from monitor.store import tables as t
from tests.support.sinks import WebhookSink
from tests.support.site import Site
from tests.support.waiting import until
from tests.unit.pipeline.conftest import CONFIG, POLL, Watch, alerted, notices

NEWS = "The envoy spoke of FFVD again."


async def _feed(watched: Any, name: str = "world") -> Any:
    (row,) = await watched.rows(t.feeds, t.feeds.c.name == name)
    return row


async def test_an_unchanged_feed_is_asked_on_condition_and_nothing_is_written_of_its_entries(site: Site, watch: Watch) -> None:
    feed = site.feed(entries=3)
    watched = await watch()
    await watched.settle()
    await watched.settle(after=POLL)
    first, second = site.seen(feed.path)
    assert "If-None-Match" not in first.headers
    assert second.headers["If-None-Match"] == (await _feed(watched)).etag
    row = await _feed(watched)
    assert (row.last_status, row.entries, row.polls, row.state) == (304, 3, 2, "ok")


async def test_the_same_document_without_validators_is_known_by_its_hash(site: Site, watch: Watch) -> None:
    feed = site.feed(entries=3)
    feed.conditional = False
    watched = await watch()
    await watched.settle()
    await watched.settle(after=POLL)
    row = await _feed(watched)
    assert (row.last_status, row.entries, row.last_new) == (200, 3, 0)


async def test_polls_are_an_interval_apart_at_least_and_a_tenth_more_at_most(site: Site, watch: Watch) -> None:
    site.feed()
    watched = await watch()
    for _ in range(5):
        await watched.settle(after=POLL)
        row = await _feed(watched)
        assert 60 <= row.due_at - row.last_poll_at <= 66.5


async def test_cache_control_and_retry_after_of_a_good_answer_are_kept(site: Site, watch: Watch) -> None:
    site.feed("cached").headers["Cache-Control"] = "max-age=600"
    site.feed("asked").headers["Retry-After"] = "1200"
    watched = await watch()
    await watched.settle()
    for name, least in (("cached", 600), ("asked", 1200)):
        row = await _feed(watched, name)
        assert least <= row.due_at - row.last_poll_at <= least + 10


async def test_back_off_begins_at_twice_the_interval_doubles_and_ends_with_the_first_answer(site: Site, watch: Watch) -> None:
    feed = site.feed()
    watched = await watch()
    await watched.settle()
    fault = site.fail(feed.path, status=500)
    waits = []
    for _ in range(6):
        await watched.settle(after=2200)
        row = await _feed(watched)
        waits.append(row.due_at - row.last_poll_at)
    for wait, least in zip(waits, (120, 240, 480, 960, 1800, 1800), strict=True):
        assert least <= wait <= least * 1.2 + 1
    assert (row.failures, row.state, row.error_code) == (6, "failing", "http")
    site.heal(feed.path)
    assert fault.healed.is_set()
    await watched.settle(after=2200)
    row = await _feed(watched)
    assert (row.failures, row.state, row.error_text) == (0, "ok", None)


async def test_a_feed_in_trouble_is_told_once_and_its_end_once(site: Site, webhook_sink: WebhookSink, watch: Watch) -> None:
    feed = site.feed()
    watched = await watch()
    await watched.settle()
    site.fail(feed.path, status=500)
    for _ in range(5):
        await watched.settle(after=2200)
    assert notices(webhook_sink) == [("feed world", "failing")]
    site.heal()
    for _ in range(2):
        await watched.settle(after=2200)
    assert notices(webhook_sink) == [("feed world", "failing"), ("feed world", "ok")]


async def test_a_feed_that_is_gone_ends_and_is_told(site: Site, webhook_sink: WebhookSink, watch: Watch) -> None:
    feed = site.feed()
    watched = await watch()
    await watched.settle()
    site.fail(feed.path, status=410)
    await watched.settle(after=POLL)
    row = await _feed(watched)
    assert (row.state, row.due_at) == ("ended", None)
    await watched.settle(after=100_000)
    assert len(site.seen(feed.path)) == 2
    assert notices(webhook_sink) == [("feed world", "ended")]


async def test_a_moved_feed_is_asked_at_its_new_address_from_the_fourth_poll_on(site: Site, watch: Watch) -> None:
    feed = site.feed(entries=1)
    old = f"{site.url}/old.xml"
    site.fail("/old.xml", "redirect", status=301, location=feed.url)
    watched = await watch(f"{{url: '{old}', name: world}}")
    for _ in range(3):
        await watched.settle(after=POLL)
    assert len(site.seen("/old.xml")) == 3
    await watched.settle(after=POLL)
    assert len(site.seen("/old.xml")) == 3
    assert len(site.seen(feed.path)) == 4
    row = await _feed(watched)
    assert (row.url, row.polled_url, row.entries) == (old, feed.url, 1), "it is the same feed, and its entries are known"


async def test_a_redirect_that_is_not_for_good_is_followed_each_time_anew(site: Site, watch: Watch) -> None:
    feed = site.feed()
    site.fail("/old.xml", "redirect", status=302, location=feed.url)
    watched = await watch(f"{{url: '{site.url}/old.xml', name: world}}")
    for _ in range(5):
        await watched.settle(after=POLL)
    assert len(site.seen("/old.xml")) == 5


async def test_credentials_do_not_follow_a_feed_that_moves_to_another_origin(watch: Watch) -> None:
    hosts = ("127.0.0.1", "127.0.0.2")
    async with Site(hosts=hosts) as site:
        feed = site.feed()
        elsewhere = feed.url.replace("127.0.0.1", "127.0.0.2")
        site.fail("/old.xml", "redirect", status=301, location=elsewhere)
        watched = await watch(f"{{url: '{site.url}/old.xml', name: world, auth: {{bearer: secret-token}}, headers: {{X-Key: secret-key}}}}")
        for _ in range(6):
            await watched.settle(after=POLL)
        at_home, abroad = site.seen("/old.xml"), site.seen(feed.path)
        assert len(abroad) == 6
        assert all(request.headers["Authorization"] == "Bearer secret-token" for request in at_home)
        assert not any("secret" in str(request.headers) for request in abroad)


async def test_three_workers_taken_down_in_a_row_are_quarantine(site: Site, webhook_sink: WebhookSink, watch: Watch) -> None:
    site.put("/heavy.xml", "<rss><channel><item><title>a&nosuch;</title></item></channel></rss>", content_type="text/xml")
    watched = await watch(f"{{url: '{site.url}/heavy.xml', name: world}}")

    def dies(fn: object) -> None:
        raise WorkerKilled("it passed its time limit")

    watched.workers.before = dies
    for kills in (1, 2, 3):
        await watched.settle(after=2200)
        row = await _feed(watched)
        assert row.kills == kills
    assert row.state == "quarantined"
    assert row.due_at - row.last_poll_at >= 86_400
    assert notices(webhook_sink) == [("feed world", "quarantined")]
    watched.workers.before = None
    await watched.settle(after=90_000)
    assert (await _feed(watched)).state == "ok"
    assert notices(webhook_sink)[-1] == ("feed world", "ok")


async def test_a_bug_of_ours_costs_one_feed_alone(site: Site, webhook_sink: WebhookSink, watch: Watch, monkeypatch: Any) -> None:
    for name in ("good", "bad"):
        site.feed(name)
    watched = await watch()
    await watched.settle()
    judging = poll.identify

    def breaks(parsed: Any, url: str, *rest: Any) -> Any:
        if "bad" in url:
            raise KeyError("a bug")
        return judging(parsed, url, *rest)

    monkeypatch.setattr(poll, "identify", breaks)
    for name in ("good", "bad"):
        site.feed(name).publish("A title", NEWS, path=f"/{name}.html")
    await watched.settle(after=POLL)
    assert alerted(webhook_sink) == ["/good.html"]
    row = await _feed(watched, "bad")
    assert (row.state, row.error_code) == ("failing", "internal")
    assert row.due_at - row.last_poll_at >= 120


async def test_what_can_t_be_committed_costs_one_feed_alone_and_is_not_asked_for_ever(
    site: Site, webhook_sink: WebhookSink, watch: Watch, monkeypatch: Any
) -> None:
    for name in ("good", "bad", "fine"):
        site.feed(name)
    watched = await watch()
    await watched.settle()
    storing = statements.entries.store

    def poisoned(conn: Any, now: float, brought: Any, *rest: Any) -> None:
        if any("bad" in done.feed.url for done, _ in brought):
            raise ValueError("a bug that one feed brings out")
        storing(conn, now, brought, *rest)

    monkeypatch.setattr(statements.entries, "store", poisoned)
    for name in ("good", "bad", "fine"):
        site.feed(name).publish("A title", f"{NEWS} {name}", path=f"/{name}.html")
    await watched.settle(after=POLL)
    assert {row.state for row in await watched.rows(t.feeds, t.feeds.c.name != "bad")} == {"ok"}
    row = await _feed(watched, "bad")
    assert (row.state, row.error_code, row.owner) == ("failing", "internal", None)
    assert row.due_at - row.last_poll_at >= 120
    monkeypatch.setattr(statements.entries, "store", storing)
    await watched.settle(after=400)
    assert len(await watched.rows(t.entries)) == 3
    assert await watched.leaks() == []


async def test_when_nothing_answers_it_is_our_own_network(webhook_sink: WebhookSink, watch: Watch) -> None:
    hosts = tuple(f"127.0.0.{number}" for number in range(1, 6))
    async with Site(hosts=hosts) as site:
        feed = site.feed()
        feeds = [f"{{url: '{feed.url.replace('127.0.0.1', host)}', name: 'at-{host}', interval: 60s}}" for host in hosts]
        watched = await watch(*feeds)
        await watched.settle()
        port = site.port
    for _ in range(4):
        await watched.settle(after=2200)
    assert watched.daemon.poll.network.down
    rows = await watched.rows(t.feeds)
    assert all(row.failures <= 1 for row in rows), "no feed is to blame"
    assert notices(webhook_sink) == [("the network of this machine", "down")]
    again = Site(hosts=hosts)
    again.port = port
    async with again:
        again.feeds = site.feeds
        await watched.settle(after=2200)
        assert notices(webhook_sink) == [("the network of this machine", "down"), ("the network of this machine", "ok")]
        assert {row.state for row in await watched.rows(t.feeds)} == {"ok"}


def test_the_network_is_down_when_enough_hosts_are_silent_and_none_answered() -> None:
    own = network.OwnNetwork()
    assert own.answered("a"), "what was told before the start may end with the first answer"
    assert not own.answered("a")
    assert not own.unreachable("b")
    assert not own.unreachable("b"), "one host, however often, is one host"
    assert not own.unreachable("c")
    assert own.unreachable("d")
    assert not own.unreachable("e"), "told once"
    assert own.answered("f")
    assert not own.down


async def test_a_slow_host_keeps_nobody_else_waiting(watch: Watch, webhook_sink: WebhookSink) -> None:
    async with Site(hosts=("127.0.0.1", "127.0.0.2")) as site:
        slow = [f"{{url: 'http://127.0.0.2:{site.port}/slow-{number}.xml', name: slow-{number}}}" for number in range(30)]
        feed = site.feed()
        watched = await watch(*slow, f"{{url: '{feed.url}', name: world}}")
        site.fail("127.0.0.2/*", "hang")
        running = asyncio.create_task(watched.daemon.poll.run())
        await until(lambda: site.seen(feed.path), what="the quick host's feed")
        assert site.most_at_once["127.0.0.2"] == 2
        claimed = [row for row in await watched.rows(t.feeds, t.feeds.c.host == "127.0.0.2") if row.owner]
        assert len(claimed) <= watched.daemon.poll.hosts.wave
        site.heal()
        watched.daemon.poll.stop()
        await running
        assert site.most_at_once["127.0.0.2"] == 2


@pytest.mark.parametrize("mode", ["none", "read", "alert"])
async def test_what_a_feed_holds_at_its_first_poll(site: Site, webhook_sink: WebhookSink, watch: Watch, mode: str) -> None:
    feed = site.feed()
    feed.publish("Old news", NEWS, path="/old.html", summary=NEWS)
    watched = await watch(f"{{url: '{feed.url}', backlog: {mode}}}")
    await watched.settle()
    assert bool(site.seen("/old.html")) == (mode != "none")
    assert alerted(webhook_sink) == (["/old.html"] if mode == "alert" else [])
    assert await watched.leaks() == []


async def test_a_later_feed_with_a_tag_has_the_stored_text_matched_again(site: Site, webhook_sink: WebhookSink, watch: Watch) -> None:
    rule = "\n  - {{name: tagged, query: 'tag:wire AND FFVD', notify: [hook]}}\nchannels:"
    world, wire = site.feed("world"), site.feed("wire")
    watched = await watch(f"'{world.url}'", f"{{url: '{wire.url}', tags: [wire]}}", config=CONFIG.replace("\nchannels:", rule))
    await watched.settle()
    article = world.publish("A title", NEWS, path="/story.html")
    await watched.settle(after=POLL)
    assert [alert["rule"]["name"] for alert in webhook_sink.alerts() if "rule" in alert] == ["ffvd"]
    wire.publish(article.title, [], url=article.url)
    await watched.settle(after=POLL)
    assert [alert["rule"]["name"] for alert in webhook_sink.alerts() if "rule" in alert] == ["ffvd", "tagged"]
    assert len(site.seen("/story.html")) == 1, "the stored text is matched, no page is asked for again"
    assert await watched.leaks() == []
