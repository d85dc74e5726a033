"""An article's text and facts from its page. Light to import: the libraries are loaded by the worker that reads."""

from __future__ import annotations

from monitor.errors import ExtractError
from monitor.model import PageText

_HTML_TYPES = ("text/html", "application/xhtml+xml")


class PartialPage(ExtractError):
    """A page that gave only a part of its article: `page` is what it gave, its body perhaps empty."""

    def __init__(self, code: str, text: str, page: PageText, *, remedy: str | None = None) -> None:
        super().__init__(code, text, remedy=remedy)
        self.page = page


def is_html(content_type: str | None, first_bytes: bytes) -> bool:
    """Whether a document is to be read as HTML, by its declared type, else by how it begins."""
    if content_type:
        return content_type.partition(";")[0].strip().lower() in _HTML_TYPES
    return b"<" in first_bytes[:1024]


def read_page(html: bytes, url: str, content_type: str | None = None) -> PageText:
    """Reads an article's page. To be run in a worker with a time limit.

    :raises ExtractError: `not-html`, `page-thin`, `paywall`; the last two as `PartialPage` where the page gave anything at all
    """
    from monitor.articles.extract import extract

    return extract(html, url, content_type)
