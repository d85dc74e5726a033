"""An article's text and facts from its page. Light to import: the libraries are loaded by the worker that reads."""

from __future__ import annotations

import re

from monitor.errors import ExtractError
from monitor.model import PageText

_HTML_TYPES = ("text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml")
_UNTOLD_TYPES = ("", "application/octet-stream", "binary/octet-stream", "unknown/unknown", "*/*")
_LOOKS_HTML = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|meta|link|script|style|div|p|h1|article|main|table|a|br|span)\b", re.IGNORECASE
)
_LOOKS_OTHER = re.compile(
    rb"^\s*(?:%PDF|\x89PNG|\xff\xd8\xff|GIF8|PK\x03\x04|\x1f\x8b|RIFF|(?:<\?xml[^>]*>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:rss|feed|rdf:RDF|urlset|sitemapindex)\b)",
    re.IGNORECASE | re.DOTALL,
)


class PartialPage(ExtractError):
    """A page that gave only a part of its article: `page` is what it gave, its body perhaps empty."""

    def __init__(self, code: str, text: str, page: PageText, *, remedy: str | None = None) -> None:
        super().__init__(code, text, remedy=remedy)
        self.page = page


def is_html(content_type: str | None, first_bytes: bytes) -> bool:
    """Whether a document is to be read as HTML: by its declared type, where none is told by its first bytes.

    What begins as another kind of file (a PDF, an image, a feed) is not HTML, whatever its type says.
    """
    if _LOOKS_OTHER.match(first_bytes.removeprefix(b"\xef\xbb\xbf")):
        return False
    kind = (content_type or "").partition(";")[0].strip().lower()
    if kind in _UNTOLD_TYPES:
        return bool(_LOOKS_HTML.search(first_bytes[:2048])) or b"<\0" in first_bytes[:2048]
    return kind in _HTML_TYPES


def read_page(html: bytes, url: str, content_type: str | None = None, told: str = "") -> PageText:
    """Reads an article's page. To be run in a worker with a time limit.

    `told` is what its feed gives of its text: a sentence of it that the page shows is never cut.

    :raises ExtractError: `not-html`, `page-thin`, `paywall`; the last two as `PartialPage` where the page gave anything at all
    """
    from monitor.articles.extract import extract

    return extract(html, url, content_type, told)
