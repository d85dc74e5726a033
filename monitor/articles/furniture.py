"""What a site puts at the head and foot of every article, learnt from its last articles: short lines that are no sentence.

Only lines before the first and after the last paragraph are looked at, so that nothing within a text is ever cut: quoted
background and subheadings repeat as well. A line counts once it stood on three of the site's last articles, and is
forgotten as they pass, as it is when the site is rebuilt. Nothing of this outlives the process: it is learnt again in a day.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace

from monitor.articles.text import ends_clause, flat, weight
from monitor.model import PageText

STANDS_ON = 3  # articles
_LAST = 12  # articles of a site that count
_SITES = 2_000  # remembered, the latest
_WORDS = 12  # a line of so many words, or one that ends as a sentence does, is text
_EDGE = 8  # lines looked at on each side


class Furniture:
    """Learns and cuts, page by page."""

    def __init__(self) -> None:
        self._sites: OrderedDict[str, OrderedDict[object, frozenset[str]]] = OrderedDict()

    def cut(self, site: str, article: object, page: PageText) -> PageText:
        """`page` without the lines known to be the site's; what stands at its edges is learnt. `article` tells articles apart."""
        lines = page.body.split("\n")
        edges = _edges(lines)
        pages = self._sites.setdefault(site, OrderedDict())
        self._sites.move_to_end(site)
        others = [seen for known, seen in pages.items() if known != article]
        cut = {place for place in edges if sum(flat(lines[place]) in seen for seen in others) >= STANDS_ON}
        pages.pop(article, None)
        pages[article] = frozenset(flat(lines[place]) for place in edges)
        if len(pages) > _LAST:
            pages.popitem(last=False)
        if len(self._sites) > _SITES:
            self._sites.popitem(last=False)
        if not cut:
            return page
        gone = [lines[place] for place in sorted(cut)]
        return replace(
            page,
            body="\n".join(line for place, line in enumerate(lines) if place not in cut),
            furniture="\n".join(filter(None, [*gone, page.furniture])),
            cut_lines=page.cut_lines + len(gone),
        )


def _edges(lines: list[str]) -> list[int]:
    """The places of the short lines before the first paragraph and after the last; none where there is no paragraph."""
    text = [place for place, line in enumerate(lines) if _is_text(line)]
    if not text:
        return []
    outside = [*range(min(text[0], _EDGE)), *range(max(text[-1] + 1, len(lines) - _EDGE), len(lines))]
    return [place for place in outside if flat(lines[place])]


def _is_text(line: str) -> bool:
    return weight(line) >= _WORDS or ends_clause(line)
