"""Which blocks of a page are the article's own text.

trafilatura's answer (the seed) says where the article stands; the blocks say how the page is built. From both follow
three steps: the blocks that the seed names are found in the page, what stands in the same containers and was missed is
added, and what is furniture by its container or its words is taken out again. The text comes from the blocks, so that
it reads as the page does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.articles import lines
from monitor.articles.blocks import Block, Page
from monitor.articles.known import MANY, Known
from monitor.articles.text import flat

# Marks that outweigh the seed's word, unless their element holds the bulk of the text.
_NEVER = frozenset(("related", "subscribe", "comments", "share", "notice", "tags", "footer", "form", "ad", "caption", "figure", "author"))
# Elements that structure text without saying what it is.
_PLAIN = frozenset(
    [
        "p",
        "blockquote",
        "q",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "table",
        "tbody",
        "thead",
        "tr",
        "td",
        "th",
        "section",
        "article",
        "div",
        "main",
        "center",
        "pre",
    ]
)

_LINE_TAGS = frozenset(["p", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "dt", "dd", "tr"])
# Marks of what others wrote, or wrote elsewhere: much of it means nothing.
_OTHERS = frozenset(("related", "comments", "aside"))
_SURE = 40  # letters of a sentence that can't stand in two texts by chance
_MUCH = 1_000  # letters
_LONG = 3_000
_KIND = 0.1  # of the seed's text stands in containers of one kind: then others of that kind belong to it


@dataclass(frozen=True, slots=True)
class Choice:
    """`body` and `cut` are blocks' texts in document order.

    `first` and `last` are the indexes of the body's outer blocks. `missed` is how much prose stands in one other place of the page, as a
    part of what was kept: much of it means that the seed named the wrong place.
    """

    body: tuple[str, ...]
    cut: tuple[str, ...]
    first: int
    last: int
    missed: float


def choose(page: Page, seed: str, titles: Sequence[str] = (), told: str = "") -> Choice:
    """The article's blocks, told from the rest of the page by `seed`, the text as trafilatura extracted it.

    `told` is text of the article that somebody else gave, flat: a sentence of it that the page shows is never cut.
    """
    known = Known(page, seed)
    if not known.total:
        return Choice((), tuple(block.text for block in page.blocks), 0, 0, _missed(known, []))
    kept = _without_copies(known, _grown(known))
    kept = lines.trim(page.blocks, kept, [flat(title) for title in titles], known.flats, known.prose)
    kept = _restored(known, kept, told)
    body = tuple(page.blocks[index].text for index in kept)
    chosen = set(kept)
    cut = tuple(block.text for index, block in enumerate(page.blocks) if index not in chosen)
    return Choice(body, cut, kept[0] if kept else 0, kept[-1] if kept else 0, _missed(known, kept))


def _grown(known: Known) -> list[int]:
    """The blocks that the seed names and that are no furniture, and those that belong with them."""
    page = known.page
    homes: Counter[int] = Counter()
    kinds: Counter[tuple[str, ...]] = Counter()
    for index, block in enumerate(page.blocks):
        if known.seeded[index] and known.prose[index] and block.node >= 0:
            home = page.nodes[block.node].parent
            if block.node < known.next_story or home in homes:
                homes[home] += len(known.flats[index])
    for home, mass in homes.items():
        if home >= 0:
            kinds[known.kind(home)] += mass
    same = {kind for kind, mass in kinds.items() if mass >= _KIND * known.total}
    told = {known.stories[home] for home in homes if home >= 0}
    kept = []
    for index, block in enumerate(page.blocks):
        mark = known.marks[block.node] if block.node >= 0 else ""
        if known.seeded[index]:
            follows = block.node >= known.next_story and page.nodes[block.node].parent not in homes
            if mark not in _NEVER and (known.prose[index] or not mark) and not follows:
                kept.append(index)
        elif not mark and (known.prose[index] or _is_aside_line(known, block)) and _belongs(known, block.node, homes, same, told):
            kept.append(index)
    return _between(known, kept)


def _is_aside_line(known: Known, block: Block) -> bool:
    """Whether a block may be a subheading or a short line of the text: in a text's element, without links or pictures."""
    node = known.page.nodes[block.node] if block.node >= 0 else None
    return node is not None and node.tag in _LINE_TAGS and not block.linked and not node.images and any(map(str.isalpha, block.text))


