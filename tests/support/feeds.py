"""Documents of feeds for tests: generated ones, plain and awkward, and a mutator that breaks them (all seeded or drawn)."""

from __future__ import annotations

import random
from xml.sax.saxutils import escape, quoteattr

from hypothesis import strategies as st

NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "media": "http://search.yahoo.com/mrss/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "x": "urn:example:unknown",
}
_WORDS = (
    "Sanctions",
    "Über",
    "제재 면제",
    "«цитата»",
    "AT&T",
    "{{7*7}}",
    "5 < 6",
    "line\nend",
    "\u00a0",
    "é",
    "Ã©",
    "don\u0092t",
    "&amp;",
    "&nbsp;",
    "x  y",
)
_MARKUP = (
    "<p>",
    "</p>",
    "<b>bold</b>",
    "<br/>",
    '<a href="http://h/?a=1&amp;b=2">l</a>',
    '<img alt="a > b">',
    "<script>1<2</script>",
    "<!-- c -->",
    "<List>",
    "<div",
    "]]>",
)
_URLS = (
    "http://example.org/1",
    "https://example.org/a?b=1&c=2",
    "/relative",
    "javascript:alert(1)",
    "http://127.0.0.1:x/",
    "",
    "ftp://h/f",
    "http:///three",
    "//host/p",
)
_DATES = (
    "Wed, 02 Oct 2002 13:00:00 GMT", "Wed, 2 Oct 2002 13:00 +0900", "2002-10-02T13:00:00Z", "2002-10-02T13:00:00.5+02:00", "0001-01-01",
    "yesterday", "", "Mon, 01 Jan 0001 00:00:00 +0000", "2002-10-02", "Wed, 31 Feb 2002 00:00:00 GMT", "9999-12-31T23:59:59Z",
)  # fmt: skip

words = st.lists(st.sampled_from(_WORDS + _MARKUP), max_size=5).map(" ".join)
urls = st.sampled_from(_URLS)
dates = st.sampled_from(_DATES)
types = st.sampled_from(("", "", "", "text", "html", "TEXT/HTML", "text/plain", "application/xml"))


def _element(name: str, value: str, attributes: dict[str, str] | None = None, *, cdata: bool = False) -> str:
    said = "".join(f" {key}={quoteattr(item)}" for key, item in (attributes or {}).items() if item)
    inner = f"<![CDATA[{value}]]>" if cdata and "]]>" not in value else escape(value)
    return f"<{name}{said}>{inner}</{name}>"


@st.composite
def _textual(draw: st.DrawFn, names: tuple[str, ...]) -> str:
    return _element(draw(st.sampled_from(names)), draw(words), {"type": draw(types)}, cdata=draw(st.booleans()))


@st.composite
def _guid(draw: st.DrawFn) -> str:
    permalink = draw(st.sampled_from(("", "true", "false", "True")))
    return _element("guid", draw(st.one_of(urls, words)), {"isPermaLink": permalink})


@st.composite
def _atom_link(draw: st.DrawFn, name: str) -> str:
    rel = draw(st.sampled_from(("", "alternate", "self", "enclosure", "ALTERNATE")))
    kind = draw(st.sampled_from(("", "text/html", "application/json", "text/plain")))
    said = "".join(f" {key}={quoteattr(value)}" for key, value in (("href", draw(urls)), ("rel", rel), ("type", kind)) if value)
    return f"<{name}{said}/>"


