"""The read stage: pages that answer, answer late, or never; robots.txt; one article at two addresses; bugs of our own."""

from __future__ import annotations

from typing import Any

from monitor.errors import WorkerKilled
from monitor.pipeline import read
from monitor.store import tables as t
from tests.support.sinks import WebhookSink
from tests.support.site import Site
from tests.unit.pipeline.conftest import POLL, Watch, alerted

NEWS = "The envoy spoke of FFVD again."


async def _only(watched: Any) -> Any:
    (row,) = await watched.rows(t.articles, t.articles.c.news == 1)
    return row


async def test_a_page_is_tried_on_the_ladder_and_then_the_feed_s_text_is_matched(
    site: Site, webhook_sink: WebhookSink, watch: Watch
) -> None:
    feed = site.feed()
    watched = await watch()
    await watched.settle()
    article = feed.publish("A title", NEWS, summary=NEWS, path="/story.html")
    site.fail("/story.html", status=503)
    tries = 0
    for number, wait in enumerate((POLL, *read.LADDER)):
        await watched.settle(after=wait)
        tries = number + 1
        assert len(site.seen("/story.html")) == tries
        await watched.settle()
        assert len(site.seen("/story.html")) == tries, "tried again before its time"
    assert tries == 6
    row = await _only(watched)
    assert (row.text_state, row.why, row.tries, row.due_at) == ("feed-text", "page-failed", 6, None)
    assert alerted(webhook_sink) == ["/story.html"]
    assert article.url == row.url
    assert await watched.leaks() == []


async def test_a_page_that_answers_late_is_matched_whole(site: Site, webhook_sink: WebhookSink, watch: Watch) -> None:
    feed = site.feed()
    watched = await watch()
    await watched.settle()
    feed.publish("A title", NEWS, path="/story.html")
    site.fail("/story.html", times=2, status=503)
    for wait in (POLL, 60.0, 300.0):
        await watched.settle(after=wait)
    assert alerted(webhook_sink) == ["/story.html"]
    assert (await _only(watched)).text_state == "page"


async def test_retry_after_of_a_page_is_kept_where_it_is_longer(site: Site, watch: Watch) -> None:
    feed = site.feed()
    watched = await watch()
    await watched.settle()
    feed.publish("A title", NEWS, path="/story.html")
    site.fail("/story.html", times=1, status=429, headers={"Retry-After": "1000"})
    await watched.settle(after=POLL)
    await watched.settle(after=900)
    assert len(site.seen("/story.html")) == 1
    await watched.settle(after=101)
    assert len(site.seen("/story.html")) == 2


async def test_a_page_that_is_gone_is_asked_once(site: Site, webhook_sink: WebhookSink, watch: Watch) -> None:
    feed = site.feed()
    watched = await watch()
    await watched.settle()
    feed.publish("A title", NEWS, summary=NEWS, path="/story.html")
    site.fail("/story.html", status=404)
    await watched.settle(after=POLL)
    await watched.settle(after=30_000)
    assert len(site.seen("/story.html")) == 1
    assert alerted(webhook_sink) == ["/story.html"]


async def test_what_robots_forbid_is_matched_on_the_feed_s_text_and_never_asked(
    site: Site, webhook_sink: WebhookSink, watch: Watch
) -> None:
    feed = site.feed()
    watched = await watch()
    await watched.settle()
    feed.publish("A title", NEWS, summary=NEWS, path="/private/story.html")
    await watched.settle(after=POLL)
    row = await _only(watched)
    assert (row.text_state, row.why) == ("feed-text", "robots")
    assert site.seen("/private/story.html") == []
    assert len(site.seen("/robots.txt")) == 1
    assert alerted(webhook_sink) == ["/private/story.html"]


async def test_robots_that_can_t_be_had_are_waited_for(site: Site, webhook_sink: WebhookSink, watch: Watch) -> None:
    feed = site.feed()
    watched = await watch()
    await watched.settle()
    site.fail("/robots.txt", status=503, times=1)
    feed.publish("A title", NEWS, path="/story.html")
    await watched.settle(after=POLL)
    assert site.seen("/story.html") == []
    await watched.settle(after=POLL)
    assert alerted(webhook_sink) == ["/story.html"]


