"""The JSON that machines get: stored text as it stands, within 20,000 bytes (design, section 4 "Webhook").

Used by every channel that speaks to programs, so that one alert is one object wherever it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from monitor.alerts.http import to_json
from monitor.alerts.message import first_id, note
from monitor.alerts.snippet import LIMIT, RuleSpan, window
from monitor.alerts.times import stamp
from monitor.model import AlertView, Message, Notice, Span

BODY_LIMIT = 20_000  # bytes, of Standard Webhooks
MATCHES = 20
_ROOM = BODY_LIMIT - 200  # what the envelope takes


def alert_event(alert: AlertView) -> dict[str, Any]:
    """The whole body of an alert: type, the moment of the alert, data."""
    return {"type": "alert.created", "timestamp": stamp(alert.created_at), "data": alert_data(alert)}


def alert_data(alert: AlertView, room: int = _ROOM) -> dict[str, Any]:
    """The `data` object of an alert, in at most `room` bytes.

    At most 20 matches; `matches_total` says how many there are where some were left out. Only an alert that would be too large loses more:
    snippets shrink, then the summary, then matches, then feeds and the longest texts, which are cut but never changed.
    """
    data = _full(alert)
    for shrink in _shrinkings(alert):
        if len(to_json(data)) <= room:
            return data
        shrink(data)
    return data


def _full(alert: AlertView) -> dict[str, Any]:
    data: dict[str, Any] = {
        "id": alert.id,
        "severity": str(alert.severity),
        "rule": {"name": alert.rule, "query": alert.query},
        "article": {
            "url": alert.url,
            "title": alert.title,
            "site": alert.site,
            "author": alert.author,
            "language": alert.language,
            "published_at": stamp(alert.published_at),
            "fetched_at": stamp(alert.fetched_at),
            "summary": alert.summary,
        },
        "matches": [_match(alert, span) for span in alert.spans[:MATCHES]],
        "feeds": [{"name": name, "url": url} for name, url in alert.feeds],
        "story": {"id": alert.story_id, "articles": alert.story_articles},
    }
    if len(alert.spans) > MATCHES:
        data["matches_total"] = len(alert.spans)
    if alert.test:
        data["test"] = True
    if text := note(alert):
        data["note"] = text
    if alert.wording is not None:
        data["message"] = {"title": alert.wording.title, "text": alert.wording.text}
    return data


def _match(alert: AlertView, span: Span) -> dict[str, Any]:
    match: dict[str, Any] = {
        "field": span.field,
        "start": span.start,
        "end": span.end,
        "text": span.text,
        "term": span.term,
        "entity": span.entity,
        "snippet": _snippet(alert, span),
    }
    if span.lookalike:
        match["lookalike"] = True
    return match


def _snippet(alert: AlertView, span: Span) -> str:
    """A part of the stored text itself, unmarked and unchanged: the sentence, or the nearest of a long one."""
    text = alert.body if span.field == "body" else alert.title if span.field == "title" else ""
    if not 0 <= span.start < span.end <= len(text):
        return span.text
    start, end = window(text, RuleSpan(span.start, span.end, (), ()))
    return text[start : min(end, max(start + LIMIT, span.end))]


def _shrinkings(alert: AlertView) -> Iterator[Callable[[dict[str, Any]], None]]:
    def snippets(data: dict[str, Any]) -> None:
        for match in data["matches"]:
            match["snippet"] = match["text"]

    def summary(limit: int) -> Callable[[dict[str, Any]], None]:
        def apply(data: dict[str, Any]) -> None:
            data["article"]["summary"] = (data["article"]["summary"] or "")[:limit]

        return apply

    def matches(limit: int) -> Callable[[dict[str, Any]], None]:
        def apply(data: dict[str, Any]) -> None:
            data["matches"] = data["matches"][:limit]
            if len(alert.spans) > limit:
                data["matches_total"] = len(alert.spans)

        return apply

    def texts(limit: int) -> Callable[[dict[str, Any]], None]:
        def apply(data: dict[str, Any]) -> None:
            _cut_texts(data, limit)

        return apply

    def feeds(data: dict[str, Any]) -> None:
        data["feeds"] = data["feeds"][:10]

    yield summary(2000)
    yield feeds
    yield snippets
    yield summary(500)
    yield matches(5)
    yield texts(500)
    yield summary(0)
    yield matches(1)
    yield texts(100)
    yield matches(0)
    yield texts(30)
    yield lambda data: data.pop("message", None)


def _cut_texts(data: dict[str, Any], limit: int) -> None:
    """Cuts every long text but the ids; a URL that is too long to keep is left out, since half of one leads elsewhere."""
    article = data["article"]
    for part, keys in ((article, ("title", "site", "author", "language")), (data["rule"], ("name", "query"))):
        for key in keys:
            part[key] = part[key][:limit] if part[key] else part[key]
    if article["url"] and len(article["url"]) > max(limit * 4, 300):
        article["url"] = None
    for match in data["matches"]:
        for key in ("text", "term", "snippet", "entity"):
            match[key] = match[key][:limit] if match[key] else match[key]
    data["feeds"] = [
        {"name": feed["name"][:limit], "url": feed["url"]} for feed in data["feeds"] if len(feed["url"]) <= max(limit * 4, 300)
    ][: limit // 10]


def digest_message(alerts: Sequence[AlertView], now: datetime, delivery_id: str | None) -> Message:
    """A digest: `data` is a list of alert objects, the severest first, each shrunk to its share of the 20,000 bytes.

    Where even small objects do not fit, the list ends early: `total` says how many there are, and the message warns.
    """
    ordered = sorted(alerts, key=lambda alert: alert.severity.rank)
    share = _ROOM // max(len(ordered), 1)
    items: list[dict[str, Any]] = []
    used = 0
    for alert in ordered:
        item = alert_data(alert, max(share, 700))
        used += len(to_json(item)) + 1
        if used > _ROOM:
            break
        items.append(item)
    event: dict[str, Any] = {"type": "digest.created", "timestamp": stamp(now), "data": items}
    left_out = len(ordered) - len(items)
    if not left_out:
        return Message(first_id(ordered, delivery_id), event)
    event["total"] = len(ordered)
    return Message(
        first_id(ordered, delivery_id), event, warnings=(f"{left_out:,} of {len(ordered):,} alerts did not fit into the digest",)
    )


def notice_data(notice: Notice) -> dict[str, Any]:
    return {
        "id": notice.id,
        "subject": notice.subject,
        "state": notice.state,
        "since": stamp(notice.since),
        "cause": notice.cause,
        "remedy": notice.remedy,
        "url": notice.url,
    }


def notice_message(notice: Notice | Sequence[Notice], now: datetime, delivery_id: str | None) -> Message:
    """A notice's body. Raises ValueError for several at once: machines get one a message."""
    (one,) = (notice,) if isinstance(notice, Notice) else notice
    event = {"type": "notice.created", "timestamp": stamp(now), "data": notice_data(one)}
    if len(to_json(event)) > BODY_LIMIT:
        event["data"] = notice_data(one) | {"cause": one.cause[:4000], "remedy": one.remedy[:1000], "subject": one.subject[:300]}
    return Message(delivery_id or one.id, event)
