"""What the tables hold, character by character and word by word, against a second telling of the decisions or against Unicode's names."""

from __future__ import annotations

import sys
import unicodedata

import pytest
import snowballstemmer

from monitor.model import Article
from monitor.rules import RuleSet, parse
from monitor.rules.fold import fold
from monitor.rules.scripts.korean import are_particles
from monitor.rules.scripts.lookalikes import unmasked
from monitor.rules.scripts.semitic import are_prefixes
from monitor.rules.sentences import sentence_starts
from monitor.rules.stems import algorithm_of
from monitor.rules.words import group_of
from tests.unit.rules.match.support import found, spans


def folded(text: str) -> str:
    return fold(text).words.strip()


LETTERS = """
    ı=i İ=i ł=l Ł=l ø=o Ø=o đ=d Đ=d ħ=h Ħ=h ŧ=t Ŧ=t ƀ=b ɨ=i Ɨ=i ð=d Ð=d þ=th Þ=th æ=ae Æ=ae ǽ=ae œ=oe Œ=oe ß=ss ẞ=ss ŀ=l Ŀ=l ŉ=n ſ=s
    ƶ=z Ƶ=z ǥ=g Ǥ=g ɫ=l Ɫ=l ƙ=k Ƙ=k ɗ=d Ɗ=d ɓ=b Ɓ=b ɑ=a ɡ=g ё=е Ё=е й=й Й=й ў=ў Ў=ў ѓ=г ї=і ά=α ς=σ Σ=σ ὦ=ω
    ٱ=ا أ=ا إ=ا آ=ا ٲ=ا ٳ=ا ک=ك ی=ي ہ=ه ھ=ه ك=ك ك=ك ي=ي ه=ه ך=כ ם=מ ן=נ ף=פ ץ=צ שׁ=ש
    ü=u ö=o ä=a é=e ñ=n ç=c ả=a ơ=o ż=z ş=s ﬁ=fi ﬀ=ff ａ=a Ａ=a ⓐ=a 🄰=a 🅐=a 🅰=a 🅩=z 🆉=z ª=a º=o
    ᴀ=a ʙ=b ᴄ=c ᴅ=d ᴇ=e ꜰ=f ɢ=g ʜ=h ɪ=i ᴊ=j ᴋ=k ʟ=l ᴍ=m ɴ=n ᴏ=o ᴘ=p ꞯ=q ʀ=r ꜱ=s ᴛ=t ᴜ=u ᴠ=v ᴡ=w ʏ=y ᴢ=z
    ٠=0 ٣=3 ۹=9 ३=3 ７=7 ²=2 ₂=2 ①=1 が=が ガ=ガ ｶﾞ=ガ か=か
"""


@pytest.mark.parametrize(("written", "form"), [tuple(pair.split("=")) for pair in LETTERS.split()])
def test_a_letter_is_folded_as_decided(written: str, form: str) -> None:
    assert folded(f"x{written}") in (f"x{form}", f"x {form}", "x"), "by itself, or apart from another script"
    assert folded(written) == ("" if form == written and not written.isalpha() else form)


@pytest.mark.parametrize("mark", [*"ʹʺʻʼʽʾʿˈˊˋˮꞋꞌ", *"'’‘`´", *".:_/@-–—−…"])
def test_a_sign_between_letters_parts_words(mark: str) -> None:
    assert folded(f"can{mark}t") == "can t"


IGNORED = """00AD 034F 061C 115F 1160 17B4 17B5 180B 180E 180F 200B 200C 200D 200E 200F 202A 202E 2060 2064 206F 3164 FE00 FE0F FEFF FFA0
    1BCA0 1BCA3 1D173 1D17A E0001 E0100 E01EF"""


@pytest.mark.parametrize("ignored", IGNORED.split())
def test_a_default_ignorable_is_as_if_it_were_not_there(ignored: str) -> None:
    assert folded(f"sanc{chr(int(ignored, 16))}tions") == "sanctions"


