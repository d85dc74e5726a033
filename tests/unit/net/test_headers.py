from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from monitor.net import max_age, retry_after
from monitor.net.headers import http_date

NOW = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("1.5", 1.5),
        ("Mon, 05 Jan 2026 12:02:00 GMT", 120.0),
        ("Monday, 05-Jan-26 12:02:00 GMT", 120.0),
        ("Mon Jan  5 12:02:00 2026", 120.0),
        ("Mon, 05 Jan 2026 13:02:00 +0100", 120.0),
        ("Mon, 05 Jan 2026 11:00:00 GMT", 0.0),
        ("99999999999999999999", 366 * 86_400.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 366 * 86_400.0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("٣", None),
        ("Mon, 32 Jan 2026 12:00:00 GMT", None),
        ("Mon, 05 Jan 99999 12:00:00 GMT", None),
    ],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    assert retry_after({"Retry-After": value}, NOW) == seconds


def test_no_retry_after() -> None:
    assert retry_after({}, NOW) is None


@pytest.mark.parametrize(
    ("values", "seconds"),
    [
        (["max-age=300"], 300.0),
        (["public, Max-Age = 300, must-revalidate"], 300.0),
        (['max-age="300"'], 300.0),
        (["public", "max-age=60"], 60.0),
        (["s-maxage=900, max-age=60"], 60.0),
        (["max-age=60, max-age=90"], 60.0),
        (["max-age=99999999999"], 366 * 86_400.0),
        (["no-store, max-age=300"], None),
        (["max-age=300, no-cache"], None),
        (["max-age=-1"], None),
        (["max-age"], None),
        (["max-age=soon"], None),
        (['private="x, max-age=5"'], None),
        (["public"], None),
        ([], None),
    ],
)
def test_max_age(values: list[str], seconds: float | None) -> None:
    assert max_age(CIMultiDict([("Cache-Control", value) for value in values])) == seconds


def test_max_age_of_a_plain_mapping() -> None:
    assert max_age({"Cache-Control": "max-age=5"}) == 5.0


@given(st.text(max_size=60))
def test_no_header_makes_trouble(value: str) -> None:
    wait = retry_after({"Retry-After": value}, NOW)
    assert wait is None or wait >= 0
    age = max_age({"Cache-Control": value})
    assert age is None or age >= 0
    moment = http_date(value)
    assert moment is None or moment.utcoffset() is not None
