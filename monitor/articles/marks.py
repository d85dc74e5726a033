"""What an element says of itself by its tag, role, class or id: that it is not the article's own text."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

_TAGS = {"nav": "nav", "aside": "aside", "footer": "footer", "form": "form", "menu": "nav", "figure": "figure", "figcaption": "caption"}
_ROLES = {
    "navigation": "nav", "complementary": "aside", "contentinfo": "footer", "search": "form", "banner": "nav",
    "dialog": "notice", "alertdialog": "notice", "menu": "nav", "menubar": "nav", "toolbar": "share", "tablist": "nav",
}  # fmt: skip

# Words that a class or an id is made of (split at case, hyphen, underscore). The first kind that fits counts.
_WORDS = {
    "related": "related recommend recommended recommendation recommendations recirc recirculation teaser teasers promo promos promotion "
    "outbrain taboola trending popular mostread mostpopular readmore seealso morestories upnext nextup also",
    "share": "share sharing sharebar sharetools social socials addthis addtoany sns",
    "subscribe": "newsletter newsletters signup subscribe subscription optin paywall membership donate donation",
    "comments": "comments comment disqus respond livefyre commentlist",
    "nav": "nav navbar navigation breadcrumb breadcrumbs menu pagination pager sidebar toolbar skip",
    "notice": "cookie cookies consent gdpr banner popup modal overlay lightbox",
    "ad": "ad ads advert adverts advertisement advertising sponsor sponsored adslot dfp adsense",
    "author": "author authors byline bylines bio authorbox writer reporter journalist contributor contributors",
    "tags": "tags taglist topics keywords hashtags tagcloud",
    "caption": "caption captions wp-caption-text credit credits figcaption imgcaption",
    "footer": "footer copyright colophon",
    "meta": "meta timestamp dateline postmeta entry-meta pubdate",
}  # fmt: skip
_KIND = {word: kind for kind, words in _WORDS.items() for word in words.split()}
_PAIRS = {
    ("most", "read"): "related", ("most", "popular"): "related", ("most", "viewed"): "related", ("more", "stories"): "related",
    ("more", "news"): "related", ("more", "from"): "related", ("more", "on"): "related", ("more", "articles"): "related",
    ("read", "more"): "related", ("read", "next"): "related", ("see", "more"): "related", ("up", "next"): "related",
    ("next", "article"): "related", ("latest", "news"): "related", ("other", "news"): "related", ("top", "stories"): "related",
    ("sign", "up"): "subscribe", ("tag", "list"): "tags", ("print", "tools"): "share",
}  # fmt: skip
_SPLIT = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


@lru_cache(maxsize=8192)
def _name_mark(name: str) -> str:
    for token in name.split():
        words = [word.lower() for word in _SPLIT.findall(token)]
        for word in words:
            if word in _KIND:
                return _KIND[word]
        for pair in pairwise(words):
            if pair in _PAIRS:
                return _PAIRS[pair]
    return ""


def mark_of(tag: str, name: str, role: str | None) -> str:
    """The kind of furniture that an element is by its own word; "" where it says nothing of the sort."""
    mark = _TAGS.get(tag, "")
    if not mark and role:
        mark = _ROLES.get(role.lower(), "")
    if not mark and name:
        mark = _name_mark(name)
    return mark


_UNSEEN_NAMES = frozenset(
    [
        "sr-only",
        "visually-hidden",
        "visuallyhidden",
        "screen-reader-text",
        "screen-reader",
        "screenreader-text",
        "screenreader",
        "offscreen",
        "hide-text",
        "a11y-hidden",
        "tooltiptext",
        "element-invisible",
        "assistive-text",
    ]
)
_POPUPS = frozenset(["tooltip", "popover", "rollover", "hovercard"])
_POPUP_BODIES = frozenset(["text", "content", "block", "box", "body", "inner", "panel", "card"])


@lru_cache(maxsize=8192)
def is_unseen_class(name: str) -> bool:
    """Whether a class says that its element is for screen readers alone, or the body of a pop-up."""
    for token in name.split():
        if token in _UNSEEN_NAMES:
            return True
        words = {word.lower() for word in _SPLIT.findall(token)}
        if words & _POPUPS and words & _POPUP_BODIES:
            return True
    return False
