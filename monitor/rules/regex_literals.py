"""What a text must hold for an RE2 pattern to match at all: literals by which the scan wakes its rule.

Only what is sure is used. A pattern that is not understood has no literal and is run on each text.
"""

from __future__ import annotations

import re

from monitor.rules.units import becomes_one
from monitor.rules.wake import Wake, commonness
from monitor.rules.words import group_of

_SHORTEST = {True: 3, False: 2}  # of ASCII and of other literals
_REPEAT = re.compile(r"[*+?]\??|\{(\d+)(,?)(\d*)\}\??")
_GROUP = re.compile(r"\?(?:P?<[^>]*>|[imsU-]*:)")
_FLAGS = re.compile(r"\(\?[imsU-]*\)")
_CLASS_NAME = re.compile(r"\[:\^?[a-z]+:\]")
_CHAR_ESCAPE = re.compile(r"x\{[0-9A-Fa-f]+\}|x[0-9A-Fa-f]{2}|[0-7]{1,3}|p\{[^}]*\}|P\{[^}]*\}|[pP].|.", re.DOTALL)
_ZERO_WIDTH = "bBAz"
_DEEPEST = 50


class _Unknown(Exception):
    """The pattern has something this reader does not know."""


def needed_literals(pattern: str) -> Wake:
    """Folded literals, one of which every matching text has in its text form."""
    try:
        reader = _Reader(pattern)
        found = reader.alternatives(0)
        return found if reader.at == len(pattern) else None
    except (_Unknown, IndexError):
        return None


class _Reader:
    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def alternatives(self, depth: int) -> Wake:
        if depth > _DEEPEST:
            raise _Unknown
        branches = [self._sequence(depth)]
        while self.at < len(self.pattern) and self.pattern[self.at] == "|":
            self.at += 1
            branches.append(self._sequence(depth))
        return None if None in branches else frozenset().union(*(branch for branch in branches if branch is not None))

    def _sequence(self, depth: int) -> Wake:
        found: list[frozenset[str]] = []
        run: list[str] = []

        def close() -> None:
            best = _best_piece("".join(run))
            if best:
                found.append(frozenset((best,)))
            run.clear()

        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            literal, inner = self._atom(depth)
            least = self._repeat()
            if least == 1 and literal is not None:
                run.extend(literal)
                continue
            if literal and least is not None and least > 1:  # at least once, and nothing is known of what follows
                run.extend(literal)
            close()
            if inner is not None and least is not None and least > 0:
                found.append(inner)
        close()
        return min(found, key=commonness, default=None)

    def _atom(self, depth: int) -> tuple[str | None, Wake]:
        """A literal ("" for what has no width), or what a group needs; (None, None) for any other single character."""
        char = self.pattern[self.at]
        if char == "(":
            flags = _FLAGS.match(self.pattern, self.at)
            if flags:
                self.at = flags.end()
                return "", None
            self.at += 1
            opening = _GROUP.match(self.pattern, self.at)
            if opening:
                self.at = opening.end()
            elif self.pattern[self.at] == "?":
                raise _Unknown
            inner = self.alternatives(depth + 1)
            if self.pattern[self.at] != ")":
                raise _Unknown
            self.at += 1
            return None, inner
        if char == "[":
            self._class()
            return None, None
        if char == "\\":
            return self._escape(), None
        self.at += 1
        if char in "^$":
            return "", None
        return (None if char == "." else char), None

    def _class(self) -> None:
        self.at += 1
        if self.pattern[self.at] == "^":
            self.at += 1
        if self.pattern[self.at] == "]":
            self.at += 1
        while self.pattern[self.at] != "]":
            name = _CLASS_NAME.match(self.pattern, self.at)
            if name:
                self.at = name.end()
            elif self.pattern[self.at] == "\\":
                self.at += 1
                self.at = self._match(_CHAR_ESCAPE).end()
            else:
                self.at += 1
        self.at += 1

    def _escape(self) -> str | None:
        self.at += 1
        if self.pattern[self.at] == "Q":
            end = self.pattern.find("\\E", self.at)
            quoted = self.pattern[self.at + 1 : end if end >= 0 else None]
            self.at = end + 2 if end >= 0 else len(self.pattern)
            if self.at < len(self.pattern) and self.pattern[self.at] in "*+?{":
                raise _Unknown
            return quoted
        escape = self._match(_CHAR_ESCAPE)
        self.at = escape.end()
        if escape[0] in _ZERO_WIDTH:
            return ""
        return escape[0] if len(escape[0]) == 1 and not escape[0].isalnum() else None

    def _match(self, what: re.Pattern[str]) -> re.Match[str]:
        match = what.match(self.pattern, self.at)
        if match is None:
            raise _Unknown
        return match

    def _repeat(self) -> int | None:
        """How often the last atom is there at least: 1 for exactly once, 2 for once or more, 0 where it may be absent."""
        match = _REPEAT.match(self.pattern, self.at)
        if match is None:
            return 1
        self.at = match.end()
        if match[1] is None:
            return 2 if match[0][0] == "+" else 0
        return 2 if int(match[1]) else 0


def _best_piece(run: str) -> str:
    """The longest part of a literal that stands in the text form as one piece, "" where none is long enough."""
    pieces: list[str] = [""]
    groups = [""]
    for char in run:
        folded = _folded(char)
        group = group_of(folded) if folded else ""
        if folded and group == groups[-1]:
            pieces[-1] += folded
        else:
            pieces.append(folded)
            groups.append(group)
    # A text may go on with a mark that changes the last letter of a piece, but no ASCII letter is changed so.
    sure = [piece if piece.isascii() else piece[:-1] for piece in pieces]
    long_enough = [piece for piece in sure if len(piece) >= _SHORTEST[piece.isascii()]]
    return max(long_enough, key=lambda piece: len(piece.encode()), default="")


def _folded(char: str) -> str:
    """The one letter or digit that the text form makes of a character wherever it stands; "" where that is not sure."""
    if char.isascii():
        return char.lower() if char.isalnum() else ""
    return (becomes_one(char) or "") if char.isalpha() else ""