@pytest.mark.parametrize("other", "00AE 0350 061B 180A 2010 202F 2070 FE20 FFF9 1BCA4".split())  # noqa: SIM905
def test_the_neighbours_of_default_ignorables_are_none(other: str) -> None:
    assert fold(f"sanc{chr(int(other, 16))}tions").soft_units != [(4, 5, True)]


@pytest.mark.parametrize(("written", "number"), [("1,000", "1000"), ("1，000", "1000"), ("1٬000", "1000"), ("1.000.000", "1000000")])
def test_signs_of_thousands_are_out(written: str, number: str) -> None:
    assert folded(written) == number


@pytest.mark.parametrize("sign", ".．٫")
def test_points_are_one_and_stay(sign: str) -> None:
    assert fold(f"3{sign}5").words == fold("3.5").words != fold("35").words
    assert found("3.5", f"of 3{sign}5 percent") == [f"3{sign}5"]
    assert found("5", f"of 3{sign}5 percent") is None


@pytest.mark.parametrize("sign", ",，٬")
def test_commas_are_one_and_stay(sign: str) -> None:
    assert fold(f"3{sign}5").words == fold("3,5").words != fold("35").words
    assert found("5", f"of 3{sign}5 percent") is None


def test_numbers_are_one_word_where_their_signs_group_them() -> None:
    assert folded("1,234.5") == "1234\x015"
    assert folded("1.234,5") != folded("12345")
    assert folded("12,34,567") == "1234567"
    assert folded("1,00") != "100"
    assert folded("29.10.2018") == "29 10 2018"
    assert folded("a.5") == "a 5"
    assert folded("5.a,b") == "5 a b"


NAMES = {
    "hangul": ("HANGUL SYLLABLE", "HANGUL CHOSEONG", "HANGUL JUNGSEONG", "HANGUL JONGSEONG"),
    "cjk": ("CJK UNIFIED IDEOGRAPH", "HIRAGANA LETTER", "KATAKANA LETTER", "BOPOMOFO LETTER"),
    "unspaced": ("THAI CHARACTER", "LAO LETTER", "MYANMAR LETTER", "KHMER LETTER", "KHMER INDEPENDENT", "NEW TAI LUE LETTER"),
    "arabic": ("ARABIC LETTER",),
    "hebrew": ("HEBREW LETTER",),
    "alphabet": ("LATIN SMALL", "LATIN CAPITAL", "GREEK ", "CYRILLIC ", "DEVANAGARI ", "ARMENIAN ", "GEORGIAN ", "ETHIOPIC ", "TAMIL "),
}  # fmt: skip


def test_letters_belong_to_the_group_of_their_script() -> None:
    looked = 0
    for code in range(0x20000 + 1):
        char = chr(code)
        if unicodedata.category(char) not in ("Lo", "Ll", "Lu") or unicodedata.normalize("NFKC", char) != char:
            continue
        name = unicodedata.name(char, "")
        for group, names in NAMES.items():
            if name.startswith(names) and not name.startswith("ARABIC LETTER MATHEMATICAL"):
                looked += 1
                assert group_of(char) == group, name
    assert looked > 30_000
    assert group_of(chr(0x2A6DF)) == group_of(chr(0x30000)) == "cjk"
    assert sys.maxunicode == 0x10FFFF


STEMMERS = {
    "ar": "arabic", "hy": "armenian", "eu": "basque", "ca": "catalan", "cs": "czech", "da": "danish", "nl": "dutch", "en": "english",
    "eo": "esperanto", "et": "estonian", "fi": "finnish", "fr": "french", "de": "german", "el": "greek", "hi": "hindi", "hu": "hungarian",
    "id": "indonesian", "ga": "irish", "it": "italian", "lt": "lithuanian", "ne": "nepali", "nb": "norwegian", "nn": "norwegian",
    "no": "norwegian", "fa": "persian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "st": "sesotho", "es": "spanish", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish", "ko": "english", "xx": "english",
    "": "english",
}  # fmt: skip


