"""What a page says of its article beside the text: title, author, site, language, time, address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import cast
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from monitor.articles.blocks import Block
from monitor.articles.byline import find_author
from monitor.articles.dates import date_in_url, find_date, parse_date
from monitor.articles.jsonld import Thing, article_of, clean, read_things, text_of
from monitor.articles.language import language_of
from monitor.articles.parts import is_next
from monitor.articles.text import flat

_DATE_NAMES = (
    "article:published_time", "og:article:published_time", "datepublished", "article:published", "article.published",
    "parsely-pub-date",
    "sailthru.date", "cxenseparse:recs:publishtime", "dc.date.issued", "dcterms.issued", "dcterms.created",
    "dc.date.created", "dcterms.date",
    "dc.date",
    "date.issued", "pubdate", "publishdate", "publish-date", "publish_date", "published-date", "publication_date", "ptime",
    "date",    "article_date_original", "og:published_time", "dable:published_time", "article:created", "rnews:datepublished",
    "datecreated",
)  # fmt: skip
_LOCALES = ("og:locale", "content-language", "language", "dc.language", "dcterms.language", "inlanguage")
_LONGEST = 1000  # characters of a title, a name, any value of the head
_HEADINGS = 12
_SEPARATED = re.compile(r"\s+[|–—\-·•»«:/]+\s+|\s*[|｜»«]\s*|\s*:\s(?=[A-Z가-힣])")
_PUBLISHED = etree.XPath("//*[contains(@itemprop,'datePublished')]")
_NEXT = etree.XPath("//link[contains(@rel,'ext') or contains(@rel,'EXT')] | //a[contains(@rel,'ext') or contains(@rel,'EXT')]")
_TIMES = etree.XPath("//time[@datetime or @pubdate]")


@dataclass(frozen=True, slots=True)
class Head:
    """What the page's head, its JSON-LD and its headings say, read once."""

    url: str
    metas: dict[str, list[str]]
    things: list[Thing]
    article: Thing
    title_tag: str | None
    headings: tuple[str, ...]  # of the first level
    canonical: str | None
    html_language: str | None
    base: str  # what relative links are resolved against

    def meta(self, *names: str) -> str | None:
        return next((value for name in names for value in self.metas.get(name, ()) if value), None)

    @property
    def titles(self) -> list[str]:
        """Every text that the page gives as its title."""
        headline = text_of(self.article.get("headline")) or text_of(self.article.get("name"))  # some give the standfirst as its name
        known = [headline, self.title_tag, *self.headings]
        return [title for title in [*known, *self.metas.get("og:title", ()), *self.metas.get("twitter:title", ())] if title]


def read_head(root: HtmlElement, url: str) -> Head:
    """Reads what can be known before the text is."""
    metas: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        content = element.get("content")
        name = element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
        if content and name and (value := clean(content[:_LONGEST])):
            metas.setdefault(name.strip().lower(), []).append(value)
    base = next((element.get("href") for element in root.iter("base") if element.get("href")), None)
    here = _absolute(url, base) or url
    things = read_things(root)
    links = (element.get("href") for element in root.iter("link") if "canonical" in (element.get("rel") or "").lower().split())
    canonical = next((found for found in (_absolute(here, link) for link in links) if found), None)
    title = next((clean(element.text_content()[:_LONGEST]) for element in root.iter("title") if element.getparent() is not None), None)
    headings = tuple(
        text for text in (" ".join(element.text_content()[:_LONGEST].split()) for element in islice(root.iter("h1"), _HEADINGS)) if text
    )
    return Head(
        url=url,
        metas=metas,
        things=things,
        article=article_of(things, url, canonical),
        title_tag=title,
        headings=headings,
        canonical=canonical or next((found for found in (_absolute(here, value) for value in metas.get("og:url", ())) if found), None),
        html_language=root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang"),
        base=here,
    )


def _absolute(base: str, link: str | None) -> str | None:
    if not link or not base:
        return None
    try:
        found = urljoin(base, link.strip())
        parts = urlsplit(found)
    except ValueError:
        return None
    return found if parts.scheme in ("http", "https") and parts.hostname else None


# -- title and site ---------------------------------------------------------------------------------------------------


def find_title(head: Head, site: str | None) -> str | None:
    """The article's title without the site's name."""
    headline = text_of(head.article.get("headline"))
    shown = _shown(head, headline or head.meta("og:title", "twitter:title") or head.title_tag)
    if headline and shown and headline.rstrip(".…").strip() != headline and flat(shown).startswith(flat(headline)):
        return shown  # the headline was cut for search engines
    title = headline or head.meta("og:title") or shown or head.meta("twitter:title", "dc.title", "title") or head.title_tag
    return _without_site(title, site, head) if title else None


