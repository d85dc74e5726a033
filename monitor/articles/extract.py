"""Reading a page with trafilatura. Only workers import this module: it loads the libraries."""

from __future__ import annotations

from datetime import UTC, datetime

import trafilatura

from monitor.articles.page import is_html
from monitor.errors import ExtractError
from monitor.model import PageText


def extract(html: bytes, url: str, content_type: str | None) -> PageText:
    if not is_html(content_type, html[:2048]):
        raise ExtractError("not-html", f"{url} is {content_type or 'not HTML'}")
    found = trafilatura.bare_extraction(html, url=url, favor_precision=True, include_comments=False, with_metadata=True)
    if found is None or not (found.text or "").strip():
        raise ExtractError("page-thin", f"{url} holds no article text")
    published = datetime.fromisoformat(found.date).replace(tzinfo=UTC) if found.date else None
    return PageText(
        canonical_url=found.url,
        title=found.title,
        author=found.author,
        site=found.sitename,
        language=found.language,
        published_at=published,
        body=found.text.strip(),
    )
