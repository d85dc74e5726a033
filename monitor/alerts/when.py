"""Times of the user's wall clock, right over daylight-saving changes: when a digest is due, when quiet hours end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from monitor.alerts.policy import Stretch

_CHANGE = timedelta(hours=3)  # no clock is ever changed by more
_CHAIN = 16  # stretches that follow upon each other before quiet hours count as endless


class Trigger(Protocol):
    """APScheduler's CronTrigger, made with the zone UTC."""

    def get_next_fire_time(self, previous_fire_time: Any, now: datetime) -> Any: ...


def from_wall(wall: datetime, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, of a naive local time. One that comes twice is its first, one that is skipped is as much later as was skipped."""
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def next_time(trigger: Trigger, zone: ZoneInfo, after: datetime) -> datetime | None:
    """The first moment after `after` at which the wall clock of `zone` shows a time of `trigger`; None if none comes.

    CronTrigger with a real zone fires twice for a time in the hour that is repeated; so the trigger counts wall time as if it were UTC,
    and each of its times is one moment: due once on every day.
    """
    wall = (after.astimezone(zone).replace(tzinfo=None) - _CHANGE).replace(tzinfo=UTC)
    while (found := trigger.get_next_fire_time(None, wall)) is not None:
        moment = from_wall(found.replace(tzinfo=None), zone)
        if moment > after:
            return moment
        wall = found + timedelta(seconds=1)
    return None


def quiet_until(stretches: Sequence[Stretch], moment: datetime, zone: ZoneInfo) -> datetime | None:
    """When the quiet hours that hold at `moment` end, those that follow without a gap included; None if none hold."""
    end: datetime | None = None
    at = moment
    for _ in range(_CHAIN):
        ends = [found for stretch in stretches if (found := _end(stretch, at, zone)) is not None]
        if not ends:
            break
        end = at = max(ends)
    return end


def _end(stretch: Stretch, moment: datetime, zone: ZoneInfo) -> datetime | None:
    local = moment.astimezone(zone).replace(tzinfo=None, fold=0)
    minute = local.hour * 60 + local.minute
    if stretch.start < stretch.end:
        if not (local.weekday() in stretch.days and stretch.start <= minute < stretch.end):
            return None
        day = local.date()
    elif local.weekday() in stretch.days and minute >= stretch.start:
        day = local.date() + timedelta(days=1)
    elif (local.weekday() - 1) % 7 in stretch.days and minute < stretch.end:
        day = local.date()
    else:
        return None
    wall = datetime.combine(day, time()) + timedelta(minutes=stretch.end)
    end = from_wall(wall, zone)
    return end if end > moment else wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
