"""Sentences in the languages that people watch: decisions 13 and 20 to 23."""

from __future__ import annotations

import pytest

from tests.unit.rules.match.support import found, spans

KOREAN = "한미 양국은 최종적이고 완전하게 검증된 비핵화(FFVD)를 위한 대북제재 면제 문제를 29일 서울에서 논의했다. 제재의 예외는 없다."
JAPANESE = "米国のビーガン特別代表は29日、ソウルで会談し、完全な非核化に向けた制裁の免除を協議した。金正恩氏は平壌で「ＦＦＶＤ」を拒否。"
CHINESE = "美国国务院朝鲜政策特别代表比根29日在首尔与韩方会谈，讨论对朝制裁\n豁免问题。金 正恩委员长表示，AI技术与5G网络不受限制。"
THAI = "ผู้แทนพิเศษสหรัฐหารือมาตรการคว่ำบาตรเกาหลีเหนือ ที่กรุงโซล FFVDเป็นเป้าหมาย"
ARABIC = "ناقش المبعوث الأمريكي في سيول الإعفاءات من العقوبات المفروضة على كوريا الشمالية، وقال إن للعقوبات أثراً وبالعقوبات نفسها."
HEBREW = "השליח האמריקאי דן בסיאול בפטור מהסנקציות על צפון קוריאה, וכשהסנקציות יוסרו… צה״ל הגיב."
RUSSIAN = "Спецпредставитель США Стивен Биган обсудил в Сеуле «исключения из санкций» против КНДР. Ещё один раунд — в Йонхапе."
GREEK = "Ο ειδικός απεσταλμένος των ΗΠΑ συζήτησε στη Σεούλ τις εξαιρέσεις από τις κυρώσεις κατά της Βόρειας Κορέας."
TURKISH = "ABD'nin özel temsilcisi Seul'de KUZEY KORE YAPTIRIMLARI için istisnaları görüştü; İstanbul'da toplantı."
GERMAN = "Der US-Sondergesandte sprach in Söul über Ausnahmen von den Sanktionen; die Straße nach Pjöngjang bleibt zu."
VIETNAMESE = "Đặc phái viên Mỹ thảo luận tại Seoul về miễn trừ trừng phạt đối với Triều Tiên."
HINDI = "अमेरिकी विशेष दूत ने सियोल में उत्तर कोरिया पर प्रतिबंधों से छूट पर चर्चा की। प्रतिबंध जारी हैं।"


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("FFVD", KOREAN, ["FFVD"]),
        ("비핵화", KOREAN, ["비핵화"]),
        ("제재", KOREAN, ["제재"]),  # not the one in 대북제재
        ("대북제재", KOREAN, ["대북제재"]),
        ('"대북제재 면제"', KOREAN, ["대북제재 면제"]),
        ("29일", KOREAN, ["29일"]),
        ("서울", KOREAN, ["서울"]),
        ("양국", KOREAN, ["양국"]),
        ('"최종적 완전하게"', KOREAN, ["최종적이고 완전하게"]),
        ('"제재 예외"', KOREAN, ["제재의 예외"]),
        ("한국", "한국인과 한국어, 한국에서는", ["한국"]),
        ("합의", "합의까지만은 합의하다 합의문", ["합의"]),
        ("K팝", "K팝은 K 팝", ["K팝", "K 팝"]),
        ("정상회담", "남·북정상회담, 북·미 정상회담에서도", ["정상회담"]),
        ("非核化", JAPANESE, ["非核化"]),
        ("制裁の免除", JAPANESE, ["制裁の免除"]),
        ("FFVD", JAPANESE, ["ＦＦＶＤ"]),
        ("金正恩", JAPANESE, ["金正恩"]),
        ("ビーガン", "ﾋﾞｰｶﾞﾝ代表とビーガン", ["ﾋﾞｰｶﾞﾝ", "ビーガン"]),
        (
            "キム・ジョンウン",
            "キムジョンウン、キム・ジョンウン、キム ジョンウン",
            ["キムジョンウン", "キム・ジョンウン", "キム ジョンウン"],
        ),
        ("制裁豁免", CHINESE, ["制裁\n豁免"]),
        ("制裁豁免", "制裁，豁免", None),
        ('"制裁 豁免"', "制裁，豁免", ["制裁，豁免"]),
        ("金正恩", CHINESE, ["金 正恩"]),
        ("AI", CHINESE, ["AI"]),
        ("AI技术", CHINESE, ["AI技术"]),
        ("29", CHINESE, ["29"]),
        ("คว่ำบาตร", THAI, ["คว่ำบาตร"]),
        ("เกาหลีเหนือ", THAI, ["เกาหลีเหนือ"]),
        ("FFVD", THAI, ["FFVD"]),
        ("عقوبات", ARABIC, ["عقوبات", "عقوبات", "عقوبات"]),
        ("العقوبات", ARABIC, ["العقوبات", "العقوبات"]),
        ("كوريا", ARABIC, ["كوريا"]),
        ('"مبعوث امريكي"', ARABIC, ["مبعوث الأمريكي"]),
        ("اعفاءات", ARABIC, ["إعفاءات"]),
        ("ناتو", "الناتو والناتو فالناتو وبالناتو الحلفناتو", ["ناتو"] * 4),
        ("عقوبات", "فللعقوبات وللعقوبات", ["عقوبات"] * 2),
        ("סנקציות", HEBREW, ["סנקציות"]),
        ("סנקציות", "הסנקציות והסנקציות שבסנקציות ולסנקציות", ["סנקציות"] * 4),
        ("סיאול", HEBREW, ["סיאול"]),
        ('צה"ל', HEBREW, None) if False else ("צה״ל", HEBREW, ["צה״ל"]),
        ("санкций", RUSSIAN, ["санкций"]),
        ('"исключения из санкций"', RUSSIAN, ["исключения из санкций"]),
        ("еще", RUSSIAN, ["Ещё"]),
        ("санкци*", "Санкции и санкциями", ["Санкции", "санкциями"]),
        ("ΚΥΡΩΣΕΙΣ", GREEK, ["κυρώσεις"]),
        ("εξαιρεσεις", GREEK, ["εξαιρέσεις"]),
        ("ABD", TURKISH, ["ABD"]),
        ("istanbul", TURKISH, ["İstanbul"]),
        ('"kuzey kore yaptırımları"', TURKISH, ["KUZEY KORE YAPTIRIMLARI"]),
        ("strasse", GERMAN, ["Straße"]),
        ("Pjongjang", GERMAN, ["Pjöngjang"]),
        ("Sanktion*", GERMAN, ["Sanktionen"]),
        ('"trung phat"', VIETNAMESE, ["trừng phạt"]),
        ('"Triều Tiên"', VIETNAMESE, ["Triều Tiên"]),
        ("dac", VIETNAMESE, ["Đặc"]),
        ("प्रतिबंध", HINDI, ["प्रतिबंध"]),
        ("प्रतिबंध*", HINDI, ["प्रतिबंधों", "प्रतिबंध"]),
        ('"उत्तर कोरिया"', HINDI, ["उत्तर कोरिया"]),
    ],
)
def test_finds_in_its_script(query: str, text: str, expected: list[str] | None) -> None:
    assert found(query, text) == expected


