"""Several authors of one entry are all told, by every reader."""

from __future__ import annotations

import pytest

from monitor.feeds.authors import together
from monitor.feeds.feedparser_reader import parse_tolerant
from monitor.feeds.parse import parse_feed

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"
ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"


def author(inner: str, *, atom: bool = False) -> str | None:
    """The author of one entry, in which the reader of choice and feedparser must agree."""
    if atom:
        document = f'<feed xmlns="{ATOM}"><title>F</title><entry><title>T</title>{inner}</entry></feed>'
    else:
        document = (
            f'<rss version="2.0" xmlns:dc="{DC}" xmlns:itunes="{ITUNES}"><channel><item><title>T</title>{inner}</item></channel></rss>'
        )
    (entry,), (tolerant,) = parse_feed(document.encode(), None).entries, parse_tolerant(document, None).entries
    assert entry.author == tolerant.author
    return entry.author


@pytest.mark.parametrize(
    ("inner", "told"),
    [
        ("<dc:creator>Ann Lee</dc:creator><dc:creator>Bob</dc:creator>", "Ann Lee, Bob"),
        ("<dc:creator>Ann</dc:creator><itunes:author>ann</itunes:author>", "Ann"),
        ("<author>desk@h.org</author><dc:creator>Ann</dc:creator>", "Ann"),
        ("<author>ann@h.org (Ann)</author><dc:creator>Bob</dc:creator>", "Ann, Bob"),
        ("<author>ann@h.org</author><author>bob@h.org</author>", "ann@h.org, bob@h.org"),
        ("<author>ann@h.org (Ann)</author>", "ann@h.org (Ann)"),
        ("<dc:creator>Ann</dc:creator><dc:creator></dc:creator>", "Ann"),
        ("<dc:creator></dc:creator>", None),
    ],
)
def test_of_an_item(inner: str, told: str | None) -> None:
    assert author(inner) == told


def test_of_an_atom_entry() -> None:
    several = (
        "<author><name>Ann</name><email>ann@h.org</email></author><author><name>Bob</name></author><author><email>c@h.org</email></author>"
    )
    assert author(several, atom=True) == "Ann, Bob"
    assert author("<author><name>Ann</name><email>ann@h.org</email></author>", atom=True) == "Ann (ann@h.org)"


def test_of_a_json_item() -> None:
    body = b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"authors": [{"name": "Ann"}, {"url": "u"}, {"name": "Bob"}]}]}'
    assert parse_feed(body, None).entries[0].author == "Ann, Bob"


def test_markup_goes_and_nobody_is_none() -> None:
    assert together([("<b>Ann</b>", ""), (" Bob\n Lee ", "")]) == "Ann, Bob Lee"
    assert together([("", "")]) is None
