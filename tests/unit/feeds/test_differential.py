"""The strict reader and feedparser read one document alike, wherever the strict reader says that it is sure."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from monitor.feeds import charset
from monitor.feeds.feedparser_reader import parse_tolerant
from monitor.feeds.strict import parse_strict
from monitor.model import FeedEntry
from tests.support.feeds import documents

FIELDS = ("guid", "url", "title", "author", "published_at", "updated_at", "summary", "content")


def differences(body: bytes, url: str | None) -> list[tuple[str, object, object]] | None:
    """Fields in which the two readers differ; None where the strict reader is not sure."""
    strict = parse_strict(body, url)
    if strict is None:
        return None
    tolerant = parse_tolerant(charset.mend(charset.without_declaration(charset.decode(body)[0])), url)
    assert len(strict.entries) == len(tolerant.entries)
    pairs: list[tuple[FeedEntry, FeedEntry]] = list(zip(strict.entries, tolerant.entries, strict=True))
    return [(name, getattr(a, name), getattr(b, name)) for a, b in pairs for name in FIELDS if getattr(a, name) != getattr(b, name)]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(body=documents())
def test_where_the_strict_reader_is_sure_feedparser_reads_the_same(body: bytes) -> None:
    assert not differences(body, None)
    assert not differences(body, "https://feeds.example.org/rss")