@pytest.mark.parametrize(
    "particle",
    ["은", "는", "이", "가", "을", "를", "의", "에", "에서", "에게", "로", "으로", "와", "과", "도", "만", "부터", "까지", "보다"],
)
def test_each_common_particle_may_follow(particle: str) -> None:
    (span,) = spans("제재", f"그 제재{particle} 있다") or []
    assert (span.start, span.end, span.text) == (2, 4, "제재")


@pytest.mark.parametrize("tail", ["안", "국", "한", "중", "법안은", "에서는만도", "하는"])
def test_other_syllables_make_another_word(tail: str) -> None:
    assert found("제재", f"그 제재{tail} 있다") is None


@pytest.mark.parametrize("tail", ["에서는", "까지만은", "들에게는", "으로부터는", "만의"])
def test_up_to_three_particles_stack(tail: str) -> None:
    assert found("제재", f"제재{tail}") == ["제재"]


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("sanctions", "new sаnctions and sanctiоns", ["sаnctions", "sanctiоns"]),
        ('"sanctions exemptions"', "the sаnctions еxemptions", ["sаnctions еxemptions"]),
        ("COVID", "СОVID-19", ["СОVID"]),
        ("Apple", "Αpple", ["Αpple"]),
        ("=US", "UЅ", ["UЅ"]),
        ("=us", "UЅ", None),
        ("санкции", "сaнкции", ["сaнкции"]),
        ("sanct*", "sаnctioned", ["sаnctioned"]),
        ("cop", "the сор said in a long English text that it is so", ["сор"]),
        ("sanctions", "the\u200bsаnc\u00adtions", ["sаnc\u00adtions"]),
    ],
)
def test_look_alikes_are_found_and_marked(query: str, text: str, expected: list[str] | None) -> None:
    result = spans(query, text)
    assert (None if result is None else [span.text for span in result]) == expected
    assert all(span.lookalike for span in result or ())


@pytest.mark.parametrize(("query", "text"), [("cop", "Весь сор вынесли из избы, и всё."), ("sanctions", "sanctions and СОVID")])
def test_nothing_else_is_marked_as_look_alike(query: str, text: str) -> None:
    assert not any(span.lookalike for span in spans(query, text) or ())


def test_a_russian_word_is_no_english_one() -> None:
    assert found("cop", "Весь сор вынесли из избы, и всё.") is None


def test_particles_against_latin_words_are_read_over_inside_phrases() -> None:
    assert found('"FFVD 합의"', "FFVD의 합의를") == ["FFVD의 합의"]
    assert found('"US FFVD"', "US의 FFVD를") == ["US의 FFVD"]
    assert found('"FFVD 합의"', "‘FFVD’의 합의를, FFVD 의 합의") == ["FFVD’의 합의"]
    assert found('"제재 면제"', "‘제재’의 면제") == ["제재’의 면제"]
    assert found("FFVD NEAR/0 제재", "“FFVD”를 제재") == ["FFVD", "제재"]
    assert found('"美國 制裁"', "美國의 制裁를") == ["美國의 制裁"]
