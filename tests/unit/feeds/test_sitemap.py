"""Sitemaps and their indexes."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest

from monitor.errors import ParseError
from monitor.feeds.parse import parse_feed
from monitor.feeds.sitemap import changed_since, parse_sitemap

NEWS = b"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc> https://h/1 </loc><lastmod>2026-01-02</lastmod><news:news><news:publication>
<news:name>The H</news:name><news:language>ko</news:language>
</news:publication><news:publication_date>2026-01-01T10:00:00+09:00</news:publication_date>
<news:title>A &amp; B</news:title></news:news></url>
<url><loc>/2</loc></url><url><loc>javascript:x</loc></url><url/></urlset>"""
INDEX = b"""<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>https://h/old.xml</loc><lastmod>2025-01-01</lastmod></sitemap>
<sitemap><loc>https://h/new.xml</loc><lastmod>2026-01-01</lastmod></sitemap><sitemap><loc>https://h/unsaid.xml</loc></sitemap></sitemapindex>"""


@pytest.mark.parametrize("body", [NEWS, gzip.compress(NEWS)])
def test_a_news_sitemap_is_a_feed(body: bytes) -> None:
    feed = parse_sitemap(body, "https://h/sitemap.xml").feed
    assert (feed.format, feed.title, feed.language, len(feed.entries)) == ("sitemap", "The H", "ko", 2)
    first, second = feed.entries
    assert (first.guid, first.url, first.title) == ("https://h/1", "https://h/1", "A & B")
    assert (first.published_at, first.updated_at) == (datetime(2026, 1, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC))
    assert (second.url, second.title) == ("https://h/2", None)


def test_an_index_names_what_has_changed_the_newest_first() -> None:
    sitemap = parse_sitemap(INDEX, None)
    assert sitemap.feed.entries == ()
    changed = changed_since(sitemap.children, datetime(2025, 6, 1, tzinfo=UTC))
    assert [child.url for child in changed] == ["https://h/new.xml", "https://h/unsaid.xml"]
    assert [child.url for child in changed_since(sitemap.children, None)] == [
        "https://h/new.xml",
        "https://h/old.xml",
        "https://h/unsaid.xml",
    ]


def test_an_index_among_feeds_is_told_to_be_one() -> None:
    feed = parse_feed(INDEX, None)
    assert (feed.format, feed.entries) == ("sitemap", ())
    assert feed.warnings == ("an index of 3 sitemaps: a poll reads those that have changed",)


@pytest.mark.parametrize("body", [b"https://h/1\nhttps://h/2\r\nnone\n", b"\xef\xbb\xbf\nhttps://h/1\n\nhttps://h/2"])
def test_a_list_of_urls_is_a_sitemap_where_one_is_expected(body: bytes) -> None:
    assert [entry.url for entry in parse_sitemap(body, None).feed.entries] == ["https://h/1", "https://h/2"]
    with pytest.raises(ParseError):
        parse_feed(body, None)


def test_a_broken_one_gives_what_could_be_read() -> None:
    sitemap = parse_sitemap(NEWS[: NEWS.index(b"<url/>")], "https://h/")
    assert len(sitemap.feed.entries) == 2
    assert sitemap.feed.warnings


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "empty"),
        (b"  ", "empty"),
        (b"<rss/>", "not-a-feed"),
        (b"text", "not-a-feed"),
        (b"\x1f\x8bbroken", "not-a-feed"),
        (gzip.compress(b"<" * 20_000_000), "not-a-feed"),
    ],
)
def test_what_is_none(body: bytes, code: str) -> None:
    with pytest.raises(ParseError) as refused:
        parse_sitemap(body, None)
    assert refused.value.code == code
