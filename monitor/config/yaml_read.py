"""YAML text to nodes with places, by libyaml's events: 10,000 rules in a quarter of a second, bounded in depth and aliases.

The rules are YAML 1.2's: a duplicate key is an error, and plain scalars are resolved by whoever knows what a key takes.
"""

from __future__ import annotations

import re
from typing import Any, cast

from ruamel.yaml.cyaml import CBaseLoader
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from monitor.config.nodes import Mapping, Node, Scalar, Sequence
from monitor.config.problems import Report
from monitor.config.source import Source
from monitor.config.yaml_remedies import remedy

MAX_DEPTH = 30
MAX_ALIASES = 99
MAX_ALIASED_NODES = 100_000  # what all aliases of a file may stand for together

# libyaml (YAML 1.1) refuses `:` and `?` inside plain scalars within brackets, as in {url: https://…}; YAML 1.2 takes them.
# They go through it as two private characters of the same length, and come back in the values.
_INNER_COLON = re.compile(r"""(?<=[^\s"'\]}\\]):(?=[^\s,\[\]{}])""")
_INNER_QUESTION = re.compile(r"\?(?=[^\s,\[\]{}])|(?<=[^\s,\[{])\?")
_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)+")
_TAGS = {f"tag:yaml.org,2002:{name}": name for name in ("str", "int", "float", "bool", "null", "map", "seq")}


def read_yaml(source: Source, report: Report) -> Node | None:
    """The one document of `source`; None for an empty file, or where it is no YAML (then `report` says why)."""
    colon, question = _stand_ins(source.text)
    text = _INNER_QUESTION.sub(question, _INNER_COLON.sub(colon, source.text))
    builder = _Builder(source, report, {ord(colon): ":", ord(question): "?"} if text != source.text else {})
    take = {
        ScalarEvent: builder.scalar,
        MappingStartEvent: builder.open_mapping,
        SequenceStartEvent: builder.open_sequence,
        MappingEndEvent: builder.close,
        SequenceEndEvent: builder.close,
        AliasEvent: builder.alias,
        DocumentStartEvent: builder.document,
    }
    try:
        next_event = CBaseLoader(text).get_event
        while (event := next_event()) is not None:
            handler = take.get(type(event))
            if handler is not None and not handler(event):
                return None
    except YAMLError as error:
        _tell(error, source, report)
        return None
    return builder.root


def _stand_ins(text: str) -> tuple[str, str]:
    free = (chr(code) for code in range(0xE000, 0xF900) if chr(code) not in text)
    return next(free, "\ue000"), next(free, "\ue001")


def _tell(error: Any, source: Source, report: Report) -> None:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    index = min(mark.index, len(source.text)) if mark else 0
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it can't be read as YAML"
    message, advice, index = remedy(str(problem), str(getattr(error, "context", "") or ""), source.text, index)
    report.error("yaml", message, source.place(index, index + 1), suggestion=advice)


