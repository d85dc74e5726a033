"""What binds to what, and what each unit is."""

from __future__ import annotations

import pytest

from monitor.rules import parse
from monitor.rules.tree import And, AtLeast, Field, Near, Node, Not, Or, Regex, Stem, Term

from .strategies import without_places


def word(text: str, *, exact: bool = False) -> Term:
    return Term(text, exact)


A, B, C, D = (word(each) for each in ("a1", "b1", "c1", "d1"))

TREES: list[tuple[str, Node]] = [
    ("a1", A),
    ("  a1\n", A),
    ("a1 b1 c1", And((A, B, C))),
    ("a1 AND b1 c1", And((A, B, C))),
    ("a1 NOT b1", And((A, Not(B)))),
    ("a1 AND NOT b1", And((A, Not(B)))),
    ("a1 b1 OR c1 d1", Or((And((A, B)), And((C, D))))),
    ("a1 AND (b1 OR c1)", And((A, Or((B, C))))),
    ("a1 (b1 OR c1)d1", And((A, Or((B, C)), D))),
    ("(a1)", A),
    ("((a1 OR b1))", Or((A, B))),
    ("a1 OR (b1 OR c1)", Or((A, B, C))),
    ("(a1 b1) c1", And((A, B, C))),
    ("NOT(a1 OR b1)c1", And((Not(Or((A, B))), C))),
    ("a1 NEAR/5 b1 c1", And((Near(A, B, 5), C))),
    ("a1 b1 NEAR/5 c1", And((A, Near(B, C, 5)))),
    ("a1 NEAR/5 b1 ONEAR/0 c1", Near(Near(A, B, 5), C, 0, ordered=True)),
    ("a1 NEAR/5 (b1 NEAR/3 c1)", Near(A, Near(B, C, 3), 5)),
    ("a1 NEAR/5 (b1 OR c1)", Near(A, Or((B, C)), 5)),
    ("a1 NEAR/S b1", Near(A, B, "S")),
    ("a1 ONEAR/P b1", Near(A, B, "P", ordered=True)),
    ("a1 NEAR/999 b1", Near(A, B, 999)),
    ("a1 NEAR/05 b1", Near(A, B, 5)),
    ("a1 NOT NEAR/5 b1", Near(A, B, 5, negated=True)),
    ("a1 NOT\n NEAR/S b1", Near(A, B, "S", negated=True)),
    ("a1 NOT NEAR/5 b1 NOT c1", And((Near(A, B, 5, negated=True), Not(C)))),
    ("a1 NOT NOT b1", And((A, Not(Not(B))))),
    ("ATLEAST/3 a1 b1", And((AtLeast(3, A), B))),
    ("ATLEAST/3 (a1 OR b1)", AtLeast(3, Or((A, B)))),
    ("NOT ATLEAST/3 a1 b1", And((Not(AtLeast(3, A)), B))),
    ("title:a1 b1", And((Field("title", A), B))),
    ("title: a1 b1", And((Field("title", A), B))),
    ("title:(a1 b1)", Field("title", And((A, B)))),
    ("title:(a1 NOT b1)", Field("title", And((A, Not(B))))),
    ("title:(ATLEAST/2 a1)", Field("title", AtLeast(2, A))),
    ("lead:a1 OR NOT title:b1 c1", Or((Field("lead", A), And((Not(Field("title", B)), C))))),
    ("(a1 OR NOT b1) c1", And((Or((A, Not(B))), C))),
    ("NOT (NOT a1 OR b1)", Not(Or((Not(A), B)))),
    ("title:=US", Field("title", word("US", exact=True))),
    ("title:/^US/", Field("title", Regex("^US"))),
    ("lang:or", Field("lang", word("or"))),
    ("tag:not", Field("tag", word("not"))),
    ("=AND", word("AND", exact=True)),
    ("=or", word("or", exact=True)),
    ('"a1"', A),
    ('"and"', word("and")),
    ('="a1 b1"', word("a1 b1", exact=True)),
    ("“a1 b1”", word("a1 b1")),
    ("„a1 b1“", word("a1 b1")),
    ('"a1 b1“', word("a1 b1")),
    ('"final, fully verified denuclearization"', word("final, fully verified denuclearization")),
    ("sanction*", word("sanction*")),
    ("=Sanct*", word("Sanct*", exact=True)),
    ('"sanction* exempt*"', word("sanction* exempt*")),
    ('"sanction*, exempt*"', word("sanction*, exempt*")),
    ("10:30", word("10:30")),
    ("10:30:15", word("10:30:15")),
    ("Jong-un", word("Jong-un")),
    ("AT&T", word("AT&T")),
    ("C++", word("C++")),
    ("#korea", word("#korea")),
    ("$", word("$")),
    ("U.S.", word("U.S.")),
    ("1,000", word("1,000")),
    ("kcna.kp/watch", word("kcna.kp/watch")),
    ("near", word("near")),
    ("W5", word("W5")),
    ("제재", word("제재")),
    ("제재\u3000면제", And((word("제재"), word("면제")))),
    ("a1\u00a0b1", And((A, B))),
    (r"/a\/b c/", Regex(r"a\/b c")),
    ("(/x1/)", Regex("x1")),
    ("/x1/ /y1/", And((Regex("x1"), Regex("y1")))),
    ("stem:sanction", Stem("sanction")),
    ("title:stem:sanction", Field("title", Stem("sanction"))),
    ("site:kcna.kp", Field("site", word("kcna.kp"))),
    ("url:kcna.kp/watch", Field("url", word("kcna.kp/watch"))),
    ("url:https://kcna.kp/a?b=c", Field("url", word("https://kcna.kp/a?b=c"))),
    ("feed:http://kcna.kp/rss", Field("feed", word("http://kcna.kp/rss"))),
    ('c1 NOT"a1"', And((C, Not(A)))),
    ("a1 AND(b1)", And((A, B))),
]


@pytest.mark.parametrize(("text", "tree"), TREES, ids=[f"{text!a}" for text, _ in TREES])
def test_a_query_is_read_as(text: str, tree: Node) -> None:
    assert without_places(parse(text).tree) == tree


def test_nodes_tell_their_places_with_signs_quotes_and_brackets() -> None:
    text = '="A b" AND (title:c1 OR NOT d1) x1 NEAR/5 y1'
    tree = parse(text).tree
    assert isinstance(tree, And)
    places = [text[part.start : part.end] for part in tree.parts]
    assert places == ['="A b"', "(title:c1 OR NOT d1)", "x1 NEAR/5 y1"]
    assert text[tree.start : tree.end] == text


def test_a_query_tells_the_fields_it_uses() -> None:
    assert parse("a1").fields_used == frozenset()
    assert parse("tag:korea OR NOT (feed:yonhap title:a1) b1").fields_used == {"tag", "feed", "title"}


def test_the_text_is_kept_as_written() -> None:
    assert parse(' a1  OR\n"b1" ').text == ' a1  OR\n"b1" '
    assert parse(' a1  OR\n"b1" ').canonical == "a1 OR b1"
