"""How the test site's articles and feeds are written: pages with the usual furniture, RSS, Atom, RDF and JSON feeds."""

from __future__ import annotations

import html
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

SUBJECTS = (
    "The council",
    "A spokesman",
    "The harbour office",
    "Her neighbour",
    "The orchestra",
    "A local farmer",
    "The museum",
    "The railway",
)
VERBS = ("announced", "postponed", "described", "reviewed", "welcomed", "explained", "measured", "repaired")
OBJECTS = ("the new timetable", "a plan for the old mill", "last winter's repairs", "the results of the survey", "a concert in the park")
ENDS = ("before the rain began", "after a long meeting", "to nobody's surprise", "with help from two schools", "for the third year running")


def prose(seed: object, sentences: int = 12) -> list[str]:
    """Paragraphs of plain English that no test's rule watches for, the same for the same seed; four sentences each."""
    draw = random.Random(str(seed)).choice
    lines = [f"{draw(SUBJECTS)} {draw(VERBS)} {draw(OBJECTS)} {draw(ENDS)}." for _ in range(sentences)]
    return [" ".join(lines[start : start + 4]) for start in range(0, sentences, 4)]


@dataclass
class Article:
    """What the site publishes. `paragraphs` are plain text unless `raw` is set: then they are HTML as they stand."""

    url: str
    title: str
    paragraphs: Sequence[str]
    guid: str
    published: datetime
    author: str | None = "A. Reporter"
    language: str = "en"
    summary: str = "A summary."
    canonical: str | None = None
    raw: bool = False
    extra: dict[str, str] = field(default_factory=dict)  # more elements of a feed's item, by name

    @property
    def text(self) -> str:
        return "\n".join(self.paragraphs)


def page(article: Article, site_name: str) -> bytes:
    """The article as an HTML page, with menu, byline, share buttons, teasers and footer around its text."""
    body = "".join(f"<p>{line if article.raw else html.escape(line)}</p>\n" for line in article.paragraphs)
    teasers = "".join(f"<li><a href='/teaser/{n}'>{html.escape(prose(('teaser', n), 1)[0])}</a></li>" for n in range(8))
    author = f'<meta name="author" content={quoteattr(article.author)}>' if article.author else ""
    byline = f'<div class="byline">By {html.escape(article.author)}</div>' if article.author else ""
    title = html.escape(article.title)
    return f"""<!DOCTYPE html>
<html lang="{article.language}"><head><meta charset="utf-8"><title>{title} - {html.escape(site_name)}</title>
<link rel="canonical" href="{html.escape(article.canonical or article.url)}">
<meta property="og:title" content="{title}"><meta property="og:site_name" content="{html.escape(site_name)}">
<meta property="article:published_time" content="{article.published.isoformat()}">{author}
<script>var ballast = 1;</script></head><body>
<header><nav><ul><li><a href="/news">News</a></li><li><a href="/sport">Sport</a></li>
<li><a href="/weather">Weather</a></li></ul></nav></header>
<main><article><h1>{title}</h1>{byline}<ul class="share"><li>Share</li></ul>
{body}</article></main>
<aside class="related"><h3>Most read</h3><ul>{teasers}</ul></aside>
<footer><p>Copyright {html.escape(site_name)}. All rights reserved.</p></footer></body></html>
""".encode()


def _extra(article: Article) -> str:
    return "".join(f"<{name}>{escape(text)}</{name}>" for name, text in article.extra.items())


def rss(title: str, home: str, articles: Sequence[Article], language: str = "en") -> bytes:
    items = "".join(
        f"<item><title>{escape(a.title)}</title><link>{escape(a.url)}</link><guid isPermaLink='false'>{escape(a.guid)}</guid>"
        f"<pubDate>{format_datetime(a.published.astimezone(UTC))}</pubDate><description>{escape(a.summary)}</description>{_extra(a)}</item>"
        for a in articles
    )
    return (
        f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>{escape(title)}</title><link>{escape(home)}</link>"
        f"<description>{escape(title)}</description><language>{language}</language>{items}</channel></rss>"
    ).encode()


def rdf(title: str, home: str, articles: Sequence[Article], language: str = "en") -> bytes:
    items = "".join(
        f"<item rdf:about={quoteattr(a.guid)}><title>{escape(a.title)}</title><link>{escape(a.url)}</link>"
        f"<dc:date>{a.published.isoformat()}</dc:date><description>{escape(a.summary)}</description>{_extra(a)}</item>"
        for a in articles
    )
    return (
        "<?xml version='1.0' encoding='utf-8'?><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
        "xmlns='http://purl.org/rss/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
        f"<channel rdf:about={quoteattr(home)}><title>{escape(title)}</title><link>{escape(home)}</link>"
        f"<description>{escape(title)}</description><dc:language>{language}</dc:language></channel>{items}</rdf:RDF>"
    ).encode()


def atom(title: str, home: str, articles: Sequence[Article], language: str = "en") -> bytes:
    entries = "".join(
        f"<entry><title>{escape(a.title)}</title><link href={quoteattr(a.url)}/><id>{escape(a.guid)}</id>"
        f"<published>{a.published.isoformat()}</published><updated>{a.published.isoformat()}</updated>"
        f"<summary>{escape(a.summary)}</summary>{_extra(a)}</entry>"
        for a in articles
    )
    return (
        f"<?xml version='1.0' encoding='utf-8'?><feed xmlns='http://www.w3.org/2005/Atom' xml:lang='{language}'>"
        f"<title>{escape(title)}</title><id>{escape(home)}</id><link href={quoteattr(home)}/>{entries}</feed>"
    ).encode()


def json_feed(title: str, home: str, articles: Sequence[Article], language: str = "en") -> bytes:
    items = [
        {"id": a.guid, "url": a.url, "title": a.title, "summary": a.summary, "date_published": a.published.isoformat(), **a.extra}
        for a in articles
    ]
    head = {"version": "https://jsonfeed.org/version/1.1", "title": title, "home_page_url": home, "language": language}
    return json.dumps(head | {"items": items}, ensure_ascii=False).encode()


WRITERS = {"rss": rss, "rdf": rdf, "atom": atom, "json": json_feed}
CONTENT_TYPES = {
    "rss": "application/rss+xml",
    "rdf": "application/rdf+xml",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
}
