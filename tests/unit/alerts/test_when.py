"""Digests and quiet hours by the wall clock, over midnight, weekends and both changes of the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from apscheduler.triggers.cron import CronTrigger

from monitor.alerts.when import next_time, quiet_until

BERLIN, NEW_YORK, SEOUL = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("Asia/Seoul")


def due(cron: str, zone: ZoneInfo, start: datetime, days: int) -> list[datetime]:
    trigger = CronTrigger.from_crontab(cron, timezone=UTC)
    moment, found = start, []
    while (next_ := next_time(trigger, zone, moment)) is not None and next_ < start + timedelta(days=days):
        found.append(next_)
        moment = next_
    return found


@pytest.mark.parametrize(
    ("zone", "start"), [(BERLIN, (2026, 3, 26)), (BERLIN, (2026, 10, 22)), (NEW_YORK, (2026, 3, 5)), (NEW_YORK, (2026, 10, 29))]
)
@pytest.mark.parametrize("cron", ["0 7 * * *", "30 2 * * *", "0 2 * * *", "30 1 * * *", "0 3 * * *", "59 23 * * *", "0 0 * * *"])
def test_a_daily_digest_is_due_once_on_each_day_over_the_change(zone: ZoneInfo, start: tuple[int, int, int], cron: str) -> None:
    begin = datetime(*start, tzinfo=zone).astimezone(UTC) - timedelta(seconds=1)
    last = date(*start) + timedelta(days=6)
    days = [day for moment in due(cron, zone, begin, 8) if (day := moment.astimezone(zone).date()) <= last]
    assert days == [date(*start) + timedelta(days=n) for n in range(7)]


def test_where_the_clock_is_put_forward_a_skipped_time_is_due_after_it() -> None:
    (moment,) = due("30 2 * * *", BERLIN, datetime(2026, 3, 29, 0, 0, tzinfo=UTC), 1)[:1]
    assert moment == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)  # 03:30 CEST
    # Asked between the change and that moment, as after a restart, it is still due.
    assert next_time(CronTrigger.from_crontab("30 2 * * *", timezone=UTC), BERLIN, datetime(2026, 3, 29, 1, 10, tzinfo=UTC)) == moment


def test_a_time_that_comes_twice_is_due_the_first_time() -> None:
    trigger = CronTrigger.from_crontab("30 2 * * *", timezone=UTC)
    first = next_time(trigger, BERLIN, datetime(2026, 10, 24, 12, tzinfo=UTC))
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert next_time(trigger, BERLIN, first) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


def test_a_time_that_never_comes() -> None:
    assert next_time(CronTrigger(year=2020, timezone=UTC), SEOUL, datetime(2026, 1, 1, tzinfo=UTC)) is None


@dataclass(frozen=True)
class Hours:
    days: frozenset[int]
    start: int
    end: int


ALL = frozenset(range(7))
NIGHT = Hours(ALL, 22 * 60, 7 * 60)
WEEKEND = Hours(frozenset({5, 6}), 0, 1440)
MONDAY = 26  # of October 2026


def local(day: int, hour: int, minute: int = 0, zone: ZoneInfo = SEOUL) -> datetime:
    return datetime(2026, 10, day, hour, minute, tzinfo=zone)


@pytest.mark.parametrize(
    ("stretches", "moment", "end"),
    [
        ([NIGHT], local(MONDAY, 21, 59), None),
        ([NIGHT], local(MONDAY, 22), local(MONDAY + 1, 7)),
        ([NIGHT], local(MONDAY, 6, 59), local(MONDAY, 7)),
        ([NIGHT], local(MONDAY, 7), None),
        ([Hours(frozenset({0}), 22 * 60, 7 * 60)], local(MONDAY + 1, 3), local(MONDAY + 1, 7)),
        ([Hours(frozenset({1}), 22 * 60, 7 * 60)], local(MONDAY + 1, 3), None),
        ([WEEKEND], local(MONDAY - 2, 0), local(MONDAY, 0)),
        ([WEEKEND, NIGHT], local(MONDAY - 3, 23), local(MONDAY, 7)),
        ([Hours(frozenset({0}), 12 * 60, 13 * 60)], local(MONDAY, 12, 30), local(MONDAY, 13)),
        ([], local(MONDAY, 12), None),
        # 02:10 in Berlin for the second time, quiet until 02:30: its second time.
        ([Hours(ALL, 0, 150)], datetime(2026, 10, 25, 1, 10, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
    ],
)
def test_quiet_hours_end(stretches: list[Hours], moment: datetime, end: datetime | None) -> None:
    zone = BERLIN if moment.tzinfo is UTC else SEOUL
    assert quiet_until(stretches, moment, zone) == end


def test_hours_that_never_end_give_a_time_all_the_same() -> None:
    end = quiet_until([Hours(ALL, 0, 1440)], local(MONDAY, 12), SEOUL)
    assert end is not None
    assert end > local(MONDAY, 12) + timedelta(days=7)
