"""What response headers ask of the next request: Retry-After and Cache-Control, RFC 9110 section 10.2.3, RFC 9111."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_DIRECTIVE = re.compile(r"""(?P<name>[^\s,;="]+)\s*(?:=\s*(?:"(?P<quoted>[^"]*)"|(?P<plain>[^\s,;"]*)))?""")
_LONGEST = 366 * 86_400.0  # a year: nothing longer is meant


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds from `now` that the server asks to wait, from seconds or an HTTP date; None where it names none.

    A date that has passed is 0. Cut at a year.
    """
    value = headers.get("Retry-After", "").strip()
    if not value:
        return None
    if value.isascii() and value.replace(".", "", 1).isdigit():
        return min(float(value), _LONGEST)
    moment = http_date(value)
    if moment is None:
        return None
    return min(max((moment - now).total_seconds(), 0.0), _LONGEST)


def max_age(headers: Mapping[str, str]) -> float | None:
    """Seconds of `max-age` in Cache-Control; None where it is absent, no number, or overruled by no-store or no-cache."""
    if "Cache-Control" not in headers:
        return None
    values = headers.getall("Cache-Control", []) if hasattr(headers, "getall") else [headers.get("Cache-Control", "")]
    age: float | None = None
    for match in _DIRECTIVE.finditer(", ".join(values)):
        name = match["name"].lower()
        if name in ("no-store", "no-cache"):
            return None
        if name == "max-age" and age is None:
            number = (match["quoted"] if match["quoted"] is not None else match["plain"]) or ""
            if number.isascii() and number.isdigit():
                age = min(float(number), _LONGEST)
    return age


def http_date(value: str) -> datetime | None:
    """An HTTP date (RFC 9110, section 5.6.7) in UTC; None where it can't be read."""
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
