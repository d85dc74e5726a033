"""What the cases of this folder are written with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from monitor.errors import QueryError
from monitor.model import Article, Span
from monitor.rules import Entities, RuleSet, parse

Case = tuple[str, str | dict[str, Any], list[str] | None]
EMPTY = Entities({})


def spans(query: str, what: str | Mapping[str, Any], entities: Entities = EMPTY) -> list[Span] | None:
    """The spans of the article (a body alone, or named fields) that the query finds; None where it does not match."""
    article = Article(body=what) if isinstance(what, str) else Article(**what)
    found = RuleSet.compile([("rule", parse(query, entities))], entities).match(article)
    if not found:
        return None
    for span in found[0].spans:
        whole = getattr(article, span.field, None)
        if isinstance(whole, str):
            assert whole[span.start : span.end] == span.text
    return list(found[0].spans)


def texts(query: str, what: str | Mapping[str, Any], entities: Entities = EMPTY) -> list[str] | None:
    found = spans(query, what, entities)
    return None if found is None else [span.text for span in found]


def error(query: str, entities: Entities = EMPTY) -> QueryError:
    with pytest.raises(QueryError) as caught:
        parse(query, entities)
    return caught.value


def agrees(case: Case, entities: Entities = EMPTY) -> None:
    query, what, expected = case
    assert texts(query, what, entities) == expected


def name(case: object) -> str:
    return str(case[0]) if isinstance(case, tuple) else str(case)
