"""What a message or a page says of an alert, read from the rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from monitor.model import AlertView, Article, Notice, Severity, Span
from monitor.store import articles, sql
from monitor.store import tables as t

Carriers = tuple[tuple[tuple[str, str], ...], tuple[str, ...]]
"""What carried an article: its feeds, each a name and a URL, and their tags."""

_FEW = 50  # alerts that are read whole in one statement
_SUMMARY = 400  # characters of the body that stand for it


def moment(seconds: float | None) -> datetime | None:
    """Seconds since the epoch as an aware datetime; None where there are none, or none that a calendar has."""
    if seconds is None:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def as_article(row: Any, carriers: Carriers = ((), ())) -> Article:
    """A stored article as rules see it."""
    return Article(
        title=row.title,
        body=row.body,
        author=row.author,
        site=row.site,
        url=row.url,
        language=row.language,
        published_at=moment(row.published_at),
        feeds=carriers[0],
        tags=carriers[1],
    )


def spans(text: str) -> tuple[Span, ...]:
    return tuple(Span(**row) for row in sql.load(text))


def summary(body: str) -> str:
    """The body's beginning, cut at a word's end."""
    head = " ".join(body[: _SUMMARY + 1].split())
    if len(body) <= _SUMMARY:
        return head
    cut = head[:_SUMMARY]
    return (cut.rpartition(" ")[0] or cut) + "…"


def alert_views(
    conn: sa.Connection, alert_ids: Sequence[int], delivery_ids: dict[int, str] | None = None, *, told: int | None = None
) -> list[AlertView]:
    """The alerts with all that a message says of them, in the order asked for.

    `told`: so many stories, the severest first, have their text; the others are counted and need none.
    """
    if not alert_ids:
        return []
    al, ar, m, st = t.alerts.c, t.articles.c, t.matches.c, t.stories.c
    found: dict[int, Any] = {}
    few = told is None and len(alert_ids) <= _FEW
    whole = (ar.body, m.spans) if few else ()  # of many, each text is read once, and those alone that are told
    for ids in sql.chunks(alert_ids):
        rows = conn.execute(
            sa.select(
                al.id, al.uid, al.severity, al.rule, al.query, al.created_at, al.story_id, al.article_id, al.note, m.id.label("match_id"),
                st.articles, ar.url, ar.title, ar.site, ar.host, ar.author, ar.language, ar.published_at, ar.fetched_at, ar.first_seen_at,
                *whole,
            )
            .select_from(
                t.alerts.join(t.articles, ar.id == al.article_id)
                .join(t.matches, sa.and_(m.alert_id == al.id, m.article_id == al.article_id))
                .outerjoin(t.stories, st.id == al.story_id)
            )
            .where(al.id.in_(ids))
        )  # fmt: skip
        found.update({row.id: row for row in rows})
    texts = _texts(conn, [found[id_] for id_ in alert_ids if id_ in found], told, few=few)
    carried = articles.carriers(conn, sorted({row.article_id for row in found.values()}))
    return [_view(found[id_], carried, texts, (delivery_ids or {}).get(id_, "")) for id_ in alert_ids if id_ in found]


class _Texts(NamedTuple):
    bodies: dict[int, str]
    spans: dict[int, str]


def _texts(conn: sa.Connection, rows: Sequence[Any], told: int | None, *, few: bool) -> _Texts:
    if few:
        return _Texts({row.article_id: row.body for row in rows}, {row.match_id: row.spans for row in rows})
    stories = _told_stories(rows, told)
    shown = [row for row in rows if row.story_id in stories]
    return _Texts(_bodies(conn, [row.article_id for row in shown]), _spans(conn, [row.match_id for row in shown]))


def _told_stories(rows: Sequence[Any], told: int | None) -> set[int]:
    ordered = dict.fromkeys(row.story_id for row in sorted(rows, key=lambda row: Severity(row.severity).rank))
    return set(list(ordered)[:told])


def _bodies(conn: sa.Connection, ids: Sequence[int]) -> dict[int, str]:
    """Each article's text once, however many alerts it has."""
    a = t.articles.c
    found: dict[int, str] = {}
    for some in sql.chunks(sorted(set(ids))):
        found.update(dict(conn.execute(sa.select(a.id, a.body).where(a.id.in_(some))).all()))
    return found


def _spans(conn: sa.Connection, ids: Sequence[int]) -> dict[int, str]:
    m = t.matches.c
    found: dict[int, str] = {}
    for some in sql.chunks(sorted(ids)):
        found.update(dict(conn.execute(sa.select(m.id, m.spans).where(m.id.in_(some))).all()))
    return found


def _view(row: Any, carried: dict[int, Any], texts: _Texts, delivery_id: str) -> AlertView:
    created = moment(row.created_at)
    assert created is not None
    body = texts.bodies.get(row.article_id, "")
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
        summary=summary(body),
        body=body,
        spans=spans(texts.spans[row.match_id]) if row.match_id in texts.spans else (),
        feeds=carried.get(row.article_id, ((), ()))[0],
        story_id=str(row.story_id),
        story_articles=row.articles or 1,
        created_at=created,
        host=row.host or None,
        note=row.note,
    )


def notices(conn: sa.Connection, notice_ids: Sequence[int]) -> list[Notice]:
    """Notices in the order asked for."""
    if not notice_ids:
        return []
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
