"""Sources beside feeds: sitemaps, those that an index names, and pages by selectors, through the whole daemon."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.errors import ParseError
from monitor.model import FeedEntry, ParsedFeed
from monitor.pipeline.sources import MOST_ENTRIES, Source, fresh, names_sitemaps, read_document
from monitor.store import tables as t
from tests.support.sinks import WebhookSink
from tests.support.site import Site
from tests.unit.pipeline.conftest import POLL, Watch, alerted, notices

_NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def _stamp(hours: float = 0.0) -> str:
    return (datetime.now(UTC) - timedelta(hours=hours)).isoformat(timespec="seconds")


def _news(site: Site, *paths: str, hours: float = 0.0) -> str:
    items = "".join(
        f"<url><loc>{site.url}{path}</loc><news:news><news:publication><news:name>Courier</news:name><news:language>en</news:language>"
        f"</news:publication><news:publication_date>{_stamp(hours)}</news:publication_date><news:title>Title of {path}</news:title>"
        "</news:news></url>"
        for path in paths
    )
    return f'<?xml version="1.0"?><urlset {_NS}>{items}</urlset>'


def _index(*children: tuple[str, float | None]) -> str:
    items = "".join(
        f"<sitemap><loc>{url}</loc>" + ("" if hours is None else f"<lastmod>{_stamp(hours)}</lastmod>") + "</sitemap>"
        for url, hours in children
    )
    return f'<?xml version="1.0"?><sitemapindex {_NS}>{items}</sitemapindex>'


async def _row(watched: Any) -> Any:
    (row,) = await watched.rows(t.feeds, t.feeds.c.name == "map")
    return row


async def test_a_news_sitemap_is_a_feed(site: Site, webhook_sink: WebhookSink, watch: Watch) -> None:
    pages = site.feed("pages")
    old, new = pages.publish(path="/old.html"), pages.publish(paragraphs="The envoy spoke of FFVD.", path="/new.html")
    assert (old.url, new.url) == (f"{site.url}/old.html", f"{site.url}/new.html")
    url = site.put("/news.xml", _news(site, "/old.html"), content_type="application/xml")
    watched = await watch(f"{{url: '{url}', name: map, type: sitemap}}")
    await watched.settle()
    site.put("/news.xml", _news(site, "/new.html", "/old.html"), content_type="application/xml")
    await watched.settle(after=POLL)
    assert alerted(webhook_sink) == ["/new.html"]
    row = await _row(watched)
    assert (row.format, row.entries, row.state) == ("sitemap", 2, "ok")


async def test_an_index_is_found_out_and_only_what_changed_is_asked(site: Site, webhook_sink: WebhookSink, watch: Watch) -> None:
    site.feed("pages").publish(paragraphs="The envoy spoke of FFVD.", path="/new.html")
    zipped = gzip.compress(_news(site, "/a.html").encode())
    site.put("/old.xml.gz", zipped, content_type="application/gzip")
    site.put("/now.xml", _news(site, "/b.html"), content_type="application/xml")
    children = [(f"{site.url}/old.xml.gz", 24 * 30.0), (f"{site.url}/now.xml", 1.0)]
    url = site.put("/index.xml", _index(*children), content_type="application/xml")
    watched = await watch(f"{{url: '{url}', name: map}}")
    await watched.settle()
    assert (await _row(watched)).entries == 2
    site.put("/now.xml", _news(site, "/new.html"), content_type="application/xml")
    site.put("/index.xml", _index(*children, (f"{site.url}/gone.xml", None)), content_type="application/xml")
    await watched.settle(after=POLL)
    assert alerted(webhook_sink) == ["/new.html"]
    assert len(site.seen("/old.xml.gz")) == 1
    assert len(site.seen("/now.xml")) == 2
    row = await _row(watched)
    assert "1 of 2 sitemaps could not be read" in row.warnings
    assert row.state == "ok"
    assert notices(webhook_sink) == [], "what is no longer listed is not lost"


async def test_an_index_of_which_nothing_can_be_read_has_failed(site: Site, watch: Watch) -> None:
    url = site.put("/index.xml", _index((f"{site.url}/gone.xml", 0.0)), content_type="application/xml")
    watched = await watch(f"{{url: '{url}', name: map, type: sitemap}}")
    await watched.settle()
    row = await _row(watched)
    assert row.state == "failing"
    assert "none of its 1 sitemaps could be read" in row.error_text
    assert row.body_hash is None, "it is asked for again in full"


async def test_a_page_is_a_feed_by_its_selectors(site: Site, webhook_sink: WebhookSink, watch: Watch) -> None:
    site.feed("pages").publish(paragraphs="The envoy spoke of FFVD.", path="/new.html")
    first = "<html><body><div class=i><h2><a href='/old.html'>Old title</a></h2></div></body></html>"
    url = site.put("/list.html", first)
    watched = await watch(f"{{url: '{url}', name: map, type: page, select: {{item: div.i, title: h2}}}}")
    await watched.settle()
    site.put("/list.html", first.replace("<div", "<div class=i><h2><a href='/new.html'>New title</a></h2></div><div", 1))
    await watched.settle(after=POLL)
    assert alerted(webhook_sink) == ["/new.html"]
    site.put("/list.html", "<html><body><p>rebuilt</p></body></html>")
    await watched.settle(after=POLL)
    row = await _row(watched)
    assert (row.state, row.error_code) == ("failing", "not-a-feed")
    assert "div.i" in row.error_text


def test_a_selector_that_is_none_is_told_and_a_page_without_selectors_has_usual_ones() -> None:
    page = b"<html><body><h2><a href='/a'>A</a></h2><article><a href='/b'>B</a></article></body></html>"
    with pytest.raises(ParseError, match="select"):
        read_document(page, "https://a.example/", None, Source("page", item="div["))
    read = read_document(page, "https://a.example/", None, Source("page"))
    assert [entry.url for entry in read.feed.entries] == ["https://a.example/a", "https://a.example/b"]


def test_an_index_is_known_zipped_or_not() -> None:
    index = _index(("https://a.example/1.xml", None)).encode()
    assert names_sitemaps(index)
    assert names_sitemaps(gzip.compress(index))
    assert not names_sitemaps(b"<rss><channel><title>sitemapindex</title></channel></rss>")
    read = read_document(index, "https://a.example/", None, Source())
    assert [child.url for child in read.children] == ["https://a.example/1.xml"]


def test_of_a_whole_site_only_what_changed_since_is_looked_at() -> None:
    now = datetime(2018, 10, 29, tzinfo=UTC)
    entries = [FeedEntry(f"g{n}", f"https://a.example/{n}", updated_at=now - timedelta(days=n)) for n in range(30)]
    entries.append(FeedEntry("undated", "https://a.example/undated"))
    parsed = ParsedFeed("sitemap", None, None, None, tuple(entries))
    kept = fresh(parsed, now.timestamp())
    assert [entry.guid for entry in kept.entries] == ["g0", "g1", "undated"]
    assert len(fresh(parsed, None).entries) == 31
    many = ParsedFeed("sitemap", None, None, None, tuple(entries[:1] * (MOST_ENTRIES + 1)))
    assert len(fresh(many, None).entries) == MOST_ENTRIES
    assert fresh(many, None).warnings