async def test_a_long_crawl_delay_waits_in_the_store(site: Site, watch: Watch) -> None:
    feed = site.feed()
    site.robots = "User-agent: *\nCrawl-delay: 50\n"
    watched = await watch()
    await watched.settle()
    for number in range(3):
        feed.publish(f"Title {number}", NEWS, path=f"/story-{number}.html")
    await watched.settle(after=POLL)
    waiting = await watched.rows(t.articles, t.articles.c.text_state == "waiting")
    now = watched.daemon.clock()
    assert [row.owner for row in waiting] == [None, None]
    assert all(40 < row.due_at - now <= 50 for row in waiting)
    assert len(site.seen("/robots.txt")) == 1


async def test_what_is_not_html_is_matched_on_the_feed_s_text(site: Site, webhook_sink: WebhookSink, watch: Watch) -> None:
    feed = site.feed()
    watched = await watch()
    await watched.settle()
    site.put("/report.pdf", b"%PDF-1.7 ...", content_type="application/pdf")
    feed.publish("A title", [], summary=NEWS, url=f"{site.url}/report.pdf")
    site.fail("/huge.html", "huge", size=12_000_000)
    feed.publish("Another title", [], summary=NEWS, url=f"{site.url}/huge.html")
    await watched.settle(after=POLL)
    rows = {row.url.rpartition("/")[2]: row for row in await watched.rows(t.articles, t.articles.c.news == 1)}
    assert (rows["report.pdf"].why, rows["huge.html"].why) == ("not-html", "page-failed")
    assert {row.text_state for row in rows.values()} == {"feed-text"}
    # Two articles with one text are one story.
    assert len(alerted(webhook_sink)) >= 1
    assert await watched.leaks() == []


async def test_an_article_under_a_second_address_that_names_the_first_is_its_duplicate(
    site: Site, webhook_sink: WebhookSink, watch: Watch
) -> None:
    feed = site.feed()
    watched = await watch()
    await watched.settle()
    first = feed.publish("A title", NEWS, path="/first.html")
    await watched.settle(after=POLL)
    feed.publish("A title", first.paragraphs, path="/second.html?from=feed", canonical=first.url, guid="two")
    site.articles["/second.html"] = site.articles.pop("/second.html?from=feed")
    await watched.settle(after=POLL)
    assert alerted(webhook_sink) == ["/first.html"]
    kinds = [row.kind for row in await watched.rows(t.entries)]
    assert kinds == ["new", "duplicate"]
    assert await watched.leaks() == []


async def test_an_entry_without_a_link_is_matched_on_the_feed_s_text(site: Site, webhook_sink: WebhookSink, watch: Watch) -> None:
    body = "<?xml version='1.0'?><rss version='2.0'><channel><title>T</title>{}</channel></rss>"
    site.put("/bare.xml", body.format(""), content_type="application/rss+xml")
    watched = await watch(f"'{site.url}/bare.xml'")
    await watched.settle()
    item = f"<item><title>No link</title><guid isPermaLink='false'>1</guid><description>{NEWS}</description></item>"
    site.put("/bare.xml", body.format(item), content_type="application/rss+xml")
    await watched.settle(after=POLL)
    row = await _only(watched)
    assert (row.url, row.text_state, row.why) == (None, "feed-text", "no-link")
    assert [alert["article"]["title"] for alert in webhook_sink.alerts()] == ["No link"]


async def test_a_feed_whose_body_is_wanted_has_no_page_asked_for(site: Site, webhook_sink: WebhookSink, watch: Watch) -> None:
    feed = site.feed()
    watched = await watch(f"{{url: '{feed.url}', body: feed}}")
    await watched.settle()
    feed.publish("A title", "Nothing.", summary=NEWS, path="/story.html")
    await watched.settle(after=POLL)
    assert site.seen("/story.html") == []
    assert site.seen("/robots.txt") == []
    assert alerted(webhook_sink) == ["/story.html"]


