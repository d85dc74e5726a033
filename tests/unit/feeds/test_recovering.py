"""The last resort: items out of XML that is beyond repair."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.errors import ParseError
from monitor.feeds.recovering import parse_recovering


def test_items_are_read_out_of_broken_xml() -> None:
    parsed = parse_recovering(
        "<rss version='2.0'><channel><title>F</title><link>http://h/</link><item><title>A & B</title><link>/1</link><guid>g1</guid>"
        "<pubDate>Wed, 02 Oct 2002 13:00:00 GMT</pubDate><dc:creator>Ann</dc:creator><description>&lt;p&gt;x&lt;/p&gt;</description>"
        "<content:encoded><![CDATA[<p>y</p><p>z</p>]]></content:encoded></item><item><title>Second</wrong><link>http://h/2</link></item>",
        None,
    )
    assert parsed is not None
    assert (parsed.format, parsed.title, parsed.link, len(parsed.entries), parsed.reader) == ("rss 2.0", "F", "http://h/", 2, "recovering")
    first, second = parsed.entries
    assert (first.guid, first.url, first.author, first.summary, first.content) == ("g1", "http://h/1", "Ann", "x", "y\nz")
    assert first.published_at == datetime(2002, 10, 2, 13, tzinfo=UTC)
    assert second.title == "Second"


def test_atom_too() -> None:
    parsed = parse_recovering(
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>i</id><link href='http://h/1'/><updated>2002-10-02</updated>", None
    )
    assert parsed is not None
    assert (parsed.format, parsed.entries[0].guid, parsed.entries[0].url) == ("atom 1.0", "i", "http://h/1")
    assert parsed.entries[0].updated_at == datetime(2002, 10, 2, tzinfo=UTC)


@pytest.mark.parametrize("document", ["", "text", "<svg/>", "<?xml?>", "<!-- only -->"])
def test_nothing_like_a_feed_is_none(document: str) -> None:
    assert parse_recovering(document, None) is None


def test_too_deep_with_nothing_in_reach() -> None:
    with pytest.raises(ParseError) as refused:
        parse_recovering("<a>" * 5_000, None)
    assert refused.value.code == "too-deep"
