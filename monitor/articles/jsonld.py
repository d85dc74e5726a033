"""The article that a page describes in JSON-LD (https://schema.org/Article), whatever shape the site wrote it in."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from lxml.html import HtmlElement

_TYPES = ("article", "posting", "report", "newsarticle", "liveblog", "review", "critique", "claimreview")
_WRAPPED = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?:-->|//\s*\]\]>|\]\]>|/\*\s*\]\]>\s*\*/)\s*;?\s*$"
)
_TRAILING_COMMA = re.compile(r",\s*(?=[}\]])")
_LIMIT = 1_000_000  # characters in all
_NODES = 3_000
_LONGEST = 1000  # of a name or a title
# Where other articles than the page's own stand.
_OTHERS = frozenset(("itemlistelement", "haspart", "relatedlink", "mentions", "citation", "comment", "isbasedon", "review", "subjectof"))

Thing = dict[str, Any]


def _load(text: str) -> Any:
    for attempt in (text, _WRAPPED.sub("", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    try:
        return json.loads(_TRAILING_COMMA.sub("", html.unescape(_WRAPPED.sub("", text))), strict=False)
    except (ValueError, RecursionError):
        return None


def _things(value: Any) -> Iterator[Thing]:
    """All objects that are not inside a list of other articles, outermost first."""
    queue, seen = [value], 0
    while queue and seen < _NODES:
        here = queue.pop(0)
        seen += 1
        if isinstance(here, list):
            queue.extend(here)
        elif isinstance(here, dict):
            yield here
            queue.extend(part for key, part in here.items() if isinstance(part, dict | list) and str(key).lower() not in _OTHERS)


def _is_article(thing: Thing) -> bool:
    kinds = thing.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(name, str) and name.lower().rpartition("/")[2].endswith(_TYPES) for name in names)


def read_things(root: HtmlElement) -> list[Thing]:
    """Every object of the page's JSON-LD, in order; nothing where it can't be read."""
    found: list[Thing] = []
    left = _LIMIT
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower() or not script.text:
            continue
        left -= len(script.text)
        if left < 0:
            break
        found.extend(_things(_load(script.text)))
    return found


def article_of(things: list[Thing], *addresses: str | None) -> Thing:
    """The page's article: of several the one of the page's own address, else the first with a headline; empty where there is none."""
    articles = [thing for thing in things if _is_article(thing)]
    told = [thing for thing in articles if thing.get("headline") or thing.get("articleBody")]
    ours = {_bare(address) for address in addresses if address}
    for thing in told:
        if len(told) > 1 and ours & {_bare(address) for address in _addresses(thing)}:
            return thing
    return (told or articles or [{}])[0]


def _addresses(thing: Thing) -> Iterator[str]:
    for key in ("url", "@id", "mainEntityOfPage"):
        value = thing.get(key)
        if isinstance(value, dict):
            value = value.get("@id") or value.get("url")
        if isinstance(value, str):
            yield value


def _bare(address: str) -> str:
    return re.sub(r"^https?://(?:www\.)?|[#?].*$|/$", "", address)


def text_of(value: Any) -> str | None:
    """A property's value as plain text: the first of several, an object's name."""
    if isinstance(value, list):
        return next((text for text in map(text_of, value) if text), None)
    if isinstance(value, dict):
        return text_of(value.get("name") or value.get("@value"))
    if isinstance(value, str):
        return clean(value[:_LONGEST])
    return None


_TAG = re.compile(r"<[/!]?[a-zA-Z][^<>]*>")


def clean(value: str) -> str | None:
    """Plain text of a value that may hold markup and entities; None if nothing is left."""
    if "&" in value:
        value = html.unescape(value)
    if "<" in value:
        value = _TAG.sub(" ", value)
    return " ".join(value.split()) or None


def names_of(value: Any, things: list[Thing]) -> list[tuple[str, str]]:
    """(kind, name) of each person or organisation that a property names; references by @id are followed."""
    found: list[tuple[str, str]] = []
    for part in value if isinstance(value, list) else [value]:
        if isinstance(part, dict) and "name" not in part and "@id" in part:
            part = next((thing for thing in things if thing.get("@id") == part["@id"] and "name" in thing), part)
        kind = part.get("@type") if isinstance(part, dict) else "Person"
        names = part.get("name") if isinstance(part, dict) else part
        for name in names if isinstance(names, list) else [names]:
            text = clean(name) if isinstance(name, str) else None
            if text:
                found.append((str(kind[0] if isinstance(kind, list) and kind else kind), text))
    return found
