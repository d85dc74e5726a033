"""What the store takes of an entry: each of its texts once."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from monitor.feeds import Identified
from monitor.model import FeedEntry
from monitor.pipeline.seen import seen_of
from monitor.store.feeds import DueFeed

LINES = "First paragraph.\nSecond paragraph."


def due_feed() -> DueFeed:
    known: dict[str, Any] = {"id": 1, "url": "https://a.example/feed", "host": "a.example", "backlog": "none", "polls": 3}
    return DueFeed(**{field.name: known.get(field.name) for field in dataclasses.fields(DueFeed)})


@pytest.mark.parametrize(
    ("summary", "content", "text"),
    [
        ("First paragraph. Second paragraph.", LINES, LINES),
        ("First paragraph.", LINES, LINES),
        ("Only a summary.", None, "Only a summary."),
        (None, LINES, LINES),
        (None, None, ""),
        ("Another text.", LINES, f"Another text.\n{LINES}"),
    ],
)
def test_a_text_that_stands_in_another_is_not_stored_twice(summary: str | None, content: str | None, text: str) -> None:
    entry = FeedEntry("1", "https://a.example/1", "A title", summary=summary, content=content)
    assert seen_of(due_feed(), Identified(entry, "1", "https://a.example/1", entry.url)).text == text
