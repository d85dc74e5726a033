"""Every fault names its place and the likeliest remedy, and the remedy, applied, mends the query."""

from __future__ import annotations

import pytest

from monitor.errors import QueryError
from monitor.rules import Entities, EntityDef, parse, problems

ENTITIES = Entities(
    {
        "FFVD": EntityDef("FFVD", ("final, fully verified denuclearization",)),
        "Kim Jong-un": EntityDef("Kim Jong-un", ("김정은",), "person"),
        "Moon Jae-in": EntityDef("Moon Jae-in", ("문재인",), "person"),
        "IAEA": EntityDef("IAEA", (), "organization"),
    }
)

# query, column, words of the message, the query with the remedy applied
TABLE = [
    # operators in lower case
    ("sanctions or waiver", 11, "'or'", "sanctions OR waiver"),
    ("sanctions and waiver", 11, "'and'", "sanctions AND waiver"),
    ("sanctions and not waiver", 11, "'and'", "sanctions AND not waiver"),
    ("korea not north", 7, "'not'", "korea NOT north"),
    ("korea Or japan", 7, "'Or'", "korea OR japan"),
    ("(a1 or b1) c1", 5, "'or'", "(a1 OR b1) c1"),
    ("제재 or 면제", 4, "'or'", "제재 OR 면제"),
    ("korea near/5 japan", 7, "'near/5'", "korea NEAR/5 japan"),
    ("korea onear/5 japan", 7, "'onear/5'", "korea ONEAR/5 japan"),
    ("atleast/3 korea", 1, "'atleast/3'", "ATLEAST/3 korea"),
    ("korea w/5 japan", 7, "'w/5'", "korea NEAR/5 japan"),
    ("korea pre/5 japan", 7, "'pre/5'", "korea ONEAR/5 japan"),
    ("korea NEAR5 japan", 7, "'NEAR5'", "korea NEAR/5 japan"),
    ("korea ANDNOT japan", 7, "'ANDNOT'", "korea AND NOT japan"),
    ("korea Ｏ\uff32 japan", 7, "'OR'", "korea OR japan"),
    ("korea OR\u200b japan", 7, "'OR'", "korea OR japan"),
    # signs of other languages
    ("sanctions -waiver", 11, "'-'", "sanctions NOT waiver"),
    ('sanctions -"old waiver"', 11, "'-'", 'sanctions NOT "old waiver"'),
    ("sanctions -(waiver OR relief)", 11, "'-'", "sanctions NOT (waiver OR relief)"),
    ("sanctions -site:kcna.kp", 11, "", "sanctions NOT site:kcna.kp"),
    ("sanctions –waiver", 11, "'–'", "sanctions NOT waiver"),
    ("-waiver", 1, "'-'", '"-waiver"'),
    ("sanctions - waiver", 11, "'-'", "sanctions  waiver"),
    ('"sanctions exemptions"~5', 1, "'~5'", "(sanctions NEAR/5 exemptions)"),
    ('korea "sanctions exemptions"~15', 7, "'~15'", "korea (sanctions NEAR/15 exemptions)"),
    ('"final fully verified"~3', 1, "'~3'", "(final NEAR/3 fully NEAR/3 verified)"),
    ('"sanctions exemptions"^2', 1, "'^2'", '"sanctions exemptions"'),
    ("sanctions~2", 1, "'sanctions~2'", "sanctions"),
    ("korea && japan", 7, "'&&'", "korea AND japan"),
    ("korea&&japan", 6, "'&&'", "korea AND japan"),
    ("korea || japan", 7, "'||'", "korea OR japan"),
    ("korea & japan", 7, "'&'", "korea AND japan"),
    ("korea | japan", 7, "'|'", "korea OR japan"),
    # stars and prefixes
    ("sanc*tion", 5, "'*'", "sanc*"),
    ("korea sanc*tion", 11, "'*'", "korea sanc*"),
    ("sanction**", 9, "'*'", "sanction*"),
    ("*tion", 1, "'*'", "tion"),
    ("korea *", 7, "'*'", "korea "),
    ("k*", 1, "'k*'", "k"),
    ("korea k*", 7, "'k*'", "korea k"),
    ('"north k*"', 8, "'k*'", '"north k"'),
    ('"sanc*tion relief"', 6, "'*'", '"sanc* relief"'),
    ('"north * korea"', 8, "'*'", '"north  korea"'),
    ('"sanctions"*', 1, "'*'", '"sanctions*"'),
    ("U.S.*", 5, "follows no word", "U.S."),
    ("site:*.kcna.kp", 6, "'*'", "site:kcna.kp"),
    # distances and counts
    ("korea NEAR japan", 7, "NEAR needs a distance", "korea NEAR/5 japan"),
    ("korea NEAR 7 japan", 7, "NEAR needs a distance", "korea NEAR/7 japan"),
    ("korea NEAR / 7 japan", 7, "NEAR needs a distance", "korea NEAR/7 japan"),
    ("korea NEAR/ japan", 7, "NEAR needs a distance", "korea NEAR/5 japan"),
    ("korea ONEAR japan", 7, "ONEAR needs a distance", "korea ONEAR/5 japan"),
    ("korea NOT NEAR japan", 11, "NEAR needs a distance", "korea NOT NEAR/5 japan"),
    ("korea NOT ONEAR/5 japan", 7, "NOT goes with NEAR", "korea NOT NEAR/5 japan"),
    ("korea NEAR/1000 japan", 7, "999", "korea NEAR/999 japan"),
    (f"korea NEAR/{'9' * 5000} japan", 7, "999", "korea NEAR/999 japan"),
    ("korea NEAR/s japan", 7, "S or P", "korea NEAR/S japan"),
    ("korea NEAR/x japan", 7, "NEAR takes", "korea NEAR/5 japan"),
    ("korea NEAR/-1 japan", 7, "NEAR takes", "korea NEAR/1 japan"),
    ("korea NEAR:5 japan", 7, "slash", "korea NEAR/5 japan"),
    ("korea NEAR/５ japan", 7, "NEAR takes", "korea NEAR/5 japan"),
    ("ATLEAST/0 korea", 1, "ATLEAST takes a number from 1", "ATLEAST/1 korea"),
    ("ATLEAST/1000 korea", 1, "999", "ATLEAST/999 korea"),
    ("ATLEAST korea", 1, "ATLEAST needs a number", "ATLEAST/2 korea"),
    ("ATLEAST/S korea", 1, "ATLEAST takes a number", "ATLEAST/5 korea"),
    # what stands inside NEAR and ATLEAST
    ("(a1 AND b1) NEAR/5 c1", 1, "AND can't stand inside NEAR", "(a1 NEAR/5 c1 AND b1 NEAR/5 c1)"),
    ("c1 NEAR/5 (a1 b1)", 1, "AND can't stand inside NEAR", "(c1 NEAR/5 a1 AND c1 NEAR/5 b1)"),
    ("x1 NOT a1 NEAR/5 b1", 4, "NOT can't stand inside NEAR", "x1 NOT (a1 NEAR/5 b1)"),
    ("a1 NEAR/5 NOT b1", 4, "NOT can't stand inside NEAR", "a1 NOT NEAR/5 b1"),
    ("title:a1 NEAR/5 b1", 1, "title:", "title:(a1 NEAR/5 b1)"),
    ("a1 NEAR/5 title:b1", 1, "title:", "title:(a1 NEAR/5 b1)"),
    ("title:a1 NEAR/5 title:b1", 1, "title:", "title:(a1 NEAR/5 b1)"),
    ("(a1 OR title:b1) ONEAR/5 c1", 1, "title:", "(a1 ONEAR/5 c1 OR title:(b1 ONEAR/5 c1))"),
    ("ATLEAST/2 a1 NEAR/5 b1", 1, "ATLEAST can't stand inside NEAR", "ATLEAST/2 a1 AND a1 NEAR/5 b1"),
    ("ATLEAST/2 (a1 AND b1)", 1, "AND can't stand inside ATLEAST", "(ATLEAST/2 a1 AND ATLEAST/2 b1)"),
    ("ATLEAST/2 (a1 NEAR/5 b1)", 1, "NEAR can't stand inside ATLEAST", "(a1 NEAR/5 b1)"),
    ("ATLEAST/2 title:a1", 1, "title:", "title:(ATLEAST/2 a1)"),
    ("x1 ATLEAST/2 NOT a1", 4, "NOT can't stand inside ATLEAST", "x1 NOT ATLEAST/2 a1"),
    ("ATLEAST/2 ATLEAST/3 a1", 1, "ATLEAST can't stand inside ATLEAST", "ATLEAST/3 a1"),
    ("title:ATLEAST/2 a1", 1, "ATLEAST can't stand inside title:", "title:(ATLEAST/2 a1)"),
    ('title:ATLEAST/2 "a1 b1" c1', 1, "ATLEAST can't stand inside title:", 'title:(ATLEAST/2 "a1 b1") c1'),
    ("(title: ATLEAST/2 (a1 OR b1) c1)", 2, "ATLEAST can't stand inside title:", "(title:(ATLEAST/2 (a1 OR b1)) c1)"),
    ("(title:ATLEAST/2 a1)", 2, "ATLEAST can't stand inside title:", "(title:(ATLEAST/2 a1))"),
    ("(a1 b1) NEAR/5 title:c1", 1, "AND can't stand inside NEAR", "(title:(a1 NEAR/5 c1) AND title:(b1 NEAR/5 c1))"),
    ("x1 title:NOT a1", 4, "NOT can't stand inside title:", "x1 NOT title:a1"),
    # operators without their terms
    ("korea AND", 7, "AND needs a term after it", "korea "),
    ("korea OR", 7, "OR needs a term after it", "korea "),
    ("(korea OR) japan", 8, "OR needs a term after it", "(korea ) japan"),
    ("(korea OR", 8, "OR needs a term after it", "(korea )"),
    ("AND korea", 1, "AND needs a term before it", " korea"),
    ("korea AND OR japan", 11, "OR can't follow AND", "korea AND  japan"),
    ("korea OR AND japan", 10, "AND can't follow OR", "korea OR  japan"),
    ("NEAR/5 korea", 1, "NEAR/5 needs a term before it", " korea"),
    ("korea NEAR/5", 7, "NEAR/5 needs a term after it", "korea "),
    ("korea title:", 7, "title: needs a term after it", "korea "),
    ("korea NOT", 7, "NOT needs a term after it", "korea "),
    ("tag:OR", 5, "OR is an operator", 'tag:"OR"'),
    # brackets
    ("(korea OR japan", 1, "not closed", "(korea OR japan)"),
    ("entity:FFVD NEAR/10 (exemption OR waiver", 21, "not closed", "entity:FFVD NEAR/10 (exemption OR waiver)"),
    ("((korea OR japan", 2, "not closed", "((korea OR japan))"),
    ("korea)", 6, "closes nothing", "korea"),
    ("korea ()", 7, "empty", "korea "),
    ("() OR korea", 1, "empty", "korea"),
    ("korea (", 7, "nothing stands after", "korea "),
    # quotes
    ('korea ""', 7, "empty phrase", "korea "),
    ('"" AND korea', 1, "empty phrase", "korea"),
    ('korea OR "" NOT NEAR/5 japan', 10, "empty phrase", "korea OR japan"),
    ('korea "  "', 7, "empty phrase", "korea "),
    ('korea "..."', 7, "no letter or digit", "korea "),
    ('"sanctions exemptions', 1, "not closed", '"sanctions exemptions"'),
    ('korea "sanctions exemptions', 7, "not closed", 'korea "sanctions exemptions"'),
    ('korea ("sanctions OR relief)', 8, "not closed", 'korea ("sanctions OR relief")'),
    ('korea "', 7, "not closed", "korea "),
    ("korea “sanctions", 7, "not closed", 'korea “sanctions"'),
    ('korea"north south"', 6, "quote", 'korea "north south"'),
    ('"north south"korea', 14, "follow a phrase", '"north south" korea'),
    ('title"north south"', 1, "colon", 'title:"north south"'),
    ("title(north OR south)", 1, "colon", "title:(north OR south)"),
    # terms that say nothing
    ("korea …", 7, "no letter or digit", "korea "),
    ("korea ---", 7, "finds nothing", "korea "),
    ("korea €", 7, "no letter or digit", "korea "),
    ("korea = japan", 7, "'='", "korea =japan"),
    ("korea =", 7, "'='", "korea "),
    ("==US", 1, "'='", "=US"),
    ("=(US OR UK)", 1, "'='", "(US OR UK)"),
    ("=/US/", 1, "regex", "/US/"),
    # alternatives that say only what must not be there
    ("korea OR NOT japan", 7, "this alternative could match everything", "korea AND NOT japan"),
    ("NOT korea OR japan", 1, "this alternative could match everything", "japan AND NOT korea"),
    ("(korea OR NOT japan) OR china", 8, "this alternative could match everything", "(korea AND NOT japan) OR china"),
    ("china OR (NOT korea OR japan)", 11, "this alternative could match everything", "china OR (japan AND NOT korea)"),
    ("title:(korea OR NOT japan)", 14, "this alternative could match everything", "title:(korea AND NOT japan)"),
    # regexes
    ("korea /(/", 7, "RE2", r"korea /\(/"),
    ("korea /a*/", 7, "empty text", "korea /a+/"),
    ("korea /x?/", 7, "empty text", "korea /x/"),
    ("korea //", 7, "empty regex", "korea "),
    (r"korea /\b/", 7, "empty text", r"korea /\\b/"),
    ("korea /(?=north)/", 7, "RE2", 'korea "north"'),
    ("url:/watch", 5, "not closed", 'url:"/watch"'),
    ("korea /north", 7, "not closed", "korea /north/"),
    ("korea /north/i", 7, "flags", "korea /(?i)north/"),
    ("korea /a1/b1/", 7, "ends it", r"korea /a1\/b1/"),
    ("korea /north/south", 7, "ends it|follow", None),
    # fields
    ("titel:korea", 1, "no field 'titel'", "title:korea"),
    ("Title:korea", 1, "no field 'Title'", "title:korea"),
    ("source:kcna.kp", 1, "no field 'source'", "site:kcna.kp"),
    ("japan headline:korea", 7, "no field 'headline'", "japan title:korea"),
    ("foo:korea", 1, "no field 'foo'", '"foo:korea"'),
    ("foo: korea", 1, "no field 'foo'", "foo korea"),
    ('foo:"north korea"', 1, "no field 'foo'", 'foo "north korea"'),
    ("북한:제재", 1, "no field '북한'", '"북한:제재"'),
    ("https://kcna.kp/watch", 1, "address", 'url:"https://kcna.kp/watch"'),
    ("https://kcna.kp", 1, "address", "site:kcna.kp"),
    ("site:https://kcna.kp/watch", 6, "address", "site:kcna.kp"),
    ("title :korea", 1, "space", "title:korea"),
    ("japan body : korea", 7, "space", "japan body: korea"),
    ("title=korea", 1, "colon", "title:korea"),
    ("title：korea", 1, "colon", "title:korea"),
    ("=title:US", 1, "'='", "title:=US"),
    ("=foo:US", 1, "no field", '="foo:US"'),
    # entities and stems
    ("entity:FVD", 1, "no entity 'FVD'", "entity:FFVD"),
    ("entity:Kim Jong-un", 1, "no entity 'Kim'", 'entity:"Kim Jong-un"'),
    ("korea entity:김정은", 7, "no entity '김정은'", 'korea entity:"Kim Jong-un"'),
    ("entity:type/persn", 1, "type 'persn'", "entity:type/person"),
    ("entity:person", 1, "no entity 'person'", "entity:type/person"),
    ("entity:Zzyzx", 1, "no entity 'Zzyzx'", '"Zzyzx"'),
    ("entity:=FFVD", 1, "entity: needs", "entity:FFVD"),
    ("entity: FFVD", 1, "entity: needs", "entity:FFVD"),
    ("korea entity:", 7, "entity: needs", "korea entity:FFVD "),
    ("entity:(FFVD OR IAEA)", 1, "not a bracket", None),
    ('korea entity:""', 7, "empty phrase", "korea "),
    ('entity:"FFVD', 8, "not closed", 'entity:"FFVD"'),
    ("stem:sanction*", 1, "stem:", "stem:sanction"),
    ("stem:sanction-relief", 1, "stem:", "(stem:sanction stem:relief)"),
    ('stem:"sanction"', 1, "stem:", "stem:sanction"),
    ("korea stem:", 7, "stem:", "korea "),
    # characters
    ("korea \x00japan", 7, "U+0000", "korea japan"),
    ("korea \ud800japan", 7, "U+D800", "korea japan"),
    ("korea \udfffjapan", 7, "U+DFFF", "korea japan"),
    ("korea \x7fjapan", 7, "U+007F", "korea japan"),
    ("korea \x9fjapan", 7, "U+009F", "korea japan"),
    ("=title:US korea", 1, "'='", "title:=US korea"),
    ("stem:sanction* relief", 1, "stem:", "stem:sanction relief"),
]


