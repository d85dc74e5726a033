"""What a YAML file holds, each key and value with its place. Plain scalars stay the text they are: `NO` is no truth value."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.config.problems import Place
from monitor.config.source import Source


@dataclass(frozen=True, slots=True)
class Part:
    """A reference at `start`:`end` of a text as written became `new_start`:`new_end` of the value."""

    start: int
    end: int
    new_start: int
    new_end: int


class Node:
    """`start` and `end` are indexes into the source's text.

    `weight` counts the node and those below, `height` the levels below; both with what aliases stand for.
    """

    __slots__ = ("end", "height", "source", "start", "weight")

    kind = "nothing"

    def __init__(self, source: Source, start: int, end: int) -> None:
        self.source = source
        self.start = start
        self.end = end
        self.weight = 1
        self.height = 0

    @property
    def line(self) -> int:
        return self.source.position(self.start)[0]

    @property
    def place(self) -> Place:
        return self.source.place(self.start, self.end)


class Scalar(Node):
    """`text` is the value as YAML decodes it; `style` is empty for a plain one, else its first character."""

    __slots__ = ("style", "text")

    kind = "text"

    def __init__(self, source: Source, start: int, end: int, text: str, style: str = "") -> None:
        self.source = source
        self.start = start
        self.end = end
        self.weight = 1
        self.height = 0
        self.text = text
        self.style = style

    @property
    def null(self) -> bool:
        """Whether nothing is written, or a plain `null` (YAML 1.2, core schema)."""
        return not self.style and self.text in _NULLS


_NULLS = frozenset(("", "~", "null", "Null", "NULL"))


class Sequence(Node):
    __slots__ = ("items",)

    kind = "a list"

    def __init__(self, source: Source, start: int, end: int) -> None:
        super().__init__(source, start, end)
        self.height = 1
        self.items: list[Node] = []


class Mapping(Node):
    """Keys in the order written. A key's own node tells where it stands."""

    __slots__ = ("items", "keys")

    kind = "keys and values"

    def __init__(self, source: Source, start: int, end: int) -> None:
        super().__init__(source, start, end)
        self.height = 1
        self.items: dict[str, Node] = {}
        self.keys: dict[str, Scalar] = {}

    def key_place(self, key: str) -> Place:
        node = self.keys.get(key)
        return node.place if node else self.place
