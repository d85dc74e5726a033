"""Errors, never guesses: decisions 7 and 8, the grammar, and that a query needs something to find."""

from __future__ import annotations

import pytest

from monitor.rules import Entities, EntityDef, parse
from tests.unit.rules.oracle.letter import Case, agrees, error, name

ENTITIES = Entities({"FFVD": EntityDef("FFVD")})
REFUSED: list[tuple[str, int | None]] = [
    ("", 1),
    ("   ", 1),
    ("a and b", 3),
    ("a or b", 3),
    ("a not b", 3),
    ("a and not b", 3),
    ("(a or b) c", 4),
    ("a OR b or c", 8),
    ("x AND rock and roll", 12),
    ("-x", 1),
    ("a -x", 3),
    ("a (-x)", 4),
    ("a - b", 3),
    ('"a b"~5', 1),
    ('x "a b"~5', 3),
    ('a"b c"', 2),
    ('"b c"a', None),
    ("a && b", 3),
    ("&& b", 1),
    ("a || b", 3),
    ("*foo", 1),
    ("a *foo", 3),
    ("*", 1),
    ("a *", 3),
    ("a*", 1),
    ("x a*", 3),
    ('"a* b"', None),
    ("fo*bar", None),
    ('"fo*bar baz"', None),
    ("foo**", None),
    ('x ""', 3),
    ('""', 1),
    ('" "', 1),
    ('"..."', 1),
    ("“”", 1),
    ("x =", None),
    ('=""', None),
    ("==x", None),
    ("foo:bar", 1),
    ("x foo:bar", 3),
    ("titel:bar", 1),
    ("http://x.example/", 1),
    ("제목:x", 1),
    ("title:", None),
    ("title: )", None),
    ("title:NOT x", None),
    ("entity:", None),
    ("entity:nobody", None),
    ("entity:type/nobody", None),
    ("stem:", None),
    ('"a b', 1),
    ('x "a b', 3),
    ("“a b", 1),
    ('a b"', 4),
    ("(a OR b", 1),
    ("x (a OR b", 3),
    ("a OR b)", 7),
    ("()", None),
    ("a OR", None),
    ("a AND", None),
    ("a NOT", None),
    ("OR a", 1),
    ("AND a", 1),
    ("a AND AND b", None),
    ("a OR OR b", None),
    ("NOT", None),
    ("AND", 1),
    ("OR", 1),
    ("NEAR", 1),
    ("ATLEAST", 1),
    ("NOT a", 1),
    ("NOT a NOT b", None),
    ("a OR NOT b", None),
    ("NOT a OR NOT b", None),
    ("NOT (a OR b)", None),
    ("/a", 1),
    ("//", 1),
    ("/a*/", 1),
    ("/a|/", 1),
    ("/^/", 1),
    ("/(/", 1),
    ("/[/", 1),
    (r"/(?=x)/", 1),
    (r"/(a)\1/", 1),
    ("/a/b", None),
    ("/a/i", None),
    ("x /a*/", 3),
    ("ß x foo:y", 5),
    ("😀x foo:y", 4),
    ("한글 foo:y", 4),
]
TAKEN: list[Case] = [
    ('"and"', "and", ["and"]),
    ('rock "and" roll', "rock and roll", ["rock", "and", "roll"]),
    ('"rock and roll"', "rock and roll", ["rock and roll"]),
    ('"a OR b"', "a or b", ["a or b"]),
    ("=OR", "OR or", ["OR"]),
    ("ORWELL", "Orwell", ["Orwell"]),
    ("ANDROID NOTE NEARBY", "android note nearby", ["android", "note", "nearby"]),
    ("a AND b", "a b", ["a", "b"]),
    ("a b", "a b", ["a", "b"]),
    ("a NOT b", "a", ["a"]),
    ("a AND NOT b", "a b", None),
    ("NOT b a", "a", ["a"]),
    ("NOT b AND a", "a b", None),
    ("a OR b c", "a", ["a"]),
    ("a OR b c", "b", None),
    ("a OR b c", "b c", ["b", "c"]),
    ("(a OR b) c", "a", None),
    ("c (a OR NOT b)", "c", ["c"]),
    ("c (a OR NOT b)", "c b", None),
    ("c (a OR NOT b)", "c b a", ["c", "a"]),
    ("(a OR NOT b) AND c", "c", ["c"]),
    ("a NOT (b OR c)", "a", ["a"]),
    ("a NOT (b OR c)", "a c", None),
    ("a NOT (b c)", "a c", ["a"]),
    ("a NOT (b c)", "a c b", None),
    ("a NOT NOT b", "a", None),
    ("a NOT NOT b", "b", None),
    ("(a)(b)", "a b", ["a", "b"]),
    ("(a)OR(b)", "b", ["b"]),
    ("NOT(b)a", "a", ["a"]),
    ("a NEAR/5(b OR c)", "a c", ["a", "c"]),
    ("ATLEAST/2(a OR b)", "a b", ["a", "b"]),
    ("((((a))))", "a", ["a"]),
    ("a\n\tOR\u00a0b", "b", ["b"]),
    ("a\u3000b", "a b", ["a", "b"]),
    ("a NEAR/5 b OR c", "c", ["c"]),
    ("a NEAR/0 b c", "a b c", ["a", "b", "c"]),
    ("a b NEAR/0 c", "a x b c", ["a", "b", "c"]),
    ("a OR b NEAR/0 c", "a", ["a"]),
    ("NOT a b", "b", ["b"]),
    ("x a-b", "x a b", ["x", "a b"]),
    ("10:30 x", "10:30 x", ["10:30", "x"]),
    ("5:0", "5:0", ["5:0"]),
]


@pytest.mark.parametrize(("query", "column"), REFUSED)
def test_refused_with_place_and_remedy(query: str, column: int | None) -> None:
    caught = error(query, ENTITIES)
    assert str(caught).startswith("query:1:")
    assert caught.suggestion
    assert 0 <= caught.start <= caught.end <= max(len(query), 1)
    if column is not None:
        assert caught.start + 1 == column


@pytest.mark.parametrize("case", TAKEN, ids=name)
def test_taken(case: Case) -> None:
    agrees(case)


@pytest.mark.parametrize("query", ["a AND b", "x (y OR NOT z)", "x NEAR/5 y", 'title:"a b"', "/ab/", "=OR", '"a" NOT b'])
def test_the_text_of_a_query_is_kept(query: str) -> None:
    assert parse(query).text == query