@pytest.mark.parametrize(("language", "stemmer"), STEMMERS.items())
def test_a_language_has_its_stemmer(language: str, stemmer: str) -> None:
    assert algorithm_of(language) == algorithm_of(f" {language.upper()}_XX ") == algorithm_of(f"{language}-Latn") == stemmer
    assert stemmer in snowballstemmer.algorithms()


STEMS = [
    ("en", "sanction", "Sanctioned", True),
    (None, "sanction", "sanctioning", True),
    ("xx", "sanction", "sanctions", True),
    ("de", "Sanktion", "Sanktionen", True),
    ("fr", "sanction", "sanctionnées", True),
    ("es", "sanción", "sanciones", True),
    ("ru", "санкция", "санкций", True),
    ("tr", "yaptırım", "yaptırımlar", True),
    ("hi", "प्रतिबंध", "प्रतिबंधों", True),
    ("en", "sanction", "sanctuary", False),
    ("en", "Sanktion", "Sanktionen", False),
]


@pytest.mark.parametrize(("language", "word", "text", "is_found"), STEMS)
def test_a_stem_is_found_in_the_language_of_the_article(language: str | None, word: str, text: str, is_found: bool) -> None:
    assert found(f"stem:{word}", f"the {text} here", language=language) == ([text] if is_found else None)


SENTENCES = [
    ("He left. The envoy stayed.", ["The envoy stayed."]),
    ("He left! It rained? Yes… No.", ["It rained? Yes… No.", "Yes… No.", "No."]),
    ("Mr. Kim met Dr. Lee and Gen. Park in St. Paul.", []),
    ("He met Kim Jr. The talks ended.", ["The talks ended."]),
    ("He met Kim Jr. Park.", []),
    ("It is Foo Inc. But he left.", ["But he left."]),
    ("It is Foo Inc. Seoul.", []),
    ("At 5 p.m. She left.", ["She left."]),
    ("At 5 p.m. Seoul slept.", []),
    ("J. K. Rowling wrote.", []),
    ("In the U.S. The law holds.", ["The law holds."]),
    ("In the U.S. Congress met.", []),
    ("See No. 5 there.", []),
    ("He said no. They left.", ["They left."]),
    ("Vom 3. Oktober an. Es gilt.", ["Es gilt."]),
    ("Am 3. Es regnete.", ["Es regnete."]),
    ("In 2018. Then came peace.", ["Then came peace."]),
    ("2018. 10. 29. Seoul", []),
    ("In 12345. Then came peace.", ["Then came peace."]),
    ("exemptions.The envoy stayed", ["The envoy stayed"]),
    ("exemptions.THE envoy", []),
    ("example.com is. a site", []),
    ("U.S.The", []),
    ("x.The envoy", []),
    ("He left.\nthe next line. and so on", ["the next line. and so on"]),
    ("He left.\n(The rest)", ["(The rest)"]),
    ('He left." "The rest."', ['"The rest."']),
    ("하나다。둘이다。", ["둘이다。", ""]),
    ("彼は来た！次は何か？", ["次は何か？", ""]),
    ("वह गया। वह आया।", ["वह आया।", ""]),
    ("هل جاء؟ نعم", ["نعم"]),
    ("Он приехал 5 окт. 2018 г. Москва ждала.", []),
    ("Он уехал. Москва ждала.", ["Москва ждала."]),
    ("a\u2028b\x85c\x0bd", ["b\x85c\x0bd", "c\x0bd", "d"]),
]


@pytest.mark.parametrize(("text", "starts"), SENTENCES)
def test_where_sentences_begin(text: str, starts: list[str]) -> None:
    assert [text[at:] for at in sentence_starts(text)] == starts


