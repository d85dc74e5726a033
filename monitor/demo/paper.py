"""A newspaper of the demo: what it has printed, its feed in RSS, Atom or JSON, and its pages."""

from __future__ import annotations

import hashlib
import html
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

from monitor.demo.news import PaperPlan, Text

CONTENT_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}


@dataclass(frozen=True)
class Printed:
    number: int
    url: str
    text: Text
    at: datetime


class Paper:
    """`home` is the paper's address without a slash at its end; its feed is at HOME/feed, its articles at HOME/NUMBER."""

    def __init__(self, plan: PaperPlan, home: str, supply: Iterator[Text]) -> None:
        self.plan, self.home, self._supply = plan, home, supply
        self.printed: list[Printed] = []
        self.polls = 0
        self.down = False  # answers 503

    @property
    def feed_url(self) -> str:
        return f"{self.home}/feed"

    def publish(self, at: datetime, text: Text | None = None) -> Printed:
        """Prints a text, or the next ordinary one of its language."""
        number = len(self.printed) + 1
        article = Printed(number, f"{self.home}/{number}", text or next(self._supply), at)
        self.printed.append(article)
        return article

    # -- its feed -----------------------------------------------------------------------------------------------------

    def feed(self) -> bytes:
        shown = self.printed[-self.plan.shows :][::-1]
        return {"rss": self._rss, "atom": self._atom, "json": self._json}[self.plan.format](shown).encode()

    def etag(self) -> str:
        return f'"{hashlib.sha256(self.feed()).hexdigest()[:16]}"'

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[self.plan.format]

    def _rss(self, shown: list[Printed]) -> str:
        items = "".join(
            f"<item><title>{escape(a.text.title)}</title><link>{a.url}</link><guid>{a.url}</guid>"
            f"<pubDate>{format_datetime(a.at)}</pubDate><description>{escape(a.text.paragraphs[0])}</description></item>\n"
            for a in shown
        )
        name = escape(self.plan.name)
        head = f"<title>{name}</title><link>{self.home}</link><description>{name}</description><language>{self.plan.language}</language>"
        return f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>{head}\n{items}</channel></rss>\n'

    def _atom(self, shown: list[Printed]) -> str:
        entries = "".join(
            f'<entry><title>{escape(a.text.title)}</title><link href="{a.url}"/><id>{a.url}</id><published>{a.at.isoformat()}</published>'
            f"<updated>{a.at.isoformat()}</updated><summary>{escape(a.text.paragraphs[0])}</summary></entry>\n"
            for a in shown
        )
        updated = shown[0].at.isoformat() if shown else "2018-10-29T00:00:00+00:00"
        head = f'<title>{escape(self.plan.name)}</title><id>{self.home}</id><link href="{self.home}"/><updated>{updated}</updated>'
        root = f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{self.plan.language}">'
        return f'<?xml version="1.0" encoding="utf-8"?>\n{root}{head}\n{entries}</feed>\n'

    def _json(self, shown: list[Printed]) -> str:
        items = [
            {"id": a.url, "url": a.url, "title": a.text.title, "summary": a.text.paragraphs[0], "date_published": a.at.isoformat()}
            for a in shown
        ]
        head = {"version": "https://jsonfeed.org/version/1.1", "title": self.plan.name, "home_page_url": self.home}
        return json.dumps(head | {"language": self.plan.language, "items": items}, ensure_ascii=False)

    # -- its pages ----------------------------------------------------------------------------------------------------

    def page(self, article: Printed) -> bytes:
        """The article with what surrounds it on such pages: menu, byline, teasers, footer."""
        name, text, language = html.escape(self.plan.name), article.text, self.plan.language
        title = html.escape(text.title)
        byline = f'<p class="byline">{html.escape(text.author)}</p>' if text.author else ""
        author = f'<meta name="author" content="{html.escape(text.author)}">' if text.author else ""
        body = "\n".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in text.paragraphs)
        teasers = "".join(f'<li><a href="{a.url}">{html.escape(a.text.title)}</a></li>' for a in self.printed[:6] if a is not article)
        direction = "rtl" if language == "ar" else "ltr"
        return f"""<!DOCTYPE html>
<html lang="{language}" dir="{direction}"><head><meta charset="utf-8"><title>{title} - {name}</title>
<link rel="canonical" href="{article.url}"><meta property="og:title" content="{title}"><meta property="og:site_name" content="{name}">
<meta property="article:published_time" content="{article.at.isoformat()}">{author}</head>
<body><header><a href="{self.home}">{name}</a><nav><a href="{self.home}/feed">RSS</a></nav></header>
<main><article><h1>{title}</h1>{byline}
{body}
</article></main>
<aside><ul>{teasers}</ul></aside><footer><p>© {name}</p></footer></body></html>
""".encode()

    def front_page(self) -> bytes:
        links = "".join(f'<li><a href="{a.url}">{html.escape(a.text.title)}</a></li>' for a in self.printed[::-1])
        name = html.escape(self.plan.name)
        head = f'<meta charset="utf-8"><title>{name}</title><link rel="alternate" type="{self.content_type}" href="{self.feed_url}">'
        return f'<!DOCTYPE html><html lang="{self.plan.language}"><head>{head}</head><h1>{name}</h1><ul>{links}</ul>'.encode()
