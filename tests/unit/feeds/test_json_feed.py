"""JSON Feed 1.0 and 1.1."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import ParseError
from monitor.feeds.json_feed import parse_json


def feed(*items: Any, **head: Any) -> bytes:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "F", **head, "items": items}).encode()


def test_an_item_with_all_that_is_read() -> None:
    parsed = parse_json(
        feed(
            {
                "id": "1",
                "url": "/one",
                "title": "A &amp; <b>B</b>",
                "content_html": "<p>One</p><p>Two</p>",
                "summary": "s",
                "authors": [{"name": "Ann"}, {"name": "Bo"}, {}],
                "date_published": "2002-10-02T22:00:00+09:00",
                "date_modified": "2002-10-03T00:00:00Z",
            },
            home_page_url="https://h/",
            language="ko",
        ),
        "https://h/feed.json",
    )
    assert (parsed.format, parsed.title, parsed.link, parsed.language, parsed.reader) == ("json 1.1", "F", "https://h/", "ko", "json")
    (entry,) = parsed.entries
    assert (entry.guid, entry.url, entry.title, entry.author) == ("1", "https://h/one", "A & B", "Ann, Bo")
    assert (entry.published_at, entry.updated_at) == (datetime(2002, 10, 2, 13, tzinfo=UTC), datetime(2002, 10, 3, tzinfo=UTC))
    assert (entry.summary, entry.content) == ("s", "One\nTwo")


@pytest.mark.parametrize(
    ("item", "guid", "url"),
    [
        ({"id": 12345678901234567890123, "url": "https://h/1"}, "12345678901234567890123", "https://h/1"),
        ({"id": "https://h/permalink"}, "https://h/permalink", "https://h/permalink"),
        ({"external_url": "https://other/1"}, None, "https://other/1"),
        ({"id": "x", "url": "javascript:alert(1)"}, "x", None),
        ({"id": None, "url": ["https://h/"]}, None, None),
        ({"id": "a\ud800b", "url": "https://h/1"}, "a�b", "https://h/1"),
    ],
)
def test_guid_and_link(item: dict[str, Any], guid: str | None, url: str | None) -> None:
    (entry,) = parse_json(feed(item), None).entries
    assert (entry.guid, entry.url) == (guid, url)


def test_version_1_and_plain_text() -> None:
    body = feed({"id": "1", "content_text": "a < b\nc &amp; d", "author": {"name": "Ann"}}, version="https://jsonfeed.org/version/1")
    parsed = parse_json(body, None)
    assert parsed.format == "json 1.0"
    assert (parsed.entries[0].content, parsed.entries[0].author) == ("a < b\nc &amp; d", "Ann")


def test_bad_values_cost_themselves_alone() -> None:
    parsed = parse_json(feed("no object", {"id": "1", "title": {"x": 1}, "date_published": [], "authors": "Ann"}, None, {"id": "2"}), None)
    assert [entry.guid for entry in parsed.entries] == ["1", "2"]
    assert parsed.warnings == ("2 items are no objects",)


def test_timestamps_instead_of_dates() -> None:
    (entry,) = parse_json(feed({"id": "1", "date_published": 1_033_563_600, "date_modified": 1e400}), None).entries
    assert (entry.published_at, entry.updated_at) == (datetime(2002, 10, 2, 13, tzinfo=UTC), None)


def test_a_document_that_breaks_off_gives_its_whole_items() -> None:
    body = feed({"id": "1", "title": "one"}, {"id": "2", "title": "two"})
    parsed = parse_json(body[:-12], None)
    assert [entry.guid for entry in parsed.entries] == ["1"]
    assert "broken JSON" in parsed.warnings[0]


@pytest.mark.parametrize("body", [b"{", b'{"items": {}}', b"[]", b'{"items": [', b'{"title": 1}', b"{'items': []}"])
def test_what_is_none(body: bytes) -> None:
    with pytest.raises(ParseError) as refused:
        parse_json(body, None)
    assert refused.value.code == "not-a-feed"


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "url", "title", "authors", "name", "content_html", "date_published"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.lists(values, max_size=4))
def test_any_items_are_read_without_a_fault(items: list[Any]) -> None:
    parsed = parse_json(feed(*items), "https://h/")
    assert len(parsed.entries) == sum(isinstance(item, dict) for item in items)
