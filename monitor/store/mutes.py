"""Statements about mutes: what shall not be delivered, until when, by whom, why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from monitor.store import changes, sql
from monitor.store import tables as t

SCOPES = ("rule", "site", "feed", "story", "query")
m = t.mutes.c


@dataclass(frozen=True, slots=True)
class Mute:
    """A mute as it stands. `until` None is for ever; `over` is when it ended or will end, None for one that goes on."""

    id: int
    uid: str
    scope: Mapping[str, str]
    until: float | None
    ended_at: float | None
    actor: str
    reason: str
    muted: int
    told_end: bool

    @property
    def over(self) -> float | None:
        return self.ended_at if self.ended_at is not None else self.until

    def holds(self, now: float) -> bool:
        return self.over is None or now < self.over


def of_row(row: Any) -> Mute:
    return Mute(row.id, row.uid, sql.load(row.scope), row.until, row.ended_at, row.actor, row.reason, row.muted, bool(row.told_end))


def telling(conn: sa.Connection) -> list[Mute]:
    """Those that hold, and those whose end is not yet told."""
    return [of_row(row) for row in conn.execute(sa.select(t.mutes).where(m.told_end == 0).order_by(m.id))]


def count_one(conn: sa.Connection, mute_id: int) -> None:
    conn.execute(sa.update(t.mutes).where(m.id == mute_id).values(muted=m.muted + 1))


def told_end(conn: sa.Connection, mute_id: int) -> None:
    conn.execute(sa.update(t.mutes).where(m.id == mute_id).values(told_end=1))


def add(conn: sa.Connection, now: float, scope: Mapping[str, str], until: float | None, reason: str, actor: str) -> str:
    """A mute from now on; answers its id."""
    uid = sql.new_uid()
    scope = {key: sql.clean(value) or "" for key, value in scope.items()}
    conn.execute(
        sa.insert(t.mutes).values(uid=uid, scope=sql.dump(scope), created_at=now, until=until, actor=actor, reason=sql.clean(reason) or "")
    )
    after = sql.dump({"scope": scope, "until": until, "reason": reason})
    changes.log(conn, now, [changes.Change("mute.created", [uid], actor=actor, after=after)])
    return uid


def end(conn: sa.Connection, now: float, uid: str, actor: str, version: int | None = None) -> str:
    """Ends a mute. Answers "ended", "over" for one that had ended by itself or by somebody, "stale", or "missing"."""
    row = conn.execute(sa.select(t.mutes).where(m.uid == uid).with_for_update()).first()
    if row is None:
        return "missing"
    if version is not None and row.version != version:
        return "stale"
    if not of_row(row).holds(now):
        return "over"
    conn.execute(sa.update(t.mutes).where(m.id == row.id).values(ended_at=now, ended_by=actor, version=m.version + 1))
    before = sql.dump({"scope": sql.load(row.scope), "until": row.until, "reason": row.reason})
    changes.log(conn, now, [changes.Change("mute.ended", [uid], actor=actor, before=before)])
    return "ended"


def missing(conn: sa.Connection, scope: Mapping[str, str]) -> str | None:
    """What of a scope is not in the store: a rule, a feed or a story that would be muted in vain."""
    f, r = t.feeds.c, t.rules.c
    known: dict[str, Callable[[str], sa.Select[tuple[int]]]] = {
        "rule": lambda value: sa.select(r.id).where(r.name == value),
        "feed": lambda value: sa.select(f.id).where(sa.or_(f.name == value, f.url == value)),
        "story": lambda value: sa.select(t.stories.c.id).where(t.stories.c.id == (int(value) if value.isdecimal() else -1)),
    }
    for key, query in known.items():
        if key in scope and conn.execute(query(scope[key]).limit(1)).first() is None:
            return key
    return None


@dataclass(frozen=True, slots=True)
class Past:
    """An alert that was, as a mute would have looked at it. Title and body are there only where they were asked for."""

    rule: str
    story_id: str
    host: str
    site: str | None
    url: str | None
    author: str | None
    language: str | None
    title: str
    body: str
    feeds: tuple[tuple[str, str], ...]
    tags: tuple[str, ...]


def past(
    conn: sa.Connection, since: float, *, rule: str | None, story: str | None, text: bool, after: int, limit: int
) -> tuple[list[Past], int]:
    """Alerts made since a moment, by key after `after`; and the key to go on after (0 at the end)."""
    from monitor.store import articles  # which itself makes alerts, and so looks at mutes

    al, a = t.alerts.c, t.articles.c
    where: list[sa.ColumnElement[bool]] = [al.created_at >= since, al.id > after]
    if rule is not None:
        where.append(al.rule == rule)
    if story is not None and story.isdecimal():
        where.append(al.story_id == int(story))
    columns = [
        al.id,
        al.rule,
        al.story_id,
        al.article_id,
        a.host,
        a.site,
        a.url,
        a.author,
        a.language,
        *([a.title, a.body] if text else []),
    ]
    rows: Sequence[Any] = conn.execute(
        sa.select(*columns).join(t.articles, a.id == al.article_id).where(*where).order_by(al.id).limit(limit)
    ).all()
    carried = articles.carriers(conn, sorted({row.article_id for row in rows}))
    made = []
    for row in rows:
        names, tags = carried.get(row.article_id, ((), ()))
        made.append(
            Past(
                rule=row.rule,
                story_id=str(row.story_id),
                host=row.host,
                site=row.site,
                url=row.url,
                author=row.author,
                language=row.language,
                title=row.title if text else "",
                body=row.body if text else "",
                feeds=names,
                tags=tags,
            )
        )
    return made, rows[-1].id if len(rows) == limit else 0
