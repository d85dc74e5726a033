"""Distance, decisions 1 to 6."""

from __future__ import annotations

import pytest

from tests.unit.rules.oracle.letter import Case, agrees, error, name, texts

ONE: list[Case] = [
    ("a NEAR/0 b", "a b", ["a", "b"]),
    ("a NEAR/0 b", "b a", ["b", "a"]),
    ("a NEAR/0 b", "a x b", None),
    ("a NEAR/1 b", "a x b", ["a", "b"]),
    ("a NEAR/1 b", "b x a", ["b", "a"]),
    ("a NEAR/1 b", "a x y b", None),
    ("a NEAR/2 b", "a x y b", ["a", "b"]),
    ("a NEAR/999 b", "a " + "x " * 999 + "b", ["a", "b"]),
    ("a NEAR/999 b", "a " + "x " * 1000 + "b", None),
    ("a ONEAR/0 b", "a b", ["a", "b"]),
    ("a ONEAR/0 b", "b a", None),
    ("a ONEAR/1 b", "b x a", None),
    ("a ONEAR/1 b", "b a x b", ["a", "b"]),
    ("a ONEAR/5 b", "b a", None),
    ("a NEAR/5 b", "a — b", ["a", "b"]),
    ("a NEAR/0 b", "a, b", ["a", "b"]),
    ("a NEAR/0 b", "a. b", ["a", "b"]),
    ("a NEAR/0 b", "a\n\nb", ["a", "b"]),
    ("sanctions NEAR/S exemptions", "The sanctions and the exemptions stay.", ["sanctions", "exemptions"]),
    ("sanctions NEAR/S exemptions", "The exemptions and the sanctions stay.", ["exemptions", "sanctions"]),
    ("sanctions NEAR/S exemptions", "The sanctions stay. The exemptions go.", None),
    ("sanctions NEAR/S exemptions", "Do sanctions stay? The exemptions go.", None),
    ("sanctions NEAR/S exemptions", "Sanctions stay! Exemptions go.", None),
    ("sanctions NEAR/S exemptions", "“Sanctions stay.” Exemptions go.", None),
    ("sanctions NEAR/S exemptions", "Sanctions stay\nExemptions go", None),
    ("sanctions NEAR/S exemptions", "Sanctions of 3.5 percent and exemptions", ["Sanctions", "exemptions"]),
    ("sanctions NEAR/S exemptions", "Sanctions, said Mr. Moon, and exemptions", ["Sanctions", "exemptions"]),
    ("sanctions NEAR/S exemptions", "Sanctions by the U.S. and exemptions", ["Sanctions", "exemptions"]),
    ("sanctions NEAR/S exemptions", "Sanctions that Gen. Kim met with exemptions", ["Sanctions", "exemptions"]),
    ("sanctions NEAR/S exemptions", "Sanctions that Stephen E. Biegun met with exemptions", ["Sanctions", "exemptions"]),
    ("sanctions NEAR/S exemptions", "Sanctions met on Oct. 29 with exemptions", ["Sanctions", "exemptions"]),
    ("sanctions NEAR/S exemptions", "Sanctions (No. 5) and exemptions", ["Sanctions", "exemptions"]),
    ("sanctions NEAR/S exemptions", "Sanctions at example.com and exemptions", ["Sanctions", "exemptions"]),
    ("제재 NEAR/S 면제", "제재를 했다. 면제는 없다.", None),
    ("제재 NEAR/S 면제", "제재와 면제를 했다.", ["제재", "면제"]),
    ("制裁 NEAR/S 豁免", "制裁继续。豁免没有。", None),
    ("制裁 NEAR/S 豁免", "制裁与豁免。", ["制裁", "豁免"]),
    ("制裁 NEAR/S 豁免", "制裁吗？豁免吧！", None),
    ("制裁 NEAR/S 免除", "制裁は続く。免除はない。", None),
    ("عقوبات NEAR/S إعفاءات", "هل هناك عقوبات؟ إعفاءات لا", None),
    ("प्रतिबंध NEAR/S छूट", "प्रतिबंध है। छूट है।", None),
    ("प्रतिबंध NEAR/S छूट", "प्रतिबंध और छूट है।", ["प्रतिबंध", "छूट"]),
    ("санкции NEAR/S льготы", "Санкции остаются. Льготы нет.", None),
    ("санкции NEAR/S льготы", "Санкции, а также льготы остаются.", ["Санкции", "льготы"]),
    ("sanctions NEAR/P exemptions", "Sanctions stay. Exemptions go.", ["Sanctions", "Exemptions"]),
    ("sanctions NEAR/P exemptions", "Sanctions stay.\nExemptions go.", None),
    ("sanctions NEAR/P exemptions", "Sanctions stay.\r\nExemptions go.", None),
    ("sanctions NEAR/P exemptions", "x\nExemptions go. Sanctions stay.\ny", ["Exemptions", "Sanctions"]),
    ("sanctions ONEAR/P exemptions", "Exemptions go. Sanctions stay.", None),
    ("sanctions ONEAR/S exemptions", "exemptions and sanctions", None),
    ("sanctions ONEAR/S exemptions", "sanctions and exemptions", ["sanctions", "exemptions"]),
    ("sanctions NEAR/P exemptions", {"title": "sanctions and exemptions"}, ["sanctions", "exemptions"]),
    ("a NOT NEAR/2 b", "a x x b", None),
    ("a NOT NEAR/1 b", "a x x b", ["a"]),
    ("a NOT NEAR/1 b", "a b x x x a", ["a"]),
    ("a NOT NEAR/1 b", "b a", None),
    ("a NOT NEAR/5 b", "a alone", ["a"]),
    ("a NOT NEAR/5 b", "b alone", None),
    ("a NOT NEAR/S b", "A here. B there.", ["A"]),
    ("a NOT NEAR/S b", "A here with b.", None),
    ("a NOT NEAR/P b", "A here. B there.", None),
    ("a NOT NEAR/P b", "A here.\nB there.", ["A"]),
    ("a NOT NEAR/5 b", {"title": "a", "body": "b"}, ["a"]),
    ("a NOT NEAR/5 (b OR c)", "a c", None),
    ("a NOT NEAR/0 (b OR c)", "a x c", ["a"]),
    ("(a OR b) NOT NEAR/0 c", "a c b", None),
    ("(a OR b) NOT NEAR/0 c", "a c x b", ["b"]),
]
TWO: list[Case] = [
    ('"one two" NEAR/1 five', "one two x five", ["one two", "five"]),
    ('"one two" NEAR/0 five', "one two x five", None),
    ('five NEAR/0 "one two"', "five one two", ["five", "one two"]),
    ('"one two" NEAR/0 "three four"', "one two three four", ["one two", "three four"]),
    ("a NEAR/2 b", "a one-two b", ["a", "b"]),
    ("a NEAR/1 b", "a one-two b", None),
    ("a NEAR/2 b", "a one‑two b", ["a", "b"]),
    ("a NEAR/1 b", "a 1,000 b", ["a", "b"]),
    ("a NEAR/1 b", "a 3.5 b", ["a", "b"]),
    ("a NEAR/2 b", "a U.S. b", ["a", "b"]),
    ("a NEAR/1 b", "a U.S. b", None),
    ("FFVD NEAR/3 核", "FFVD 最終的核", ["FFVD", "核"]),
    ("FFVD NEAR/2 核", "FFVD 最終的核", None),
    ("FFVD NEAR/4 ท", "FFVD กขคงท", ["FFVD", "ท"]),
    ("FFVD NEAR/3 ท", "FFVD กขคงท", None),
    ("a NEAR/4 b", "a ひらがな b", ["a", "b"]),
    ("a NEAR/3 b", "a ひらがな b", None),
    ("a NEAR/1 b", "a 최종적인 b", ["a", "b"]),
    ("a NEAR/0 b", "a 최종적인 b", None),
    ("朝鲜 NEAR/1 制裁", "朝鲜的制裁", ["朝鲜", "制裁"]),
    ("朝鲜 NEAR/0 制裁", "朝鲜的制裁", None),
    ("a NEAR/2 b", "a don't b", ["a", "b"]),
    ("a NEAR/1 b", "a don't b", None),
    ("exempt* NEAR/0 relief", "exemptions relief", ["exemptions", "relief"]),
    ("/ex[a-z]+s/ NEAR/0 relief", "exemptions relief", ["exemptions", "relief"]),
    ("/x./ NEAR/0 US", "x US", ["x ", "US"]),
    ("/x, / NEAR/0 US", "x, US", ["x, ", "US"]),
    ("/x. / NEAR/0 US", "x, y US", None),
    ("US NEAR/0 / x/", "US x", ["US", " x"]),
    ("stem:sanction NEAR/0 relief", "sanctioned relief", ["sanctioned", "relief"]),
]
THREE: list[Case] = [
    ("korea NEAR/5 korea", "korea", None),
    ("korea NEAR/5 korea", "korea and korea", ["korea", "korea"]),
    ("korea ONEAR/5 korea", "korea and korea", ["korea", "korea"]),
    ('"north korea" NEAR/5 korea', "north korea", None),
    ('"north korea" NEAR/5 korea', "north korea, south korea", ["north korea", "korea"]),
    ("korea* NEAR/5 korean", "korean", None),
    ("a NEAR/1 b NEAR/1 c", "a b c", ["a", "b", "c"]),
    ("a NEAR/1 b NEAR/1 c", "c a b", ["c", "a", "b"]),
    ("a NEAR/2 b NEAR/0 c", "c a x b", ["c", "a", "b"]),
    ("a NEAR/2 b NEAR/0 c", "a x b c", ["a", "b", "c"]),
    ("a NEAR/2 b NEAR/0 c", "a c b", ["a", "c", "b"]),
    ("a NEAR/1 b NEAR/1 c", "a b x x c", None),
    ("a NEAR/1 (b NEAR/1 c)", "a b x c", ["a", "b", "c"]),
    ("a NEAR/0 (b NEAR/1 c)", "b x c a", ["b", "c", "a"]),
    ("a ONEAR/1 b ONEAR/1 c", "a b c", ["a", "b", "c"]),
    ("a ONEAR/1 b ONEAR/1 c", "c a b", None),
    ("a NEAR/0 b NOT NEAR/0 c", "a b c", None),
    ("a NEAR/0 b NOT NEAR/0 c", "a b x c", ["a", "b"]),
    ("korea NEAR/1 korea NEAR/1 korea", "korea korea", None),
    ("korea NEAR/1 korea NEAR/1 korea", "korea korea korea", ["korea", "korea", "korea"]),
    ('"a b" NEAR/5 "b c"', "a b c", None),
    ('"a b" NEAR/5 "b c"', "a b b c", ["a b", "b c"]),
]
FOUR: list[Case] = [
    ("a NEAR/5 b", {"title": "a", "body": "b"}, None),
    ('"a b"', {"title": "a", "body": "b"}, None),
    ("a ONEAR/5 b", {"title": "a", "body": "b"}, None),
    ("a NEAR/999 b", {"title": "x a", "body": "b y"}, None),
    ("a b", {"title": "a", "body": "b"}, ["a", "b"]),
    ("a NEAR/P b", {"title": "a", "body": "b"}, None),
    ("a NEAR/S b", {"title": "a", "body": "b"}, None),
    ("a NEAR/1 b", "a. X b", ["a", "b"]),
    ('"a b"', "a. b", ["a. b"]),
    ('"a b"', "a\n\n\nb", ["a\n\n\nb"]),
    ('"a b"', "a.” – “b", ["a.” – “b"]),
    ("lead:(a NEAR/5 b)", {"title": "a", "body": "b"}, None),
    ("title:(a NEAR/5 b)", {"title": "a x b", "body": ""}, ["a", "b"]),
    ("title:(a NEAR/5 b)", {"title": "", "body": "a x b"}, None),
]
SIX: list[Case] = [
    ("ATLEAST/2 a", "a a", ["a", "a"]),
    ("ATLEAST/2 a", "a", None),
    ("ATLEAST/2 a", {"title": "a", "body": "a"}, ["a", "a"]),
    ("ATLEAST/3 (a OR b)", {"title": "a b", "body": "b"}, ["a", "b", "b"]),
    ("ATLEAST/3 (a OR b)", "a b", None),
    ('ATLEAST/2 (korea OR "north korea")', "north korea", None),
    ('ATLEAST/2 ("north korea" OR "korea summit")', "north korea summit", None),
    ('ATLEAST/2 ("north korea" OR korea)', "north korea korea", ["north korea", "korea", "korea"]),
    ("ATLEAST/2 (korea* OR korean)", "korean", None),
    ("ATLEAST/1 a", "a", ["a"]),
    ("ATLEAST/2 a b", "a a b", ["a", "a", "b"]),
    ("ATLEAST/2 a b", "a b b", None),
    ("ATLEAST/2 a OR b", "b", ["b"]),
    ("NOT ATLEAST/2 a b", "a b", ["b"]),
    ("NOT ATLEAST/2 a b", "a a b", None),
    ('ATLEAST/2 "a b"', "a b a b", ["a b", "a b"]),
    ("ATLEAST/2 /[0-9]+/", "10 20", ["10", "20"]),
    ("ATLEAST/2 exempt*", "exempt exemption", ["exempt", "exemption"]),
    ("ATLEAST/2 stem:sanction", "sanction sanctioned", ["sanction", "sanctioned"]),
    ("title:(ATLEAST/2 a)", {"title": "a", "body": "a"}, None),
    ("ATLEAST/2 制裁", "制裁制裁", ["制裁", "制裁"]),
    ("ATLEAST/2 (a OR (b OR c))", "c b", ["c", "b"]),
]
FIVE = [
    ("a NEAR b", 3),
    ("a ONEAR b", 3),
    ("NEAR/5 b", 1),
    ("a NEAR/5", 3),
    ("a NEAR/x b", 3),
    ("a NEAR/ b", 3),
    ("a NEAR/5.5 b", 3),
    ("a NEAR/-1 b", 3),
    ("a NEAR/1000 b", 3),
    ("a NEAR/1000000 b", 3),
    ("a ONEAR/1000 b", 3),
    ("a NOT NEAR/1000 b", None),
    ("a NOT ONEAR/5 b", None),
    ("NOT a NEAR/5 b", None),
    ("a NEAR/5 NOT b", None),
    ("(a AND b) NEAR/5 c", None),
    ("(a b) NEAR/5 c", None),
    ("a NEAR/5 (b c)", None),
    ("a NEAR/5 (b OR c d)", None),
    ("a NEAR/5 title:b", None),
    ("title:a NEAR/5 b", None),
    ("a NEAR/5 (title:b OR c)", None),
    ("a NEAR/5 ATLEAST/2 b", None),
    ("ATLEAST/2 a NEAR/5 b", None),
    ("a NEAR/5 (NOT b)", None),
    ("ATLEAST/2 (a AND b)", None),
    ("ATLEAST/2 (a b)", None),
    ("ATLEAST/2 (NOT a)", None),
    ("ATLEAST/2 (a NEAR/2 b)", None),
    ("ATLEAST/2 title:a", None),
    ("ATLEAST/2 (ATLEAST/2 a)", None),
    ("ATLEAST/2 NOT a", None),
    ("ATLEAST/0 a", 1),
    ("ATLEAST/1000 a", 1),
    ("ATLEAST a", 1),
    ("ATLEAST/S a", 1),
    ("ATLEAST/3", 1),
]


