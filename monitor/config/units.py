"""Durations, sizes, rates and hours as people write them. All raise `PydanticCustomError` with what is expected."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pydantic_core import PydanticCustomError

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_LONG = {"sec": "s", "second": "s", "seconds": "s", "min": "m", "mins": "m", "minute": "m", "minutes": "m", "hour": "h", "hours": "h"}
_LONG |= {"day": "d", "days": "d", "secs": "s", "hr": "h", "hrs": "h"}
MAX_DURATION = 36_500 * 86_400.0
_DURATION = re.compile(r"([0-9]{1,12})([smhd])", re.ASCII)
_LOOSE = re.compile(r"([0-9]{1,12})\s*([A-Za-z]*)", re.ASCII)
_BYTES = {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30, "TIB": 2**40}
_SIZE = re.compile(r"([0-9]{1,12})\s?([KMGT]i?B|B)", re.ASCII | re.IGNORECASE)
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})", re.ASCII)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def wrong(message: str, *, expected: str | None = None, suggestion: str | None = None) -> PydanticCustomError:
    """The error that a validator of ours raises: the message, and what stands beside the caret and below it."""
    return PydanticCustomError("monitor", "{message}", {"message": message, "expected": expected, "suggestion": suggestion})


def duration(text: object, *, least: float = 0.0) -> float:
    """`90s`, `15m`, `6h`, `2d` in seconds."""
    written = str(text).strip()
    match = _DURATION.fullmatch(written)
    if match is None:
        loose = _LOOSE.fullmatch(written)
        unit = (
            _LONG.get(loose[2].lower(), loose[2].lower() if loose[2].lower() in _SECONDS else "s" if not loose[2] else None)
            if loose
            else None
        )
        advice = f"write {loose[1]}{unit}" if loose and unit else None
        raise wrong(f"{written!r} is no duration", expected="a whole number and s, m, h or d: 90s, 15m, 6h, 2d", suggestion=advice)
    seconds = float(int(match[1]) * _SECONDS[match[2]])
    if seconds < least:
        raise wrong(f"{written} is too short", expected=f"at least {least:g}s", suggestion=f"write {least:g}s or more")
    if seconds > MAX_DURATION:
        raise wrong(f"{written} is too long", expected="at most 36500d")
    return seconds


def size(text: object) -> int:
    """`20GB`, `500MB` in bytes; GB is 10^9, GiB 2^30."""
    match = _SIZE.fullmatch(str(text).strip())
    if match is None or int(match[1]) == 0:
        raise wrong(f"{str(text)!r} is no size", expected="a whole number and MB, GB or TB: 500MB, 20GB")
    return int(match[1]) * _BYTES[match[2].upper()]


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `count` in each `seconds`."""

    count: int
    seconds: float


def rate(text: object) -> Rate:
    """`10/1h`: ten an hour."""
    count, slash, period = str(text).strip().partition("/")
    if not slash or not (count.isascii() and count.isdigit() and len(count) < 10 and int(count) > 0):
        raise wrong(f"{str(text)!r} is no rate", expected="a number, / and a duration: 10/1h")
    if period in _SECONDS:
        raise wrong(f"{str(text)!r} is no rate", expected="a number, / and a duration: 10/1h", suggestion=f"write {count}/1{period}")
    return Rate(int(count), duration(period, least=1.0))


@dataclass(frozen=True, slots=True)
class Hours:
    """A stretch of each of some days: minutes since midnight, local time. `end` at or before `start` is on the next day.

    `days` are those on which the stretch begins, Monday 0.
    """

    days: frozenset[int]
    start: int
    end: int


def hours(text: object) -> Hours:
    """`22:00-07:00` or `sat-sun 00:00-24:00`."""
    written = str(text).strip()
    days, space, clock = written.rpartition(" ")
    start, dash, end = clock.partition("-")
    expected = '22:00-07:00, or with days: "sat-sun 00:00-24:00"'
    if not dash:
        raise wrong(f"{written!r} are no hours", expected=expected)
    begin, finish = _minutes(start, written, expected), _minutes(end, written, expected)
    if begin == finish or begin == 1440:
        raise wrong(f"{written!r} is empty", expected=expected, suggestion="write 00:00-24:00 for a whole day")
    return Hours(_days(days, expected) if space else frozenset(range(7)), begin, finish)


def _minutes(clock: str, written: str, expected: str) -> int:
    match = _CLOCK.fullmatch(clock.strip())
    if match is None or int(match[2]) > 59 or int(match[1]) * 60 + int(match[2]) > 1440:
        raise wrong(f"{clock.strip()!r} in {written!r} is no time of day", expected=expected)
    return int(match[1]) * 60 + int(match[2])


def _days(text: str, expected: str) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split(","):
        first, dash, last = (piece.strip().lower() for piece in part.partition("-"))
        for name in (first, last) if dash else (first,):
            if name not in _DAYS:
                raise wrong(f"{name!r} is no day", expected=expected, suggestion=f"days are {', '.join(_DAYS)}")
        begin, end = _DAYS.index(first), _DAYS.index(last if dash else first)
        found.update((begin + step) % 7 for step in range((end - begin) % 7 + 1))
    return frozenset(found)
