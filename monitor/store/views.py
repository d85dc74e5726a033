"""What a message or a page says of an alert, read from the rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from monitor.model import AlertView, Notice, Severity, Span
from monitor.store import articles, sql
from monitor.store import tables as t

_SUMMARY = 400  # characters of the body that stand for it


def moment(seconds: float | None) -> datetime | None:
    """Seconds since the epoch as an aware datetime; None where there are none, or none that a calendar has."""
    if seconds is None:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def spans(text: str) -> tuple[Span, ...]:
    return tuple(Span(**row) for row in sql.load(text))


def summary(body: str) -> str:
    """The body's beginning, cut at a word's end."""
    head = " ".join(body[: _SUMMARY + 1].split())
    if len(body) <= _SUMMARY:
        return head
    cut = head[:_SUMMARY]
    return (cut.rpartition(" ")[0] or cut) + "…"


def alert_views(conn: sa.Connection, alert_ids: Sequence[int], delivery_ids: dict[int, str] | None = None) -> list[AlertView]:
    """The alerts with all that a message says of them, in the order asked for."""
    al, ar, m, st = t.alerts.c, t.articles.c, t.matches.c, t.stories.c
    found: dict[int, Any] = {}
    for ids in sql.chunks(alert_ids):
        rows = conn.execute(
            sa.select(
                al.id, al.uid, al.severity, al.rule, al.query, al.created_at, al.story_id, al.article_id, m.spans, st.articles,
                ar.url, ar.title, ar.site, ar.host, ar.author, ar.language, ar.published_at, ar.fetched_at, ar.body,
                ar.first_seen_at,
            )
            .select_from(
                t.alerts.join(t.articles, ar.id == al.article_id)
                .join(t.matches, sa.and_(m.alert_id == al.id, m.article_id == al.article_id))
                .outerjoin(t.stories, st.id == al.story_id)
            )
            .where(al.id.in_(ids))
        )  # fmt: skip
        found.update({row.id: row for row in rows})
    carried = articles.carriers(conn, sorted({row.article_id for row in found.values()}))
    return [_view(found[id_], carried, (delivery_ids or {}).get(id_, "")) for id_ in alert_ids if id_ in found]


def _view(row: Any, carried: dict[int, Any], delivery_id: str) -> AlertView:
    created = moment(row.created_at)
    assert created is not None
    return AlertView(
        id=row.uid,
        delivery_id=delivery_id,
        severity=Severity(row.severity),
        rule=row.rule,
        query=row.query,
        url=row.url,
        title=row.title,
        site=row.site or row.host or None,
        author=row.author,
        language=row.language,
        published_at=moment(row.published_at),
        fetched_at=moment(row.fetched_at or row.first_seen_at),
        summary=summary(row.body),
        body=row.body,
        spans=spans(row.spans),
        feeds=carried.get(row.article_id, ((), ()))[0],
        story_id=str(row.story_id),
        story_articles=row.articles or 1,
        created_at=created,
        host=row.host or None,
    )


def notices(conn: sa.Connection, notice_ids: Sequence[int]) -> list[Notice]:
    """Notices in the order asked for."""
    rows = {row.id: row for row in conn.execute(sa.select(t.notices).where(t.notices.c.id.in_(list(notice_ids))))}
    answer = []
    for id_ in notice_ids:
        if id_ in rows:
            row = rows[id_]
            since = moment(row.since)
            assert since is not None
            answer.append(Notice(row.uid, row.subject, row.state, since, row.cause, row.remedy, row.url))
    return answer


def alert_by_uid(conn: sa.Connection, uid: str) -> tuple[dict[str, Any], AlertView] | None:
    """An alert by its id, as a list's item and as a message has it."""
    from monitor.store import listing

    row = conn.execute(sa.select(t.alerts.c.id).where(t.alerts.c.uid == uid)).scalar()
    if row is None:
        return None
    items = listing.alerts(conn, before=row + 1, limit=1)
    return items[0], alert_views(conn, [row])[0]
