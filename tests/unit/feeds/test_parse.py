"""The choice of the reader, and what documents of every sort become: entries, or an error that says what they are."""

from __future__ import annotations

import gzip
import random
import time

import pytest

from monitor.errors import ParseError
from monitor.feeds.parse import CHEAP, cheap, parse_feed, parse_sure
from monitor.model import ParsedFeed
from tests.support.feeds import mutate
from tests.support.fuzz_feeds import run

ITEM = "<item><title>T{0}</title><link>http://h/{0}</link><guid>g{0}</guid><description>d</description></item>"


def rss(items: str, before: str = "", after: str = "") -> bytes:
    return f'{before}<rss version="2.0"><channel><title>F</title>{items}</channel></rss>{after}'.encode()


def items(count: int) -> str:
    return "".join(ITEM.format(number) for number in range(count))


@pytest.mark.parametrize(
    ("body", "reader", "name"),
    [
        (rss(items(1)), "strict", "rss 2.0"),
        (rss(items(1)).replace(b"2.0", b"0.91"), "strict", "rss 0.91"),
        (
            rss(items(1), before='<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "x.dtd">').replace(b"2.0", b"0.91"),
            "feedparser",
            "rss 0.91",
        ),
        (rss(items(1).replace("T0", "T&nbsp;0")), "feedparser", "rss 2.0"),
        (b'<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>T</title></entry></feed>', "feedparser", "atom 0.3"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>T</title></entry></feed>', "strict", "atom 1.0"),
        (
            b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel/><item/></rdf:RDF>',
            "strict",
            "rdf",
        ),
        (b'{"version": "https://jsonfeed.org/version/1.1", "title": "F", "items": [{"id": "1"}]}', "json", "json 1.1"),
        (rss("<item><author>" + "a" * 10_000 + "</author></item><x>&nbsp;</x>"), "recovering", "rss 2.0"),
    ],
)
def test_the_reader_and_the_format(body: bytes, reader: str, name: str) -> None:
    parsed = parse_feed(body, None)
    assert (parsed.reader, parsed.format, len(parsed.entries)) == (reader, name, 1)


def test_a_sitemap_and_a_gzipped_document_are_known_by_their_looks() -> None:
    sitemap = b"<?xml version='1.0'?><urlset><url><loc>http://h/1</loc></url></urlset>"
    assert parse_feed(sitemap, None).entries[0].url == "http://h/1"
    assert parse_feed(gzip.compress(rss(items(2))), None).reader == "strict"
    with pytest.raises(ParseError):
        parse_feed(gzip.compress(b" " * 20_000_000), None)


def test_an_empty_feed_is_a_good_document() -> None:
    assert parse_feed(rss(""), None).entries == ()
    assert parse_feed(b"<rss version='2.0'/>", None).entries == ()
    assert parse_feed(b"<rss version='2.0'/>", None).warnings == ()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\x00" * 100, "empty"),
        (b"/etc/passwd", "not-a-feed"),
        (b"garbage", "not-a-feed"),
        (bytes(range(256)) * 10, "not-a-feed"),
        (b"\xff" * 1000, "not-a-feed"),
        (b"<?xml version='1.0'?>", "not-a-feed"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not-a-feed"),
        (b"<rss version='2.0'><channel><title>cut", "not-a-feed"),
        (b"<rss><channel><item><title>\xff\xfe&nope;<link>", "not-a-feed"),
        (b"{}", "not-a-feed"),
        (b'{"items": 1}', "not-a-feed"),
        (b"{broken", "not-a-feed"),
        (b'{"items": ' + b"[" * 200_000, "too-deep"),
        (rss("<a>" * 300_000), "too-deep"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "html"),
        (b"\n<html><head><title>t</title></head><body><p>x</p><rss></rss></body></html>", "html"),
    ],
)
def test_what_is_no_feed_says_so(body: bytes, code: str) -> None:
    with pytest.raises(ParseError) as refused:
        parse_feed(body, "https://h/feed")
    assert refused.value.code == code
    assert len(str(refused.value)) < 300


def test_a_page_names_the_feeds_that_it_links() -> None:
    page = (
        b"<!DOCTYPE HTML><html><head><link rel='alternate stylesheet' href='/x.css'>"
        b'<link href="/rss?a=1&amp;b=2" type="application/rss+xml" rel="alternate">'
        b"<LINK REL=alternate TYPE=application/atom+xml HREF=atom.xml>"
        b"</head><body></body></html>"
    )
    with pytest.raises(ParseError) as refused:
        parse_feed(page, "https://h/news/")
    assert refused.value.remedy == "It links these feeds: https://h/rss?a=1&b=2, https://h/news/atom.xml"


