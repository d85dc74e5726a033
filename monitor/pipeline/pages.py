"""What came of asking for a page: its facts, or why there is no text of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from monitor.errors import FetchError
from monitor.model import PageText
from monitor.store import articles

_FULL = 1_000  # characters: a feed that gives so much gives the article, not a teaser
_SHARE = 0.4  # of the feed's text that a page must give at least
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 530})


@dataclass(frozen=True, slots=True)
class NoPage:
    """Why there is no page text: a code of `explain`, in words, and whether another try may help."""

    code: str
    text: str
    passing: bool = False
    retry_after: float | None = None
    status: int | None = None
    page: PageText | None = None  # what it gave all the same
    pause: tuple[str, float] | None = None  # a domain that wants to be left alone, and until when


@dataclass(frozen=True, slots=True)
class Facts:
    """How the page came."""

    status: int
    size: int
    took: float


@dataclass(frozen=True, slots=True)
class Got:
    """The text of an article's page, or of its pages."""

    text: PageText
    facts: Facts


@dataclass(frozen=True, slots=True)
class Later:
    """Nothing was asked: come again in `wait` seconds, or, where the site asked to be left alone, at `quiet` (of the epoch)."""

    wait: float
    quiet: float | None = None


BUG = NoPage("page-failed", "this program failed on it; the log has where")


def partly(article: articles.DueArticle, page: PageText | None) -> dict[str, Any]:
    """What a page that gave only a part adds to what the feed says; of the two texts the longer is matched."""
    if page is None:
        return {}
    published = page.published_at.timestamp() if page.published_at else None
    return {
        "title": article.title or page.title or "",
        "author": page.author or article.author,
        "site": page.site or article.site,
        "language": page.language or article.language,
        "published_at": article.published_at if article.published_at is not None else published,
        "body": page.body if len(page.body) > len(article.body) else article.body,
    }


def thinner(article: articles.DueArticle, got: Got) -> NoPage | None:
    """Why a page's text is not taken though it was read: the feed gives far more of the article. A landing page or a notice does so."""
    page, feed = len(got.text.body), len(article.body)
    if feed < _FULL or page >= _SHARE * feed:
        return None
    return NoPage("page-thin", f"the page gives {page:,} characters of text, the feed {feed:,}", status=got.facts.status, page=got.text)


def no_page(error: FetchError) -> NoPage:
    if error.code == "forbidden-address":
        return NoPage("forbidden-address", error.text)
    if error.code == "robots":
        return NoPage("robots", error.text, passing=not error.permanent)
    lasting = error.permanent or error.code in ("bad-url", "too-large", "redirects", "encoding")
    return NoPage("page-failed", error.text, passing=not lasting, retry_after=error.retry_after, status=error.status)


def refused(status: int, retry_after: float | None, pause: tuple[str, float] | None = None, wall: str | None = None) -> NoPage:
    """`retry_after` in seconds; `pause` as in NoPage; `wall` names what stands before the page, where the answer shows it."""
    return NoPage(
        "page-failed",
        f"the page answered {status}" + (f": {wall}" if wall else ""),
        passing=status in _PASSING or status >= 500,
        retry_after=retry_after,
        status=status,
        pause=pause,
    )


def left_alone(until: float) -> NoPage:
    """The page of a site that asked for quiet for longer than an article can wait."""
    return NoPage("page-failed", alone_until(until))


def alone_until(until: float) -> str:
    return f"its site has asked to be left alone until {datetime.fromtimestamp(until, UTC):%Y-%m-%d %H:%M} UTC"
