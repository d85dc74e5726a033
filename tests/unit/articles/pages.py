"""Small pages for tests: a page by its parts, and what is read from it."""

from __future__ import annotations

import json

import pytest

from monitor.articles import read_page
from monitor.errors import ExtractError
from monitor.model import PageText

URL = "https://harbour.example/news/2018/10/29/bridge"

SENTENCES = (
    "The town council voted on Tuesday to build a second bridge over the harbour, after years of dispute.",
    "Engineers expect the work to begin in the spring and to last about three years, the mayor said.",
    "Owners of small boats fear that the piers will narrow the channel they use every day.",
    "A study that the council paid for found no danger to ships of up to nine metres in width.",
    "The regional government is to carry half of the costs, and the rest will come from a toll.",
)
TEXT = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)


def page(head: str = "", body: str = f"<article><h1>A second bridge</h1>{TEXT}</article>", attributes: str = 'lang="en"') -> str:
    return f"<!DOCTYPE html><html {attributes}><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>"


def read(html: str | bytes, url: str = URL, content_type: str | None = "text/html") -> PageText:
    return read_page(html.encode() if isinstance(html, str) else html, url, content_type)


def ld(**properties: object) -> str:
    """A script with the article's JSON-LD."""
    thing = {"@context": "https://schema.org", "@type": "NewsArticle", **properties}
    return f'<script type="application/ld+json">{json.dumps(thing)}</script>'


def fails(html: str | bytes, content_type: str | None = "text/html") -> ExtractError:
    """The error that a page gives."""
    with pytest.raises(ExtractError) as caught:
        read(html, content_type=content_type)
    return caught.value