@pytest.mark.parametrize("case", ONE, ids=name)
def test_words_between(case: Case) -> None:
    agrees(case)


@pytest.mark.parametrize("case", TWO, ids=name)
def test_what_is_one_word(case: Case) -> None:
    agrees(case)


@pytest.mark.parametrize("case", THREE, ids=name)
def test_operands_share_no_word(case: Case) -> None:
    agrees(case)


@pytest.mark.parametrize("case", FOUR, ids=name)
def test_nothing_runs_from_title_into_body(case: Case) -> None:
    agrees(case)


@pytest.mark.parametrize("case", SIX, ids=name)
def test_at_least_counts_title_and_body(case: Case) -> None:
    agrees(case)


@pytest.mark.parametrize(("query", "column"), FIVE)
def test_what_near_and_atleast_refuse(query: str, column: int | None) -> None:
    caught = error(query)
    assert caught.suggestion
    if column is not None:
        assert str(caught).startswith(f"query:1:{column}: ")


def test_brackets_are_what_the_error_asks_for() -> None:
    assert texts("a NEAR/5 b NOT c", "a b") == ["a", "b"]
    for query in ("(a AND b) NEAR/5 c", "NOT a NEAR/5 b", "a NEAR/5 title:b", "ATLEAST/2 (a AND b)"):
        assert "bracket" in str(error(query))
