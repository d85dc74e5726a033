"""When the strict reader is sure, and when it leaves a document to feedparser."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.feeds.strict import parse_strict

ATOM = "http://www.w3.org/2005/Atom"
DECLARED = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    f'xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="{ATOM}" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
)


def rss(items: str, *, head: str = "<title>F</title>", before: str = "", attributes: str = "") -> bytes:
    return f'{before}<rss version="2.0" {DECLARED}{attributes}><channel>{head}{items}</channel></rss>'.encode()


def atom(entries: str, *, attributes: str = "") -> bytes:
    return f'<feed xmlns="{ATOM}" {DECLARED}{attributes}><title>F</title>{entries}</feed>'.encode()


ITEM = "<item><title>T</title><link>http://h/1</link><guid>g</guid></item>"


def test_an_rss_item_with_all_that_is_read() -> None:
    body = rss(
        "<item><title>A &amp;amp; B</title><link>http://h/1</link><guid isPermaLink='false'> g1 </guid><dc:creator>Ann</dc:creator>"
        "<pubDate>Wed, 02 Oct 2002 13:00:00 GMT</pubDate><atom:updated>2002-10-03T00:00:00Z</atom:updated>"
        "<description>&lt;p&gt;Short&lt;/p&gt;</description><content:encoded><![CDATA[<p>One</p><p>Two</p>]]></content:encoded></item>",
        head="<title>The &lt;b&gt;Feed&lt;/b&gt;</title><link>http://h/</link><language>ko-KR</language><ttl>30</ttl>",
    )
    feed = parse_strict(body, None)
    assert feed is not None
    assert (feed.format, feed.title, feed.link, feed.language, feed.ttl, feed.reader) == (
        "rss 2.0",
        "The Feed",
        "http://h/",
        "ko-KR",
        1800.0,
        "strict",
    )
    (entry,) = feed.entries
    assert (entry.guid, entry.url, entry.title, entry.author) == ("g1", "http://h/1", "A & B", "Ann")
    assert entry.published_at == datetime(2002, 10, 2, 13, tzinfo=UTC)
    assert entry.updated_at == datetime(2002, 10, 3, tzinfo=UTC)
    assert (entry.summary, entry.content) == ("Short", "One\nTwo")


def test_an_atom_entry_with_all_that_is_read() -> None:
    body = atom(
        "<entry><id>tag:h,1</id><title type='html'>&lt;i&gt;T&lt;/i&gt;</title><link rel='self' href='http://h/self'/>"
        "<link href='javascript:x'/><link rel='alternate' href='http://h/1'/><link href='http://h/later'/>"
        "<author><name>Ann</name><email>a@h.org</email><uri>http://h/ann</uri></author><published>2002-10-02T13:00:00Z</published>"
        "<summary>plain</summary><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>One</p><p>a &lt; b</p></div></content>"
        "</entry>"
    )
    feed = parse_strict(body, None)
    assert feed is not None
    (entry,) = feed.entries
    assert (feed.format, entry.guid, entry.url, entry.title, entry.author) == ("atom 1.0", "tag:h,1", "http://h/1", "T", "Ann (a@h.org)")
    assert (entry.summary, entry.content) == ("plain", "One\na < b")


def test_rss_1_0_is_read_by_its_attribute_about() -> None:
    body = (
        '<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        '<channel rdf:about="http://h/"><title>F</title><items><rdf:Seq><rdf:li rdf:resource="http://h/1"/></rdf:Seq></items></channel>'
        '<item rdf:about="http://h/1"><title>T</title><link>http://h/1?rss</link><dc:date>2002-10-02</dc:date></item></rdf:RDF>'
    )
    feed = parse_strict(body.encode(), None)
    assert feed is not None
    (entry,) = feed.entries
    assert (feed.format, entry.guid, entry.url) == ("rdf", "http://h/1", "http://h/1?rss")
    assert entry.updated_at == datetime(2002, 10, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ("<guid>http://h/g</guid>", "http://h/g"),
        ("<guid isPermaLink='false'>http://h/g</guid>", None),
        ("<guid>Sanctions</guid>", None),
        ("<link>javascript:alert(1)</link>", None),
        ("<link>/rel</link>", "https://feed.org/rel"),
        ("<link>http://h/1</link><link>http://h/2</link>", "http://h/1"),
        ("<link>javascript:x</link><atom:link href='http://h/2'/>", "http://h/2"),
        ("<link>http://h/?a=1&amp;amp;b=2</link>", "http://h/?a=1&b=2"),
        ("", None),
    ],
)
def test_the_link_of_an_item(item: str, url: str | None) -> None:
    feed = parse_strict(rss(f"<item><title>T</title>{item}</item>"), "https://feed.org/rss")
    assert feed is not None
    assert feed.entries[0].url == url


@pytest.mark.parametrize(
    "body",
    [
        rss(ITEM),
        rss(ITEM, before="<?xml version='1.0' encoding='UTF-8'?>\n"),
        rss(ITEM, before="\ufeff<?xml version='1.0'?>"),
        rss("<item><author>a</author><dc:creator>b</dc:creator><itunes:author>c</itunes:author></item>"),
        rss("<item><media:group><media:content><media:title>m</media:title></media:content></media:group><title>T</title></item>"),
        rss("<item><pubDate>Mon, 01 Jan 0001 00:00:00 +0000</pubDate></item>"),
        rss(""),
        rss("<item><title>a</title><dc:title><![CDATA[a]]></dc:title><guid>g</guid><guid>g</guid></item>"),
        atom("<entry><content type='html' xml:base='http://h/'>x</content><link href='/rel'/></entry>"),
    ],
)
def test_it_is_sure(body: bytes) -> None:
    assert parse_strict(body, None) is not None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"text",
        rss(ITEM, before="<?xml version='1.0' encoding='windows-1251'?>"),
        rss(ITEM, before="<!DOCTYPE rss>"),
        rss(ITEM, before="<!DOCTYPE rss [<!ENTITY x 'y'>]>"),
        rss(ITEM)[:-8],
        rss("<item><title>&nbsp;</title></item>"),
        rss("<item><title>a\x08b</title></item>"),
        rss("<item><title>a <b>c</b></title></item>"),
        rss("<item><title>a</title><title>b</title></item>"),
        rss("<item><guid>a</guid><guid>b</guid></item>"),
        rss("<item><guid>a</guid><guid isPermaLink='false'>a</guid></item>"),
        rss("<item><guid><b/>a</guid></item>"),
        rss("<item><link>a<b/></link></item>"),
        rss("<item><pubDate><b/>a</pubDate></item>"),
        rss("<item><pubDate>yesterday</pubDate></item>"),
        rss("<item><description>a <b>c</b></description></item>"),
        rss("<item><description type='application/octet-stream'>YQ==</description></item>"),
        rss("<item><title type='xhtml'>a</title></item>"),
        rss("<item><item/></item>"),
        rss("<item><wrap><title>hidden</title></wrap></item>"),
        rss("<group><item/></group>"),
        rss("<item><link>/rel</link></item>", attributes=" xml:base='http://h/'"),
        rss("<item xml:base='http://h/'><link>rel</link></item>"),
        rss("<item base='http://h/'><link>rel</link></item>"),
        rss("<item><title></title><media:title>m</media:title></item>"),
        rss("<item><title>t</title><source>s</source><media:title>m</media:title></item>"),
        rss("<item><title xmlns='urn:x'>t</title></item>"),
        rss("<item><author><name>a</name><name>b</name></author></item>"),
        rss("<item><author>a@h.org (Ann)</author><dc:creator>Bob</dc:creator></item>"),
        rss("<item><dc:creator>Ann</dc:creator><author><name>Bob</name></author></item>"),
        rss(ITEM).replace(b"</channel>", b"</channel><channel></channel>"),
        rss(ITEM, head="<content:encoded>c</content:encoded>"),
        atom("<entry><title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>t</div></title></entry>"),
        atom("<entry><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><script>x</script></div></content></entry>"),
        atom("<entry><content type='xhtml'><x:div xmlns:x='http://www.w3.org/1999/xhtml'>t</x:div></content></entry>"),
        atom("<entry><content type='image/png'>AAAA</content></entry>"),
        atom("<entry/>", attributes=' xmlns:r="http://purl.org/rss/1.0/"'),
        b"<feed><entry><title>no namespace</title></entry></feed>",
        b"<opml version='2.0'><body/></opml>",
        rss(f"<item><title>{'<b>' * 300}{'</b>' * 300}</title></item>"),
        rss("<item><title>a</title></item>").replace(b">a<", b">a\xed\xa0\x80<"),
    ],
)
def test_it_is_not_sure(body: bytes) -> None:
    assert parse_strict(body, None) is None


@pytest.mark.parametrize(
    ("header", "sure"), [("text/xml", True), ("text/xml; charset=UTF-8", True), ("text/xml; charset=iso-8859-1", False)]
)
def test_a_header_of_another_charset_leaves_a_doubt(header: str, sure: bool) -> None:
    assert (parse_strict(rss(ITEM), None, header) is not None) is sure


@pytest.mark.parametrize(
    ("item", "summary", "content"),
    [
        ("<description>d</description><media:description>caption</media:description>", "d", "caption"),
        ("<media:description>caption</media:description><description>d</description>", "caption", "d"),
        ("<content:encoded>full</content:encoded><description>d</description>", "d", "full"),
        ("<content:encoded>full</content:encoded>", "full", "full"),
        (
            "<description>d</description><content:encoded>full text</content:encoded><media:description>c</media:description>",
            "c",
            "full text",
        ),
        ("<description></description>", None, None),
    ],
)
def test_which_text_is_summary_and_which_content(item: str, summary: str | None, content: str | None) -> None:
    feed = parse_strict(rss(f"<item>{item}</item>"), None)
    assert feed is not None
    assert (feed.entries[0].summary, feed.entries[0].content) == (summary, content)
