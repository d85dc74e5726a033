"""Durations, sizes, rates, hours and cron times."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from monitor.config.cron import next_time, trigger
from monitor.config.spelling import distance, nearest
from monitor.config.units import Hours, Rate, duration, hours, rate, size


def refused(read: Callable[[Any], object], text: object) -> dict[str, Any]:
    with pytest.raises(PydanticCustomError) as caught:
        read(text)
    return dict(caught.value.context or {})


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("15m", 900), ("6h", 21_600), ("2d", 172_800), ("0s", 0), (" 1s ", 1), ("007s", 7)]
)
def test_durations(text: str, seconds: float) -> None:
    assert duration(text) == seconds


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("5", "write 5s"),
        ("5 min", "write 5m"),
        ("15minutes", "write 15m"),
        ("2 Days", "write 2d"),
        ("3H", "write 3h"),
        ("1w", None),
        ("1.5h", None),
        ("-1s", None),
        ("1h30m", None),
        ("", None),
        ("٣s", None),
        ("1e3s", None),
    ],
)
def test_what_is_no_duration(text: str, advice: str | None) -> None:
    context = refused(duration, text)
    assert context["suggestion"] == advice
    assert "90s, 15m, 6h, 2d" in context["expected"]


def test_durations_have_bounds() -> None:
    assert refused(duration, "999999999d")["message"] == "999999999d is too long"
    assert refused(lambda text: duration(text, least=1.0), "0s")["expected"] == "at least 1s"


@pytest.mark.parametrize(("text", "count"), [("20GB", 20 * 10**9), ("500MB", 5 * 10**8), ("1 GiB", 2**30), ("3tb", 3 * 10**12), ("7B", 7)])
def test_sizes(text: str, count: int) -> None:
    assert size(text) == count


@pytest.mark.parametrize("text", ["20", "GB", "-1GB", "0GB", "1.5GB", "20 G B", "20PB"])
def test_what_is_no_size(text: str) -> None:
    assert refused(size, text)["expected"] == "a whole number and MB, GB or TB: 500MB, 20GB"


def test_rates() -> None:
    assert rate("10/1h") == Rate(10, 3600.0)
    assert rate(" 1/90s") == Rate(1, 90.0)
    assert refused(rate, "10/h")["suggestion"] == "write 10/1h"
    for wrong in ("10", "0/1h", "x/1h", "1/0s", "/1h", "10/", "-1/1h", "1/1h/1h"):
        assert refused(rate, wrong)["message"]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("22:00-07:00", Hours(frozenset(range(7)), 1320, 420)),
        ("sat-sun 00:00-24:00", Hours(frozenset((5, 6)), 0, 1440)),
        ("fri-mon 9:30-10:00", Hours(frozenset((4, 5, 6, 0)), 570, 600)),
        ("Mon,wed 00:00-00:01", Hours(frozenset((0, 2)), 0, 1)),
        ("sun 23:59-00:00", Hours(frozenset((6,)), 1439, 0)),
    ],
)
def test_hours(text: str, read: Hours) -> None:
    assert hours(text) == read


@pytest.mark.parametrize(
    "text", ["22-07", "22:00", "25:00-07:00", "22:60-07:00", "24:01-07:00", "24:00-07:00", "07:00-07:00", "someday 22:00-07:00", "", "-"]
)
def test_what_are_no_hours(text: str) -> None:
    assert refused(hours, text)["message"]


SEOUL = ZoneInfo("Asia/Seoul")
NEW_YEAR = datetime(2024, 1, 1, tzinfo=UTC)  # a Monday, 09:00 in Seoul


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("0 7 * * *", "2024-01-02 07:00"),
        ("0 9 * * *", "2024-01-02 09:00"),  # after, not at
        ("0 7 * * 1", "2024-01-08 07:00"),  # 1 is Monday, as for cron
        ("0 7 * * 0", "2024-01-07 07:00"),
        ("0 7 * * 7", "2024-01-07 07:00"),
        ("0 7 * * SUN", "2024-01-07 07:00"),
        ("0 7 * * 2-4", "2024-01-02 07:00"),
        ("0 7 * * sat,3", "2024-01-03 07:00"),
        ("0 7 * * 5-7", "2024-01-05 07:00"),
        ("0 7 * * fri-mon", "2024-01-05 07:00"),
        ("0 7 * * 0-7", "2024-01-02 07:00"),
        ("0 7 * * 4/2", "2024-01-04 07:00"),
        ("0 7 * * */3", "2024-01-03 07:00"),
        ("*/20 * * * *", "2024-01-01 09:20"),
        ("0 0 29 2 *", "2024-02-29 00:00"),
        ("0 0 1 JAN-mar *", "2024-02-01 00:00"),
    ],
)
def test_cron(text: str, local: str) -> None:
    assert next_time(text, SEOUL, NEW_YEAR).astimezone(SEOUL).strftime("%Y-%m-%d %H:%M") == local


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0 7 * *", "'0 7 * *' is no cron expression"),
        ("0 7 * * * *", "'0 7 * * * *' is no cron expression"),
        ("", "'' is no cron expression"),
        ("@daily", "@daily is no cron expression here"),
        ("99 7 * * *", "'99 7 * * *' is no cron expression: "),
        ("0 7 * * 8", "'0 7 * * 8' is no cron expression: '8' is no day of the week"),
        ("0 7 * * 1-", "'0 7 * * 1-' is no cron expression: '' is no day of the week"),
        ("0 7 * * */0", "'0 7 * * */0' is no cron expression: a step of 0"),
        ("0 7 1 * 1", "day and day of the week together"),
        ("a b c d *", "'a b c d *' is no cron expression: "),
    ],
)
def test_what_is_no_cron_line(text: str, message: str) -> None:
    assert refused(trigger, text)["message"].startswith(message)


def test_a_time_that_never_comes() -> None:
    assert refused(lambda text: next_time(text, SEOUL, NEW_YEAR), "0 0 30 2 *")["message"].endswith("names a time that never comes")


def message_of(read: Callable[[Any], object], text: str) -> str | None:
    try:
        read(text)
    except PydanticCustomError as error:
        return str((error.context or {})["message"])
    return None


@given(st.text(max_size=20))
def test_nothing_but_an_error_comes_of_any_text(text: str) -> None:
    for read in (duration, size, rate, hours, trigger):
        assert message_of(read, text) != ""


def test_spelling() -> None:
    known = ["name", "notify", "none", "query", "min_severity"]
    assert nearest("notfy", known) == "notify"
    assert nearest("Notify", known) == "notify"
    assert nearest("qeury", known) == "query"
    assert nearest("min-severity", known) == "min_severity"
    assert nearest("nam", known) == "name"
    assert nearest("elephant", known) is None
    assert nearest("", known) is None
    assert nearest("x" * 10_000, known) is None
    assert nearest("x", []) is None


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_distance(one: str, other: str) -> None:
    whole = distance(one, other)
    assert (whole == 0) == (one == other)
    assert whole == distance(other, one) <= max(len(one), len(other))
    for limit in range(4):
        assert distance(one, other, limit) == min(whole, limit + 1)
