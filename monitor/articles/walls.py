"""Whether a page gave an article's text or only a part of it, and why."""

from __future__ import annotations

import re

from monitor.articles import phrases
from monitor.articles.blocks import Page
from monitor.articles.facts import Head
from monitor.articles.text import count_dense, ends_sentence, flat, weight

# Fewer characters than this are an article only if something else says that it is whole.
THIN = 200
_SHORT = 60
# A page that says it is not free, or shows a wall, is taken as whole from this many words on.
_WHOLE = 250

_AFTER = 6  # blocks after the text in which a wall stands
_WALL_NAME = re.compile(
    r"paywall|pay-wall|regwall|subscri(?:be|ption)-?(?:wall|gate|only|prompt)|subscriber-only|tp-modal|piano|metered|premium-wall",
    re.IGNORECASE,
)
_SERVICES = tuple(
    (f"a check for robots by {name}", re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        (
            "Cloudflare",
            rb"cf-browser-verification|cf_chl_opt|challenges\.cloudflare\.com|cf-error-details|<title>attention required! \| cloudflare",
        ),
        ("DataDome", rb"captcha-delivery\.com|geo\.captcha-delivery|datadome\.co/captcha"),
        ("PerimeterX", rb"px-captcha|_pxAppId|perimeterx"),
        ("Imperva", rb"_incapsula_resource|incapsula incident"),
        ("Akamai", rb"errors\.edgesuite\.net|<title>access denied</title>.{0,400}reference&#32;&#35;"),
        ("Google", rb"google\.com/recaptcha/api\.js\?[^>]{0,80}challenge"),
    )
)


def is_locked(head: Head) -> bool:
    """Whether JSON-LD says that the article is not free (https://schema.org/isAccessibleForFree)."""
    value = head.article.get("isAccessibleForFree")
    return value is False or (isinstance(value, str) and value.strip().lower() in ("false", "no", "0"))


def shows_wall(page: Page, body: str, first: int, last: int) -> bool:
    """Whether the page asks to subscribe before one may read on: in or right after the text, or in a box named as a wall.

    What a site's head and foot offer on every page is no wall, nor is a sentence of the text that speaks of subscribers.
    `first` and `last` are the text's outer blocks.
    """
    lines = set(body.split("\n"))
    for index, block in enumerate(page.blocks):
        if len(block.text) > 400 or not phrases.WALL.search(block.text):
            continue
        if block.text in lines and not phrases.ASKS.match(block.text):
            continue
        above = [page.nodes[node] for node in page.up(block.node)]
        if any(_WALL_NAME.search(node.name) for node in above):
            return True
        if first <= index <= last + _AFTER and not any(node.mark in ("nav", "footer", "aside") for node in above):
            return True
    return False


def notice_of(html: bytes, body: str, head: Head) -> str | None:
    """What a short page is that is no article at all: a check for robots, a consent form, an error told with status 200."""
    for name, pattern in _SERVICES:
        if pattern.search(html[:200_000]):
            return name
    said = [text for text in (head.title_tag, *head.headings, body[:300]) if text]
    if any(phrases.GONE.search(text) for text in said):
        return "a page that was not found"
    if any(phrases.REFUSED.search(text) for text in said):
        return "a page that refuses readers like us"
    if any(phrases.CONSENT.search(text) for text in said):
        return "a form that asks for consent"
    return None


def _size(body: str) -> int:
    """Characters, as many as the text would have in Latin letters."""
    return len(body) + 2 * count_dense(body)


def is_partial(body: str, head: Head, page: Page, first: int, last: int) -> str | None:
    """`paywall` or `page-thin` where the body can't be the whole article; None where it may be.

    `first` and `last` are the text's outer blocks. A short body passes if it ends as a sentence and the page names it as
    an article, or if it is all that JSON-LD gives.
    """
    words = weight(body)
    if is_locked(head) and words < _WHOLE:
        return "paywall"
    if words < _WHOLE and not _is_free(head) and shows_wall(page, body, first, last):
        return "paywall"
    size = _size(body)
    if size >= THIN:
        return None
    whole = flat(str(head.article.get("articleBody") or ""))
    if whole and len(flat(body)) >= 0.9 * len(whole):
        return None
    named = bool(head.article or head.headings or head.meta("og:title"))
    return None if size >= _SHORT and ends_sentence(body) and named else "page-thin"


def _is_free(head: Head) -> bool:
    value = head.article.get("isAccessibleForFree")
    return value is True or (isinstance(value, str) and value.strip().lower() == "true")
