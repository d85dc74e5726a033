"""Dates of feeds: RFC 822 and its many variants, W3C date-time (ISO 8601), asctime, and what the languages of the world write
in their place. All become UTC, whole seconds.

Unknown (None) is what can't be read, what lies out of range, and the zero dates (year 1, 1900 and the like) that some
programs write for "none": an unknown date is not an old one. Dates to come are kept, feeds announce things.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta

EARLIEST = 1901
LATEST = 2200
_ZERO_YEARS = (1970, 1980, 1904)
_SURE_FROM = 1981  # no clock's zero lies later
_ZEROS = frozenset(datetime(year, 1, 1, tzinfo=UTC) for year in _ZERO_YEARS)

_MONTHS = {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12}
_ISO_MONTHS = {name.capitalize(): f"-{number:02}-" for name, number in _MONTHS.items()}
# Other languages by the first letters of each month, January first, where they are not the English ones. Without accents.
_OTHER_MONTHS = (
    "ene gen sty oca янв січ ιαν", "fev lut sub фев лют φεβ φευ", "maa mae mrt мар бер μαρ", "avr abr kwi nis апр кві απρ",
    "mai maj mag mei май мая тра μαι", "juin giu cze haz июн чер ιουν", "juil lug lip tem июл лип ιουλ", "aou ago sie agu авг сер αυγ",
    "set sze wrz eyl сен вер σεπ", "okt ott out paz eki окт жов οκτ", "lis kas ноя лис νοε νοβ", "dez dic des gru ara дек гру δεκ",
)  # fmt: skip
_MONTHS |= {name: number for number, names in enumerate(_OTHER_MONTHS, 1) for name in names.split()}
# Hours east of UTC. RFC 822's own, then names that stand for one zone alone: IST, BST and the like are left out.
_ZONES = {
    "ut": 0.0, "utc": 0.0, "gmt": 0.0, "z": 0.0, "adt": -3, "ast": -4, "at": -4, "edt": -4, "est": -5, "et": -5, "cdt": -5, "cst": -6,
    "ct": -6, "mdt": -6, "mst": -7, "mt": -7, "pdt": -7, "pst": -8, "pt": -8, "a": -1, "n": 1, "m": -12, "y": 12, "met": 1, "mest": 2,
    "cet": 1, "cest": 2, "eet": 2, "eest": 3, "msk": 3, "kst": 9, "jst": 9, "hkt": 8, "sgt": 8, "aest": 10, "aedt": 11, "acst": 9.5,
    "awst": 8, "nzst": 12, "nzdt": 13, "akst": -9, "akdt": -8, "hst": -10,
}  # fmt: skip

_TIME = r"(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,]\d+)?)?"
_REST = (
    r"\s*((?:[a-z/_]{1,20}(?:\d[a-z]{3})?)?\s*(?:[+-]\d{1,2}:?(?:\d{2})?)?z?)"
    r"\s*(?:(?<=\d\s)[a-z]{2,5}|\([^()]*\)|\[[^\[\]]*\])?\s*\Z"
)
_NAME = r"[^\W\d_]"
_RFC822 = re.compile(
    rf"(?:{_NAME}{{2,12}}\.?(?:\s*,\s*|\s+))??"
    rf"(?:(\d{{1,2}})(?:st|nd|rd|th|er|\.)?[\s-]+(?:de\s+)?({_NAME}{{3,12}})\.?(?:\s+de)?|({_NAME}{{3,12}})\.?\s+(\d{{1,2}}),?)"
    rf"[\s,-]+(\d{{4}}|\d{{2}})(?![\d:])(?:[\sT,]+(?:(?:at|-)\s+)?{_TIME}(?:\s*([ap])\.?m\b\.?)?)?{_REST}",
    re.I,
)
_W3C = re.compile(
    r"(\d{4})(?:([-/])(\d{1,2})(?:\2(\d{1,2}))?|(\d{2})(\d{2}))?(?!\d|-\d{3}\Z)"
    rf"(?:(?:\s*T\s*|\s+)(?:at\s+)?(\d{{1,2}}):?(\d{{2}})(?::?(\d{{1,2}})(?:[.,]\d+)?)?)?{_REST}",
    re.I,
)
_DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\Z")
_DOTTED = re.compile(rf"(?:{_NAME}{{2,12}}\.?,?\s+)?(\d{{1,2}})\.(\d{{1,2}})\.(\d{{4}})(?:,?\s+{_TIME})?{_REST}", re.I)
_EASTERN = re.compile(
    r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日(?:\s*(?:[(（][^()（）]*[)）]|.(曜)日|(?:星期|周).))?"
    r"(?:\s*(\d{1,2})\s*[時时点:]\s*(\d{1,2})(?:\s*[分:]\s*(\d{1,2}))?\s*[秒分]?)?\Z"
)
_KOREAN = re.compile(
    r"(\d{4})\s*[년.-]\s*(\d{1,2})\s*[월.-]\s*(\d{1,2})\s*[일.]?(?:\s*(?:\([^()]*\)|\S요일))?"
    r"(?:\s*(오전|오후)?\s*(\d{1,2})\s*[시:]\s*(\d{1,2})(?:\s*[분:]\s*(\d{1,2}))?\s*[초분]?)?\Z"
)
_ASCTIME = re.compile(rf"{_NAME}{{2,12}},?\s+({_NAME}{{3,12}})\s+(\d{{1,2}})\s+{_TIME}\s+(?:([a-z+-][\w:+-]*)\s+)?(\d{{4}})\Z", re.I)
_OFFSET = re.compile(r"(?:gmt|utc|etc/)?\s*([+-])(\d{1,2}):?(\d{2})?", re.I)


def parse_date(text: str | None) -> datetime | None:
    """The time that `text` names, in UTC; None where there is none to be read. Never raises."""
    if not text or len(text) > 100:
        return None
    quick = _usual(text)
    if quick is not None:
        return quick
    text = text.strip().replace("\u2212", "-")
    if not text:
        return None
    forms = (_w3c, _korean, _eastern) if text[:4].isdigit() else (_rfc822, _asctime, _dotted)
    parts = next(filter(None, (form(text) for form in forms)), None)
    return None if parts is None else _make(*parts)


def _usual(text: str) -> datetime | None:
    """What nearly all feeds write, at a quarter of the cost: `Wed, 02 Oct 2002 13:00:00 GMT`, `2002-10-02T13:00:00Z`, `2002-10-02`."""
    try:
        if text[3:5] == ", " and text[19:20] == ":":
            zone = "Z" if text[25:] == " GMT" else text[26:] if text[25:27] in (" +", " -") else "?"
            moment = datetime.fromisoformat(f"{text[12:16]}{_ISO_MONTHS[text[8:11]]}{text[5:7]}T{text[17:25]}{zone}")
        elif text[10:11] == "T" and text[16:17] == ":":
            moment = datetime.fromisoformat(text)
        elif len(text) == 10 and text[4] == text[7] == "-":
            moment = datetime.fromisoformat(f"{text}T00Z")
        else:
            return None
        if moment.tzinfo is not UTC:
            if moment.tzinfo is None:
                return None
            moment = moment.astimezone(UTC)
    except (ValueError, KeyError, OverflowError):
        return None
    if moment.microsecond:
        moment = moment.replace(microsecond=0)
    return moment if _SURE_FROM <= moment.year <= LATEST else in_range(moment)


_Parts = tuple[int, int, int, int, int, int, float]


def _w3c(text: str) -> _Parts | None:
    if _DIGITS.match(text):
        text = f"{text[:8]}T{text[8:]}"
    found = _W3C.match(text)
    if found is None:
        return None
    year, _, month, day, basic_month, basic_day, hour, minute, second, zone = found.groups()
    offset = _zone(zone)
    return int(year), int(month or basic_month or 1), int(day or basic_day or 1), int(hour or 0), int(minute or 0), int(second or 0), offset


def _rfc822(text: str) -> _Parts | None:
    found = _RFC822.match(text)
    if found is None:
        return None
    day, month, month_first, day_second, year, hour, minute, second, half, zone = found.groups()
    number = _month(month or month_first)
    if number is None:
        return None
    full = int(year)
    if len(year) == 2:
        full += 2000 if full < 90 else 1900
    hours = int(hour or 0)
    if half:
        hours = hours % 12 + (12 if half.lower() == "p" else 0)
    return full, number, int(day or day_second), hours, int(minute or 0), int(second or 0), _zone(zone)


def _month(name: str) -> int | None:
    """The number of a month by its name or the start of it, in the languages that feeds are written in."""
    name = name.lower()
    if not name.isascii():
        name = "".join(letter for letter in unicodedata.normalize("NFD", name) if not unicodedata.combining(letter))
        name = unicodedata.normalize("NFC", name)
    return _MONTHS.get(name[:4]) or _MONTHS.get(name[:3])


def _korean(text: str) -> _Parts | None:
    """`2024년 03월 05일 오후 3:04:05`, `2024.03.05 15:04`: the clock of Seoul, nine hours east."""
    found = _KOREAN.match(text)
    if found is None:
        return None
    year, month, day, half, hour, minute, second = found.groups()
    hours = int(hour or 0)
    if half:
        hours = hours % 12 + (12 if half == "오후" else 0)
    return int(year), int(month), int(day), hours, int(minute or 0), int(second or 0), 9.0


def _eastern(text: str) -> _Parts | None:
    """`2024年3月5日 15:04`: the clock of China and Taiwan, or with the Japanese name of a weekday that of Tokyo."""
    found = _EASTERN.match(text)
    if found is None:
        return None
    year, month, day, japanese, hour, minute, second = found.groups()
    return int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), 9.0 if japanese else 8.0


def _dotted(text: str) -> _Parts | None:
    """`05.03.2024 15:04`: with dots the day comes first everywhere; with slashes nobody can know."""
    found = _DOTTED.match(text)
    if found is None:
        return None
    day, month, year, hour, minute, second, zone = found.groups()
    return int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), _zone(zone)


def _asctime(text: str) -> _Parts | None:
    found = _ASCTIME.match(text)
    if found is None:
        return None
    month, day, hour, minute, second, zone, year = found.groups()
    number = _month(month)
    return None if number is None else (int(year), number, int(day), int(hour), int(minute), int(second or 0), _zone(zone or ""))


def _zone(text: str) -> float:
    """Hours east of UTC; 0 where the name is not known, as every reader of feeds takes it."""
    found = _OFFSET.match(text)
    if found:
        hours = int(found[2]) + int(found[3] or 0) / 60
        return -hours if found[1] == "-" else hours
    name = text.strip(" ()").lower()
    return float(_ZONES.get(name, 0) or _ZONES.get(name[:3], 0) * name[3:4].isdigit())  # EST5EDT


def _make(year: int, month: int, day: int, hour: int, minute: int, second: int, offset: float) -> datetime | None:
    over = hour == 24 and minute == 0 and second == 0
    try:
        moment = datetime(year, month, day, 0 if over else hour, minute, min(second, 59) if second == 60 else second, tzinfo=UTC)
        moment -= timedelta(hours=offset - (24 if over else 0))
    except (ValueError, OverflowError):
        return None
    return in_range(moment)


def in_range(moment: datetime) -> datetime | None:
    """`moment`, unless it is a zero of some clock or lies where no news is."""
    year = moment.year
    if year in _ZERO_YEARS and moment in _ZEROS:
        return None
    return moment if EARLIEST <= year <= LATEST else None


def from_timestamp(seconds: float) -> datetime | None:
    """A Unix time, in seconds or milliseconds, as some JSON feeds write it; None out of range."""
    if not -1e11 < seconds < 1e14:
        return None
    seconds = seconds / 1000 if seconds > 1e11 else seconds
    try:
        moment = datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return in_range(moment)


def is_zero(text: str) -> bool:
    """Whether a date was understood and stands for "none": the year 1, or another that is out of range."""
    text = text.strip()
    parts = _w3c(text) if text[:4].isdigit() else _rfc822(text)
    return parts is not None and (not EARLIEST <= parts[0] <= LATEST or (parts[0] in _ZERO_YEARS and parts[1:3] == (1, 1)))
