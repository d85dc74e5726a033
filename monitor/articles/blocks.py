"""A page as the runs of text that a reader sees: each block with where it stands, in document order.

One walk over the parsed tree gives all that choosing an article's text needs; the tree itself is not changed. Text is
flattened as a browser would: inline tags join without a space, line breaks and source lines become one, two line
breaks end a paragraph.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from lxml import etree
from lxml.html import HtmlElement

from monitor.articles.marks import is_unseen_class, mark_of

# Elements that begin and end a block of text; every other one stands in a line, as unknown ones do in a browser.
BLOCK = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "listing",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "search",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
        "xmp",
    ]
)
_CELLS = frozenset(("td", "th"))
# Elements whose text nobody sees.
UNSEEN = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "iframe",
        "object",
        "embed",
        "select",
        "option",
        "optgroup",
        "datalist",
        "textarea",
        "input",
        "button",
        "video",
        "audio",
        "canvas",
        "map",
        "head",
        "title",
        "meta",
        "link",
        "base",
        "param",
        "track",
        "dialog",
        "progress",
        "meter",
        "frameset",
        "applet",
        "noembed",
        "noframes",
    ]
)
_NAME = 500  # characters read of a class, an id or a style
_RAISED = frozenset(("sup", "sub", "wbr", "rp", "rt"))
_IMAGES = frozenset(("img", "amp-img", "picture"))


@dataclass(slots=True)
class Node:
    """An element that holds blocks. `parent` is an index into the page's nodes, -1 at the top."""

    tag: str
    name: str  # class and id as written
    parent: int
    mark: str  # what its tag, class or role says it is: "" if nothing
    images: int = 0  # directly in it


@dataclass(slots=True)
class Block:
    """A run of text. `linked` counts its characters inside links."""

    text: str
    node: int
    linked: int


@dataclass(slots=True)
class Page:
    nodes: list[Node]
    blocks: list[Block]

    def up(self, index: int) -> list[int]:
        """The node and all above it, nearest first."""
        line = []
        while index >= 0:
            line.append(index)
            index = self.nodes[index].parent
        return line


@lru_cache(maxsize=4096)
def _hides(style: str) -> bool:
    tight = style.replace(" ", "").lower()
    return "display:none" in tight or "visibility:hidden" in tight


def is_unseen(element: HtmlElement) -> bool:
    """Whether a browser would not show the element: by its tag, an attribute, its style, or a class of that meaning."""
    if element.tag in UNSEEN:
        return True
    attributes = element.attrib
    if not attributes:
        return False
    if attributes.get("hidden", "until-found") != "until-found":
        return True
    style = attributes.get("style")
    if style and _hides(style[:_NAME]):
        return True
    name = attributes.get("class")
    return bool(name) and is_unseen_class(name[:_NAME])


def _leads(element: HtmlElement) -> bool:
    """Whether an `a` is a link: without an address it is a mark in the text, to be led to."""
    return "href" in element.attrib


class _Walk:
    """The state of one walk: the open nodes, and the run of text that is being gathered."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.blocks: list[Block] = []
        self.open: list[int] = [-1]
        self.run: list[str] = []
        self.linked = 0
        self.in_link = 0
        self.broke = False
        self.closed = ""  # the inline element that ended just before, with no text since
        self.joint = False

    def text(self, text: str) -> None:
        if self.joint and self.run and text[0].isalnum() and self.run[-1][-1:].isalnum() and len(self.run[-1].strip()) > 1:
            self.run.append(" ")  # a single letter before would be an initial
        self.joint, self.closed = False, ""
        self.run.append(text)
        if not text.isspace():
            self.broke = False
            if self.in_link:
                self.linked += len(text.strip())

    def line_break(self) -> None:
        if self.broke:
            self.flush()
        else:
            self.run.append(" ")
            self.broke = True

    def flush(self) -> None:
        if self.run:
            text = " ".join("".join(self.run).split())
            if text:
                self.blocks.append(Block(text, self.open[-1], self.linked))
            self.run.clear()
        self.linked = 0
        self.broke = False

    def start(self, tag: str, element: HtmlElement) -> None:
        if tag == "br":
            self.line_break()
        elif tag in BLOCK:
            self.enter(tag, element)
        elif tag in _CELLS:
            # A row of a table is one line; a cell that holds blocks of its own is not.
            if any(not text.isspace() for text in self.run):
                self.run.append(" | ")
        elif tag == "a":
            self.in_link += _leads(element)
            self.joint = bool(self.closed)
        elif self.closed and tag != self.closed and tag not in _RAISED:
            # Two elements side by side, such as a link and an emphasis, hold two words; a run of spans may hold one.
            self.joint = True
        if tag in _IMAGES and self.nodes:
            self.nodes[self.open[-1]].images += 1

    def enter(self, tag: str, element: HtmlElement) -> None:
        self.flush()
        name = f"{element.get('class') or ''} {element.get('id') or ''}".strip()[:_NAME]
        self.nodes.append(Node(tag, name, self.open[-1], mark_of(tag, name, element.get("role"))))
        self.open.append(len(self.nodes) - 1)

    def end(self, tag: str, element: HtmlElement) -> None:
        if tag in BLOCK:
            self.flush()
            self.open.pop()
            return
        if tag == "a":
            self.in_link -= _leads(element)
        if tag not in _RAISED and tag != "br":
            self.closed = tag


def read_blocks(body: HtmlElement) -> Page:
    """All blocks of text that can be seen under `body`."""
    walk = _Walk()
    events = etree.iterwalk(body, events=("start", "end"))
    unseen: HtmlElement | None = None
    for event, element in events:
        tag = element.tag
        if event == "start":
            if is_unseen(element):
                events.skip_subtree()
                unseen = element
                continue
            walk.start(tag, element)
            if element.text:
                walk.text(element.text)
            continue
        if element is unseen:
            unseen = None
        else:
            walk.end(tag, element)
        if element.tail and element is not body:
            walk.text(element.tail)
    walk.flush()
    return Page(walk.nodes, walk.blocks)
