"""Which text of an article is matched, and why: the page's, the feed's, and what a site puts around every text."""

from __future__ import annotations

from typing import Any

from monitor.pipeline.explain import Knowledge, explain
from monitor.rules import Query, parse
from monitor.store import tables as t
from tests.support import pages
from tests.support.sinks import WebhookSink
from tests.support.site import Site
from tests.unit.pipeline.conftest import POLL, Watch, alerted

NEWS = "The envoy spoke of FFVD again."


async def _news(watched: Any) -> list[Any]:
    found: list[Any] = await watched.rows(t.articles, t.articles.c.news == 1)
    return found


async def test_a_page_that_gives_far_less_than_the_feed_is_not_the_article(site: Site, webhook_sink: WebhookSink, watch: Watch) -> None:
    feed = site.feed()
    watched = await watch()
    await watched.settle()
    whole = "\n".join([*pages.prose("whole", 60), NEWS])
    feed.publish("A title", pages.prose("landing", 4), summary=whole, path="/story.html")
    await watched.settle(after=POLL)
    (row,) = await _news(watched)
    assert (row.text_state, row.why) == ("feed-text", "page-thin")
    assert "the feed" in row.why_text
    assert NEWS in row.body
    assert alerted(webhook_sink) == ["/story.html"]
    assert await watched.leaks() == []


async def test_a_page_that_gives_more_than_a_teaser_is_the_article(site: Site, watch: Watch) -> None:
    feed = site.feed()
    watched = await watch()
    await watched.settle()
    feed.publish("A title", pages.prose("whole", 12), summary="\n".join(pages.prose("whole", 24)), path="/story.html")
    await watched.settle(after=POLL)
    (row,) = await _news(watched)
    assert (row.text_state, row.why) == ("page", None)


async def test_a_standfirst_of_the_feed_is_matched_where_the_page_shows_it(site: Site, webhook_sink: WebhookSink, watch: Watch) -> None:
    feed = site.feed()
    watched = await watch()
    await watched.settle()
    lead = "The envoy said on Monday that FFVD was what both sides wanted in the end."
    article = feed.publish("A title", pages.prose("whole", 24), summary=lead, path="/story.html")
    body = pages.page(article, site.name).replace(b"</h1>", f"</h1><h2 class='dek'>{lead}</h2>".encode())
    site.put("/story.html", body)
    await watched.settle(after=POLL)
    assert alerted(webhook_sink) == ["/story.html"]
    (row,) = await _news(watched)
    assert row.body.startswith(lead)


async def test_a_wall_before_a_page_is_named(site: Site, watch: Watch) -> None:
    feed = site.feed()
    watched = await watch()
    await watched.settle()
    site.put("/a.html", "<!DOCTYPE html><html><title>Just a moment...</title></html>", status=403, headers={"cf-mitigated": "challenge"})
    site.put("/b.html", "<!DOCTYPE html><html><form><input type='password'></form></html>", status=401)
    for name in "ab":
        feed.publish(f"Title {name}", [], summary=f"{name}: {NEWS}", url=f"{site.url}/{name}.html")
    await watched.settle(after=POLL)
    why = {row.url.rpartition("/")[2]: row.why_text for row in await _news(watched)}
    assert why == {
        "a.html": "the page answered 403: a Cloudflare challenge stands before it",
        "b.html": "the page answered 401: it asks for sign-in",
    }


async def test_what_a_site_puts_below_every_article_alerts_no_more_and_explain_says_so(
    site: Site, webhook_sink: WebhookSink, watch: Watch
) -> None:
    feed = site.feed()
    watched = await watch()
    await watched.settle()
    for number in range(5):
        feed.publish(f"Title {number}", [*pages.prose(number, 24), "Your FFVD desk"], path=f"/story-{number}.html")
        await watched.settle(after=POLL)
    assert alerted(webhook_sink) == [f"/story-{number}.html" for number in range(3)]
    queries: dict[str, Query] = {"ffvd": parse("FFVD")}
    answer = await explain(watched.store, f"{site.url}/story-4.html", Knowledge(queries))
    assert any(step.code == "furniture" for step in answer.steps)
    assert await watched.leaks() == []
