"""Dates as feeds write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.dates import from_timestamp, is_zero, parse_date


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("Wed, 02 Oct 2002 13:00:00 GMT", "2002-10-02T13:00:00"),
        ("Wed, 02 Oct 2002 13:00:00 +0900", "2002-10-02T04:00:00"),
        ("Wed, 02 Oct 2002 13:00:00 -0330", "2002-10-02T16:30:00"),
        ("Wed, 2 Oct 2002 13:00:00 EST", "2002-10-02T18:00:00"),
        ("Wed, 2 Oct 2002 13:00:00 KST", "2002-10-02T04:00:00"),
        ("Wed,02 Oct 2002 13:00 EDT", "2002-10-02T17:00:00"),
        ("2 Oct 02 1:05 PM", "2002-10-02T13:05:00"),
        ("Wednesday, 02-Oct-2002 13:00:00 GMT", "2002-10-02T13:00:00"),
        ("Oct 2, 2002 13:00", "2002-10-02T13:00:00"),
        ("1st March 2024", "2024-03-01T00:00:00"),
        ("Tue, 5 Mar 2024 10:11:12 GMT+02:00", "2024-03-05T08:11:12"),
        ("Wed, 02 Oct 2002 13:00:00 GMT (UTC)", "2002-10-02T13:00:00"),
        ("Mon, 5 Aug 2024 14:00:00 America/New_York", "2024-08-05T14:00:00"),
        ("Wed Oct  2 13:00:00 2002", "2002-10-02T13:00:00"),
        ("Wed Oct 02 13:00:00 KST 2002", "2002-10-02T04:00:00"),
        ("2002-10-02T13:00:00Z", "2002-10-02T13:00:00"),
        ("2002-10-02T13:00:00.987+0530", "2002-10-02T07:30:00"),
        ("2002-10-02T13:00:00 -07:00", "2002-10-02T20:00:00"),
        ("2002-10-02 13:00:00 UTC", "2002-10-02T13:00:00"),
        ("2002-10-02T24:00:00Z", "2002-10-03T00:00:00"),
        ("2002-10-02", "2002-10-02T00:00:00"),
        ("20021002T130000Z", "2002-10-02T13:00:00"),
        ("2002-10", "2002-10-01T00:00:00"),
        ("2002-10-02T13:00:00+00:00Z", "2002-10-02T13:00:00"),
        ("2024년 03월 05일 오후 3:04:05", "2024-03-05T06:04:05"),
        ("2024.03.05 15:04", "2024-03-05T06:04:00"),
        ("Wed, 02 Oct 2002 13:00:60 GMT", "2002-10-02T13:00:59"),
        ("2050-01-01T00:00:00Z", "2050-01-01T00:00:00"),
        ("Mon, 2 Jan 2006 15:04:05 -0700 MST", "2006-01-02T22:04:05"),
        ("2006-01-02 15:04:05.000000 +00:00 UTC", "2006-01-02T15:04:05"),
        ("2015-09-03T10:00:00+08:00[Asia/Shanghai]", "2015-09-03T02:00:00"),
        ("Thu, 01 Jan 2004 19:48:21 EST5EDT", "2004-01-02T00:48:21"),
        ("3 Sep 2015 10:00:00 \u22120500", "2015-09-03T15:00:00"),
        ("Thursday 3 September 2015 - 10:00", "2015-09-03T10:00:00"),
        ("2006/1/2 15:04:05 +0900", "2006-01-02T06:04:05"),
        ("2006-01-02 at 15:04", "2006-01-02T15:04:00"),
        ("20060102150405", "2006-01-02T15:04:05"),
        ("02.01.2006 15:04", "2006-01-02T15:04:00"),
        ("Mo., 02.01.2006", "2006-01-02T00:00:00"),
        ("2. Januar 2006", "2006-01-02T00:00:00"),
        ("Do, 05 Dez 2013 15:04:05 +0100", "2013-12-05T14:04:05"),
        ("mar., 03 févr. 2006 15:04:05 GMT", "2006-02-03T15:04:05"),
        ("1er juin 2006", "2006-06-01T00:00:00"),
        ("14 juillet 2006 10:00", "2006-07-14T10:00:00"),
        ("2 de enero de 2006", "2006-01-02T00:00:00"),
        ("Пн, 02 янв 2006 15:04:05 +0300", "2006-01-02T12:04:05"),
        ("9 мая 2006", "2006-05-09T00:00:00"),
        ("Κυρ, 11 Ιούλ 2004 12:00:00 EST", "2004-07-11T17:00:00"),
        ("Sal, 03 Şub 2006 15:04:05 +0200", "2006-02-03T13:04:05"),
        ("2006年1月2日 15:04", "2006-01-02T07:04:00"),
        ("2006年1月2日(月)", "2006-01-01T16:00:00"),
        ("2006年01月02日 月曜日 15時04分05秒", "2006-01-02T06:04:05"),
        ("2006년 1월 2일", "2006-01-01T15:00:00"),
    ],
)
def test_read(written: str, iso: str) -> None:
    assert parse_date(written) == datetime.fromisoformat(iso).replace(tzinfo=UTC)
    assert parse_date(f"\n {written} ") == datetime.fromisoformat(iso).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "0001-01-01T00:00:00Z",
        "Mon, 01 Jan 0001 00:00:00 +0000",
        "1970-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "0000-00-00 00:00:00",
    ],
)
def test_zero_and_far_dates_are_unknown_not_old(written: str) -> None:
    assert parse_date(written) is None
    assert is_zero(written)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "   ",
        "yesterday",
        "Thu, 31 Feb 2002 00:00:00 GMT",
        "1033563600",
        "10/02/2002",
        "Wed, 02 Oct",
        "1" * 10_000,
        "2002-13-01",
        "2015-246",
        "2002-02-30",
    ],
)
def test_unreadable_dates_are_unknown(written: str) -> None:
    assert parse_date(written) is None


def test_timestamps_in_seconds_and_milliseconds() -> None:
    assert from_timestamp(1_033_563_600) == datetime(2002, 10, 2, 13, 0, tzinfo=UTC)
    assert from_timestamp(1_033_563_600_000) == datetime(2002, 10, 2, 13, 0, tzinfo=UTC)
    assert from_timestamp(0) is None
    assert from_timestamp(1e300) is None


@given(st.text(alphabet=st.sampled_from("0123456789-:TZ+ ,.WedOctGMT년월일오전"), max_size=40))
def test_no_date_is_a_fault(written: str) -> None:
    moment = parse_date(written)
    assert moment is None or moment.tzinfo is UTC


@given(
    st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1)),
    st.sampled_from(["%a, %d %b %Y %H:%M:%S GMT", "%Y-%m-%dT%H:%M:%SZ", "%d %B %Y %H:%M:%S", "%a %b %d %H:%M:%S %Y"]),
)
def test_what_is_written_is_read(moment: datetime, form: str) -> None:
    assert parse_date(moment.strftime(form)) == moment.replace(microsecond=0, tzinfo=UTC)
