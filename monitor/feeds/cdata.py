"""CDATA sections lifted out of a document before it is parsed, and put back where their text is asked for.

libxml2 reads CDATA a character at a time, twenty instructions each, and most of what a feed holds is CDATA: lifting it saves
a tenth of a parse.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

_MARK = "\x7f"  # DEL: one byte, which XML allows and nobody writes
_OPEN = _MARK + secrets.token_hex(4)  # nothing that a document says may look like a section that was lifted
_OPENED = _OPEN.encode("ascii")
_OPENING, _CLOSING = b"<![CDATA[", b"]]>"
_SMALL = 700  # bytes up to which lifting costs more than it saves
_TRIES = 8
_MARKED = re.compile(f"{_OPEN}:([0-9]+){_MARK}")


class Lifted:
    """A document without its CDATA (`skeleton`), and the way back to the text of its elements.

    `text` makes of what lxml holds the text of an element, stripped, with its CDATA back in place. It raises
    UnicodeDecodeError for what is not UTF-8.
    """

    def __init__(self, body: bytes) -> None:
        self.skeleton = body
        self.text: Callable[[str | None], str] = _stripped
        self._sections: list[bytes] = []
        found = _long_sections(body)
        if not found or b"\x00" in body:
            return
        done = 0
        pieces: list[bytes] = []
        for number, (start, end) in enumerate(found):
            gap = body[done : start - len(_OPENING)]
            if gap.rfind(b"<") > gap.rfind(b">") or _is_open(gap):  # inside a tag, a comment, an instruction
                return
            pieces += (gap, b"%s:%d\x7f" % (_OPENED, number))
            done = end + len(_CLOSING)
        self.skeleton = b"".join((*pieces, body[done:]))
        self._sections = [body[start:end] for start, end in found]
        self.text = self._text

    def _text(self, value: str | None) -> str:
        if not value:
            return ""
        value = value.strip()
        if _OPEN not in value:
            return value
        if value[0] == _MARK == value[-1] and value.count(_MARK) == 2:
            return self._section(value[len(_OPEN) + 1 : -1]).strip()
        return _MARKED.sub(lambda found: self._section(found[1]), value).strip()

    def _section(self, number: str) -> str:
        section = self._sections[int(number)].decode("utf-8")
        return section.replace("\r\n", "\n").replace("\r", "\n") if "\r" in section else section


def _stripped(value: str | None) -> str:
    return value.strip() if value else ""


def _long_sections(body: bytes) -> list[tuple[int, int]]:
    """Where the text of each long section starts and ends."""
    found: list[tuple[int, int]] = []
    start = body.find(_OPENING)
    while start >= 0:
        start += len(_OPENING)
        end = body.find(_CLOSING, start, start + _SMALL)
        if end < 0:
            end = _end(body, start + _SMALL - len(_CLOSING) + 1)
            if end < 0:
                return []
            found.append((start, end))
        start = body.find(_OPENING, end)
    return found


def _end(body: bytes, start: int) -> int:
    """Where the section that holds `start` ends, or -1. A lone byte is found twenty times as fast as three in a row."""
    end = body.find(b"]", start)
    for _ in range(_TRIES):
        if end < 0 or body.startswith(_CLOSING, end):
            return end
        end = body.find(b"]", end + 1)
    return body.find(_CLOSING, end) if end >= 0 else end


def is_marked(value: str) -> bool:
    """Whether some CDATA was lifted out of `value`."""
    return _OPEN in value


def _is_open(gap: bytes) -> bool:
    """Whether a comment or an instruction is open at the end of `gap`. Most have not even the byte that would begin one."""
    comment = b"!" in gap and b"<!--" in gap and gap.rfind(b"<!--") > gap.rfind(b"-->")
    return comment or (b"?" in gap and b"<?" in gap and gap.rfind(b"<?") > gap.rfind(b"?>"))
