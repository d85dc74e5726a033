"""From a page's bytes to its article. Only workers import this module: it loads the libraries."""

from __future__ import annotations

import logging
import re
from collections import Counter

import lxml.html
import trafilatura
from lxml import etree
from lxml.html import HtmlElement, HTMLParser
from trafilatura.settings import Extractor

from monitor.articles import facts, walls
from monitor.articles.blocks import Block, Page, read_blocks
from monitor.articles.body import Choice, choose, loose_prose
from monitor.articles.charset import decode
from monitor.articles.jsonld import clean
from monitor.articles.page import PartialPage, is_html
from monitor.articles.text import flat
from monitor.errors import ExtractError
from monitor.model import PageText

# trafilatura tells of every page that it finds nothing in; what we make of that is told by our own errors.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

_PARSER = HTMLParser(collect_ids=False, encoding="utf-8", remove_comments=True, remove_pis=True)
_FAST, _WHOLE = (Extractor(output_format="python", precision=True, comments=False, fast=fast) for fast in (True, False))
# Real pages have some thousands of tags. trafilatura takes time with the square of their number: over the first limit
# the text is found by density alone; a page over the second is none.
MANY_TAGS = 20_000
MOST_TAGS = 200_000
_CONTROLS = bytes(code for code in (*range(1, 32), 127) if code not in b"\t\n\r")
_FURNITURE = 50_000  # characters kept of what was cut
_BODY = 1_000_000  # and of the text: no article is longer
_TOLD = 100_000  # of what the feed gives
_NOTICE = 600  # characters: a longer text is no mere notice
_BETTER = 0.5  # of what one choice misses: another must miss less than that to take its place
_MISSED = 0.6  # of the kept letters: so much prose in one other place means that the seed was wrong


def parse(html: bytes, content_type: str | None) -> HtmlElement | None:
    """The page's tree; None where there is nothing to parse."""
    text = decode(html, content_type).encode("utf-8", "replace").translate(None, _CONTROLS)
    if not text or text.isspace():
        return None
    try:
        root = lxml.html.document_fromstring(text, parser=_PARSER)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    # A cell that says it spans a thousand others costs trafilatura a thousand cells.
    etree.strip_attributes(root, "colspan", "rowspan")
    return root if root.tag == "html" else None


def extract(html: bytes, url: str, content_type: str | None, told: str = "") -> PageText:
    """`read_page`, in the worker."""
    if not is_html(content_type, html[:2048]):
        kind = (content_type or "").partition(";")[0].strip().lower()
        raise ExtractError("not-html", f"the page is {kind}, not HTML" if kind not in ("", "text/html") else "the page is not HTML")
    tags = html.count(b"<")
    if tags > MOST_TAGS:
        raise ExtractError("page-thin", f"the page has over {MOST_TAGS:,} tags, and none of that is read")
    root = parse(html, content_type)
    if root is None:
        raise ExtractError("page-thin", "the page is empty")
    head = facts.read_head(root, url)
    body_element = root.find("body")
    page = read_blocks(body_element if body_element is not None else root)
    choice, warnings = _text(root, page, head, tags, flat(told[:_TOLD]))
    body = "\n".join(choice.body)
    if len(flat(body)) < walls.THIN and (given := _given(head)) and len(flat(given)) > len(flat(body)):
        body, warnings = given, [*warnings, "text taken from the page's JSON-LD"]
    found = _found(root, page, head, choice, body, warnings)
    _refuse_partial(found, head, page, choice, html)
    return found


def _text(root: HtmlElement, page: Page, head: facts.Head, tags: int, told: str) -> tuple[Choice, list[str]]:
    """The best choice of three: by trafilatura's quick way, by its whole way, by the page's densest place."""
    titles = head.titles
    if tags > MANY_TAGS:
        return choose(page, loose_prose(page), titles, told), [f"the page has {tags:,} tags: its text was found by density alone"]
    best = choose(page, _seed(root, fast=True), titles, told)
    if best.body and best.missed <= _MISSED:
        return best, []
    whole = choose(page, _seed(root, fast=False), titles, told)
    if whole.body and (not best.body or whole.missed < _BETTER * best.missed):
        best = whole
    if best.body and best.missed <= _MISSED:
        return best, []
    densest = choose(page, loose_prose(page), titles, told)
    if densest.body and (not best.body or densest.missed < _BETTER * best.missed):
        return densest, ["text found by density alone"]
    return best, []


def _seed(root: HtmlElement, *, fast: bool) -> str:
    found = trafilatura.bare_extraction(root, options=_FAST if fast else _WHOLE)
    text = getattr(found, "text", None)
    return str(text) if text else ""


def _given(head: facts.Head) -> str | None:
    """The article's text in JSON-LD, which some pages carry though their HTML does not."""
    value = head.article.get("articleBody")
    if not isinstance(value, str):
        return None
    lines = (clean(line) for line in re.split(r"\n+|</p>|<br\s*/?>", value))
    return "\n".join(line for line in lines if line) or None


def _refuse_partial(found: PageText, head: facts.Head, page: Page, choice: Choice, html: bytes) -> None:
    notice = walls.notice_of(html, found.body, head) if len(found.body) < _NOTICE else None
    reason = "page-thin" if notice else walls.is_partial(found.body, head, page, choice.first, choice.last)
    if reason is None:
        return
    if notice:
        text = f"what came is {notice}"
    elif reason == "paywall":
        text = f"the page gives only the first {len(found.body)} characters of the article and asks to subscribe"
    else:
        text = f"the page gives {len(found.body)} characters of text" if found.body else "the page gives no article text"
    raise PartialPage(reason, text, found, remedy="the feed's own text is matched")


def _near(page: Page, choice: Choice) -> list[Block]:
    """The blocks around the head of the text, where byline and date stand: nearest before it first."""
    first = choice.first
    return page.blocks[max(0, first - 12) : first + 3]


def _found(root: HtmlElement, page: Page, head: facts.Head, choice: Choice, body: str, warnings: list[str]) -> PageText:
    near = _near(page, choice)
    site = facts.find_site(head)
    kept = Counter(body.split("\n"))
    cut = list(dict.fromkeys(line for line in choice.cut if line not in kept))
    return PageText(
        canonical_url=_clean(head.canonical),
        title=_clean(facts.find_title(head, site)),
        author=_clean(facts.find_authors(root, head, near, site)),
        site=_clean(site),
        language=facts.find_language(head, body),
        published_at=facts.find_published(root, head, near),
        body=(_clean(body) or "")[:_BODY],
        warnings=tuple(warnings),
        furniture=(_clean("\n".join(cut)) or "")[:_FURNITURE],
        cut_lines=len(cut),
        next_url=facts.find_next(root, head),
    )


def _clean(text: str | None) -> str | None:
    """`text` without U+0000 and lone surrogates, which no database takes; of the same length."""
    return (
        text.encode("utf-16", "replace" if text.isascii() else "surrogatepass").decode("utf-16", "replace").replace("\x00", "�")
        if text
        else text
    )
