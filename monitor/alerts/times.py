"""Moments and languages as messages write them: English, whatever the machine's locale, the zone always named."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")

_NAMES = """
af Afrikaans, am Amharic, ar Arabic, az Azerbaijani, be Belarusian, bg Bulgarian, bn Bengali, bs Bosnian, ca Catalan, cs Czech, cy Welsh,
da Danish, de German, el Greek, en English, es Spanish, et Estonian, eu Basque, fa Persian, fi Finnish, fil Filipino, fr French, ga Irish,
gl Galician, gu Gujarati, he Hebrew, hi Hindi, hr Croatian, hu Hungarian, hy Armenian, id Indonesian, is Icelandic, it Italian, ja Japanese,
ka Georgian, kk Kazakh, km Khmer, kn Kannada, ko Korean, ku Kurdish, ky Kyrgyz, lo Lao, lt Lithuanian, lv Latvian, mk Macedonian,
ml Malayalam, mn Mongolian, mr Marathi, ms Malay, mt Maltese, my Burmese, nb Norwegian, ne Nepali, nl Dutch, nn Norwegian, no Norwegian,
pa Punjabi, pl Polish, ps Pashto, pt Portuguese, ro Romanian, ru Russian, sd Sindhi, si Sinhala, sk Slovak, sl Slovenian, so Somali,
sq Albanian, sr Serbian, sv Swedish, sw Swahili, ta Tamil, te Telugu, tg Tajik, th Thai, tk Turkmen, tl Tagalog, tr Turkish, ug Uyghur,
uk Ukrainian, ur Urdu, uz Uzbek, vi Vietnamese, yi Yiddish, zh Chinese, zu Zulu
"""
_LANGUAGES: dict[str, str] = {pair.split()[0]: pair.split()[1] for pair in _NAMES.split(",")}


def language_name(code: str | None) -> str:
    """The English name of a primary subtag; one that is not known stands as it is; empty without one."""
    return _LANGUAGES.get(code.casefold(), code) if code else ""


def zone_name(moment: datetime) -> str:
    """Such as "KST", "CET"; for a zone without letters of its own "UTC+3"."""
    name = moment.tzname() or "UTC"
    if name[0] not in "+-":
        return name
    hours, minutes = name[1:3].lstrip("0") or "0", name[3:5]
    return f"UTC{name[0]}{hours}" + (f":{minutes}" if minutes.strip("0") else "")


def short_time(moment: datetime, zone: ZoneInfo) -> str:
    """29 Oct 2018 15:41 KST."""
    local = moment.astimezone(zone)
    return f"{local.day} {_MONTHS[local.month - 1][:3]} {local.year} {local:%H:%M} {zone_name(local)}"


def long_time(moment: datetime, zone: ZoneInfo) -> str:
    """29 October 2018, 15:41 KST."""
    local = moment.astimezone(zone)
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}, {local:%H:%M} {zone_name(local)}"


def day_time(moment: datetime, zone: ZoneInfo) -> str:
    """30 Oct, 07:00 KST."""
    local = moment.astimezone(zone)
    return f"{local.day} {_MONTHS[local.month - 1][:3]}, {local:%H:%M} {zone_name(local)}"


def clock_time(moment: datetime, zone: ZoneInfo) -> str:
    """15:41:07, of a message that is read as it comes."""
    return f"{moment.astimezone(zone):%H:%M:%S}"


def stamp(moment: datetime | None) -> str | None:
    """RFC 3339 in UTC, to the second: 2018-10-29T06:41:07Z."""
    if moment is None:
        return None
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
