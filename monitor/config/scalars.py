"""Where in the file each character of a value stands: quotes, escapes, folded lines, blocks and `${…}` undone.

A query's error counts characters of the query; its caret belongs below the file's line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.config.nodes import Part, Scalar
from monitor.config.problems import Place

_SIMPLE = {"0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b"}
_SIMPLE |= {" ": " ", '"': '"', "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029"}
_HEADER = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)")  # of a block: its sign, what it says of indent and line ends, a comment
_WIDE = {"x": 2, "u": 4, "U": 8}


def place_in(node: Scalar, start: int, end: int, parts: tuple[Part, ...] = ()) -> Place:
    """The place of `start`:`end` of the value of `node`, whose references became `parts`."""
    first, last = _written(start, parts, end=False), _written(end, parts, end=True)
    origins = _origins(node)
    if origins is None:
        return node.place
    if first >= len(origins):
        # Behind the last character: just after it, where a bracket or a word is missing.
        begin = origins[-1][1] if origins else node.start
        return node.source.place(begin, begin + 1)
    finish = origins[min(max(last, first + 1), len(origins)) - 1][1]
    return node.source.place(origins[first][0], finish)


def _written(offset: int, parts: tuple[Part, ...], *, end: bool) -> int:
    """An offset of the value as an offset of the text with its references."""
    shift = 0
    for part in parts:
        if offset >= part.new_end and (not end or offset > part.new_start):
            shift = part.end - part.new_end
        elif offset > part.new_start or (offset == part.new_start and not end):
            return part.end if end else part.start
    return offset + shift


def _origins(node: Scalar) -> list[tuple[int, int]] | None:
    """For each character of `node.text` where it begins and ends in the source; None if the two can't be laid side by side."""
    pieces = list(_pieces(node))
    found: list[tuple[int, int]] = []
    at = 0
    for char in node.text:
        while at < len(pieces) and pieces[at][0] != char:
            if not pieces[at][0].isspace() or pieces[at][3]:
                return None
            if char.isspace():
                break  # a folded line end: the space stands where the line ended
            at += 1
        if at >= len(pieces):
            if not char.isspace():
                return None
            edge = found[-1][1] if found else node.start
            found.append((edge, edge))
            continue
        found.append((pieces[at][1], pieces[at][2]))
        at += 1
    return found


def _pieces(node: Scalar) -> Iterator[tuple[str, int, int, bool]]:
    """Characters that the source spells out: the character, its stretch, and whether it was escaped."""
    text, start, end = node.source.text, node.start, node.end
    if node.style in ("|", ">"):
        yield from _block(text, start, end)
    elif node.style == '"':
        yield from _double(text, start + 1, end - 1)
    elif node.style == "'":
        yield from _single(text, start + 1, end - 1)
    else:
        yield from ((text[index], index, index + 1, False) for index in range(start, end))


def _block(text: str, start: int, end: int) -> Iterator[tuple[str, int, int, bool]]:
    if header := _HEADER.match(text, start, end):
        yield from ((text[index], index, index + 1, False) for index in range(header.end(), end))


def _single(text: str, start: int, end: int) -> Iterator[tuple[str, int, int, bool]]:
    index = start
    while index < end:
        width = 2 if text.startswith("''", index) else 1
        yield text[index], index, index + width, False
        index += width


def _double(text: str, start: int, end: int) -> Iterator[tuple[str, int, int, bool]]:
    index = start
    while index < end:
        if text[index] != "\\":
            yield text[index], index, index + 1, False
            index += 1
            continue
        kind = text[index + 1 : index + 2]
        if kind in _WIDE:
            width = 2 + _WIDE[kind]
            yield chr(int(text[index + 2 : index + width], 16)), index, index + width, True
        elif kind in _SIMPLE:
            width = 2
            yield _SIMPLE[kind], index, index + 2, True
        else:  # a line that goes on: the break and the next indent are no part of the value
            width = 3 if text.startswith("\r\n", index + 1) else 2
            yield from ((" ", spot, spot + 1, False) for spot in range(index, index + width))
        index += width