def test_what_else_it_is_is_told() -> None:
    with pytest.raises(ParseError) as refused:
        parse_feed(b"<opml version='2.0'><body/></opml>", None)
    assert "opml" in (refused.value.remedy or "")


def test_a_document_that_breaks_off_gives_its_whole_entries() -> None:
    whole = rss(items(3))
    for cut in range(whole.index(b"</item>") + 7, len(whole) - len("</channel></rss>")):
        parsed = parse_feed(whole[:cut], None)
        assert [entry.guid for entry in parsed.entries] == [f"g{number}" for number in range(whole[:cut].count(b"</item>"))]
        assert parsed.warnings == ("the document breaks off; its whole entries were read",)


def test_text_around_a_document_is_left_out_and_told() -> None:
    parsed = parse_feed(
        rss(items(2), before="<b>Warning</b>: x in y.php<br />\n<?xml version='1.0'?>\n", after="<script>ad()</script>"), None
    )
    assert (parsed.reader, len(parsed.entries), len(parsed.warnings)) == ("strict", 2, 2)
    assert parse_feed(rss(items(2), after="\n<!-- cached - by x -->\n"), None).warnings == ()


def test_bad_xml_costs_no_entry() -> None:
    parsed = parse_feed(rss(items(2).replace("T0", "A & B <c \x08").replace("T1", "&nbsp;x&#0;&#xD800;")), None)
    assert [entry.guid for entry in parsed.entries] == ["g0", "g1"]
    assert parsed.entries[1].title == "x��"
    assert any("not well-formed" in warning for warning in parsed.warnings)


def test_one_bad_link_or_date_costs_itself_alone() -> None:
    bad = ("http://127.0.0.1:x/", "http://[::1]./", "http://h:99999/", "javascript:alert(1)", "http://[", "ht!tp://x")
    body = rss("".join(f"<item><title>{link}</title><link>{link}</link><pubDate>{link}</pubDate></item>" for link in bad) + items(1))
    parsed = parse_feed(body, None)
    assert [entry.url for entry in parsed.entries] == [None] * len(bad) + ["http://h/0"]
    assert all(entry.published_at is None for entry in parsed.entries)


def test_guids_are_raw_even_under_xml_base() -> None:
    body = b"""<feed xmlns='http://www.w3.org/2005/Atom' xml:base='http://old.host/dir/'><id>feed</id>
        <entry><id>post-1</id><title>&#233;&nbsp;</title><link href='one'/></entry><entry><id><![CDATA[ a&b:///c ]]></id></entry></feed>"""
    parsed = parse_feed(body, "http://new.host/feed")
    assert parsed.reader == "feedparser"
    assert [entry.guid for entry in parsed.entries] == ["post-1", "a&b:///c"]
    assert parsed.entries[0].url == "http://old.host/dir/one"


def test_a_bad_byte_changes_no_guid() -> None:
    item = "<item><title>T</title><guid>http://h/?a=1&amp;b={0}</guid><link>http://h/?a=1&amp;b={0}</link></item>"
    good = rss(item.format(1) + item.format(2))
    for fault in (b"<title>T & T", b"<title>&nbsp;T"):
        parsed = parse_feed(good.replace(b"<title>T", fault, 1), None)
        assert parsed.reader == "feedparser"
        assert [entry.guid for entry in parsed.entries] == ["http://h/?a=1&b=1", "http://h/?a=1&b=2"]


def test_a_tag_that_is_never_closed_costs_its_own_entry_alone() -> None:
    parsed = parse_feed(rss(items(4)).replace(b"T0</title>", b"T0</titel>"), None)
    assert [entry.guid for entry in parsed.entries if entry.guid] == ["g1", "g2", "g3"]
    two = rss("<item><title>T</titel><guid>1</guid></item><item><title>U</title><guid>2</guid></item>")
    assert [(entry.guid, entry.title) for entry in parse_feed(two, None).entries] == [("1", "T"), ("2", "U")]


def test_the_base_of_a_text_is_not_that_of_the_next_link() -> None:
    body = b"""<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id><title>&nbsp;</title><link href='/1'/>
        <content type='html' xml:base="http://h/1/">x</content></entry><entry><id>2</id><link href='/2'/></entry></feed>"""
    assert [entry.url for entry in parse_feed(body, "http://feed.org/atom").entries] == ["http://feed.org/1", "http://feed.org/2"]


