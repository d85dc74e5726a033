"""Pages without a feed, read by selectors."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.errors import ParseError
from monitor.feeds.page import Select, parse_page

PAGE = b"""<!doctype html><html lang=ko><head><meta charset=utf-8><title>News &amp; more</title></head><body>
<div class=item><h3><a href="/news/1?x=1">First <b>story</b></a></h3>
<time datetime="2026-01-02T03:04:05+09:00">yesterday</time><p>Teaser</p></div>
<div class=item><a href="javascript:void(0)">share</a><span class=t>Second</span>
<a class=more href=/news/2>more</a><i>2026.01.03 10:00</i></div>
<div class=item><h3>No link</h3></div><div class=item><a href="/news/1?x=1">again</a></div></body></html>"""


def test_items_by_selectors() -> None:
    feed = parse_page(PAGE, "https://h/list", Select(".item", title=".t, h3", time="time, i"))
    assert (feed.format, feed.title, feed.language, feed.reader) == ("page", "News & more", "ko", "page")
    assert [(entry.url, entry.title, entry.published_at) for entry in feed.entries] == [
        ("https://h/news/1?x=1", "First story", datetime(2026, 1, 1, 18, 4, 5, tzinfo=UTC)),
        ("https://h/news/2", "Second", datetime(2026, 1, 3, 1, 0, tzinfo=UTC)),
    ]
    assert feed.entries[0].guid == feed.entries[0].url
    assert feed.warnings == ("1 items have no link",)


def test_items_that_are_links_themselves() -> None:
    feed = parse_page(b"<base href=https://cdn.h/x/><a class=n href=a>A</a><a class=n href=b title=B></a>", "https://h/", Select("a.n"))
    assert [(entry.url, entry.title, entry.summary) for entry in feed.entries] == [
        ("https://cdn.h/x/a", "A", None),
        ("https://cdn.h/x/b", "B", None),
    ]


def test_the_link_may_be_chosen() -> None:
    feed = parse_page(PAGE, "https://h/", Select(".item", link=".more"))
    assert [entry.url for entry in feed.entries] == ["https://h/news/2"]


@pytest.mark.parametrize(
    ("body", "code"), [(b"", "empty"), (b"<p>other</p>", "not-a-feed"), (b"\x00\x01", "not-a-feed"), (b"<a" * 100_000, "not-a-feed")]
)
def test_pages_with_nothing_to_read(body: bytes, code: str) -> None:
    with pytest.raises(ParseError) as refused:
        parse_page(body, "https://h/", Select(".item"))
    assert refused.value.code == code


def test_a_wrong_selector_is_refused_where_it_is_written() -> None:
    with pytest.raises(ValueError, match="understood"):
        Select(".item", time="time::before")
