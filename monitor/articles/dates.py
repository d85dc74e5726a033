"""When an article was published: the exact time where the page says it, else the day."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

_HALVES = r"오전|오후|午前|午後|上午|下午"
_ISO = re.compile(
    rf"(\d{{4}})[-/.]\s?(\d{{1,2}})[-/.]\s?(\d{{1,2}})(?!\d)\.?(?:[T\s,]*(?:\(.\))?\s*({_HALVES})?\s*(\d{{1,2}}):(\d{{2}})(?::(\d{{2}})(?:[.,]\d+)?)?"
    r"\s*([ap]\.?m\.?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2}\b|[A-Z]{2,4}\b)?)?",
    re.IGNORECASE,
)
_RFC = re.compile(r"(?:[A-Za-z]{3,9},?\s+)?\d{1,2}[\s-][A-Za-z]{3}[\s-]\d{2,4}\s+\d{1,2}:\d{2}")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?\s*(Z|[+-]\d{2}:?\d{2})?)?$")
_CJK = re.compile(
    r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]"
    rf"(?:\D{{0,8}}?({_HALVES})?\s*(\d{{1,2}})\s*[:時时시点]\s*(\d{{2}}))?"
)
_TIME = (
    r"(?:\D{0,12}?(\d{1,2})[:.](\d{2})(?::(\d{2}))?\s*([ap]\.?m\.?)?\s*\(?(Z|UTC|GMT(?:\s?[+-]\d{1,4})?|[+-]\d{2}:?\d{2}|[A-Z]{2,4}\b)?)?"
)
_DAY_FIRST = re.compile(
    rf"(\d{{1,2}})(?:st|nd|rd|th|\.|º)?\s+(?:de\s+)?([^\W\d_]{{3,12}})\.?,?\s+(?:de\s+)?(\d{{4}}){_TIME}", re.IGNORECASE
)
_MONTH_FIRST = re.compile(rf"([^\W\d_]{{3,12}})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}}){_TIME}", re.IGNORECASE)
_DOTTED = re.compile(rf"\b(\d{{1,2}})[./](\d{{1,2}})[./](\d{{4}}){_TIME}", re.IGNORECASE)
_IN_URL = re.compile(r"[/-](20\d{2})[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=[/_.-]|\D|$)")

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january janvier januar januari enero janeiro gennaio ene января январь stycznia ocak يناير januári",
            "feb february février fevrier februar februari febrero fevereiro febbraio fev février февраля lutego şubat subat فبراير",
            "mar march mars märz maerz maart marzo março marco марта март marca mart مارس",
            "apr april avril abril aprile abr avr апреля апрель kwietnia nisan أبريل ابريل",
            "may mai mei mayo maio maggio mag мая май maja mayıs mayis مايو",
            "jun june juin juni junio junho giugno giu июня июнь czerwca haziran يونيو",
            "jul july juillet juli julio julho luglio lug июля июль lipca temmuz يوليو",
            "aug august août aout augustus agosto ago августа август sierpnia ağustos agustos أغسطس",
            "sep sept september septembre septiembre setembro settembre set сентября сентябрь września wrzesnia eylül eylul سبتمبر",
            "oct october octobre oktober octubre outubro ottobre okt out ott октября октябрь października pazdziernika ekim أكتوبر",
            "nov november novembre noviembre novembro ноября ноябрь listopada kasım kasim نوفمبر",
            "dec december décembre decembre dezember diciembre dezembro dicembre dez dic déc декабря декабрь grudnia aralık aralik ديسمبر",
        ),
        start=1,
    )
    for name in names.split()
}
# Hours east of UTC; names that mean several zones are left out.
_ZONES = {
    "Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "BST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "KST": 9, "JST": 9, "HKT": 8,
    "SGT": 8, "PHT": 8, "WIB": 7, "ICT": 7, "PKT": 5, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13, "EST": -5, "EDT": -4, "ET": -5,
    "CDT": -5,    "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "PT": -8, "SAST": 2, "IST": 5.5,
}  # fmt: skip


def _zone(name: str | None) -> timezone:
    """The zone of a name or an offset; UTC where none is said or the name is not known."""
    if not name:
        return UTC
    name = name.strip().upper().removeprefix("GMT").strip() or "GMT"
    if name[0] in "+-":
        digits = name[1:].replace(":", "").ljust(4, "0") if len(name) > 2 else name[1:].zfill(2) + "00"
        minutes = int(digits[:2]) * 60 + int(digits[2:4])
        return timezone(timedelta(minutes=minutes if name[0] == "+" else -minutes)) if minutes < 24 * 60 else UTC
    return timezone(timedelta(hours=_ZONES.get(name, 0)))


def _made(
    year: str, month: int | str, day: str, clock: tuple[str | None, ...] = (), half: str | None = None, zone: str | None = None
) -> datetime | None:
    """A moment in UTC of its parts; None where there is no such moment, or its year is none of the web's."""
    hour, minute, second = (int(part or 0) for part in (*clock, None, None, None)[:3])
    if half and hour <= 12:
        hour = hour % 12 + (12 if half[0].lower() == "p" or half in ("오후", "午後", "下午") else 0)
    try:
        moment = datetime(int(year), int(month), int(day), hour, minute, min(second, 59), tzinfo=_zone(zone))
        return moment.astimezone(UTC) if 1990 <= moment.year <= 2100 else None
    except (ValueError, OverflowError):
        return None


def parse_date(value: object) -> datetime | None:
    """The moment that a machine-readable date names; without a zone it is taken as UTC. None if it can't be read."""
    if isinstance(value, list):
        return next((moment for moment in map(parse_date, value) if moment), None)
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(int(value))
    if not isinstance(value, str):
        return None
    text = value.strip()[:100]
    if match := _ISO.match(text):
        return _made(match[1], match[2], match[3], match.group(5, 6, 7), match[4] or match[8], match[9])
    if match := _COMPACT.match(text):
        return _made(match[1], match[2], match[3], match.group(4, 5, 6), None, match[7])
    if text.isdecimal() and len(text) in (10, 13):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    if not _RFC.match(text):
        return find_date(text)
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC) if 1990 <= moment.year <= 2100 else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return find_date(text)


def find_date(text: str) -> datetime | None:
    """The first date written for people in a short text, with its time if one stands beside it."""
    text = text[:300]
    if match := _CJK.search(text):
        return _made(match[1], match[2], match[3], match.group(5, 6), match[4])
    if match := _ISO.search(text):
        return _made(match[1], match[2], match[3], match.group(5, 6, 7), match[4] or match[8], match[9])
    for pattern, order in ((_MONTH_FIRST, (3, 1, 2)), (_DAY_FIRST, (3, 2, 1))):
        for match in pattern.finditer(text):
            year, month, day = match.group(*order)
            number = _MONTHS.get(month.lower())
            if number:
                return _made(year, number, day, match.group(4, 5, 6), match[7], match[8])
    if match := _DOTTED.search(text):
        day, month = match[1], match[2]
        # 18.11.2019 everywhere; 11/18/2019 where the second can't be a month.
        if int(month) > 12:
            day, month = month, day
        return _made(match[3], month, day, match.group(4, 5, 6), match[7], match[8])
    return None


def date_in_url(url: str) -> datetime | None:
    """The day that many sites put into an article's address."""
    match = _IN_URL.search(url)
    return _made(match[1], match[2], match[3]) if match else None
