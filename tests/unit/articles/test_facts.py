"""Dates, names, languages and encodings, each by itself."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.articles.byline import clean_author
from monitor.articles.charset import codec_of, decode
from monitor.articles.dates import date_in_url, find_date, parse_date
from monitor.articles.jsonld import article_of, clean, names_of, text_of
from monitor.articles.language import language_of, script_language, small_words, subtag


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2018-10-29T15:41:07+09:00", at(2018, 10, 29, 6, 41, 7)),
        ("2018-10-29T15:41:07.123Z", at(2018, 10, 29, 15, 41, 7)),
        ("2018-10-29T15:41:07", at(2018, 10, 29, 15, 41, 7)),
        ("2018-10-29 15:41 -0500", at(2018, 10, 29, 20, 41)),
        ("2018-10-29 15:41:07 EST", at(2018, 10, 29, 20, 41, 7)),
        ("2018/10/29", at(2018, 10, 29)),
        ("20181029T154107Z", at(2018, 10, 29, 15, 41, 7)),
        ("20181029", at(2018, 10, 29)),
        ("Mon, 29 Oct 2018 15:41:07 GMT", at(2018, 10, 29, 15, 41, 7)),
        ("Mon, 29 Oct 2018 15:41:07 +0900", at(2018, 10, 29, 6, 41, 7)),
        ("October 29, 2018 3:41 PM PST", at(2018, 10, 29, 23, 41)),
        ("29 October 2018, 15:41", at(2018, 10, 29, 15, 41)),
        ("29. Oktober 2018, 15:41 Uhr", at(2018, 10, 29, 15, 41)),
        ("29 de octubre de 2018", at(2018, 10, 29)),
        ("29 октября 2018, 15:41", at(2018, 10, 29, 15, 41)),
        ("2018년 10월 29일 오후 3시 41분", at(2018, 10, 29, 15, 41)),
        ("2018年10月29日 15時41分", at(2018, 10, 29, 15, 41)),
        ("입력 2018.10.29. 오전 12:05", at(2018, 10, 29, 0, 5)),
        ("29.10.2018 15:41", at(2018, 10, 29, 15, 41)),
        ("10/29/2018", at(2018, 10, 29)),
        ("1540827667", at(2018, 10, 29, 15, 41, 7)),
        ("1540827667000", at(2018, 10, 29, 15, 41, 7)),
    ],
)
def test_dates(text: str, moment: datetime) -> None:
    assert parse_date(text) == moment


@pytest.mark.parametrize(
    "value", ["", "yesterday", "0001-01-01T00:00:00Z", "9999-12-31", "2018-13-40", "12:30:45", None, True, {}, "99999999999999999999"]
)
def test_what_is_no_date_is_none(value: object) -> None:
    assert parse_date(value) is None


@given(st.text(max_size=120))
def test_no_text_breaks_the_reading_of_dates(text: str) -> None:
    for moment in (parse_date(text), find_date(text), date_in_url(text)):
        assert moment is None or moment.tzinfo is UTC


def test_a_date_in_an_address() -> None:
    assert date_in_url("https://a.example/2018/10/29/bridge") == at(2018, 10, 29)
    assert date_in_url("https://a.example/news-20181029.html") == at(2018, 10, 29)
    assert date_in_url("https://a.example/item/2018999") is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("By Ann Example", "Ann Example"),
        ("Written by Ann Example and Bo Sample", "Ann Example, Bo Sample"),
        ("By ANN EXAMPLE, AP Political Writer", "ANN EXAMPLE"),
        ("Ann Example | Oct 29, 2018", "Ann Example"),
        ("Ann Example 29 October", "Ann Example"),
        ("Ann Example ann@a.example @ann https://a.example/ann", "Ann Example"),
        ("Von Änne Beispiel und Bo Muster", "Änne Beispiel, Bo Muster"),
        ("Par Anne Exemple", "Anne Exemple"),
        ("A. Reporter", "A. Reporter"),
        ("Ann Example, MS, RD", "Ann Example"),
        ("Sammy Davis Jr.", "Sammy Davis Jr."),
        ("記者：山田太郎", "山田太郎"),
        ("Автор: Иван Петров", "Иван Петров"),
        ("ann@a.example", None),
        ("https://a.example/ann", None),
        ("admin", None),
        ("", None),
    ],
)
def test_bylines_become_names(text: str, names: str | None) -> None:
    assert clean_author(text) == names


@given(st.text(max_size=200))
def test_an_author_is_never_an_address(text: str) -> None:
    names = clean_author(text + " a@b.example https://c.example/d")
    assert names is None or ("@b.example" not in names and "://" not in names)


@pytest.mark.parametrize(
    ("tag", "primary"),
    [
        ("en-US", "en"),
        ("en_GB", "en"),
        ("KO", "ko"),
        ("iw", "he"),
        ("zh-Hant", "zh"),
        ("und", None),
        ("x", None),
        ("english", None),
        ("", None),
        (None, None),
    ],
)
def test_primary_subtags(tag: str | None, primary: str | None) -> None:
    assert subtag(tag) == primary


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("시의회는 화요일 항구를 가로지르는 두 번째 다리를 놓기로 의결했다", "ko"),
        ("市議会は火曜日、港をまたぐ橋を架けることを決めたと発表した", "ja"),
        ("市议会星期二决定在港口修建第二座大桥多年的争论由此告一段落", "zh"),
        ("قرر مجلس المدينة يوم الثلاثاء بناء جسر ثان فوق الميناء", "ar"),
        ("شورای شهر روز سه‌شنبه تصمیم گرفت پل دومی بر فراز بندر بسازد گفت چرا", "fa"),
        ("מועצת העיר החליטה ביום שלישי לבנות גשר שני מעל הנמל", "he"),
        ("Городской совет решил построить второй мост через гавань", "ru"),
        ("Міська рада вирішила збудувати другий міст через гавань", "uk"),
        ("Το δημοτικό συμβούλιο αποφάσισε να χτίσει δεύτερη γέφυρα", "el"),
        ("สภาเมืองมีมติสร้างสะพานแห่งที่สองข้ามท่าเรือ", "th"),
        ("नगर परिषद ने बंदरगाह पर दूसरा पुल बनाने का फैसला किया", "hi"),
        ("The town council decided to build a second bridge", None),
        ("12", None),
    ],
)
def test_languages_by_script(text: str, language: str | None) -> None:
    assert script_language(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The council said that the bridge is to be built in the spring, and that it was for the good of the town as a whole. " * 2, "en"),
        (
            "Der Rat hat am Dienstag beschlossen, dass die neue Brücke im Frühjahr gebaut wird und nicht mit dem alten Plan zu tun hat. "
            * 2,
            "de",
        ),
        ("Le conseil a décidé que le pont sera construit au printemps par la ville et les habitants qui sont sur une liste. " * 2, "fr"),
        ("El consejo decidió que el puente se construya en la primavera con los fondos de la región para una mejor ciudad. " * 2, "es"),
        ("zzz qqq " * 30, None),
        ("the and of", None),
    ],
)
def test_languages_by_small_words(text: str, language: str | None) -> None:
    assert small_words(text) == language


def test_a_script_outweighs_a_templates_word() -> None:
    korean = "시의회는 화요일 항구를 가로지르는 두 번째 다리를 놓기로 의결했다"
    assert language_of(korean, ["en"]) == "ko"
    german = "Der Rat hat am Dienstag beschlossen, dass die neue Brücke im Frühjahr gebaut wird und nicht mit dem alten Plan zu tun hat. "
    assert language_of(german * 4, ["en-US"]) == "de"
    assert language_of(german, ["en-US"]) == "en"  # too little to say that the page is wrong
    assert language_of("Міська рада вирішила збудувати другий міст", ["uk-UA"]) == "uk"
    assert language_of("Grad je odlučio da izgradi most.", ["sr"]) == "sr"
    assert (
        language_of(
            "The council said that the bridge is to be built and that it was for the good of the town in the end of the day.", ["ko"]
        )
        == "en"
    )


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("EUC-KR", "cp949"),
        ("ks_c_5601-1987", "cp949"),
        ("Shift_JIS", "cp932"),
        ("gb2312", "gb18030"),
        ("iso-8859-1", "cp1252"),
        ("nonsense", None),
        (None, None),
    ],
)
def test_labels_mean_what_browsers_read(label: str | None, codec: str | None) -> None:
    assert codec_of(label) == codec


@pytest.mark.parametrize(
    ("data", "content_type", "text"),
    [
        (b"\xef\xbb\xbfcaf\xc3\xa9", "text/html; charset=iso-8859-1", "café"),
        ("café".encode("utf-16"), None, "café"),
        (b"caf\xe9", "text/html; charset=utf-8", "café"),
        ("café".encode(), "text/html; charset=windows-1251", "café"),
        (b"a\x00b", None, "a\ufffdb"),
        (
            b"<?xml version='1.0' encoding='windows-1251'?>" + "мост".encode("cp1251"),
            None,
            "<?xml version='1.0' encoding='windows-1251'?>мост",
        ),
    ],
)
def test_bytes_are_read_as_they_are_meant(data: bytes, content_type: str | None, text: str) -> None:
    assert decode(data, content_type) == text


@given(st.binary(max_size=400), st.sampled_from([None, "text/html; charset=shift_jis", "text/html; charset=utf-16", "x; charset=base64"]))
def test_any_bytes_become_text(data: bytes, content_type: str | None) -> None:
    assert "\x00" not in decode(data, content_type)


def test_json_ld_values_in_every_shape() -> None:
    assert text_of(["", {"name": "A &amp; B"}]) == "A & B"
    assert text_of({"@value": "x"}) == "x"
    assert text_of(5) is None
    assert clean(" <b>a</b>  b ") == "a b"
    things = [{"@id": "#ann", "name": "Ann Example", "@type": ["Person"]}]
    assert names_of([{"@id": "#ann"}, "Bo Sample", {"name": ["C", "D"]}, None, 7], things) == [
        ("Person", "Ann Example"), ("Person", "Bo Sample"), ("None", "C"), ("None", "D"),
    ]  # fmt: skip


def test_of_several_articles_the_pages_own_counts() -> None:
    other = {"@type": "NewsArticle", "headline": "Another", "url": "https://a.example/other"}
    ours = {"@type": ["Thing", "ReportageNewsArticle"], "headline": "Ours", "mainEntityOfPage": {"@id": "https://www.a.example/ours/"}}
    plain = {"@type": "WebPage", "headline": "No article"}
    assert article_of([plain, other, ours], "http://a.example/ours?x=1")["headline"] == "Ours"
    assert article_of([plain, other, ours], "http://a.example/third")["headline"] == "Another"
    assert article_of([plain]) == {}
