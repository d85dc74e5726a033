"""One way to ask what a query finds; every ask goes through all of the matcher's doors and they must agree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from monitor.model import Article, Span
from monitor.rules import Entities, EntityDef, RuleSet, parse, try_lines


def spans(
    query: str, body: str = "", *, title: str = "", entities: Mapping[str, EntityDef] | None = None, **fields: Any
) -> list[Span] | None:
    """The spans of a match, None where there is none."""
    parsed = parse(query, Entities(entities) if entities else None)
    article = Article(title=title, body=body, **fields)
    ruleset = RuleSet.compile([("other", parse("zzzz")), ("rule", parsed)])
    matches = [match for match in ruleset.match(article) if match.rule == "rule"]
    alone = ruleset.match_one("rule", article)
    assert matches == ([alone] if alone else [])
    if not fields.get("feeds"):
        (line,) = try_lines(parsed, [{"title": title, "body": body, **fields}])
        assert line["matched"] == bool(matches)
        assert [(each["field"], each["start"], each["end"]) for each in line["matches"]] == [
            (span.field, span.start, span.end) for match in matches for span in match.spans
        ]
    for span in matches[0].spans if matches else ():
        if span.field in ("title", "body"):
            assert span.text == getattr(article, span.field)[span.start : span.end]
    return list(matches[0].spans) if matches else None


def found(query: str, body: str = "", **more: Any) -> list[str] | None:
    """The texts of the spans, None where the query does not match."""
    result = spans(query, body, **more)
    return None if result is None else [span.text for span in result]
