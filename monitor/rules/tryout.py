"""`rules try`: one query against lines of exported articles, with no store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from monitor.model import Article, Span
from monitor.rules.article import View
from monitor.rules.compiler import Compiler
from monitor.rules.query import Query
from monitor.rules.ruleset import spans_of


def try_lines(query: Query, lines: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """For each line what `rules try --json` prints. Any key may be missing; offsets are code points of the text given."""
    rule = Compiler().build(query.tree)
    for line in lines:
        hits = rule.evaluate(View.of(_article(line)))
        matches = [] if hits is None else [span_json(span) for span in spans_of(hits)]
        yield {"url": line.get("url"), "matched": hits is not None, "matches": matches}


def span_json(span: Span) -> dict[str, Any]:
    """A span as the contracts of `rules try` and the webhook have it."""
    out: dict[str, Any] = {"field": span.field, "start": span.start, "end": span.end, "text": span.text, "term": span.term}
    if span.entity is not None:
        out["entity"] = span.entity
    if span.lookalike:
        out["lookalike"] = True
    return out


def _article(line: Mapping[str, Any]) -> Article:
    return Article(
        title=_text(line, "title") or "",
        body=_text(line, "body") or "",
        author=_text(line, "author"),
        site=_text(line, "site"),
        url=_text(line, "url"),
        language=_text(line, "language"),
        feeds=tuple(_feeds(line)),
        tags=tuple(tag for tag in _list(line, "tags") if isinstance(tag, str)),
    )


def _text(line: Mapping[str, Any], key: str) -> str | None:
    value = line.get(key)
    return value if isinstance(value, str) else None


def _list(line: Mapping[str, Any], key: str) -> Sequence[Any]:
    value = line.get(key)
    return value if isinstance(value, list | tuple) else ()


def _feeds(line: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for feed in _list(line, "feeds"):
        if isinstance(feed, Mapping):
            yield str(feed.get("name") or ""), str(feed.get("url") or "")
        elif isinstance(feed, str):
            yield feed, feed
