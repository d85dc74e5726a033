"""An article on several pages, through the whole daemon."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.articles import MOST_PARTS
from monitor.pipeline import explain, visit
from monitor.store import tables as t
from tests.support import pages
from tests.support.sinks import WebhookSink
from tests.support.site import Site
from tests.unit.pipeline.conftest import POLL, Watch, alerted

NEWS = "The envoy spoke of FFVD on the last page."


def _several(site: Site, count: int, *, news_on: int) -> str:
    """An article of `count` pages at /story, each of which leads to the next; answers its address."""
    feed = site.feed()
    for number in range(1, count + 1):
        path = "/story" if number == 1 else f"/story/{number}"
        text = pages.prose(("part", number), 16) + ([NEWS] if number == news_on else [])
        article = pages.Article(f"{site.url}/story", "A long story", text, "g", feed.modified)
        link = f'<link rel="next" href="/story/{number + 1}">' if number < count else ""
        site.put(path, pages.page(article, site.name).replace(b"</head>", link.encode() + b"</head>"))
    feed.publish("A long story", [], summary="A teaser.", url=f"{site.url}/story")
    return f"{site.url}/story"


async def _only(watched: Any) -> Any:
    (row,) = await watched.rows(t.articles, t.articles.c.news == 1)
    return row


async def test_all_pages_of_an_article_are_matched_as_one_text(site: Site, webhook_sink: WebhookSink, watch: Watch) -> None:
    site.feed()
    watched = await watch()
    await watched.settle()
    url = _several(site, 3, news_on=3)
    await watched.settle(after=POLL)
    assert alerted(webhook_sink) == ["/story"]
    row = await _only(watched)
    for number in (1, 2, 3):
        for paragraph in pages.prose(("part", number), 16):
            assert paragraph in row.body
    answer = await explain.explain(watched.store, url, explain.Knowledge())
    assert any("3 pages joined" in step.text for step in answer.steps if step.step == "extraction")


async def test_no_more_than_so_many_pages_are_read(site: Site, webhook_sink: WebhookSink, watch: Watch) -> None:
    site.feed()
    watched = await watch()
    await watched.settle()
    _several(site, MOST_PARTS + 3, news_on=1)
    await watched.settle(after=POLL)
    assert alerted(webhook_sink) == ["/story"]
    assert len(site.seen(f"/story/{MOST_PARTS}")) == 1
    assert site.seen(f"/story/{MOST_PARTS + 1}") == []
    (page,) = await watched.rows(t.pages)
    assert f"only the first {MOST_PARTS} pages" in page.warnings


async def test_a_page_that_is_away_is_waited_for_and_then_done_without(site: Site, webhook_sink: WebhookSink, watch: Watch) -> None:
    site.feed()
    watched = await watch()
    await watched.settle()
    _several(site, 3, news_on=1)
    site.fail("/story/2", status=503)
    for wait in (POLL, 60.0):
        await watched.settle(after=wait)
        assert alerted(webhook_sink) == []
    await watched.settle(after=300.0)
    assert alerted(webhook_sink) == ["/story"]
    row = await _only(watched)
    assert (row.text_state, row.why) == ("page", None)
    (page,) = await watched.rows(t.pages)
    assert "page 2 of the article was not read whole: the page answered 503" in page.warnings


@pytest.mark.parametrize("kind", ["gone", "robots", "front page"])
async def test_what_can_t_be_read_further_costs_nothing(site: Site, webhook_sink: WebhookSink, watch: Watch, kind: str) -> None:
    site.feed()
    watched = await watch()
    await watched.settle()
    _several(site, 2, news_on=1)
    if kind == "gone":
        site.fail("/story/2", status=404)
    elif kind == "robots":
        site.robots = "User-agent: *\nDisallow: /story/\n"
    else:
        site.fail("/story/2", "redirect", status=302, location=f"{site.url}/story")
    await watched.settle(after=POLL)
    assert alerted(webhook_sink) == ["/story"]
    assert (await _only(watched)).body.count(NEWS) == 1


async def test_all_pages_share_the_time_of_one(
    site: Site, webhook_sink: WebhookSink, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.feed()
    watched = await watch()
    await watched.settle()
    _several(site, 2, news_on=1)
    site.robots = "User-agent: *\nCrawl-delay: 40\n"
    await watched.settle(after=POLL)
    assert alerted(webhook_sink) == ["/story"]
    assert site.seen("/story/2") == []
    (page,) = await watched.rows(t.pages)
    assert f"no time was left of the {visit.PAGE_DEADLINE:.0f} s" in page.warnings
