"""Article pages of many builds, made of sentences of our own: a paragraph can carry a plant, and furniture a decoy."""

from __future__ import annotations

import random
from collections.abc import Callable
from html import escape

_SUBJECTS = [
    "The ministry",
    "Two officials",
    "A spokeswoman",
    "The port authority",
    "Farmers in the valley",
    "The central bank",
    "Engineers",
    "The committee",
]
_VERBS = ["said", "announced", "denied", "confirmed", "argued", "reported", "warned", "suggested"]
_OBJECTS = [
    "that the new bridge would open before the winter",
    "a plan to repair four hundred kilometres of road",
    "that talks had stalled over fishing quotas",
    "lower harvests after a dry spring",
    "that the vote would be held again in the northern district",
    "an inquiry into the failed satellite launch",
]
_ENDS = [
    "on Tuesday",
    "in a statement",
    "after a long meeting",
    "despite earlier promises",
    "according to people in the room",
    "for the third year in a row",
]


def sentence(source: random.Random) -> str:
    return " ".join(source.choice(words) for words in (_SUBJECTS, _VERBS, _OBJECTS, _ENDS)) + "."


def paragraph(source: random.Random, sentences: int = 3) -> str:
    return " ".join(sentence(source) for _ in range(sentences))


def teaser(source: random.Random) -> str:
    return " ".join(sentence(source).rstrip(".").split()[:9])


# -- how a phrase is written into a paragraph -------------------------------------------------------------------------

Plant = Callable[[str, str, str], str]


def _split(phrase: str) -> tuple[str, str]:
    first, _, rest = phrase.partition(" ")
    return first, rest


PLANTS: dict[str, Plant] = {
    "plain": lambda before, phrase, after: f"<p>{before} {phrase} {after}</p>",
    "two-source-lines": lambda before, phrase, after: f"<p>{before} {_split(phrase)[0]}\n   {_split(phrase)[1]} {after}</p>",
    "inline-tags": lambda before, phrase, after: (
        f"<p>{before} <a href='/t'>{_split(phrase)[0]}</a> <em>{_split(phrase)[1]}</em> {after}</p>"
    ),
    "line-break": lambda before, phrase, after: f"<p>{before} {_split(phrase)[0]}<br>{_split(phrase)[1]} {after}</p>",
    "deep-inline": lambda before, phrase, after: f"<p>{before} <b><i><span class='hl'>{phrase}</span></i></b> {after}</p>",
    "quote": lambda before, phrase, after: f"<blockquote><p>“{phrase},” {before} {after}</p></blockquote>",
    "bare-quote": lambda before, phrase, after: f"<blockquote>{before} {phrase} {after}</blockquote>",
    "list": lambda before, phrase, after: f"<ul><li>{before} {phrase} {after}</li><li>{after}</li></ul>",
    "upper": lambda before, phrase, after: f"<p>{before} {phrase.upper()} {after}</p>",
    "heading": lambda before, phrase, after: f"<h2>{phrase} in question</h2><p>{before} {after}</p>",
    "table": lambda before, phrase, after: (
        f"<table><tr><th>Year</th><th>What</th></tr><tr><td>2017</td><td>{before} {phrase} {after}</td></tr></table>"
    ),
    "div": lambda before, phrase, after: f"<div>{before} {phrase} {after}</div>",
    "section": lambda before, phrase, after: f"<section><p>{before} {phrase} {after}</p></section>",
    "entity": lambda before, phrase, after: f"<p>{before} {phrase.replace(' ', '&nbsp;')} {after}</p>",
    "linked-half": lambda before, phrase, after: f"<p><a href='/x'>{before}</a> {phrase} {after}</p>",
    "short": lambda before, phrase, after: f"<p>They spoke of {phrase}.</p>",
}

# -- where furniture puts a phrase ------------------------------------------------------------------------------------

Decoy = Callable[[random.Random, str], str]


