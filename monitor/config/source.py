"""The text of one configuration file, and where each of its characters stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from pathlib import Path

from monitor.config.problems import Place, Report

MAX_BYTES = 50_000_000  # 100,000 rules are 12 MB
MAX_EXCERPT = 2_000  # a longer line is no help to anybody
_BREAK = re.compile(r"\r\n|\r|\n")
# What YAML 1.2 does not allow, and the line separators that the parser takes for line ends while editors do not.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")

# Secrets that were written into the file stay out of excerpts, also where the file is too broken to know its keys.
_KEYS = "webhook_url|token|secret|password|passphrase|bearer|basic|cookie|api_key|routing_key|smtp"
_SECRET = re.compile(rf"""((?:^|[\s{{,])["']?(?:{_KEYS})["']?\s*:\s+["']?)(?!["']?\$\{{)([^\s"',}}\]]+)""")


class Source:
    """A file's text. `shown` is its path as people are told it; indexes are code points of `text`."""

    def __init__(self, path: Path, shown: str, text: str) -> None:
        self.path = path
        self.shown = shown
        self.text = text

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in _BREAK.finditer(self.text))]

    def position(self, index: int) -> tuple[int, int]:
        """Line and column, both from 1, of the character at `index`."""
        line = bisect_right(self._starts, index)
        return line, index - self._starts[line - 1] + 1

    def place(self, start: int, end: int) -> Place:
        """The stretch from `start` to `end`, or its part on the first line."""
        start = max(0, min(start, len(self.text)))
        line, column = self.position(start)
        first = self._starts[line - 1]
        last = self._starts[line] if line < len(self._starts) else len(self.text)
        raw = self.text[first:last].rstrip("\r\n")
        length = max(1, min(end, first + len(raw)) - start)
        shown = _SECRET.sub(lambda match: match[1] + "*" * len(match[2]), raw) if len(raw) <= MAX_EXCERPT else None
        return Place(self.shown, line, column, length, shown)


def read_source(path: Path, shown: str, report: Report, *, missing: str | None = None) -> Source | None:
    """The text of `path`, or None with a problem in `report`: not there, not a file, not readable, too large, not UTF-8."""
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        report.error_in_file("file", "this file is not there", shown, suggestion=missing)
        return None
    except IsADirectoryError:
        report.error_in_file("file", "this is a folder, not a file", shown, suggestion="name a file in it")
        return None
    except (OSError, ValueError) as error:
        report.error_in_file("file", f"this file can't be read: {getattr(error, 'strerror', None) or error}", shown)
        return None
    if len(data) > MAX_BYTES:
        report.error_in_file("file", f"this file is larger than {MAX_BYTES // 1_000_000} MB", shown)
        return None
    return decode(data, path, shown, report)


def decode(data: bytes, path: Path, shown: str, report: Report) -> Source | None:
    """`data` as text, or None with a problem: bytes that are not UTF-8, characters that YAML forbids."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        report.error_in_file("encoding", "this file is UTF-16, not UTF-8", shown, suggestion="save it as UTF-8")
        return None
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        good = Source(path, shown, data[: error.start].decode("utf-8"))
        place = good.place(len(good.text), len(good.text) + 1)
        report.error("encoding", f"byte 0x{data[error.start]:02X} is not UTF-8", place, suggestion="save the file as UTF-8")
        return None
    source = Source(path, shown, text)
    if bad := _FORBIDDEN.search(text):
        code = ord(bad.group())
        report.error(
            "character",
            f"the character U+{code:04X} can't stand in a configuration",
            source.place(bad.start(), bad.end()),
            suggestion=f'take it out, or write "\\u{code:04X}" in double quotes',
        )
        return None
    return source


def is_file(path: Path) -> bool:
    """Whether a file is there; False for what can't be a path at all."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_folder(path: Path) -> bool:
    """Whether a folder is there; False for what can't be a path at all."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False
