"""An article written for these tests on the facts of the interface's section 7, and alerts made of any text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from monitor.model import AlertView, Severity, Span

SEOUL = ZoneInfo("Asia/Seoul")
BASE = "https://watch.example.org/news"
URL = "https://www.koreaherald.com/view.php?ud=20181029000675"
TITLE = "US nuclear envoy urges ‘FFVD,’ close coordination with S. Korea"
PUBLISHED = datetime(2018, 10, 29, 6, 41, tzinfo=UTC)
ALERTED = datetime(2018, 10, 29, 6, 41, 7, tzinfo=UTC)

BODY = """\
Washington’s chief nuclear negotiator told his hosts on Monday that the allies want the same thing, and that the primary requirement \
for us to get to the end point is to achieve final, fully, verified denuclearization of North Korea, a goal to which he came back often.

His visit comes amid some unease in Washington over neighboring South Korea, which is seeking sanctions exemptions to push for \
inter-Korean projects, among them a survey of the railway tracks in the North that was put off in August.

Both envoys were, officials in Seoul said, reportedly expected to discuss the issue of sanctions exemptions for the Koreas, and to \
set up a working group that meets each month.

“FFVD is where we end,” he said. He would not say whether sanctions exemptions were near.
"""
LONGER = (
    BODY
    + """
The foreign ministry asked for sanctions exemptions in the summer.

Whether sanctions exemptions can be had before the next summit is open.
"""
)

EXEMPTIONS = ("sanctions exemptions",)
FFVD = ("FFVD", "final, fully, verified denuclearization")


def spans(text: str, field: str, terms: Sequence[str], *, entity: str | None = None) -> tuple[Span, ...]:
    found = [(m.start(), m.end(), m[0], term) for term in terms for m in re.finditer(re.escape(term), text)]
    return tuple(Span(field, start, end, words, term, entity) for start, end, words, term in sorted(found))


def alert(
    *,
    rule: str = "sanctions-exemptions",
    terms: Sequence[str] = EXEMPTIONS,
    title: str = TITLE,
    body: str = BODY,
    severity: Severity = Severity.HIGH,
    url: str | None = URL,
    id: str = "A1",
    delivery_id: str = "D1",
    story_id: str = "S1",
    articles: int = 3,
    feeds: tuple[tuple[str, str], ...] = (
        ("The Korea Herald, all news", "https://www.koreaherald.com/rss/newsAll"),
        ("Yonhap", "https://en.yna.co.kr/rss"),
    ),
    site: str | None = "The Korea Herald",
    author: str | None = "Ock Hyun-ju",
    language: str | None = "en",
    summary: str = "",
    query: str = '"sanctions exemptions" OR "sanctions waiver*"',
    found: tuple[Span, ...] | None = None,
    published: datetime | None = PUBLISHED,
    test: bool = False,
) -> AlertView:
    return AlertView(
        id=id,
        delivery_id=delivery_id,
        severity=severity,
        rule=rule,
        query=query,
        url=url,
        title=title,
        site=site,
        author=author,
        language=language,
        published_at=published,
        fetched_at=PUBLISHED,
        summary=summary,
        body=body,
        spans=found if found is not None else spans(title, "title", terms) + spans(body, "body", terms),
        feeds=feeds,
        story_id=story_id,
        story_articles=articles,
        created_at=ALERTED,
        host="www.koreaherald.com",
        test=test,
    )


def ffvd(**changes: object) -> AlertView:
    given: dict[str, object] = {
        "rule": "ffvd",
        "terms": FFVD,
        "severity": Severity.NORMAL,
        "id": "A2",
        "delivery_id": "D2",
        "query": "entity:FFVD",
    }
    return alert(**{**given, **changes})  # type: ignore[arg-type]


def pair(**changes: object) -> list[AlertView]:
    """The example's two alerts of one story."""
    return [alert(**changes), ffvd(**changes)]  # type: ignore[arg-type]
