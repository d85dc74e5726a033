"""Problems as people read them on a terminal (interface, section 6), and as JSON."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any

from monitor.config.loading import Loaded
from monitor.config.problems import Level, Problem

_CODE_COLUMN = 95
_COLORS = {Level.ERROR: "1;31", Level.WARNING: "1;33"}


def render(what: Loaded | Iterable[Problem], *, color: bool = False, width: int | None = None) -> str:
    """A block of lines for each problem, without a line feed at the end; "" for none.

    Of a `Loaded` all problems, its `fence` too, and the summary. `width` is the terminal's, None where there is none.
    """
    if isinstance(what, Loaded):
        return "\n".join([*(line for problem in what.all_problems for line in _block(problem, color, width)), summary(what)])
    return "\n".join(line for problem in what for line in _block(problem, color, width))


def summary(loaded: Loaded, *, unchanged: bool = True) -> str:
    """The last line of `check`: how many problems, and of what. With errors, and `unchanged`, what they mean for the daemon."""
    levels = [problem.severity for problem in loaded.all_problems]
    errors, warnings = levels.count(Level.ERROR), levels.count(Level.WARNING)
    counts = loaded.counts
    found = f"{_count(errors, 'error')}, {_count(warnings, 'warning')}."
    held = ", ".join(
        (
            _count(counts.feeds, "feed"),
            _count(counts.rules, "rule"),
            _count(counts.entities, "entity", "entities"),
            _count(counts.channels, "channel"),
        )
    )
    after = " The running configuration is unchanged." if errors and unchanged else ""
    return f"{found} {_count(len(loaded.files), 'file')}: {held}.{after}"


def as_json(loaded: Loaded) -> dict[str, Any]:
    """What `check --json` prints: one object."""
    problems = loaded.all_problems
    errors = sum(problem.severity is Level.ERROR for problem in problems)
    counts = loaded.counts
    return {
        "ok": errors == 0,
        "errors": errors,
        "warnings": len(problems) - errors,
        "files": list(loaded.files),
        "feeds": counts.feeds,
        "rules": counts.rules,
        "entities": counts.entities,
        "channels": counts.channels,
        "problems": [problem.as_json() for problem in problems],
    }


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _block(problem: Problem, color: bool, width: int | None) -> list[str]:
    paint = _painter(color)
    level = str(problem.severity)
    head = f"{level}: {_clean(problem.message)}"
    code = f"[{problem.code}]"
    column = _CODE_COLUMN if width is None else min(_CODE_COLUMN, width - len(code))
    gap = max(2, column - _cells(head))
    lines = [paint(level, _COLORS[problem.severity]) + paint(head[len(level) :], "1") + " " * gap + paint(code, "2")]
    gutter = len(str(problem.line or ""))
    if problem.file is not None:
        lines.append(f"{' ' * gutter}{paint('-->', '34')} {_clean(problem.place or '')}")
    expected = _clean(problem.expected) if problem.expected else None
    if problem.line is not None and problem.excerpt is not None and problem.excerpt.strip():
        lines += _excerpt(problem, gutter, width, color)
    elif problem.suggestion:
        lines.append(f"{' ' * gutter} {paint('=', '34')} {_clean(problem.suggestion)}")
    if expected:
        lines.append(f"{' ' * gutter} {paint('=', '34')} {expected}")
    return lines


def _excerpt(problem: Problem, gutter: int, width: int | None, color: bool) -> list[str]:
    assert problem.line is not None
    assert problem.excerpt is not None
    paint = _painter(color)
    text, before, carets = pointed(problem.excerpt, (problem.column or 1) - 1, problem.length, (width or 160) - gutter - 4)
    advice = f" {_clean(problem.suggestion)}" if problem.suggestion else ""
    return [
        f"{' ' * gutter} {paint('|', '34')}",
        f"{paint(f'{problem.line} |', '34')} {text}".rstrip(),
        f"{' ' * gutter} {paint('|', '34')} {before}{paint(carets + advice, _COLORS[problem.severity])}",
    ]


def pointed(line: str, start: int, length: int, room: int) -> tuple[str, str, str]:
    """A line of text in at most `room` columns, the spaces up to `start` in it, and the carets under what stands there."""
    text, start = _window(line, start, room)
    before, marked = _clean(text[:start]), _clean(text[start : start + length])
    return _clean(text), " " * _cells(before), "^" * max(1, _cells(marked))


def _window(text: str, start: int, room: int) -> tuple[str, int]:
    """The part of a long line that holds `start`, and where `start` is in it."""
    room = max(room, 20)
    if _cells(text) <= room:
        return text, start
    left = max(0, start - room // 2)
    part = text[left : left + room - 2]
    lead = "…" if left else ""
    tail = "…" if left + room - 2 < len(text) else ""
    return lead + part + tail, start - left + len(lead)


def _clean(text: str) -> str:
    """Nothing that a terminal would obey, and one character for one."""
    return "".join(
        " " if char in "\t\r\n" else "\ufffd" if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") else char for char in text
    )


def _cells(text: str) -> int:
    """Columns of a terminal."""
    return sum(0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1 for char in text)


def _painter(color: bool) -> Any:
    return (lambda text, code: f"\x1b[{code}m{text}\x1b[0m" if text else text) if color else (lambda text, _: text)