def _shown(head: Head, known: str | None) -> str | None:
    """The heading that the reader sees: the only one, or the one that the page's other titles speak of."""
    if len(head.headings) == 1:
        return head.headings[0]
    whole = flat(known or "")
    return next((heading for heading in head.headings if len(flat(heading)) >= 8 and flat(heading) in whole), None)


def _without_site(title: str, site: str | None, head: Head) -> str:
    """`title` less a part at its end or start that is the site's name, or that the page's heading lacks."""
    pieces = list(_SEPARATED.finditer(title))
    headings = {flat(heading) for heading in head.headings}
    name = flat(site or "")
    for piece in pieces:
        before, after = title[: piece.start()].strip(), title[piece.end() :].strip()
        if flat(before) in headings or (name and flat(after) == name):
            return before or title
    if pieces and name and flat(title[: pieces[0].start()]) == name:
        return title[pieces[0].end() :].strip() or title
    host = flat((urlsplit(head.url).hostname or "").removeprefix("www.").rpartition(".")[0])
    if pieces and len(host) >= 3:
        last = flat(title[pieces[-1].end() :])
        if last and (last in host or host in last):
            return title[: pieces[-1].start()].strip() or title
    return title


def find_site(head: Head) -> str | None:
    """The site's name: og:site_name, the publisher in JSON-LD, else what its title tag adds to the headline."""
    publisher = text_of(head.article.get("publisher"))
    if publisher is None:
        reference = head.article.get("publisher")
        wanted = reference.get("@id") if isinstance(reference, dict) else None
        publisher = next((text_of(thing) for thing in head.things if wanted and thing.get("@id") == wanted and thing.get("name")), None)
    named = head.meta("og:site_name") or publisher or head.meta("application-name", "apple-mobile-web-app-title", "al:android:app_name")
    if named:
        return named if not named.lower().startswith(("http://", "https://")) else urlsplit(named).hostname
    title = head.title_tag or ""
    for heading in (*head.headings, *head.metas.get("og:title", ())):
        if len(heading) >= 8 and title.startswith(heading) and (rest := _SEPARATED.match(title[len(heading) :])):
            return _SEPARATED.split(title[len(heading) + rest.end() :])[-1].strip()[:80] or None
    return None


def find_next(root: HtmlElement, head: Head) -> str | None:
    """The page that goes on with the same article."""
    for element in _all(_NEXT, root):
        if "next" in element.get("rel", "").lower().split():
            link = _absolute(head.base, element.get("href"))
            if link and is_next(head.url, link):
                return link
    return None


# -- time and language ------------------------------------------------------------------------------------------------


def find_published(root: HtmlElement, head: Head, near: Sequence[Block]) -> datetime | None:
    """When the article was published, in UTC: exact where the page says so, else the day.

    `near` are the blocks around the head of the text. What has no zone is taken as UTC.
    """
    said = [head.article.get("datePublished"), *(value for name in _DATE_NAMES for value in head.metas.get(name, ()))]
    if (moment := _first(said)) is not None:
        return moment
    said = [element.get("content") or element.get("datetime") for element in _all(_PUBLISHED, root)]
    said += [thing.get("datePublished") for thing in head.things]
    said += [head.article.get("dateCreated"), *_times(root)]
    if (moment := _first(said)) is not None:
        return moment
    shown = (find_date(block.text) for block in near if len(block.text) < 200)
    return next((moment for moment in shown if moment), None) or date_in_url(head.url)


def _first(said: Iterable[object]) -> datetime | None:
    return next((moment for moment in map(parse_date, said) if moment), None)


def _all(path: etree.XPath, root: HtmlElement) -> list[HtmlElement]:
    return cast(list[HtmlElement], path(root))


def _times(root: HtmlElement) -> list[str | None]:
    """The times in the page's `time` elements, those that say that they are the publication's first."""
    elements = _all(_TIMES, root)[:20]
    elements.sort(key=lambda element: element.get("pubdate") is None and "publi" not in (element.get("class") or "").lower())
    return [element.get("datetime") for element in elements]


def find_language(head: Head, text: str) -> str | None:
    """The primary subtag of the language that the page names, unless the text's own script contradicts it."""
    article = head.article.get("inLanguage")
    declared = [head.html_language, *(value for name in _LOCALES for value in head.metas.get(name, ())[:1]), text_of(article)]
    return language_of(text, declared)


def find_authors(root: HtmlElement, head: Head, near: Sequence[Block], site: str | None) -> str | None:
    """The authors' names, joined by ", "."""
    return find_author(root, head.metas, head.article, head.things, near, site)
