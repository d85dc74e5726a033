"""Teasers by their build: several boxes of one kind in a row, each with a linked title and little else."""

from __future__ import annotations

from monitor.articles.blocks import Page
from monitor.articles.text import weight

_ROW = 3  # so many boxes in a row are teasers
_MOST = 320  # characters that a box may hold
_BOXES = frozenset(["div", "li", "article", "section", "dl", "dd", "td", "tr", "ul", "p"])


def find_cards(page: Page) -> set[int]:
    """The nodes that are teasers of other stories: boxes or lines of links in a row."""
    nodes = page.nodes
    chars = [0] * len(nodes)
    titles = [0] * len(nodes)  # linked titles in and under a node
    for block in page.blocks:
        if block.node >= 0:
            chars[block.node] += len(block.text)
            titles[block.node] += block.linked * 10 >= len(block.text) * 9 and weight(block.text) >= 3
    for index in range(len(nodes) - 1, -1, -1):  # children stand after their parents
        parent = nodes[index].parent
        if parent >= 0:
            chars[parent] += chars[index]
            titles[parent] += titles[index]
    rows: dict[int, tuple[tuple[str, str], list[int]]] = {}
    cards: set[int] = set()
    for index, node in enumerate(nodes):
        if not chars[index]:
            continue
        kind = (node.tag, node.name)
        if node.tag in _BOXES and 1 <= titles[index] <= 2 and chars[index] <= _MOST:
            known, row = rows.setdefault(node.parent, (kind, []))
            if known != kind:
                row = []
                rows[node.parent] = (kind, row)
            row.append(index)
            if len(row) == _ROW:
                cards.update(row)
            elif len(row) > _ROW:
                cards.add(index)
        else:
            rows.pop(node.parent, None)
    return cards
