"""What holds of every query and of every text that is none."""

from __future__ import annotations

import pickle

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from monitor.errors import QueryError
from monitor.rules import Query, parse, problems
from monitor.rules.canonical import canonical
from monitor.rules.tree import Entity, Node, Regex, Stem, Term

from .strategies import ENTITIES, leaves, nearly_queries, trees, without_places


@settings(max_examples=300, deadline=None)
@given(trees())
def test_the_canonical_text_parses_to_the_same_tree(tree: Node) -> None:
    text = canonical(tree)
    query = parse(text, ENTITIES)
    assert without_places(query.tree) == without_places(tree)
    assert query.canonical == text


@settings(max_examples=200, deadline=None)
@given(trees())
def test_every_leaf_tells_where_it_stands(tree: Node) -> None:
    text = canonical(tree)
    last = 0
    for leaf in leaves(parse(text, ENTITIES).tree):
        assert last <= leaf.start < leaf.end <= len(text)
        last = leaf.end
        written = text[leaf.start : leaf.end]
        match leaf:
            case Term():
                assert written.removeprefix("=").strip('"') == leaf.text
                assert written.startswith("=") == leaf.exact
            case Regex():
                assert written == f"/{leaf.pattern}/"
            case Stem():
                assert written == f"stem:{leaf.word}"
            case Entity():
                assert written.startswith("entity:")


@settings(max_examples=200, deadline=None)
@given(trees())
def test_a_query_crosses_to_another_process(tree: Node) -> None:
    query = parse(canonical(tree), ENTITIES)
    assert pickle.loads(pickle.dumps(query)) == query


def reading(text: str) -> Query | QueryError:
    try:
        return parse(text, ENTITIES)
    except QueryError as error:
        return error


@settings(max_examples=1500, deadline=None)
@given(nearly_queries | st.text())
def test_any_text_is_a_query_or_a_query_error_within_the_text(text: str) -> None:
    read = reading(text)
    if isinstance(read, Query):
        assert all(0 <= warning.start <= warning.end <= len(text) for warning in read.warnings)
        assert without_places(parse(read.canonical, ENTITIES).tree) == without_places(read.tree)
    else:
        assert type(read) is QueryError
        assert 0 <= read.start <= read.end <= len(text)
        assert read.suggestion
        assert read.text
        assert str(pickle.loads(pickle.dumps(read))) == str(read)


@settings(max_examples=1000, deadline=None)
@given(nearly_queries)
def test_a_remedy_mends_the_query_or_brings_it_further(text: str) -> None:
    read = reading(text)
    assume(isinstance(read, QueryError) and read.replacement is not None)
    assert isinstance(read, QueryError)
    assert read.replacement is not None
    mended = reading(text[: read.start] + read.replacement + text[read.end :])
    assert isinstance(mended, Query) or mended.start >= read.start + len(read.replacement)


@settings(max_examples=500, deadline=None)
@given(nearly_queries)
def test_all_errors_begin_with_the_one_that_parse_raises(text: str) -> None:
    read = reading(text)
    errors, warnings = problems(text, ENTITIES)
    if isinstance(read, Query):
        assert errors == []
        assert warnings == read.warnings
    else:
        assert str(errors[0]) == str(read)
        assert (errors[0].start, errors[0].end, errors[0].replacement) == (read.start, read.end, read.replacement)
        assert all(0 <= each.start <= each.end <= len(text) for each in errors)
        assert warnings == ()