def _links(source: random.Random, phrase: str, count: int = 6) -> str:
    items = [f"<li><a href='/s{n}'>{teaser(source)}</a></li>" for n in range(count)]
    items.insert(count // 2, f"<li><a href='/d'>{teaser(source)} {phrase} today</a></li>")
    return f"<ul>{''.join(items)}</ul>"


DECOYS: dict[str, Decoy] = {
    "aside": lambda source, phrase: f"<aside class='rail'><h3>Most read</h3>{_links(source, phrase)}</aside>",
    "related-div": lambda source, phrase: f"<div class='related-articles'><h4>Related stories</h4>{_links(source, phrase)}</div>",
    "plain-list": lambda source, phrase: f"<div><h3>Read more</h3>{_links(source, phrase)}</div>",
    "cards": lambda source, phrase: (
        "<div class='more-stories'>"
        + "".join(f"<div class='card'><h3><a href='/c{n}'>{teaser(source)}</a></h3><p>{sentence(source)}</p></div>" for n in range(4))
        + f"<div class='card'><h3><a href='/c'>{teaser(source)}</a></h3><p>{sentence(source)[:-1]} after {phrase} failed.</p></div></div>"
    ),
    "nav": lambda source, phrase: f"<nav><ul><li><a href='/'>Home</a></li><li><a href='/x'>{phrase}</a></li></ul></nav>",
    "footer": lambda source, phrase: f"<footer><p>{sentence(source)} {phrase}. All rights reserved.</p></footer>",
    "comments": lambda source, phrase: (
        f"<section id='comments'><h3>Comments</h3><div class='comment'><p>{phrase} is a bad idea, {sentence(source)}</p></div></section>"
    ),
    "newsletter": lambda source, phrase: (
        f"<div class='newsletter-signup'><p>Sign up for our newsletter on {phrase} and the day's best stories.</p></div>"
    ),
    "caption": lambda source, phrase: (
        f"<figure><img src='a.jpg' alt='x'><figcaption>{teaser(source)}, {phrase}. Photo: Agency</figcaption></figure>"
    ),
    "hidden": lambda source, phrase: f"<div style='display: none'><p>{sentence(source)} {phrase} {sentence(source)}</p></div>",
    "script": lambda source, phrase: f'<script>var headline = "{phrase}";</script><noscript><p>{phrase} {sentence(source)}</p></noscript>',
    "read-also": lambda source, phrase: f"<p><strong>Read also:</strong> <a href='/r'>{teaser(source)} {phrase}</a></p>",
    "cookie": lambda source, phrase: f"<div id='cookie-banner' role='dialog'><p>We use cookies for {phrase}. {sentence(source)}</p></div>",
    "bare-cards": lambda source, phrase: (
        "<div><h3>Latest</h3>"
        + "".join(f"<div><h4><a href='/c{n}'>{teaser(source)}</a></h4><p>{sentence(source)}</p></div>" for n in range(4))
        + f"<div><h4><a href='/c'>{teaser(source)}</a></h4><p>{sentence(source)[:-1]} after {phrase} failed.</p></div></div>"
    ),
    "article-cards": lambda source, phrase: (
        "<section>"
        + "".join(f"<article><a href='/c{n}'><h4>{teaser(source)}</h4></a><p>{sentence(source)}</p></article>" for n in range(4))
        + f"<article><a href='/c'><h4>{teaser(source)}</h4></a><p>{sentence(source)[:-1]} after {phrase} failed.</p></article></section>"
    ),
    "tags": lambda source, phrase: f"<div class='tags'><a href='/t1'>Politics</a> <a href='/t2'>{phrase}</a></div>",
}

# -- how a site builds its page ---------------------------------------------------------------------------------------

TITLE = "Harbour town votes on a second bridge"
_HEAD = f"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>{TITLE} - The Harbour Post</title></head><body>"
_TOP = "<header><nav><ul>" + "".join(f"<li><a href='/s{n}'>Section {n}</a></li>" for n in range(12)) + "</ul></nav></header>"
_END = "<footer><p>Copyright The Harbour Post. All rights reserved.</p></footer></body></html>"
_SHARE = "<ul class='share'><li><a href='#'>Facebook</a></li><li>Link copied</li></ul>"

Layout = Callable[[list[str], str], str]


def _semantic(parts: list[str], furniture: str) -> str:
    text = f"<h1>{TITLE}</h1><p class='byline'>By Ann Example</p>{_SHARE}{''.join(parts)}"
    return f"{_HEAD}{_TOP}<main><article>{text}</article></main>{furniture}{_END}"


def _inside(parts: list[str], furniture: str) -> str:
    middle = len(parts) // 2
    text = "".join(parts[:middle]) + furniture + "".join(parts[middle:])
    return f"{_HEAD}{_TOP}<article class='story'><h1>{TITLE}</h1><div class='story-body'>{text}</div></article>{_END}"


def _after(parts: list[str], furniture: str) -> str:
    return f"{_HEAD}{_TOP}<div id='content'><h1>{TITLE}</h1><div class='entry-content'>{''.join(parts)}{furniture}</div></div>{_END}"


def _nameless(parts: list[str], furniture: str) -> str:
    return f"{_HEAD}{_TOP}<div><div><h1>{TITLE}</h1><div>{''.join(parts)}</div></div>{furniture}</div>{_END}"


def _chunks(parts: list[str], furniture: str) -> str:
    chunks = "".join(
        f"<div class='chunk'><div class='col body'>{''.join(parts[n : n + 3])}</div></div>{furniture if n == 3 else ''}"
        for n in range(0, len(parts), 3)
    )
    return f"{_HEAD}{_TOP}<article><h1>{TITLE}</h1>{chunks}</article>{_END}"


def _hashed(parts: list[str], furniture: str) -> str:
    boxes = "".join(f"<div class='css-1x{n}'>{part}</div>" for n, part in enumerate(parts))
    text = f"<h1 class='css-7f'>{TITLE}</h1>{boxes}"
    return f"{_HEAD}{_TOP}<div id='app'><div class='css-9zk'>{text}</div><div class='css-3p'>{furniture}</div></div>{_END}"


def _table_layout(parts: list[str], furniture: str) -> str:
    return (
        f"{_HEAD}<table width='100%'><tr><td colspan='3'>{_TOP}</td></tr><tr><td width='20%'>{furniture}</td>"
        f"<td><h2>{TITLE}</h2>{''.join(parts)}</td><td></td></tr></table>{_END}"
    )


def _whole_form(parts: list[str], furniture: str) -> str:
    text = f"<h1>{TITLE}</h1><div class='text'>{''.join(parts)}</div>"
    return f"{_HEAD}<form id='aspnetForm'>{_TOP}<div class='main'>{text}{furniture}</div></form>{_END}"


def _named_badly(parts: list[str], furniture: str) -> str:
    return (
        f"{_HEAD}{_TOP}<div class='page has-sidebar share-enabled'><div class='content widget-area'><h1>{TITLE}</h1>"
        f"<div class='post-content related-enabled'>{''.join(parts)}</div>{furniture}</div></div>{_END}"
    )


def _endless(parts: list[str], furniture: str) -> str:
    """The next article follows in the same page, as sites with endless scrolling do."""
    following = furniture.replace("<p>", "<p>Elsewhere, ")
    one = "<article class='story'><h1>{}</h1><div class='story-body'>{}</div></article>"
    return f"{_HEAD}{_TOP}{one.format(TITLE, ''.join(parts))}{one.format('Orchards near the lake flood again', following)}{_END}"


def _endless_divs(parts: list[str], furniture: str) -> str:
    one = "<div class='item'><h1>{}</h1><div class='txt'>{}</div></div>"
    following = one.format("Orchards near the lake flood again", furniture)
    return f"{_HEAD}{_TOP}<div id='list'>{one.format(TITLE, ''.join(parts))}{following}</div>{_END}"


def _premium(parts: list[str], furniture: str) -> str:
    """The first paragraphs stand in a "teaser" of their own, as on sites that meter."""
    text = f"<div class='teaser-content'>{''.join(parts[:3])}</div><div class='subscriber-content'>{''.join(parts[3:])}</div>"
    return f"{_HEAD}{_TOP}<div class='grid'><h1>{TITLE}</h1>{text}{furniture}</div>{_END}"


def _marked_paragraphs(parts: list[str], furniture: str) -> str:
    text = "".join(parts).replace("<p>", "<p class='share-text'>")
    return f"{_HEAD}{_TOP}<div class='grid'><h1>{TITLE}</h1><div class='txt'>{text}</div>{furniture}</div>{_END}"


LAYOUTS: dict[str, Layout] = {
    "semantic": _semantic,
    "inside": _inside,
    "after": _after,
    "nameless": _nameless,
    "chunks": _chunks,
    "hashed": _hashed,
    "table": _table_layout,
    "form": _whole_form,
    "named-badly": _named_badly,
    "premium": _premium,
    "marked-paragraphs": _marked_paragraphs,
}

# The next article of a page that scrolls without end; the decoy is its text.
ENDLESS: dict[str, Layout] = {"articles": _endless, "divs": _endless_divs}


def make_endless(layout: str, phrase: str, seed: int = 1) -> bytes:
    """A page on which a second article, with `phrase` in it, follows the first."""
    source = random.Random(f"{layout} {seed}")
    parts = [f"<p>{escape(paragraph(source))}</p>" for _ in range(8)]
    others = [f"<p>{escape(paragraph(source))}</p>" for _ in range(7)]
    others.insert(3, f"<p>{sentence(source)} {phrase} {sentence(source)}</p>")
    return ENDLESS[layout](parts, "".join(others)).encode()


def make_page(
    layout: str, *, plant: str | None = None, decoy: str | None = None, phrase: str = "", seed: int = 1, paragraphs: int = 9
) -> bytes:
    """A page of `layout`, with `phrase` in a paragraph by `plant`, or in furniture by `decoy`."""
    source = random.Random(f"{layout} {plant} {decoy} {seed}")
    parts = [f"<p>{escape(paragraph(source))}</p>" for _ in range(paragraphs)]
    if plant is not None:
        before, after = sentence(source).rstrip("."), sentence(source)
        parts.insert(source.randint(1, paragraphs - 1), PLANTS[plant](before, phrase, after))
    furniture = DECOYS[decoy](source, phrase) if decoy is not None else DECOYS["related-div"](source, "nothing of note")
    return LAYOUTS[layout](parts, furniture).encode()