@pytest.mark.parametrize(("query", "column", "words", "mended"), TABLE, ids=[f"{row[0][:40]!a}" for row in TABLE])
def test_a_fault_names_its_place_and_its_remedy_mends_it(query: str, column: int, words: str, mended: str | None) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query, ENTITIES)
    error = caught.value
    assert error.start + 1 == column
    assert str(error).startswith(f"query:1:{column}: ")
    assert any(part in error.text for part in words.split("|"))
    assert error.suggestion
    assert error.replacement is not None
    applied = query[: error.start] + error.replacement + query[error.end :]
    if mended is not None:
        assert applied == mended
    if query not in ("sanctions and not waiver", "entity:(FFVD OR IAEA)"):  # two faults: one remedy leaves the other
        parse(applied, ENTITIES)


TO_THE_END = (
    "not closed",
    "needs a term after",
    "nothing stands after",
    "'='",
    "entity: needs",
    "stem:",
    "flags",
    "title:",
    "match everything",
    "closes nothing",
)
APART = [row for row in TABLE if row[3] is not None and row[0] != "-waiver" and not any(each in row[2] for each in TO_THE_END)]


@pytest.mark.parametrize(("query", "column", "words", "mended"), APART, ids=[f"{row[0][:40]!a}" for row in APART])
def test_a_fault_ends_where_it_ends(query: str, column: int, words: str, mended: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(f"({query}) zz1", ENTITIES)
    error = caught.value
    assert error.start == column
    assert error.replacement is not None
    assert f"({query}) zz1"[: error.start] + error.replacement + f"({query}) zz1"[error.end :] == f"({mended}) zz1"


# what no text put in one place can mend
UNMENDABLE = [
    ("", 1, "empty query"),
    ("   ", 1, "empty query"),
    ("\n\t", 1, "empty query"),
    ('""', 1, "empty phrase"),
    ("*", 1, "match everything"),
    ("()", 1, "empty"),
    ("NOT korea", 1, "this query could match everything"),
    ("NOT (korea OR japan)", 1, "this query could match everything"),
    ("NOT korea NOT japan", 1, "this query could match everything"),
    ("korea OR title:(NOT japan)", 16, "this part could match everything"),
    ("NOT NOT NOT korea", 1, "could match everything"),
    ("title:(NOT korea)", 7, "could match everything"),
    (f"({' '.join(['a1', 'b1', 'c1', 'd1', 'e1', 'f1'])}) NEAR/5 (a1 b1 c1 d1)", 1, "AND can't stand inside NEAR"),
    (f"ATLEAST/2 ({' '.join(f'a{i}' for i in range(30))})", 1, "AND can't stand inside ATLEAST"),
    ("NOT (korea AND japan)", 1, "this query could match everything"),
]


@pytest.mark.parametrize(("query", "column", "words"), UNMENDABLE)
def test_where_nothing_can_mend_a_query_the_place_and_the_advice_are_told(query: str, column: int, words: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query, ENTITIES)
    assert caught.value.start + 1 == column
    assert words in caught.value.text
    assert caught.value.suggestion
    assert caught.value.replacement is None


@pytest.mark.parametrize(
    "query",
    ["(a1 AND b1) NEAR/5 c1", "a1 NEAR/5 NOT b1", "title:a1 NEAR/5 b1", "ATLEAST/2 (a1 b1)", "a1 NEAR/5 (b1 NOT c1)", "ATLEAST/2 lang:ko"],
)
def test_what_may_not_stand_inside_asks_for_brackets(query: str) -> None:
    with pytest.raises(QueryError, match="brackets"):
        parse(query)


def test_the_words_a_lower_case_operator_may_mean_are_offered_too() -> None:
    with pytest.raises(QueryError) as caught:
        parse("research and development")
    assert caught.value.suggestion == 'write AND, or "and" in quotes for the word'
    assert parse('research "and" development').canonical == 'research AND "and" AND development'


def test_columns_count_code_points() -> None:
    with pytest.raises(QueryError) as caught:
        parse("\U0001f1f0\U0001f1f7x \U0001d546\U0001d546 or b1")
    assert caught.value.start == 7


def test_the_error_farthest_to_the_left_is_told_first() -> None:
    with pytest.raises(QueryError) as caught:
        parse('korea AND OR japan foo:bar ""')
    assert caught.value.start == 10


@pytest.mark.parametrize("later", ["foo:bar", '"not closed', ")", "AND", "x*", "/(/", "OR AND c1"])
def test_a_fault_of_structure_is_told_before_one_that_stands_behind_it(later: str) -> None:
    with pytest.raises(QueryError, match="AND can't stand inside NEAR") as caught:
        parse(f"x1 (a1 AND b1) NEAR/5 c1 {later}")
    assert caught.value.start == 3


def test_all_faults_of_a_query_are_told_where_they_stand() -> None:
    text = "korea or japan && titel:china waiver NEAR/1000 relief (x1"
    errors, warnings = problems(text)
    assert [text[error.start : error.end] for error in errors] == ["or", "&&", "titel:china", "NEAR/1000", "(x1"]
    assert warnings == ()


def test_at_most_ten_faults_are_told() -> None:
    assert len(problems("korea or " * 20 + "japan")[0]) == 10


def test_faults_that_lie_in_a_remedy_are_not_told() -> None:
    errors, _ = problems('x* "x* y1')
    assert [error.start for error in errors] == [0, 3]


def test_an_error_of_a_long_query_is_short() -> None:
    with pytest.raises(QueryError) as caught:
        parse("foo:" + "x" * 50_000)
    assert len(str(caught.value)) < 300
