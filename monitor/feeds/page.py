"""A page without a feed, read as one: CSS selectors say what an item is, and where its link, title and time stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from monitor.errors import ParseError
from monitor.model import FeedEntry, ParsedFeed

from . import charset, dates, links, text
from .css import to_xpath

MOST_ITEMS = 1_000


@dataclass(frozen=True, slots=True)
class Select:
    """Selectors of a page's items, and inside an item of its link, title and time.

    Without `link` it is the item itself, if it is a link, else its first one; without `title` the link's text; without
    `time` the item's first `time` element. Raises ValueError, with what is wrong, where one is no selector.
    """

    item: str
    link: str | None = None
    title: str | None = None
    time: str | None = None

    def __post_init__(self) -> None:
        for selector in (self.item, self.link, self.title, self.time):
            if selector is not None:
                to_xpath(selector)


def parse_page(body: bytes, url: str, select: Select, content_type: str | None = None) -> ParsedFeed:
    """The page's items, in its order, each link once. An item without a link is passed over and told.

    Raises ParseError: `empty`, `not-a-feed` where nothing matches `select.item`.
    """
    document, warning = charset.decode(body, content_type)
    if not document.strip():
        raise ParseError("empty", "the page is empty")
    parser = etree.HTMLParser(recover=True, no_network=True, remove_comments=True, remove_pis=True, huge_tree=False, encoding="utf-8")
    try:
        root = etree.fromstring(charset.without_declaration(document).encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    items = [] if root is None else _elements(root, select.item)[:MOST_ITEMS]
    if root is None or not items:
        raise ParseError(
            "not-a-feed",
            f"nothing on the page is {select.item!r}",
            remedy="The page was rebuilt, or is made by scripts; look in its source and correct `select`.",
        )
    bases = _found(root, "//base[@href]")
    base = links.absolute(bases[0].get("href") if bases else None, url) or url
    found = [_entry(item, select, base) for item in items]
    entries: dict[str, FeedEntry] = {}
    for entry in found:
        if entry is not None and entry.url is not None:
            entries.setdefault(entry.url, entry)
    warnings = [warning] if warning else []
    if None in found:
        warnings.append(f"{found.count(None)} items have no link")
    titles = _found(root, "//title")
    title = _text(titles[0]) if titles else None
    return ParsedFeed("page", title, url, root.get("lang"), tuple(entries.values()), tuple(warnings), "page")


def _entry(item: etree._Element, select: Select, base: str) -> FeedEntry | None:
    anchors = _elements(item, select.link) if select.link else [item] if item.get("href") else _found(item, ".//a[@href]")
    anchor, link = None, None
    for candidate in anchors:
        inner = next(iter(_found(candidate, "self::*[@href] | .//a[@href] | ancestor::a[@href]")), candidate)
        link = links.absolute(inner.get("href"), base)
        if link is not None:
            anchor = inner
            break
    if anchor is None:
        return None
    titled = _elements(item, select.title) if select.title else [anchor]
    title = (_text(titled[0]) if titled else None) or _text(anchor) or anchor.get("title")
    return FeedEntry(
        guid=link, url=link, title=title, published_at=_moment(item, select.time), summary=_text(item) if item is not anchor else None
    )


def _moment(item: etree._Element, selector: str | None) -> datetime | None:
    for element in _elements(item, selector or "time"):
        for written in (element.get("datetime"), element.get("content"), element.get("title"), _text(element)):
            moment = dates.parse_date(written)
            if moment is not None:
                return moment
    return None


def _elements(parent: etree._Element, selector: str) -> list[etree._Element]:
    return _found(parent, to_xpath(selector))


def _found(parent: etree._Element, path: str) -> list[etree._Element]:
    found = parent.xpath(path)
    return [element for element in found if isinstance(element, etree._Element)] if isinstance(found, list) else []


def _text(element: etree._Element) -> str | None:
    return text.line(etree.tostring(element, encoding="unicode", method="html", with_tail=False)) or None
