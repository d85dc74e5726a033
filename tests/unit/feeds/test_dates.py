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
    ["", "   ", "yesterday", "Thu, 31 Feb 2002 00:00:00 GMT", "1033563600", "10/02/2002", "Wed, 02 Oct", "1" * 10_000, "2002-13-01"],
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
