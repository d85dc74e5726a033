"""Where words begin and end, numbers, signs, prefixes and exact terms: decisions 10 to 18."""

from __future__ import annotations

import pytest

from tests.unit.rules.match.support import found

WORDS = [
    ("the", "Seoul discussed exemptions.The ministry said so.", ["The"]),  # a lost space hides nothing
    ("exemption", "The exemptions were granted.", None),
    ("Korea", "South Korea's Korea’s _Korea_ @Korea Korea/Japan http://Korea.com Korea:", ["Korea"] * 7),
    ("FFVD", "US envoy urges ‘FFVD,’ (FFVD) [FFVD] «FFVD» FFVD.", ["FFVD"] * 5),
    ("US", "the U.S. and us", ["us"]),
    ('"U.S."', "the U.S. and US troops", ["U.S"]),
    ("d'Ivoire", "Côte d’Ivoire, Côte d`Ivoire, Côte d´Ivoire", ["d’Ivoire", "d`Ivoire", "d´Ivoire"]),
    ("Комп'ютер", "Комп\u02bcютер і комп’ютер", ["Комп\u02bcютер", "комп’ютер"]),
    ("FFVD", "FFVD™ wins¹ FFVD² FFVD³ FFVD℠", ["FFVD"] * 4),
    ("CO2", "CO₂ and CO2 and CO²", ["CO₂", "CO2", "CO²"]),
    ("emissions", "CO₂emissions", ["emissions"]),
    ("5", "5㎏ of rice and 5º", ["5", "5"]),
    ("FFVD", "xFFVD FFVDx FFVD1", None),
    ("f", "ﬁ", None),
    ("fi", "ﬁ and ﬁn", ["ﬁ"]),
    ("1", "½ of it", None),
    ("office", "The oﬃce moved", ["oﬃce"]),
    ("1", "⑴ first", ["⑴"]),
    ("sanctions", "ꜱᴀɴᴄᴛɪᴏɴꜱ 🅢🅐🅝🅒🅣🅘🅞🅝🅢", ["ꜱᴀɴᴄᴛɪᴏɴꜱ", "🅢🅐🅝🅒🅣🅘🅞🅝🅢"]),
    ("㈜한화", "㈜한화는 (주)한화", ["㈜한화", "주)한화"]),
    ("ffvd", "ⒻⒻⓋⒹ ＦＦＶＤ 𝐅𝐅𝐕𝐃 🄵🄵🅅🄳", ["ⒻⒻⓋⒹ", "ＦＦＶＤ", "𝐅𝐅𝐕𝐃", "🄵🄵🅅🄳"]),
    ("sanctions", "Ｓanctions\x00sanctions\ufffdsanctions\ue000sanctions🚀sanctions", ["Ｓanctions", *["sanctions"] * 4]),
]
IGNORABLE = [
    (
        "sanctions",
        "sanc\u00adtions sanc\u200btions sanc\u2060tions \ufeffsanctions\u200f",
        ["sanc\u00adtions", "sanc\u200btions", "sanc\u2060tions", "sanctions"],
    ),
    ("sanctions", "the\u200bsanctions\u200bbill", ["sanctions"]),
    ("sanctions", "the\u200bsanc\u00adtions\u200bbill", ["sanc\u00adtions"]),
    ("sanctions", "\u202esanctions\u202c \u2066sanctions\u2069", ["sanctions", "sanctions"]),
    ('"sanctions exemptions"', "new\u200bsanc\u00adtions exemp\u00adtions\u200bbill", ["sanc\u00adtions exemp\u00adtions"]),
    ("sanc*", "sanc\u00adtions", ["sanc\u00adtions"]),
    ("Wort", "Donau\u00addampf\u00adschiff\u00adwort", ["wort"]),
    ("Dampfschiff", "Donau\u00addampf\u00adschiff\u00adwort", ["dampf\u00adschiff"]),
    ("cafe", "cafe\u200d\u0301", ["cafe\u200d\u0301"]),
]
NUMBERS = [
    ("1000", "1,000 and 1000 and 1.000 and １，０００", ["1,000", "1000", "１，０００"]),
    ('"1,000"', "1,000 and 1000", ["1,000", "1000"]),
    ("5", "5,000 and 3.5 and 5,5", None),
    ("5", "It rose by 5. Then 5% to $5, or 5", ["5", "5", "5", "5"]),
    ("3.5", "3.5 percent, not 3,5", ["3.5"]),
    ("1000000", "1,000,000 or 1.000.000", ["1,000,000", "1.000.000"]),
    ("2018", "29.10.2018 and 2018-10-29 and 2018/10", ["2018"] * 3),
    ("10", "at 10:30", ["10"]),
    ("500000", "5,00,000 and 5,000,00", ["5,00,000"]),
    ("5G", "5G and 4G/5G", ["5G", "5G"]),
    ("2018", "٢٠١٨ and २०१८ and ２０１８", ["٢٠١٨", "२०१८", "２０１８"]),
]
SIGNS = [
    ("AT&T", "AT&T, AT & T, AT＆T; not ATT, AT T or AT-T", ["AT&T", "AT & T", "AT＆T"]),
    ("C++", "C++ and C and C+ and C＋＋", ["C++", "C＋＋"]),
    ("C#", "C# and C", ["C#"]),
    ("#korea", "#Korea korea", ["#Korea"]),
    ("korea", "#Korea korea", ["Korea", "korea"]),
    ("@kim", "@Kim Kim", ["@Kim"]),
    ("$5", "$5, $ 5 and 5, not $5,000", ["$5", "$ 5"]),
    ("50%", "50%, 50 % and 50", ["50%", "50 %"]),
    ("R&D", "R&D, R and D, R D", ["R&D"]),
    ('"at t"', "AT&T", ["AT&T"]),
    ("user@example.org", "write to user@example.org, not user/example.org", ["user@example.org"]),
    ("#", "#x", ["#"]),
]
PREFIXES = [
    ("sanction*", "sanctions Sanctioned unsanctioned sanction Sanktion", ["sanctions", "Sanctioned", "sanction"]),
    (
        '"sanction* exempt*"',
        "sanctions exemptions, sanctioned, exempted, sanctions were exempt",
        ["sanctions exemptions", "sanctioned, exempted"],
    ),
    ('"sanction* waiver"', "sanctions waiver", ["sanctions waiver"]),
    ("Stras*", "Straße", ["Straße"]),
    ("FFV*", "FFVD™", ["FFVD"]),
    ("denuclear*", "De-nuclearization denuclearisé", ["denuclearisé"]),
    ("制裁*", "制裁豁免", ["制裁"]),
    ("ไทย*", "ไทย์และ", ["ไทย์"]),
    ('"制裁* 豁免"', "制裁，豁免", ["制裁，豁免"]),
    ("عقوب*", "والعقوبات", ["عقوبات"]),
    ("북한*", "북한에서는 북한산", ["북한에서는", "북한산"]),
]
EXACT = [
    ("=US", "US us Us U.S.", ["US"]),
    ("=us", "US us Us", ["us"]),
    ('="Apple Inc"', "Apple Inc. apple inc APPLE INC Apple, Inc", ["Apple Inc", "Apple, Inc"]),
    ("=Ü", "Ü U ü U\u0308", ["Ü", "U\u0308"]),
    ("=café", "café cafe Café cafe\u0301", ["café", "cafe\u0301"]),
    ("=FFVD", "ＦＦＶＤ ffvd FF\u00adVD", ["ＦＦＶＤ", "FF\u00adVD"]),
    ("=Sanction*", "Sanctions sanctions SANCTIONS", ["Sanctions"]),
    ("=1000", "1,000 1000", ["1,000", "1000"]),
    ("=I", "I i İ ı", ["I"]),
    ("=AT&T", "AT&T at&t", ["AT&T"]),
    ("=US", "US의 us의", ["US"]),
    ("=제재", "제재를", ["제재"]),
]
PHRASES = [
    ('"final fully verified"', "Final,\n fully - verified", ["Final,\n fully - verified"]),
    ('"final, fully, verified"', "final fully verified", ["final fully verified"]),
    (
        "one-two",
        "one two, one-two, one\u2212two, one—two, one‑two, one…two",
        ["one two", "one-two", "one\u2212two", "one—two", "one‑two", "one…two"],
    ),
    ("one-two", "onetwo", None),
    ('"one two"', "One. Two.", ["One. Two"]),
    ("“one two”", "one two", ["one two"]),
    ("„one two“", "one two", ["one two"]),
    ('"a a"', "a a a", ["a a", "a a"]),
    ('"kim jong un"', "Kim Jong-un; KIM JONG UN; Kim  Jong\tUn", ["Kim Jong-un", "KIM JONG UN", "Kim  Jong\tUn"]),
]


@pytest.mark.parametrize(("query", "text", "expected"), WORDS + IGNORABLE + NUMBERS + SIGNS + PREFIXES + EXACT + PHRASES)
def test_finds(query: str, text: str, expected: list[str] | None) -> None:
    assert found(query, text) == expected


def test_a_phrase_longer_than_its_literal_is_compared_whole() -> None:
    phrase = "the quick brown fox jumps over the lazy dog and then over another one"
    assert found(f'"{phrase}"', f"{phrase[:-3]} two. {phrase}") == [phrase]
    assert found(f'"{phrase}"', f"{phrase[:-3]} two") is None


def test_many_soft_hyphens_hide_no_word() -> None:
    text = "\u00ad".join(["sanc", "tions"] * 700)
    assert len(found("sanc", text) or ()) == 700
    assert found('"sanc"', f"{text} sanc") is not None