LOOKS = (
    "аa еe оo рp сc уy хx ѕs іi јj һh ԁd ԛq ԝw ӏl АA ВB ЕE ІI ЈJ КK МM НH ОO РP СC ТT УY ХX ЅS οo νv ρp ιi υu αa χx"
    " ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX օo սu հh"
)


@pytest.mark.parametrize("pair", LOOKS.split())
def test_a_look_alike_among_latin_letters_is_found_and_marked(pair: str) -> None:
    foreign, latin = pair
    assert unmasked(f"z{foreign}z")[0] == f"z{latin}z"
    (span,) = spans(f"zz{latin}zz", f"The zz{foreign}zz stood here.") or ()
    assert (span.text, span.lookalike) == (f"zz{foreign}zz", True)
    assert spans(f"zz{latin}zz", f"The zz{latin}zz stood here.")[0].lookalike is False  # type: ignore[index]


@pytest.mark.parametrize(("text", "is_found"), [("Sсhool", True), ("санкции", False), ("sanctions", True)])
def test_words_of_one_alphabet_are_no_look_alikes(text: str, is_found: bool) -> None:
    assert (found("school OR sanctions", f"the {text} of it") is not None) == is_found


@pytest.mark.parametrize(
    ("written", "are"),
    [
        ("은", True),
        ("는", True),
        ("이", True),
        ("를", True),
        ("에서", True),
        ("에서는", True),
        ("까지만은", True),
        ("정", False),
    ],
)
def test_particles_of_korean(written: str, are: bool) -> None:
    assert are_particles(written) is are


@pytest.mark.parametrize(
    ("group", "written", "are"),
    [
        ("arabic", "ال", True),
        ("arabic", "وال", True),
        ("arabic", "لل", True),
        ("arabic", "وب", True),
        ("arabic", "م", False),
        ("hebrew", "ה", True),
        ("hebrew", "וה", True),
        ("hebrew", "כשה", True),
        ("hebrew", "ק", False),
    ],
)
def test_prefixes_of_arabic_and_hebrew(group: str, written: str, are: bool) -> None:
    assert are_prefixes(group, written) is are


def test_a_rule_is_woken_by_each_of_its_entities_stems_and_fields() -> None:
    rules = ["stem:sanction", "author:kim", "site:yna.co.kr", "lang:ko", "tag:korea", "feed:news", "title:=US", "/[0-9]{2}/", "url:view"]
    ruleset = RuleSet.compile([(text, parse(text)) for text in rules])
    article = Article(
        title="US in 18", body="Sanctioned.", author="Kim", url="https://en.yna.co.kr/view", language="ko", tags=("korea",),
        feeds=(("All news", "https://x.example/rss"),),
    )  # fmt: skip
    assert {match.rule for match in ruleset.match(article)} == set(rules)
    assert {match.rule for match in ruleset.match(Article(title="Nothing", body="here"))} == set()


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("=K팝", "K팝은 k팝", ["K팝"]),
        ("=FFVD를", "FFVD를 ffvd를", ["FFVD를"]),
        ("=제재FFVD", "제재FFVD 제재ffvd", ["제재FFVD"]),
        ('"פטור סנקציות"', "בפטור מהסנקציות", ["פטור מהסנקציות"]),
        ('"من عقوبات"', "من العقوبات", ["من العقوبات"]),
        ("US", "US™ US", ["US", "US"]),
        ("sanc", "sanc\u00adtions", ["sanc"]),
        ("tions", "sanc\u00adtions", ["tions"]),
        ("sanctions", "sanc\u00adtions", ["sanc\u00adtions"]),
        ("fi", "ﬁ", ["ﬁ"]),
        ("f", "ﬁ", None),
        ("CO2", "CO₂ CO2", ["CO₂", "CO2"]),
    ],
)
def test_words_in_awkward_places(query: str, text: str, expected: list[str] | None) -> None:
    assert found(query, text) == expected