async def test_a_page_that_takes_its_worker_down_is_matched_on_the_feed_s_text(site: Site, webhook_sink: WebhookSink, watch: Watch) -> None:
    feed = site.feed()
    watched = await watch()
    await watched.settle()

    def dies(fn: object) -> None:
        raise WorkerKilled("it passed its time limit")

    watched.workers.before = dies
    feed.publish("A title", NEWS, summary=NEWS, path="/story.html")
    await watched.settle(after=POLL)
    assert (await _only(watched)).text_state == "feed-text"
    assert alerted(webhook_sink) == ["/story.html"]


async def test_a_bug_of_ours_costs_one_page_and_is_not_tried_for_ever(site: Site, webhook_sink: WebhookSink, watch: Watch) -> None:
    feed = site.feed()
    watched = await watch()
    await watched.settle()

    def breaks(fn: object) -> None:
        raise KeyError("a bug")

    watched.workers.before = breaks
    feed.publish("A title", NEWS, summary=NEWS, path="/story.html")
    await watched.settle(after=POLL)
    await watched.settle(after=3600)
    assert len(site.seen("/story.html")) == 1
    assert alerted(webhook_sink) == ["/story.html"]


async def test_a_text_that_can_t_be_committed_costs_itself_alone(
    site: Site, webhook_sink: WebhookSink, watch: Watch, monkeypatch: Any
) -> None:
    feed = site.feed()
    watched = await watch()
    await watched.settle()
    matching = read.match

    def poisoned(rules: Any, done: Any) -> Any:
        if "poison" in done.facts.get("body", ""):
            raise ValueError("a bug that one text brings out")
        return matching(rules, done)

    monkeypatch.setattr(read, "match", poisoned)
    feed.publish("Bad", "This is poison.", summary="FFVD in the feed's text.", path="/bad.html")
    for number in range(3):
        feed.publish(f"Good {number}", NEWS, path=f"/good-{number}.html")
    await watched.settle(after=POLL)
    assert "/bad.html" in alerted(webhook_sink), "matched on the feed's text"
    assert all(row.matched_at for row in await watched.rows(t.articles, t.articles.c.news == 1))
    assert len(site.seen("/bad.html")) == 1


async def test_a_text_that_can_t_be_committed_at_all_is_put_off(site: Site, watch: Watch, monkeypatch: Any) -> None:
    feed = site.feed()
    watched = await watch()
    await watched.settle()

    def poisoned(rules: Any, done: Any) -> Any:
        raise ValueError("a bug that every text brings out")

    matching = read.match
    monkeypatch.setattr(read, "match", poisoned)
    feed.publish("Bad", NEWS, path="/bad.html")
    await watched.settle(after=POLL)
    row = await _only(watched)
    assert row.due_at - watched.daemon.clock() > 3000
    monkeypatch.setattr(read, "match", matching)
    await watched.settle(after=read.PUT_OFF)
    assert (await _only(watched)).matched_at is not None


async def test_of_several_feeds_texts_the_longest_is_matched_where_the_page_can_t_be_had(
    site: Site, webhook_sink: WebhookSink, watch: Watch
) -> None:
    bare, full, late = site.feed("bare"), site.feed("full"), site.feed("late")
    watched = await watch()
    await watched.settle()
    site.fail("/one.html", status=404)
    site.fail("/two.html", status=503)
    bare.publish("One", [], url=f"{site.url}/one.html", summary="Short.")
    full.publish("One", [], url=f"{site.url}/one.html", summary=f"Longer. {NEWS}")
    bare.publish("Two", [], url=f"{site.url}/two.html", summary="Short.")
    await watched.settle(after=POLL)
    assert alerted(webhook_sink) == ["/one.html"]
    # The page of the other is still tried when a third feed tells more of it.
    late.publish("Two", [], url=f"{site.url}/two.html", summary=f"Longer. {NEWS} And then they spoke of other things.")
    await watched.settle(after=POLL)
    for wait in read.LADDER:
        await watched.settle(after=wait)
    assert sorted(alerted(webhook_sink)) == ["/one.html", "/two.html"]
    assert await watched.leaks() == []
