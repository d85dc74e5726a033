"""A page's blocks with all that choosing the article's text among them needs to know of each."""

from __future__ import annotations

import re
from collections import Counter

from monitor.articles.blocks import Block, Page
from monitor.articles.cards import find_cards
from monitor.articles.text import ends_clause, flat, weight

MANY = 20_000  # blocks: in a page of more, texts are looked for as whole lines alone, for that is linear
_SHORT = 25  # letters: a shorter text counts as found only where it is a whole line
_BULK = 0.35  # of the seed's text: a container that holds this much is the article's, whatever its class says
_MISNAMED = 60  # words of plain prose that a teaser or an offer does not have
_WHOLE = 600  # letters: another article begins only after so much of the first
_PARAGRAPHS = frozenset(("p", "div", "li", "blockquote"))
_DIGITS = re.compile(r"\d+")


def is_prose(block: Block) -> bool:
    """Whether a block reads like running text: long enough, ended like a sentence or very long, and not mostly links."""
    words = weight(block.text)
    if words < 8 or block.linked * 2 > len(block.text):
        return False
    return words >= 20 or ends_clause(block.text)


class Known:
    """A page, and what its blocks are in the light of a seed: the article's text as another judged it."""

    def __init__(self, page: Page, seed: str) -> None:
        self.page = page
        self.flats = [flat(block.text) for block in page.blocks]
        self.prose = [is_prose(block) for block in page.blocks]
        self.seed = flat(seed)
        self.lines = Counter(flat(line) for line in seed.split("\n"))
        del self.lines[""]
        self.seeded = self._find(seed)
        self.total = sum(len(text) for text, found in zip(self.flats, self.seeded, strict=True) if found)
        self.mass = self._weigh()
        self.cards = find_cards(page)
        self.next_story = len(page.nodes)  # the node from which on another article follows
        self.own_marks = self._judge_marks()
        self.marks = self._inherit()
        self.stories = self._stories()

    def _find(self, seed: str) -> list[bool]:
        raw = {line.lstrip("- ") for line in seed.split("\n")}
        found = []
        for block, text in zip(self.page.blocks, self.flats, strict=True):
            if not text:
                found.append(block.text in raw)
            else:
                found.append(text in self.lines or (len(text) >= _SHORT and self._is_within(text)))
        return found

    def _is_within(self, text: str) -> bool:
        """Whether the seed has a text inside a line, or begins and ends it."""
        if not self.lines or len(self.page.blocks) > MANY:
            return False
        return text in self.seed or (len(text) >= 80 and text[:40] in self.seed and text[-40:] in self.seed)

    def _weigh(self) -> list[int]:
        """The seed's text in and under each node."""
        mass = [0] * len(self.page.nodes)
        for block, text, found in zip(self.page.blocks, self.flats, self.seeded, strict=True):
            if found and block.node >= 0:
                mass[block.node] += len(text)
        for index in range(len(mass) - 1, -1, -1):  # children stand after their parents
            parent = self.page.nodes[index].parent
            if parent >= 0:
                mass[parent] += mass[index]
        return mass

    def _judge_marks(self) -> list[str]:
        """Each node's own mark, but for those that the text itself contradicts."""
        common = self._common_names()
        misnamed = self._misnamed()
        abused = self._abused()
        marks = []
        for index, node in enumerate(self.page.nodes):
            mark = node.mark or ("related" if index in self.cards else "")
            bulk = self.mass[index] >= _BULK * self.total > 0 or (mark in abused and self.mass[index] > 0)
            marks.append("" if bulk or index in misnamed or (node.tag, node.name) in common else mark)
        return marks

    def _abused(self) -> set[str]:
        """Marks that this page uses for its text: together their elements hold the bulk of the seed."""
        masses: Counter[str] = Counter()
        nearest: list[str] = []
        for node, mass in zip(self.page.nodes, self.mass, strict=True):
            above = nearest[node.parent] if node.parent >= 0 else ""
            nearest.append(node.mark or above)
            if mass and node.mark and node.mark != above:
                masses[node.mark] += mass
        return {mark for mark, mass in masses.items() if mass >= _BULK * self.total > 0}

    def _inherit(self) -> list[str]:
        """Each node's mark, its own or that of what it stands in."""
        marks: list[str] = []
        for own, node in zip(self.own_marks, self.page.nodes, strict=True):
            marks.append(own or (marks[node.parent] if node.parent >= 0 else ""))
        return marks

    def _common_names(self) -> set[tuple[str, str]]:
        """Names that say furniture but that the page gives to much of its prose, or of the seed: each paragraph may have one."""
        seeded: Counter[tuple[str, str]] = Counter()
        prose: Counter[tuple[str, str]] = Counter()
        for index, node in enumerate(self.page.nodes):
            if node.mark and node.name:
                seeded[node.tag, node.name] += self.mass[index]
        whole = 0
        for block, text, plain in zip(self.page.blocks, self.flats, self.prose, strict=True):
            if plain and block.node >= 0:
                node = self.page.nodes[block.node]
                whole += len(text)
                if node.mark and node.name and node.tag in _PARAGRAPHS:
                    prose[node.tag, node.name] += len(text)
        return {name for name, mass in seeded.items() if mass >= _BULK * self.total > 0} | {
            name for name, mass in prose.items() if mass >= _BULK * whole
        }

    def _misnamed(self) -> set[int]:
        """Containers named as teasers or offers ("teaser-content", "premium") that hold nothing but plain prose."""
        nodes = self.page.nodes
        told = [[0, 0, 0] for _ in nodes]  # prose blocks, words of prose, words of all else
        for block, prose in zip(self.page.blocks, self.prose, strict=True):
            if block.node >= 0:
                words = weight(block.text)
                told[block.node][0] += prose
                told[block.node][1 if prose else 2] += words
        for index in range(len(nodes) - 1, -1, -1):
            if nodes[index].parent >= 0:
                above = told[nodes[index].parent]
                for place, count in enumerate(told[index]):
                    above[place] += count
        return {
            index
            for index, node in enumerate(nodes)
            if node.mark in ("related", "subscribe") and told[index][0] >= 2 and told[index][1] >= max(_MISNAMED, 8 * told[index][2])
        }

    def _stories(self) -> list[int]:
        """For each node which article of the page it stands in: told by `article` elements, and by a further main heading.

        A heading of the first level is one within the text where it stands beside the text's paragraphs, is built in another way
        than the title, or shares no container with what follows it alone, such as the title shares with the text.
        """
        stories: list[int] = []
        for index, node in enumerate(self.page.nodes):
            above = stories[node.parent] if node.parent >= 0 else -1
            stories.append(index if node.tag == "article" else above)
        began: int | None = None
        title: int | None = None
        first = last = -1  # the nodes of the first and the last paragraph so far
        letters = 0  # and how much text they make
        told: set[int] = set()  # the articles in which text stood so far
        homes = {self.page.nodes[b.node].parent for b, s, p in zip(self.page.blocks, self.seeded, self.prose, strict=True) if s and p}
        follows = [-1] * len(self.page.blocks)  # for each block the node of the next paragraph
        for place in range(len(follows) - 2, -1, -1):
            follows[place] = self.page.blocks[place + 1].node if self.prose[place + 1] else follows[place + 1]
        for place, (block, seeded, prose) in enumerate(zip(self.page.blocks, self.seeded, self.prose, strict=True)):
            if block.node >= 0 and self.page.nodes[block.node].tag == "h1":
                if last < 0:
                    title = block.node if title is None or self.kind(title) != self.kind(block.node) else title
                elif title is None:
                    continue
                elif (stories[block.node] >= 0 and stories[block.node] not in told) or (
                    self.page.nodes[block.node].parent not in homes
                    and self.kind(block.node) == self.kind(title)
                    and letters >= _WHOLE
                    and (around := self._shared(block.node, follows[place])) > last
                    and self.kind(around) == self.kind(self._shared(title, first))
                ):
                    began = block.node
                    break
            elif seeded and prose and block.node >= 0:
                told.add(stories[block.node])
                first = block.node if last < 0 else first
                last, letters = block.node, letters + len(self.flats[place])
        # Nodes are numbered in document order: whatever opens after that heading is another article's.
        if began is not None:
            self.next_story = began
            stories[began:] = [story if story > began else began for story in stories[began:]]
        return stories

    def _shared(self, one: int, other: int) -> int:
        """The smallest container of two nodes."""
        above = set(self.page.up(other))
        return next((node for node in self.page.up(one) if node in above), -1)

    def kind(self, index: int) -> tuple[str, ...]:
        """What a container has in common with others of its kind; without a name of its own, its parent's counts too."""
        node = self.page.nodes[index]
        if node.name or node.parent < 0:
            return node.tag, _bare(node.name)
        parent = self.page.nodes[node.parent]
        return node.tag, "", parent.tag, _bare(parent.name)


def _bare(name: str) -> str:
    return _DIGITS.sub("", name)
