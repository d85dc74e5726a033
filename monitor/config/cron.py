"""Cron times: five fields as cron writes them (Sunday is 0 or 7), computed by APScheduler's CronTrigger.

CronTrigger counts days of the week from Monday; `1` meaning Tuesday would send every digest a day late.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from monitor.alerts import when
from monitor.config.units import wrong

if TYPE_CHECKING:
    from apscheduler.triggers.cron import CronTrigger

_EXPECTED = 'five fields: minute, hour, day, month, day of the week, as "0 7 * * *" or "0 7 * * mon-fri"'
_SHORT = {"@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *"}
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FIELD = re.compile(r"[0-9A-Za-z*,/-]{1,100}", re.ASCII)


def trigger(text: str) -> CronTrigger:
    """A trigger of the times of `text`, as of a wall clock (the zone UTC; `monitor.alerts.when` lays them on a real zone).

    Raises PydanticCustomError where it is no cron expression.
    """
    from apscheduler.triggers.cron import CronTrigger

    written = text.strip()
    if written in _SHORT:
        raise wrong(f"{written} is no cron expression here", expected=_EXPECTED, suggestion=f'write "{_SHORT[written]}"')
    fields = written.split()
    if len(fields) != 5 or not all(_FIELD.fullmatch(field) for field in fields):
        raise wrong(f"{written[:80]!r} is no cron expression", expected=_EXPECTED)
    minute, hour, day, month, weekday = fields
    if day != "*" and weekday != "*":
        raise wrong("day and day of the week together mean different things to different programs", expected="one of the two is *")
    try:
        made = CronTrigger(minute=minute, hour=hour, day=day, month=month.lower(), day_of_week=_weekdays(weekday.lower()), timezone=UTC)
    except (ValueError, TypeError, LookupError) as error:
        raise wrong(f"{written!r} is no cron expression: {error}", expected=_EXPECTED)
    return made


def next_time(text: str, zone: ZoneInfo, after: datetime) -> datetime:
    """The first time of `text` after `after`, in UTC. Raises PydanticCustomError as `trigger`, and where there is no such time."""
    found = when.next_time(trigger(text), zone, after)
    if found is None:
        raise wrong(f"{text!r} names a time that never comes", expected=_EXPECTED)
    return found


def _weekdays(field: str) -> str:
    """Numbers of cron's week as names; a range over the week's end as the days it holds."""
    return ",".join(_part(part) for part in field.split(","))


def _part(part: str) -> str:
    span, slash, step = part.partition("/")
    first, dash, last = span.partition("-")
    if span == "*" and not slash:
        return part
    if span == "*":
        first, last, dash = "0", "6", "-"
    start = _day(first)
    if not dash and not slash:
        return _DAYS[start]
    end = _day(last) if dash else 6
    if end < start:
        end += 7
    every = int(step) if slash else 1
    if every < 1:
        raise ValueError("a step of 0")
    return ",".join(dict.fromkeys(_DAYS[day % 7] for day in range(start, end + 1, every)))


def _day(text: str) -> int:
    if text in _DAYS:
        return _DAYS.index(text)
    if not text.isdecimal() or int(text) > 7:
        raise ValueError(f"{text!r} is no day of the week")
    return int(text)
