"""What commands print: tables that fit the terminal, tab-separated values into pipes, JSON lines."""

from __future__ import annotations

import re
import shutil
import sys
import time
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

# Controls, bidi overrides and isolates, lone surrogates (no terminal's encoding has them), and characters that hide.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\U000e0000-\U000e007f]")

# What a terminal obeys as a whole: CSI sequences (colours, the cursor) and OSC strings (titles, links), by ECMA-48.
_SEQUENCES = re.compile("(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b\\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\\\|\x9c)?")


def clean(text: object) -> str:
    """One line without control characters and bidi overrides: text from outside can't steer a terminal."""
    return " ".join(harmless(" ".join(_SEQUENCES.sub("", str(text)).split())).split())


def harmless(line: str) -> str:
    """The line without what a terminal would obey, its spaces as they are."""
    return _CONTROLS.sub("", line)


def out(text: str = "") -> None:
    sys.stdout.write(text + "\n")


def note(text: str) -> None:
    sys.stderr.write(text + "\n")


def json_out(value: Any) -> None:
    from monitor.store.sql import dump

    sys.stdout.write(dump(value) + "\n")


def json_lines(items: Iterable[Any]) -> None:
    for item in items:
        json_out(item)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `key` of the item, its head, whether it may be cut to fit, and how its value reads."""

    key: str
    head: str
    wide: bool = False
    kind: str = "text"  # text, time, count, list, state


def width(text: str) -> int:
    """Columns that a text takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def cut(text: str, room: int) -> str:
    if width(text) <= room:
        return text
    taken, used = [], 0
    for char in text:
        size = width(char)
        if used + size > room - 1:
            break
        taken.append(char)
        used += size
    return "".join(taken).rstrip() + "…"


def pad(text: str, room: int) -> str:
    return text + " " * max(0, room - width(text))


def value(item: dict[str, Any], column: Column, *, human: bool) -> str:
    raw = item.get(column.key)
    if raw is None or (raw in ([], {}) and human):
        return "–" if human else ""
    if column.kind == "time" and human:
        return ago(raw)
    if column.kind == "list":
        return clean(", ".join(f"{k}: {v}" for k, v in raw.items()) if isinstance(raw, dict) else ", ".join(map(str, raw)))
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    return clean(raw)


_STATES = {
    **dict.fromkeys(("ok", "delivered", "acked"), "32"),
    **dict.fromkeys(("failing", "retrying", "silent", "waiting", "unknown", "open", "quarantined"), "33"),
    **dict.fromkeys(("dead", "off", "ended", "critical"), "31"),
    **dict.fromkeys(("paused", "dismissed"), "2"),
    "high": "1",
}


def table(items: Sequence[dict[str, Any]], columns: Sequence[Column]) -> None:
    """On a terminal a table with heads that fits; elsewhere values whole, tab-separated, without heads."""
    from monitor.cli.context import colour

    if not sys.stdout.isatty():
        for item in items:
            out("\t".join(value(item, column, human=False) for column in columns))
        return
    if not items:
        return
    columns = fitting(columns, items, terminal_width())
    cells = [[value(item, column, human=True) for column in columns] for item in items]
    painted = colour(sys.stdout)
    for number, row in enumerate(lay_out(columns, cells, terminal_width())):
        parts = row
        if painted:
            parts = [paint(part, "2" if number == 0 else _code(column, part)) for column, part in zip(columns, row, strict=True)]
        out("  ".join(parts).rstrip())


_WIDE_LEAST = 16
# What a narrow terminal leaves out first; `show` and --json have it all.
_LESS = (
    "origin",
    "language",
    "alerts_30d",
    "delivered_24h",
    "entries",
    "site",
    "target",
    "deliveries",
    "next_try_at",
    "last_ok_at",
    "tries",
)


