"""Logs: lines for people on a terminal, JSON elsewhere; stable event names; no secrets, no control characters."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable, MutableMapping
from datetime import UTC, datetime
from shutil import get_terminal_size
from typing import Any, TextIO
from unicodedata import combining, east_asian_width
from zoneinfo import ZoneInfo

import structlog

from monitor.alerts.clean import cut
from monitor.net.redact import redact

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|\x1b\[[0-9;]*[A-Za-z]")
_COLOURS = {"warning": "\x1b[33m", "error": "\x1b[31m", "critical": "\x1b[31m"}
# What people read of the commonest events: the stage, then these facts.
_SHORT = {
    "delivery.delivered": ("deliver", ("channel", "rule", "title")),
    "delivery.retrying": ("deliver", ("channel", "rule", "cause", "again_s")),
    "delivery.dead": ("deliver", ("channel", "rule", "cause")),
    "delivery.unknown": ("deliver", ("channel", "rule", "cause", "again_s")),
    "delivery.waiting": ("deliver", ("channel", "rule", "cause")),
    "alert.created": ("read", ("rule", "title")),
}
_HIDDEN = {"level", "event", "time", "exception"}


class Secrets:
    """Texts that no line may show; a reload sets them anew."""

    def __init__(self) -> None:
        self.texts: frozenset[str] = frozenset()

    def __call__(self, logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        for key, value in event.items():
            if isinstance(value, list | tuple | set | frozenset):
                event[key] = [self._shown(one) for one in value]
            else:
                event[key] = self._shown(value)
        return event

    def _shown(self, value: object) -> object:
        """Numbers as they are; of all else, errors too, the text."""
        if value is None or isinstance(value, bool | int | float):
            return value
        return redact(str(value), self.texts)


SECRETS = Secrets()


def set_up(mode: str = "auto", *, level: str = "info", stream: TextIO | None = None, zone: ZoneInfo | None = None) -> None:
    """Logs to `stream` (stderr): `mode` is auto, human or json; auto is human on a terminal."""
    out = stream or sys.stderr
    human = mode == "human" or (mode == "auto" and out.isatty())
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            SECRETS,
            _Human(zone, colour=out.isatty(), columns=get_terminal_size().columns if out.isatty() else None) if human else _json,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, handlers=[_Bridge()], force=True)


def _json(logger: Any, method: str, event: MutableMapping[str, Any]) -> str:
    from monitor.store.sql import dump

    ordered = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "level": event.pop("level"),
        "event": event.pop("event"),
        **event,
    }
    line = dump({key: value if isinstance(value, str | int | float | bool | list | None) else str(value) for key, value in ordered.items()})
    # What JSON leaves as it is and a terminal may obey: such characters stand in strings alone.
    return _CONTROLS.sub(lambda found: "".join(f"\\u{ord(char):04x}" for char in found[0]), line)


class _Human:
    """`15:41:08 deliver  desk  delivered  …`: the clock, the event, then its facts."""

    def __init__(self, zone: ZoneInfo | None, *, colour: bool, columns: int | None = None) -> None:
        self._zone = zone
        self._colour = colour
        self._columns = columns  # of the terminal: a line of news ends there

    def __call__(self, logger: Any, method: str, event: MutableMapping[str, Any]) -> str:
        clock = datetime.now(UTC).astimezone(self._zone).strftime("%H:%M:%S")
        level = str(event.get("level", "info"))
        facts = "  ".join(f"{key}={_one_line(value)}" for key, value in event.items() if key not in _HIDDEN and value is not None)
        name = str(event["event"])
        if name in _SHORT:
            stage, keys = _SHORT[name]
            what = name.partition(".")[2] if stage == "deliver" else "alert"
            values = [_told(key, event[key]) for key in keys if event.get(key) is not None]
            channel, rest = (values[0], values[1:]) if stage == "deliver" else ("", values)
            line = f"{clock} {stage:<8} " + "  ".join(part for part in (channel, what, *rest) if part)
            return self._paint(level, _fit(line, self._columns))
        line = self._paint(level, f"{clock} {name:<20} {facts}".rstrip())
        return f"{line}\n{event['exception']}" if event.get("exception") else line

    def _paint(self, level: str, line: str) -> str:
        return f"{_COLOURS[level]}{line}\x1b[0m" if self._colour and level in _COLOURS else line


def _told(key: str, value: object) -> str:
    """A fact without its key, where the value alone would be a riddle with a word to it."""
    return f"again in {float(value):.0f} s" if key == "again_s" and isinstance(value, int | float) else _one_line(value)


def _fit(line: str, columns: int | None) -> str:
    """A line that one row of a terminal takes, cut at a word's end."""
    if columns is None:
        return line
    room = columns
    for number, char in enumerate(line):
        room -= 0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1
        if room < 0:
            return cut(line, number)
    return line


def _one_line(value: object) -> str:
    return _CONTROLS.sub("", " ".join(str(value).split()))


class _Bridge(logging.Handler):
    """What libraries log, in the same lines."""

    def emit(self, record: logging.LogRecord) -> None:
        # A library's message may hold a URL or a body; it goes through the same redaction.
        structlog.get_logger("monitor").log(max(record.levelno, logging.WARNING), "library", name=record.name, text=record.getMessage())


def silence(names: Iterable[str]) -> None:
    for name in names:
        logging.getLogger(name).setLevel(logging.CRITICAL)
