"""Bytes to text: mark, header, declaration, and what the bytes say when these lie."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds import charset
from monitor.feeds.parse import parse_feed

KOREAN = "제재 면제 — Ünïcode"


def rss(title: str, declaration: str = "") -> str:
    return f"{declaration}<rss version='2.0'><channel><item><title>{title}</title><link>http://h/1</link></item></channel></rss>"


def declared(name: str) -> str:
    return f'<?xml version="1.0" encoding="{name}"?>'


@pytest.mark.parametrize(
    ("body", "header", "title"),
    [
        (rss(KOREAN).encode(), None, KOREAN),
        (b"\xef\xbb\xbf" + rss(KOREAN).encode(), None, KOREAN),
        (rss(KOREAN).encode("utf-16"), None, KOREAN),
        (rss(KOREAN, declared("utf-16")).encode("utf-16-be"), None, KOREAN),
        (rss(KOREAN, declared("utf-16")).encode("utf-16-le"), None, KOREAN),
        (rss(KOREAN).encode("utf-32"), None, KOREAN),
        (rss("제재", declared("euc-kr")).encode("euc-kr"), None, "제재"),
        (rss("제재").encode("euc-kr"), "application/rss+xml; charset=EUC-KR", "제재"),
        (rss("制裁", declared("gb2312")).encode("gb18030"), None, "制裁"),
        (rss("制裁", declared("shift_jis")).encode("cp932"), None, "制裁"),
        (rss("制裁", declared("iso-2022-jp")).encode("iso-2022-jp"), None, "制裁"),
        (rss("санкции", declared("windows-1251")).encode("cp1251"), None, "санкции"),
        (rss("don’t", declared("iso-8859-1")).encode("cp1252"), None, "don’t"),
        # Labels that lie.
        (rss(KOREAN, declared("iso-8859-1")).encode(), "text/xml; charset=iso-8859-1", KOREAN),
        (rss("café", declared("utf-8")).encode("cp1252"), None, "café"),
        (rss("café").encode("cp1252"), "text/xml; charset=utf-8", "café"),
        (rss(KOREAN, declared("us-ascii")).encode(), "text/xml; charset=us-ascii", KOREAN),
        (rss("x", declared("zlib")).encode(), None, "x"),
        (rss("x", declared("utf-7")).encode(), None, "x"),
        (rss("x", declared("no-such-charset")).encode(), 'text/xml; charset="no such"', "x"),
        # A few bad bytes in sound UTF-8 cost themselves alone.
        (rss(KOREAN).encode().replace(b"c", b"\xff", 1).replace(b"\xffhannel", b"channel"), None, KOREAN),
        (rss("a\x00b").encode(), None, "a�b"),
        (rss("a\ud800b").encode("utf-8", "surrogatepass"), None, "a�b"),
        (rss("a\ud83d\ude00b").encode("utf-8", "surrogatepass"), None, "a😀b"),
    ],
)
def test_the_title_is_read_whatever_it_is_written_in(body: bytes, header: str | None, title: str) -> None:
    assert parse_feed(body, None, header).entries[0].title == title


def test_bad_bytes_among_good_ones_are_told() -> None:
    text, warning = charset.decode("é".encode() + b"\xff" + "ü".encode())
    assert text == "é�ü"
    assert warning == "1 sequences are not UTF-8; each became U+FFFD"


def test_bytes_that_are_no_utf8_at_all_are_windows_1252() -> None:
    text, warning = charset.decode(b"caf\xe9 don\x92t")
    assert text == "café don’t"
    assert warning is not None


@pytest.mark.parametrize(
    ("encoding", "title"),
    [
        ("euc-kr", "북한 비핵화 협상에서 제재 면제를 요청했다"),
        ("cp932", "北朝鮮に対する制裁の免除を要請した"),
        ("euc-jp", "北朝鮮に対する制裁の免除を要請した"),
        ("gb18030", "韩国要求对人道主义援助豁免制裁"),
        ("big5", "韓國要求對人道主義援助豁免制裁"),
        ("cp1251", "Сеул просит о санкционных исключениях для помощи"),
        ("koi8-r", "Сеул просит о санкционных исключениях для помощи"),
        ("cp1253", "Εξαιρέσεις από τις κυρώσεις για τη βοήθεια"),
        ("cp1252", "À Séoul, les dérogations demandées l’été dernier"),
    ],
)
@pytest.mark.parametrize("declaration", ["", declared("utf-8")])
def test_an_encoding_that_nothing_names_is_told_by_the_text(encoding: str, title: str, declaration: str) -> None:
    feed = parse_feed(rss(title, declaration).encode(encoding), None)
    assert feed.entries[0].title == title
    assert "the text is not utf-8" in feed.warnings[0]


def test_control_characters_are_hidden_and_come_back() -> None:
    document = "".join(map(chr, range(1, 128))) + "é\ufffe"
    hidden = charset.hide_controls(document)
    assert len(hidden) == len(document)
    assert not any(letter < " " for letter in hidden if letter not in "\t\n\r")
    assert charset.show_controls(hidden) == document.replace("\ufffe", "\ufffd")
    assert charset.show_controls(None) is None


@pytest.mark.parametrize(
    ("header", "name"),
    [(None, None), ("text/xml", None), ('text/xml; charset="UTF-8"', "utf-8"), ("a; b=c; CharSet = x ;", "x"), (";;charset=", None)],
)
def test_header(header: str | None, name: str | None) -> None:
    assert charset.header_charset(header) == name


@given(st.binary(max_size=200), st.sampled_from([None, "text/xml; charset=utf-16", "text/xml; charset=hz", "a; charset=base64"]))
def test_any_bytes_become_text_without_null(body: bytes, header: str | None) -> None:
    text, _ = charset.decode(body, header)
    assert "\x00" not in text
