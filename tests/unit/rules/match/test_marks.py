"""Marks and letters that fold: decision 15."""

from __future__ import annotations

import pytest

from tests.unit.rules.match.support import found


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("cafe", "café CAFÉ cafe\u0301 cafè", ["café", "CAFÉ", "cafe\u0301", "cafè"]),
        ("café", "cafe", ["cafe"]),
        ("München", "Munchen MÜNCHEN Muenchen", ["Munchen", "MÜNCHEN"]),
        ("Straße", "STRASSE Strasse STRAẞE", ["STRASSE", "Strasse", "STRAẞE"]),
        ("Łódź", "Lodz LODZ Łódź", ["Lodz", "LODZ", "Łódź"]),
        ("Tromsø", "Tromso", ["Tromso"]),
        ("Đà", "Da đa", ["Da", "đa"]),
        ("ISTANBUL", "İstanbul ıstanbul istanbul", ["İstanbul", "ıstanbul", "istanbul"]),
        ("ılık", "ILIK ilik İLİK", ["ILIK", "ilik", "İLİK"]),
        ("κυρώσεις", "ΚΥΡΏΣΕΙΣ κυρωσεις κυρώσεισ ΚΥΡΩΣΕΙΣ", ["ΚΥΡΏΣΕΙΣ", "κυρωσεις", "κυρώσεισ", "ΚΥΡΩΣΕΙΣ"]),
        ("ΜΑΪΟΣ", "Μάϊος μαιος", ["Μάϊος", "μαιος"]),
        ("ёлка", "елка Ёлка ЕЛКА е\u0308лка", ["елка", "Ёлка", "ЕЛКА", "е\u0308лка"]),
        ("Киев", "Ки\u0301ев", ["Ки\u0301ев"]),
        ("мой", "мои мой мои\u0306", ["мой", "мои\u0306"]),
        ("мои", "мой мои", ["мои"]),
        ("أمريكا", "امريكا أمريكا آمريكا إمريكا", ["امريكا", "أمريكا", "آمريكا", "إمريكا"]),
        ("محمد", "مُحَمَّد محـمـد", ["مُحَمَّد", "محـمـد"]),
        ("ايران", "ایران ايران", ["ایران", "ايران"]),
        ("לבנון", "לְבָנוֹן לבנון", ["לְבָנוֹן", "לבנון"]),
        ("か", "が か", ["か"]),
        ("が", "か\u3099 か が", ["か\u3099", "が"]),
        ("はな", "ハナ はな", ["はな"]),
        ("ガ", "ｶﾞ カ ガ", ["ｶﾞ", "ガ"]),
        ("กา", "กาแฟ ก่า", ["กา"]),
        ("ก", "กี ก่ กำ ก", ["ก"]),
        ("น้ำ", "ดื่มน้ำ น้ํา นํ้า", ["น้ำ", "น้ํา", "นํ้า"]),
        ("कि", "की कि क", ["कि"]),
        ("फ़िल्म", "फ\u093cिल्म फ़िल्म फिल्म", ["फ\u093cिल्म", "फ़िल्म"]),
        ("한글", "\u1112\u1161\u11ab\u1100\u1173\u11af", ["\u1112\u1161\u11ab\u1100\u1173\u11af"]),
        ("각", "가\u11a8", ["가\u11a8"]),
        ("가", "가\u11a8", None),
        ("encyclopaedia", "Encyclopædia", ["Encyclopædia"]),
        ("a", "a\u20dd", ["a\u20dd"]),
    ],
)
def test_marks_fold_both_ways_where_they_shall(query: str, text: str, expected: list[str] | None) -> None:
    assert found(query, text) == expected


def test_a_heap_of_marks_costs_no_more_than_its_length() -> None:
    text = "a" + "\u0301\u0323" * 50_000 + " sanctions"
    assert found("sanctions", text) == ["sanctions"]


@pytest.mark.parametrize("query", ["バ", "ﾊﾞ", "ﾊ\u3099"])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ﾊ\u3099", "ﾊ\u3099"),
        ("ﾊ\u3099が", "ﾊ\u3099"),
        ("ﾊﾞが", "ﾊﾞ"),
        ("バが", "バ"),
        ("㋩\u3099が", "㋩\u3099"),
        ("a " * 50 + "ﾊ\u3099", "ﾊ\u3099"),
    ],
)
def test_a_voiced_kana_is_one_letter_however_it_is_written_and_whatever_stands_beside_it(query: str, text: str, expected: str) -> None:
    assert found(query, text) == [expected]