def test_a_text_that_shows_the_source_of_a_feed_keeps_its_ids() -> None:
    body = b"""<feed xmlns='http://www.w3.org/2005/Atom' xml:base='http://h/'><entry><id>i</id><link href='one'/>
        <content type='html'><![CDATA[<p>An entry has <id>http://h/1</id>.</p>]]></content></entry></feed>"""
    (entry,) = parse_feed(body, None).entries
    assert (entry.guid, entry.content) == ("i", "An entry has http://h/1.")


def test_external_entities_and_bombs_expand_to_nothing() -> None:
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    declared = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e0 "ha"><!ENTITY x SYSTEM "file:///etc/hostname">{bomb}]>'
    parsed = parse_feed(rss("<item><title>&x;&e9;</title><link>http://h/</link></item>", before=declared), None)
    (entry,) = parsed.entries
    assert entry.url == "http://h/"
    assert len(entry.title or "") < 100


HOSTILE = {
    "comments": rss("<!--" * 50_000 + items(1)),
    "declarations": rss("<!x " * 50_000),
    "instructions": rss("<?x " * 50_000),
    "cdata": rss("<![CDATA[" * 50_000),
    "ampersands": rss(f"<item><title>{'&' * 600_000}</title></item>"),
    "tags": rss(f"<item><description>{'<b>' * 300_000}</description></item>"),
    "nested": rss(f"<item><description>{'<b>' * 150_000}x{'</b>' * 150_000}</description></item>"),
    "author": rss(f"<item>&nbsp;<author>{'a.b-' * 8_000}</author></item>"),
    "attribute": rss(f'<item a="{"x" * 3_000_000}"><title>t</title></item>'),
    "attributes": rss("&nbsp;<item " + " ".join(f'a{n}="x"' for n in range(20_000)) + "><title>t</title></item>"),
    "items": rss("<item><title>t</title></item>" * 40_000),
    "broken items": rss("&nbsp;" + "<item><title>t</title></item>" * 70_000),
    "namespaces": b"<rss "
    + b" ".join(b'xmlns:n%d="u%d"' % (n, n) for n in range(20_000))
    + b"><channel>"
    + items(9).encode()
    + b"</channel></rss>",
    "links": rss(f"<item>{'<link>http://h/1</link>' * 50_000}</item>"),
    "reference": rss(f"<item><title>&#x{'1' * 500_000};</title></item>"),
    "escaped reference": rss(f"<item><description>&amp;#{'9' * 500_000};</description></item>"),
    "date": rss(f"<item><pubDate>{'Mon, ' * 100_000}</pubDate></item>"),
    "ids": b"<feed xmlns='http://www.w3.org/2005/Atom' xml:base='http://q/'>"
    + b"<entry xml:base='r/'><id>i</id><link href='x'/></entry>" * 3_000
    + b"</feed>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_documents_are_done_in_time(name: str) -> None:
    started = time.process_time()
    try:
        parsed: ParsedFeed | None = parse_feed(HOSTILE[name], None)
    except ParseError:
        parsed = None
    assert time.process_time() - started < 8
    assert parsed is None or all(len(entry.title or "") < 3_000_000 for entry in parsed.entries)


def test_the_fuzzer_finds_nothing() -> None:
    random_ = random.Random(3)
    bodies = [
        rss(items(5)),
        HOSTILE["ids"][:3_000] + b"</feed>",
        rss(items(2).replace("T1", "&nbsp;<b>é</b>")),
        b'{"items": [{"id": 1}], "title": "t"}',
    ]
    found = run(bodies, 400, 3, compare=1.0)
    assert not [name for name in found if name.startswith(("crash", "hang", "differs"))]
    assert sum(found.values()) >= 400
    assert mutate(bodies[0], random_) != bodies[0]


def test_what_may_run_in_the_event_loop() -> None:
    assert cheap(b"x" * CHEAP)
    assert not cheap(b"x" * (CHEAP + 1))
    assert parse_sure(rss(items(1)), None) is not None
    assert parse_sure(b'{"title": "t", "items": []}', None) is not None
    assert parse_sure(b"{broken", None) is None
    assert parse_sure(b'{"title": "t", "items": [' + b"{}," * 5_000 + b"{}]}", None) is None
    assert parse_sure(rss("&nbsp;"), None) is None
