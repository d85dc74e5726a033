"""Who wrote an article: JSON-LD, meta, an element that says so, or a line at the head."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import cast

from lxml import etree
from lxml.html import HtmlElement

from monitor.articles.blocks import Block
from monitor.articles.jsonld import Thing, clean, names_of
from monitor.articles.lines import is_byline
from monitor.articles.marks import mark_of

_SAYS_BY = re.compile(
    r"^\W*(?:(?:written|reported|words|text|story|posted|published|article|opinion|analysis|review|edited|interview|photographs?)\s+)?"
    r"(?:by|von|par|por|door|av|af|autor(?:en|a|es)?|author|auteur|reporter|journalist|автор|текст|작성자|글|記者|记者|作者|撰文|文|執筆)\b"
    r"\s*[:：/／|]?\s*"
    r"|^\W*(?:記者|记者|作者|撰文|文|執筆|글|기자)\s*[:：/／|=]\s*",
    re.IGNORECASE,
)
_NOISE = re.compile(
    r"https?://\S+|www\.\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\[email\s?protected\]|(?<!\w)@\w+|\(\s*\)|\bfollow\b.*$"
    r"|\b(?:published|updated|posted|last updated|veröffentlicht|aktualisiert|publié|mis à jour|publicado|actualizado|опубликовано)\b.*$",
    re.IGNORECASE,
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
# From here on a byline speaks of something else: a date, a clock, a role set apart.
_REST = re.compile(
    rf"\s(?:[|•·–—/]|-\s|on\s)|\d{{1,4}}[.:/년월-]|\b\d{{4}}\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
    rf"|,?\s\d+\s(?:min|hours?|days?)\b|\s\d{{1,2}}\s{_MONTH}\b|\s{_MONTH}\s\d{{1,2}}\b",
    re.IGNORECASE,
)
_ROLES = (
    r"writers?|reporters?|editors?(?:[ -]at[ -]large)?|correspondents?|journalists?|columnists?|producers?|contributors?|staff|analysts?"
    r"|photographers?|authors?|bureau chief|redakteur(?:in)?|journaliste|redactora?|기자|특파원"
)
_ROLE = re.compile(rf"(?:^|.*\s)(?:{_ROLES})$", re.IGNORECASE)
_CREDENTIALS = frozenset(["ms", "rd", "rdn", "md", "phd", "mba", "ma", "ba", "jd", "esq", "rn", "cpa", "mph", "cfa"])
_PARTS = re.compile(r"\s*(?:,|;|、|，|\s(?:and|und|et|y|e|en|och|og|и)\s|\s?&\s?|／|\s/\s)\s*")
_NOBODY = re.compile(
    r"^(?:admin(?:istrator)?|unknown|none|null|n/?a|anonymous|guest|user|by|share|comments?|home|news|view all posts.*|read more.*|\W*)$",
    re.IGNORECASE,
)
_INITIAL = re.compile(r"\b[A-Z]\.$|\b[JS]r\.$")
_META_NAMES = (
    "author", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author", "byl", "cxenseparse:author",
    "article_author", "og:article:author", "dable:author",
)  # fmt: skip
_KOREAN = re.compile(r"(?<![가-힣])([가-힣]{2,4})[ ·]?(?:[가-힣]{2,4})?(?:기자|특파원)(?![가-힣])")
_ELEMENTS = etree.XPath(
    "//*[@rel='author' or contains(@itemprop,'author') or contains(@class,'uthor') or contains(@class,'yline')"
    " or contains(@class,'eporter')"
    " or contains(@class,'ournalist') or contains(@class,'riter') or contains(@id,'uthor') or contains(@id,'yline')]"
)
_OUTSIDE = frozenset(("comments", "related", "nav", "aside", "footer", "subscribe"))
_MOST = 12


def clean_author(text: str) -> str | None:
    """The names in a byline, separated by ", "; None where it names nobody. Never an address or a URL."""
    text = _NOISE.sub(" ", clean(text) or "")
    text = _SAYS_BY.sub("", " ".join(text.split()), count=1)
    if cut := _REST.search(text):
        text = text[: cut.start()]
    names: list[str] = []
    for part in _PARTS.split(text.strip(" ,;:|-–—·•()[]")):
        name = part.strip(' ,;:|-–—·•()[]"“”')
        name = name if _INITIAL.search(name) else name.rstrip(".")
        if _NOBODY.match(name) or name.lower().replace(".", "") in _CREDENTIALS or not any(map(str.isalpha, name)):
            continue
        if names and _ROLE.match(name):
            continue
        if len(name) > 60 or name.count(" ") > 5:
            break
        if name not in names:
            names.append(name)
    return ", ".join(names[:_MOST]) or None


def _from_things(article: Thing, things: list[Thing]) -> str | None:
    found = names_of(article.get("author") or article.get("creator"), things) if article else []
    people = [name for kind, name in found if not kind.endswith("Organization")] or [name for _, name in found]
    return _joined(people)


def _joined(texts: Iterable[str]) -> str | None:
    names: list[str] = []
    for text in texts:
        for name in (clean_author(text) or "").split(", "):
            if name and name not in names:
                names.append(name)
    return ", ".join(names[:_MOST]) or None


def _is_outside(element: HtmlElement) -> bool:
    return any(
        mark_of(str(above.tag), f"{above.get('class') or ''} {above.get('id') or ''}", above.get("role")) in _OUTSIDE
        for above in element.iterancestors()
        if above.tag not in ("body", "html", "main", "article")
    )


def _from_elements(root: HtmlElement) -> str | None:
    """The elements that say author, byline or reporter: of the surest kind, those that stand together."""
    kinds: dict[int, list[HtmlElement]] = {}
    for element in cast(list[HtmlElement], _ELEMENTS(root)):
        rank = _rank(element)
        if rank and element.tag not in ("meta", "link", "script", "img", "body", "html", "article", "main") and not _is_outside(element):
            kinds.setdefault(rank, []).append(element)
    for rank in sorted(kinds):
        texts = []
        for element in kinds[rank]:
            text = " ".join(" ".join(element.itertext()).split())
            if 2 <= len(text) <= 200 and clean_author(text):
                texts.append(text)
                if rank == 3:  # a container: the first names them all
                    break
        if authors := _joined(texts[:_MOST]):
            return authors
    return None


def _rank(element: HtmlElement) -> int:
    if element.get("rel") == "author":
        return 1
    itemprop = element.get("itemprop") or ""
    if "author" in itemprop and element.get("itemtype") is None:
        return 1
    if "author" in itemprop:
        return 2
    name = f"{element.get('class') or ''} {element.get('id') or ''}"
    return 3 if mark_of("", name, None) == "author" else 0


def find_author(
    root: HtmlElement, metas: dict[str, list[str]], article: Thing, things: list[Thing], near: Sequence[Block], site: str | None
) -> str | None:
    """The authors' names, separated by ", ". `near` are the blocks around the head of the text."""
    found = _from_things(article, things)
    if found and found != site:
        return found
    named = _joined(value for name in _META_NAMES for value in metas.get(name, ()) if "://" not in value and not value.startswith("/"))
    if named and named != site:
        return named
    lines = [block.text for block in near if is_byline(block.text)]
    return _from_elements(root) or _joined(lines[:2]) or _from_korean(near) or named or found


def _from_korean(near: Sequence[Block]) -> str | None:
    """The reporters whom Korean papers name beside the date, or before the text: "(서울=통신) 홍길동 기자 = "."""
    for block in near:
        text = block.text[:80] if len(block.text) > 120 else block.text
        names = _KOREAN.findall(text) if len(block.text) <= 120 or "=" in text else []
        if names:
            return ", ".join(dict.fromkeys(names[:_MOST]))
    return None