def fitting(columns: Sequence[Column], items: Sequence[dict[str, Any]], room: int) -> Sequence[Column]:
    """The columns that fit with what they hold, wide ones cut to a readable rest; the least telling are left out first."""

    def needed(column: Column) -> int:
        size = max([width(column.head), *(width(value(item, column, human=True)) for item in items)])
        return min(size, _WIDE_LEAST) if column.wide else size

    sizes = {column.key: needed(column) for column in columns}
    kept = list(columns)
    for key in _LESS:
        if sum(sizes[column.key] + 2 for column in kept) - 2 <= room:
            break
        kept = [column for column in kept if column.key != key] or kept
    return kept


def _code(column: Column, text: str) -> str:
    return _STATES.get(text.strip(), "") if column.key in ("state", "severity") else ""


def paint(text: str, code: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if code and text.strip() else text


def lay_out(columns: Sequence[Column], cells: Sequence[Sequence[str]], room: int) -> list[list[str]]:
    """The padded cells of a table within `room` columns, heads first. Wide columns give way first, then the others."""
    sizes = [max([width(column.head), *(width(row[i]) for row in cells)]) for i, column in enumerate(columns)]
    over = sum(sizes) + 2 * (len(sizes) - 1) - room
    whole = [column.key not in ("id", "state") and column.kind != "time" for column in columns]  # half an id is none
    for least, may in ((_WIDE_LEAST, [column.wide for column in columns]), (4, whole)):
        while over > 0:
            widest = max((i for i, it_may in enumerate(may) if it_may), key=lambda i: sizes[i], default=None)
            if widest is None or sizes[widest] <= least:
                break
            sizes[widest] -= 1
            over -= 1
    return [
        [pad(cut(cell, size), size) for cell, size in zip(row, sizes, strict=True)] for row in ([column.head for column in columns], *cells)
    ]


_ESCAPE = re.compile("\x1b\\[[0-9;]*m")


# A number stays with its unit, and a way on ("→ monitor feeds list") stays whole.
_PARTS = re.compile(r"\s*(?:→.{1,50}$|\(?\d[\d.,]* (?:s|min|h|d|B|kB|MB|GB|TB)\b\S*|\S+)")


def wrapped(line: str, room: int, indent: int) -> list[str]:
    """A line broken at spaces so that it fits, what goes on indented; a word that is longer than a line stays whole."""
    lines, current = [], ""
    for part in _PARTS.findall(line):
        if current.strip() and width(_ESCAPE.sub("", current + part)) > room:
            lines.append(current)
            current = " " * indent + part.strip()
        else:
            current += part
    return [*lines, current] if current else lines or [""]


def out_wrapped(line: str, indent: int) -> None:
    """A line for people: broken to fit a terminal, whole in a pipe."""
    for part in wrapped(line, terminal_width(), indent) if sys.stdout.isatty() else (line,):
        out(part)


def terminal_width() -> int:
    return shutil.get_terminal_size((80, 24)).columns


def counted(number: int, one: str, many: str | None = None) -> str:
    """ "1 feed", "1,204 feeds"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def sized(number: float) -> str:
    """Bytes in the unit that people read: 512 kB, 2.1 GB."""
    for unit in ("B", "kB", "MB", "GB"):
        if number < 1000:
            return f"{number:.0f} {unit}" if unit in ("B", "kB") or number >= 100 else f"{number:.1f} {unit}"
        number /= 1000
    return f"{number:.1f} TB"


def ago(stamp: str, now: datetime | None = None) -> str:
    """ "26 s ago", "in 5 min": how far a time is from now."""
    moment = datetime.fromisoformat(stamp.replace("Z", "+00:00"))
    seconds = ((now or datetime.fromtimestamp(time.time(), UTC)) - moment).total_seconds()
    span = lasting(abs(seconds))
    return f"{span} ago" if seconds >= 0 else f"in {span}"


def lasting(seconds: float) -> str:
    """A length of time in its two largest units: 3 d 4 h, 5 min, 26 s."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min"
    if whole < 86400:
        return f"{whole // 3600} h" + (f" {whole % 3600 // 60} min" if whole < 6 * 3600 and whole % 3600 >= 60 else "")
    return f"{whole // 86400} d" + (f" {whole % 86400 // 3600} h" if whole < 10 * 86400 and whole % 86400 >= 3600 else "")