def _media(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return inner.map(lambda text: f"<media:group><media:content url='http://h/i.jpg'>{text}</media:content></media:group>")


_authors = st.one_of(
    st.builds(_element, st.sampled_from(("author", "dc:creator", "itunes:author")), words),
    st.builds(
        lambda name, mail: f"<author>{_element('name', name)}{_element('email', mail)}</author>", words, st.sampled_from(("", "a@b.org"))
    ),
)
_extras = st.sampled_from(
    (
        "<category>News</category>", "<slash:comments>3</slash:comments>", "<enclosure url='http://h/a.mp3' type='audio/mp3'/>",
        "<x:note>text</x:note>", "<x:note kind='1'>text</x:note>", "<media:thumbnail url='http://h/t.jpg'/>", "<comments>http://h/c</comments>",
        "<source url='http://h/feed'>Other</source>", "<!-- comment -->", "<?pi?>", "<image>http://h/i.png</image>", "<x:title>t</x:title>",
    )
)  # fmt: skip
_rss_children = st.one_of(
    _textual(("title",)),
    st.builds(_element, st.just("link"), urls),
    _guid(),
    st.builds(_element, st.sampled_from(("pubDate", "dc:date", "dcterms:issued", "atom:updated")), dates),
    _textual(("description", "content:encoded", "itunes:summary", "dc:description", "media:description")),
    _media(_textual(("media:description", "media:title"))),
    _textual(("media:title", "dc:title")),
    _atom_link("atom:link"),
    _authors,
    _extras,
)
_atom_children = st.one_of(
    _textual(("title",)),
    _atom_link("link"),
    st.builds(_element, st.just("id"), st.one_of(urls, words)),
    st.builds(_element, st.sampled_from(("published", "updated")), dates),
    _textual(("summary", "content")),
    words.map(
        lambda text: f"<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>{escape(text)}</p><b>b</b>t</div></content>"
    ),
    _media(_textual(("media:description", "media:title"))),
    _authors,
    _extras,
)


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    """A well-formed RSS 2.0, RSS 1.0 or Atom 1.0 document: mostly as feeds are, with elements in any order, some missing, some twice."""
    kind = draw(st.sampled_from(("rss", "atom", "rdf")))
    children = _atom_children if kind == "atom" else _rss_children
    items = draw(st.lists(st.lists(children, max_size=7), max_size=3))
    declared = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
    base = draw(st.sampled_from(("", "", "", ' xml:base="http://base.org/dir/"')))
    encoding = draw(st.sampled_from(("", '<?xml version="1.0" encoding="utf-8"?>', '<?xml version="1.0"?>\n')))
    head = draw(
        st.sampled_from(
            (
                "<title>F</title>",
                "<title>F</title><itunes:summary>s</itunes:summary>",
                "<itunes:summary>s</itunes:summary><description>d</description>",
            )
        )
    )
    if kind == "atom":
        entries = "".join(f"<entry>{''.join(item)}</entry>" for item in items)
        text = f'{encoding}<feed xmlns="{NAMESPACES["atom"]}" {declared}{base}>{head}{entries}</feed>'
    elif kind == "rss":
        entries = "".join(f"<item>{''.join(item)}</item>" for item in items)
        text = f'{encoding}<rss version="2.0" {declared}{base}><channel>{head}{entries}</channel></rss>'
    else:
        about = quoteattr(draw(urls))
        entries = "".join(f"<item rdf:about={about}>{''.join(item)}</item>" for item in items)
        root = 'xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        text = f"{encoding}<rdf:RDF {root} {declared}{base}><channel rdf:about='http://h/'>{head}</channel>{entries}</rdf:RDF>"
    return text.encode("utf-8")


_SPLICES = (
    b"<", b">", b"&", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"\x00", b"\xff", b"\xed\xa0\x80", b"&#0;", b"&#xD800;", b"&nbsp;", b"<?x",
    b"<!DOCTYPE a>", b'"', b"<item>", b"</item>", b"<title>", b"</entry>", b"xml:base='http://b/'", b"</", b"/>", b"&#x110000;", b"<b>",
    b"\r\n", b"xmlns='u'", b"\xe2\x80",
)  # fmt: skip


def mutate(body: bytes, random_: random.Random) -> bytes:
    """`body` with one to eight faults: bytes flipped, cut, doubled, swapped, or markup spliced in."""
    data = bytearray(body)
    for _ in range(random_.randint(1, 8)):
        if not data:
            break
        place = random_.randrange(len(data))
        kind = random_.randrange(6)
        if kind == 0:
            data[place] = random_.randrange(256)
        elif kind == 1:
            del data[place : place + random_.randint(1, 400)]
        elif kind == 2:
            data[place:place] = random_.choice(_SPLICES) * random_.choice((1, 1, 1, 3, 50))
        elif kind == 3:
            piece = data[place : place + random_.randint(1, 2_000)]
            other = random_.randrange(len(data))
            data[other:other] = piece
        elif kind == 4:
            del data[random_.randrange(len(data)) :]
        else:
            data[place : place + 1] = random_.choice(_SPLICES)
    return bytes(data)
