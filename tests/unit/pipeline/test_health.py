"""What people hear of feeds: silence, its end, what a feed shows of itself, and how much of it is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.pipeline.health import span
from monitor.store import listing, polls
from monitor.store import tables as t
from tests.support.sinks import WebhookSink
from tests.support.site import Site
from tests.unit.pipeline.conftest import CONFIG, POLL, Watch, notices

AUTO = CONFIG.replace("{{interval: 60s}}", "{{interval: auto}}")


async def _feed(watched: Any, name: str = "world") -> Any:
    (row,) = await watched.rows(t.feeds, t.feeds.c.name == name)
    return row


def _busy(site: Site, entries: int = 120) -> Any:
    """A feed that has published each hour for days."""
    feed = site.feed(window=entries)
    now = datetime.now(UTC)
    for number in range(entries, 0, -1):
        feed.publish(published=now - timedelta(hours=number))
    return feed


async def test_a_feed_that_falls_silent_is_told_once_and_once_when_it_speaks(site: Site, webhook_sink: WebhookSink, watch: Watch) -> None:
    feed = _busy(site)
    watched = await watch()
    await watched.settle()
    assert (await _feed(watched)).state == "ok"
    for _ in range(3):
        await watched.settle(after=20 * 3600)
    assert (await _feed(watched)).state == "silent"
    assert notices(webhook_sink) == [("feed world", "silent")]
    (told,) = [r.json["data"] for r in webhook_sink.accepted if r.path.endswith("/ops")]
    assert "its longest usual gap is 1 h" in told["cause"]
    assert "stale" in told["remedy"]
    feed.publish(published=datetime.now(UTC) + timedelta(hours=60))
    await watched.settle(after=POLL)
    assert (await _feed(watched)).state == "ok"
    assert notices(webhook_sink)[-1] == ("feed world", "ok")
    assert len(notices(webhook_sink)) == 2


async def test_a_first_document_teaches_the_hours_of_an_auto_feed(site: Site, watch: Watch) -> None:
    _busy(site)
    watched = await watch(config=AUTO)
    await watched.settle()
    item = await watched.store.read(listing.find_feed, "world")
    assert item["posts_a_day"] == pytest.approx(24, rel=0.2)
    assert sum(item["habit"]["hours"]) == pytest.approx(sum(item["habit"]["days"]), abs=1)
    assert 3500 <= item["habit"]["longest_gap_s"] <= 3700


async def test_a_feed_that_rolls_over_is_polled_more_often(site: Site, webhook_sink: WebhookSink, watch: Watch) -> None:
    feed = site.feed(entries=5, window=5)
    watched = await watch(config=AUTO)
    await watched.settle()
    await watched.settle(after=1000)
    for _ in range(5):
        feed.publish(published=datetime.now(UTC) + timedelta(seconds=2000))
    await watched.settle(after=1000)
    row = await _feed(watched)
    assert row.rolled_over_at is not None
    assert row.due_at - row.last_poll_at <= 560
    assert ("feed world", "rolled-over") in notices(webhook_sink)
    told = next(r.json["data"] for r in webhook_sink.accepted if r.path.endswith("/ops"))
    assert "would have kept up" in told["remedy"]


async def test_the_last_polls_are_kept_and_no_more(site: Site, watch: Watch) -> None:
    feed = site.feed(entries=2)
    watched = await watch()
    for number in range(2 * polls.KEPT + 5):
        if number == 1:
            feed.publish()
        if number == 2:
            site.fail(feed.path, status=500, times=1)
        await watched.settle(after=2 * POLL)
    row = await _feed(watched)
    kept = await watched.store.read(listing.feed_polls, row.id, 1000)
    assert polls.KEPT <= len(kept) <= 2 * polls.KEPT
    assert [poll["at"] for poll in kept] == sorted((poll["at"] for poll in kept), reverse=True)
    assert kept[0]["status"] == 304
    assert len(await watched.store.read(listing.feed_polls, row.id)) == polls.KEPT


async def test_what_polls_brought_is_told_of_each(site: Site, watch: Watch) -> None:
    feed = site.feed(entries=2)
    watched = await watch()
    await watched.settle()
    feed.publish()
    await watched.settle(after=POLL)
    site.fail(feed.path, status=503)
    await watched.settle(after=POLL)
    row = await _feed(watched)
    kept = await watched.store.read(listing.feed_polls, row.id)
    assert [(poll["status"], poll["new"], poll["total"], poll["error_code"]) for poll in kept] == [
        (503, 0, None, "http"),
        (200, 1, 3, None),
        (200, 2, 2, None),
    ]


@pytest.mark.parametrize(
    ("seconds", "words"), [(20, "20 s"), (90, "2 min"), (3600, "1 h"), (40 * 3600, "40 h"), (72 * 3600, "3 d"), (-5, "0 s")]
)
def test_lengths_of_time_for_people(seconds: float, words: str) -> None:
    assert span(seconds) == words
