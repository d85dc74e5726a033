"""Whether a page gave an article's text or only a part of it, and why."""

from __future__ import annotations

from monitor.articles import phrases
from monitor.articles.blocks import Page
from monitor.articles.facts import Head
from monitor.articles.text import ends_sentence, flat, weight

# Fewer characters than this are an article only if something else says that it is whole.
THIN = 200
_SHORT = 60
# A page that says it is not free, or shows a wall, is taken as whole from this many words on.
_WHOLE = 250


def is_locked(head: Head) -> bool:
    """Whether JSON-LD says that the article is not free (https://schema.org/isAccessibleForFree)."""
    value = head.article.get("isAccessibleForFree")
    return value is False or (isinstance(value, str) and value.strip().lower() in ("false", "no", "0"))


def shows_wall(page: Page) -> bool:
    """Whether a block of the page asks to subscribe before one may read on."""
    return any(len(block.text) < 400 and phrases.WALL.search(block.text) for block in page.blocks)


def is_partial(body: str, head: Head, page: Page) -> str | None:
    """`paywall` or `page-thin` where the body can't be the whole article; None where it may be.

    A short body passes if it ends as a sentence and the page shows it as an article, or if it is all that JSON-LD gives.
    """
    words = weight(body)
    if is_locked(head) and words < _WHOLE:
        return "paywall"
    if words < _WHOLE and not _is_free(head) and shows_wall(page):
        return "paywall"
    size = max(len(body), words * 4)
    if size >= THIN:
        return None
    whole = flat(str(head.article.get("articleBody") or ""))
    if whole and len(flat(body)) >= 0.9 * len(whole):
        return None
    if (
        size >= _SHORT
        and ends_sentence(body)
        and (head.article or (head.meta("og:type") or "").lower() == "article" or _in_article(page, body))
    ):
        return None
    return "page-thin"


def _is_free(head: Head) -> bool:
    value = head.article.get("isAccessibleForFree")
    return value is True or (isinstance(value, str) and value.strip().lower() == "true")


def _in_article(page: Page, body: str) -> bool:
    lines = set(body.split("\n"))
    return any(block.text in lines and any(page.nodes[index].tag == "article" for index in page.up(block.node)) for block in page.blocks)