def _between(known: Known, kept: list[int]) -> list[int]:
    """`kept` without the short lines of no seed that stand after the running text, or before it and apart from it."""
    sure = [index for index in kept if known.seeded[index] or known.prose[index]]
    if not sure:
        return []
    first, last = sure[0], sure[-1]
    nodes, blocks = known.page.nodes, known.page.blocks
    chosen = set(kept)
    while first - 1 in chosen and nodes[blocks[first - 1].node].parent == nodes[blocks[first].node].parent:
        first -= 1
    return [index for index in kept if known.seeded[index] or known.prose[index] or first <= index < last]


def _belongs(known: Known, node: int, homes: Counter[int], same: set[tuple[str, ...]], told: set[int]) -> bool:
    """Whether a block that the seed lacks stands in, or plainly within, a container of the seed's paragraphs."""
    if node < 0:
        return False
    parent = known.page.nodes[node].parent
    while parent >= 0:
        if parent in homes or (known.stories[parent] in told and known.kind(parent) in same):
            return True
        here = known.page.nodes[parent]
        if here.tag not in _PLAIN or here.name:
            return False
        parent = here.parent
    return False


def _without_copies(known: Known, kept: list[int]) -> list[int]:
    """Each text as often as the seed has it: those copies that stand where most of the article stands."""
    copies: dict[str, list[int]] = {}
    for index in kept:
        copies.setdefault(known.flats[index], []).append(index)
    dropped: set[int] = set()
    for text, places in copies.items():
        if len(places) > 1 and text:
            places.sort(key=lambda index: -_nearness(known, index))
            dropped.update(places[max(1, known.lines[text] or (known.seed.count(text) if len(known.page.blocks) <= MANY else 0)) :])
    return [index for index in kept if index not in dropped]


def _nearness(known: Known, index: int) -> int:
    """How much of the article stands in the container of a block."""
    node = known.page.blocks[index].node
    if node < 0:
        return 0
    return known.mass[max(known.page.nodes[node].parent, 0)]


def _restored(known: Known, kept: list[int], told: str) -> list[int]:
    """`kept` with the sentences that were told to be the article's and stand elsewhere on the page: most often the standfirst."""
    if not told or not kept:
        return kept
    have = {known.flats[index] for index in kept}
    for index, text in enumerate(known.flats):
        if known.prose[index] and len(text) >= _SURE and text not in have and text in told:
            have.add(text)
            kept = [*kept, index]
    return sorted(kept)


def _missed(known: Known, kept: list[int]) -> float:
    """The prose of the richest container that was not kept, as a part of what was; 0 where it is no sign of a wrong seed.

    Little prose elsewhere is a site's foot or a notice, and what was kept may be a short article; a long text is an article in any case.
    """
    chosen = set(kept)
    texts = {known.flats[index] for index in kept}
    left: Counter[int] = Counter()
    named: Counter[int] = Counter()  # of what says it is no text, but for what holds other people's
    for index, block in enumerate(known.page.blocks):
        if index in chosen or not known.prose[index] or not 0 <= block.node < known.next_story or known.flats[index] in texts:
            continue
        mark = known.marks[block.node]
        if mark not in _OTHERS:
            (named if mark else left)[known.page.nodes[block.node].parent] += len(known.flats[index])
    most = max(left.values(), default=0)
    if (most_named := max(named.values(), default=0)) >= _MUCH:
        most = max(most, most_named)
    had = sum(len(known.flats[index]) for index in kept)
    if not had:
        return float("inf") if most else 0.0
    missed = most / had
    if (most < _MUCH and missed < 2) or (had >= _LONG and missed < 3):
        return 0.0
    return missed


def loose_prose(page: Page) -> str:
    """The text of the container that holds the most prose outside of furniture: a seed for pages that give no other."""
    known = Known(page, "")
    homes: Counter[int] = Counter()
    for index, block in enumerate(page.blocks):
        if known.prose[index] and block.node >= 0 and not any(known.own_marks[above] for above in page.up(block.node)[:3]):
            homes[page.nodes[block.node].parent] += len(known.flats[index])
    if not homes:
        return ""
    home = homes.most_common(1)[0][0]
    within = (block for block in page.blocks if home in page.up(block.node) and block.linked * 10 < len(block.text) * 9)
    return "\n".join(block.text for block in within)