class _Builder:
    """Takes events one by one; a stack instead of recursion, so that depth costs an error and never the process.

    Its methods answer False where reading has to stop.
    """

    def __init__(self, source: Source, report: Report, back: dict[int, str]) -> None:
        self.source = source
        self.report = report
        self.back = back
        self.root: Node | None = None
        self.documents = 0
        self.aliases = 0
        self.aliased = 0
        self.anchors: dict[str, Node] = {}
        self.open_anchors: dict[int, str] = {}  # by the id of a node that is still being read
        self.stack: list[Sequence | Mapping] = []
        self.pending: list[Scalar | None] = []  # for each open container the key that waits for its value

    def document(self, event: Any) -> bool:
        self.documents += 1
        if self.documents > 1:
            return self._stop(event, "a second document begins here: a file holds one", "take out the line with ---")
        return True

    def _stop(self, event: Any, message: str, advice: str | None = None) -> bool:
        start = event.start_mark.index
        self.report.error("yaml", message, self.source.place(start, max(start + 1, event.end_mark.index)), suggestion=advice)
        return False

    def scalar(self, event: Any) -> bool:
        text = event.value.translate(self.back) if self.back else event.value
        style = event.style or ""
        node = Scalar(self.source, event.start_mark.index, event.end_mark.index, text, style)
        if event.tag is not None:
            if event.tag not in _TAGS:
                return self._stop(event, "a tag (a word that begins with !) means nothing here", "put the value in quotes")
            if event.tag.endswith(":str") and not style:
                node.style = "!"
        if event.anchor or event.tag is not None:
            self._step_over(node)
        if event.anchor:
            self.anchors[event.anchor] = node
        return self._add(node, event)

    def _step_over(self, node: Scalar) -> None:
        """The event begins at an anchor or tag; the value, and what is said of it, begins behind."""
        if properties := _PROPERTIES.match(self.source.text, node.start, node.end):
            node.start = properties.end()

    def open_mapping(self, event: Any) -> bool:
        return self._open(event, Mapping(self.source, event.start_mark.index, event.end_mark.index))

    def open_sequence(self, event: Any) -> bool:
        return self._open(event, Sequence(self.source, event.start_mark.index, event.end_mark.index))

    def _open(self, event: Any, node: Sequence | Mapping) -> bool:
        if event.tag is not None and event.tag not in _TAGS:
            return self._stop(event, "a tag (a word that begins with !) means nothing here", "take it out")
        if len(self.stack) >= MAX_DEPTH:
            return self._stop(event, f"brackets or indents are nested deeper than {MAX_DEPTH}")
        if not self._add(node, event):
            return False
        self.stack.append(node)
        self.pending.append(None)
        if event.anchor:
            self.anchors.pop(event.anchor, None)
            self.open_anchors[id(node)] = event.anchor
        return True

    def close(self, event: Any) -> bool:
        node = self.stack.pop()
        self.pending.pop()
        node.end = event.end_mark.index
        if self.open_anchors and (anchor := self.open_anchors.pop(id(node), None)):
            self.anchors[anchor] = node
        if self.stack:
            self._grow(self.stack[-1], node)
        return True

    @staticmethod
    def _grow(parent: Sequence | Mapping, node: Node) -> None:
        parent.weight += node.weight
        parent.height = max(parent.height, node.height + 1)

    def alias(self, event: Any) -> bool:
        target = self.anchors.get(event.anchor)
        self.aliases += 1
        if target is None:
            if event.anchor in self.open_anchors.values():
                return self._stop(event, f"*{event.anchor} stands inside of what it names")
            return self._stop(event, f"nothing is named &{event.anchor}", "put a value that begins with * in quotes")
        self.aliased += target.weight
        if self.aliases > MAX_ALIASES or self.aliased > MAX_ALIASED_NODES:
            return self._stop(event, f"more than {MAX_ALIASES} aliases (*name), or more than they may stand for", "write the values out")
        if len(self.stack) + target.height > MAX_DEPTH:
            return self._stop(event, f"with what *{event.anchor} stands for, this is nested deeper than {MAX_DEPTH}")
        if not self._add(target, event):
            return False
        if self.stack and target.height:
            self._grow(self.stack[-1], target)
        return True

    def _add(self, node: Node, event: Any) -> bool:
        if not self.stack:
            self.root = node
            return True
        parent = self.stack[-1]
        parent.weight += 1
        if type(parent) is Sequence:
            parent.items.append(node)
            return True
        key = self.pending[-1]
        if key is None:
            if not isinstance(node, Scalar):
                return self._stop(event, "a key must be a word, not a list or keys and values", _key_advice(self.source.text, event))
            self.pending[-1] = node
            return True
        self.pending[-1] = None
        self._put(cast("Mapping", parent), key, node)
        return True

    def _put(self, parent: Mapping, key: Scalar, node: Node) -> None:
        if key.text in parent.items:
            first = parent.keys[key.text].place
            self.report.error("duplicate-key", f"the key '{key.text}' stands twice", key.place, expected=f"the first is at {first}")
        elif key.text == "<<" and not key.style:
            self.report.error("yaml", "the merge key << is not of YAML 1.2", key.place, suggestion="write the keys out")
        else:
            parent.items[key.text] = node
            parent.keys[key.text] = key


def _key_advice(text: str, event: Any) -> str | None:
    start = event.start_mark.index
    return "put it in quotes" if text[start - 1 : start] == "{" else None
