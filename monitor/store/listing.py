"""Lists of what is in the store, as the API's items: the same for terminal, JSON and pages. Newest first, by key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from monitor.store import articles as carried
from monitor.store import sql
from monitor.store import tables as t

Item = dict[str, Any]


def stamp(seconds: float | None) -> str | None:
    """RFC 3339 in UTC; None where there is no time, or none that a calendar has."""
    if seconds is None:
        return None
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    text = moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds")
    return text.replace("+00:00", "Z")


# -- feeds -------------------------------------------------------------------------------------------------------------
_FEED_STATES = ("paused", "ended", "quarantined", "failing", "silent", "ok")


def feed_state(row: Any) -> str:
    """The gravest state that holds."""
    if row.paused_at is not None:
        return "paused"
    return str(row.state)


def feed_item(row: Any) -> Item:
    return {
        "id": str(row.id),
        "url": row.url,
        "name": row.name,
        "tags": sql.load(row.tags),
        "state": feed_state(row),
        "since": stamp(row.paused_at or row.state_since or row.added_at),
        "interval": row.interval,
        "title": row.title,
        "language": row.language,
        "format": row.format,
        "last_poll_at": stamp(row.last_poll_at),
        "last_good_at": stamp(row.last_good_at),
        "last_new_at": stamp(row.last_new_at),
        "next_poll_at": None if row.paused_at is not None else stamp(row.due_at),
        "status": row.last_status,
        "error": row.error_text,
        "error_code": row.error_code,
        "warnings": sql.load(row.warnings),
        "polls": row.polls,
        "entries": row.entries,
        "new": row.last_new,
        "total": row.last_total,
        "rolled_over_at": stamp(row.rolled_over_at),
        "polled_url": row.polled_url,
        "origin": row.origin,
    }


def feeds(conn: sa.Connection, *, state: str | None = None, limit: int = 100_000) -> list[Item]:
    f = t.feeds
    items = [feed_item(row) for row in conn.execute(sa.select(f).where(f.c.configured == 1).order_by(f.c.name, f.c.id))]
    return [item for item in items if state is None or item["state"] == state][:limit]


def find_feed(conn: sa.Connection, name: str) -> Item | None:
    """A feed by id, URL or name; a configured one before one that was taken out."""
    f = t.feeds
    wanted = [f.c.url == name, f.c.name == name, f.c.polled_url == name]
    if name.isdigit():
        wanted.append(f.c.id == int(name))
    row = conn.execute(sa.select(f).where(sa.or_(*wanted)).order_by(f.c.configured.desc(), f.c.id).limit(1)).first()
    return None if row is None else feed_item(row)


def feed_entries(conn: sa.Connection, feed_id: int, limit: int = 20) -> list[Item]:
    e, a = t.entries.c, t.articles.c
    rows = conn.execute(
        sa.select(e.guid, e.kind, e.title, e.seen_at, e.published_at, a.url, a.text_state, a.why)
        .join(t.articles, a.id == e.article_id)
        .where(e.feed_id == feed_id)
        .order_by(e.seen_at.desc(), e.id.desc())
        .limit(limit)
    )
    return [
        {
            "guid": row.guid,
            "kind": row.kind,
            "title": row.title,
            "url": row.url,
            "seen_at": stamp(row.seen_at),
            "published_at": stamp(row.published_at),
            "text": row.text_state,
            "why": row.why,
        }
        for row in rows
    ]


# -- articles ----------------------------------------------------------------------------------------------------------
def article_item(row: Any, carriers: tuple[tuple[tuple[str, str], ...], tuple[str, ...]], *, body: bool = False) -> Item:
    names, tags = carriers
    item: Item = {
        "id": str(row.id),
        "url": row.url,
        "title": row.title,
        "author": row.author,
        "site": row.site,
        "language": row.language,
        "published_at": stamp(row.published_at),
    }
    if body:
        item["body"] = row.body
    return {
        **item,
        "source": "page" if row.text_state == "page" else "feed",
        "text": row.text_state,
        "why": row.why,
        "seen_at": stamp(row.first_seen_at),
        "fetched_at": stamp(row.fetched_at),
        "feeds": [{"name": name, "url": url} for name, url in names],
        "tags": list(tags),
    }


def articles(conn: sa.Connection, *, before: int | None = None, limit: int = 50, body: bool = False, feed: str | None = None) -> list[Item]:
    a = t.articles
    where: list[Any] = [] if before is None else [a.c.id < before]
    if feed is not None:
        e, f = t.entries.c, t.feeds.c
        where.append(a.c.id.in_(sa.select(e.article_id).join(t.feeds, f.id == e.feed_id).where(sa.or_(f.name == feed, f.url == feed))))
    rows = conn.execute(sa.select(a).where(*where).order_by(a.c.id.desc()).limit(limit)).all()
    names = carried.carriers(conn, [row.id for row in rows])
    return [article_item(row, names.get(row.id, ((), ())), body=body) for row in rows]


def export_page(conn: sa.Connection, after: int, limit: int) -> tuple[list[Item], int]:
    """Articles by key, oldest first, with their bodies; and the key to go on after (0 at the end)."""
    a = t.articles
    rows = conn.execute(sa.select(a).where(a.c.id > after).order_by(a.c.id).limit(limit)).all()
    names = carried.carriers(conn, [row.id for row in rows])
    items = []
    for row in rows:
        item = article_item(row, names.get(row.id, ((), ())), body=True)
        items.append({key: item[key] for key in ("url", "title", "author", "site", "language", "published_at", "body", "source", "tags")})
    return items, rows[-1].id if len(rows) == limit else 0


def find_article(conn: sa.Connection, name: str, key: bytes | None) -> Item | None:
    """An article by id, or by the key of its URL."""
    a = t.articles
    wanted = [] if key is None else [a.c.key == key, a.c.canonical_url == name, a.c.url == name]
    if name.isdigit():
        wanted.append(a.c.id == int(name))
    row = conn.execute(sa.select(a).where(sa.or_(*wanted)).order_by(a.c.id).limit(1)).first() if wanted else None
    if row is None:
        return None
    item = article_item(row, carried.carriers(conn, [row.id]).get(row.id, ((), ())), body=True)
    item["why_text"] = row.why_text
    item["tries"] = row.tries
    item["due_at"] = stamp(row.due_at)
    item["story_id"] = None if row.story_id is None else str(row.story_id)
    return item


# -- rules -------------------------------------------------------------------------------------------------------------
def rules(conn: sa.Connection, now: float) -> list[Item]:
    """Configured rules with what they brought."""
    r, al, m = t.rules.c, t.alerts.c, t.matches.c
    total = dict(conn.execute(sa.select(al.rule_id, sa.func.count()).group_by(al.rule_id)).tuples().all())
    month = dict(
        conn.execute(sa.select(al.rule_id, sa.func.count()).where(al.created_at > now - 30 * 86400).group_by(al.rule_id)).tuples().all()
    )
    last = dict(conn.execute(sa.select(m.rule_id, sa.func.max(m.created_at)).group_by(m.rule_id)).tuples().all())
    rows = conn.execute(sa.select(t.rules).where(r.configured == 1).order_by(r.name))
    return [
        {
            "name": row.name,
            "query": row.query,
            "severity": row.severity,
            "notify": sql.load(row.notify),
            "alerts": total.get(row.id, 0),
            "alerts_30d": month.get(row.id, 0),
            "last_match_at": stamp(last.get(row.id)),
            "since": stamp(row.created_at),
            "changed_at": stamp(row.changed_at),
            "origin": row.origin,
        }
        for row in rows
    ]


# -- alerts ------------------------------------------------------------------------------------------------------------
def alerts(
    conn: sa.Connection, *, state: str | None = None, rule: str | None = None, severity: str | None = None, before: int | None = None, limit: int = 50
) -> list[Item]:
    al, a = t.alerts.c, t.articles.c
    where: list[Any] = []
    for column, value in ((al.state, state), (al.rule, rule), (al.severity, severity)):
        if value is not None:
            where.append(column == value)
    if before is not None:
        where.append(al.id < before)
    rows = conn.execute(
        sa.select(t.alerts, a.url, a.title, a.site, a.host, a.language, a.published_at)
        .join(t.articles, a.id == al.article_id)
        .where(*where)
        .order_by(al.id.desc())
        .limit(limit)
    ).all()
    states = _delivery_states(conn, [row.id for row in rows])
    return [alert_item(row, states.get(row.id, {})) for row in rows]


def alert_item(row: Any, deliveries_: Mapping[str, str]) -> Item:
    return {
        "id": row.uid,
        "rule": row.rule,
        "query": row.query,
        "severity": row.severity,
        "state": row.state,
        "reason": row.reason,
        "assignee": row.assignee,
        "title": row.title,
        "url": row.url,
        "site": row.site or row.host or None,
        "language": row.language,
        "published_at": stamp(row.published_at),
        "created_at": stamp(row.created_at),
        "changed_at": stamp(row.changed_at),
        "story_id": str(row.story_id),
        "version": row.version,
        "deliveries": dict(deliveries_),
    }


def _delivery_states(conn: sa.Connection, ids: Sequence[int]) -> dict[int, dict[str, str]]:
    d, w, lane = t.deliveries.c, t.withheld.c, t.lanes.c
    found: dict[int, dict[str, str]] = {}
    for some in sql.chunks(ids):
        rows = conn.execute(
            sa.select(d.alert_id, d.channel, d.state, lane.failures).join(t.lanes, lane.id == d.lane_id).where(d.alert_id.in_(some))
        )
        for alert_id, channel, state, failures in rows:
            found.setdefault(alert_id, {})[channel] = "retrying" if state == "waiting" and failures else state
        for alert_id, channel, reason in conn.execute(sa.select(w.alert_id, w.channel, w.reason).where(w.alert_id.in_(some))):
            found.setdefault(alert_id, {})[channel or "-"] = reason
    return found


# -- deliveries and channels -------------------------------------------------------------------------------------------
def deliveries(
    conn: sa.Connection, *, state: str | None = None, channel: str | None = None, before: int | None = None, limit: int = 50
) -> list[Item]:
    d, lane = t.deliveries.c, t.lanes.c
    where: list[Any] = []
    if state == "retrying":
        where.append(sa.or_(d.state == "retrying", sa.and_(d.state == "waiting", lane.failures > 0)))
    elif state == "waiting":
        where += [d.state == "waiting", lane.failures == 0]
    elif state is not None:
        where.append(d.state == state)
    if channel is not None:
        where.append(d.channel == channel)
    if before is not None:
        where.append(d.id < before)
    rows = conn.execute(_deliveries().where(*where).order_by(d.id.desc()).limit(limit))
    return [delivery_item(row) for row in rows]


def _deliveries() -> Any:
    d, al, a, n, lane = t.deliveries.c, t.alerts.c, t.articles.c, t.notices.c, t.lanes.c
    return sa.select(
        t.deliveries,
        al.uid.label("alert"),
        al.rule,
        al.severity,
        a.title,
        n.subject,
        n.uid.label("notice"),
        lane.failures,
        lane.due_at.label("lane_due"),
        lane.off,
    ).select_from(
        t.deliveries.join(t.lanes, lane.id == d.lane_id)
        .outerjoin(t.alerts, al.id == d.alert_id)
        .outerjoin(t.articles, a.id == al.article_id)
        .outerjoin(t.notices, n.id == d.notice_id)
    )


def delivery_item(row: Any) -> Item:
    waiting = row.delivered_at is None and row.state != "dead"
    return {
        "id": row.uid,
        "channel": row.channel,
        "state": "retrying" if row.state == "waiting" and row.failures else row.state,
        "reason": row.reason or ("channel-off" if waiting and row.off else None),
        "alert": row.alert,
        "notice": row.notice,
        "rule": row.rule,
        "severity": row.severity,
        "title": row.title or row.subject,
        "message": row.message,
        "tries": row.tries,
        "status": row.status,
        "text": row.text,
        "created_at": stamp(row.created_at),
        "first_try_at": stamp(row.first_try_at),
        "last_try_at": stamp(row.last_try_at),
        "next_try_at": stamp(row.due_at or row.lane_due) if waiting else None,
        "delivered_at": stamp(row.delivered_at),
        "recipients": sql.load(row.recipients),
    }


def find_delivery(conn: sa.Connection, uid: str) -> Item | None:
    """A delivery by its id, with each try."""
    row = conn.execute(_deliveries().where(t.deliveries.c.uid == uid)).first()
    if row is None:
        return None
    tr = t.tries.c
    made = conn.execute(sa.select(t.tries).where(tr.delivery_id == row.id).order_by(tr.id))
    item = delivery_item(row)
    item["attempts"] = [
        {"at": stamp(one.at), "delivered": bool(one.delivered), "status": one.status, "text": one.text, "took_s": one.took} for one in made
    ]
    return item


def channels(conn: sa.Connection, now: float) -> list[Item]:
    lane, d = t.lanes.c, t.deliveries.c
    counts: dict[int, dict[str, int]] = {}
    for lane_id, state, number in conn.execute(sa.select(d.lane_id, d.state, sa.func.count()).group_by(d.lane_id, d.state)):
        counts.setdefault(lane_id, {})[state] = number
    day = dict(
        conn.execute(sa.select(d.lane_id, sa.func.count()).where(d.delivered_at > now - 86400).group_by(d.lane_id)).tuples().all()
    )
    rows = conn.execute(sa.select(t.lanes).where(lane.configured == 1).order_by(lane.channel))
    return [
        {
            "name": row.channel,
            "type": row.type,
            "target": row.target,
            "state": "off" if row.off else "failing" if row.failures else "ok",
            "since": stamp(row.failing_since),
            "waiting": sum(n for state, n in counts.get(row.id, {}).items() if state not in ("delivered", "dead")),
            "dead": counts.get(row.id, {}).get("dead", 0),
            "delivered_24h": day.get(row.id, 0),
            "last_ok_at": stamp(row.last_ok_at),
            "next_digest_at": stamp(row.digest_at),
            "status": row.last_status,
            "text": row.last_text,
        }
        for row in rows
    ]


# -- the whole ---------------------------------------------------------------------------------------------------------
def status(conn: sa.Connection, now: float) -> Item:
    """How the daemon fares, judged from the rows alone."""
    f, a, d, lane, al, i = t.feeds.c, t.articles.c, t.deliveries.c, t.lanes.c, t.alerts.c, t.instances.c
    feeds_by: dict[str, int] = {}
    for row in conn.execute(sa.select(f.state, f.paused_at).where(f.configured == 1)):
        name = feed_state(row)
        feeds_by[name] = feeds_by.get(name, 0) + 1
    minute = now - 60
    one = lambda *what: conn.execute(sa.select(sa.func.count()).where(*what)).scalar_one()  # noqa: E731
    open_by = dict(conn.execute(sa.select(al.severity, sa.func.count()).where(al.state == "open").group_by(al.severity)).tuples().all())
    oldest = conn.execute(sa.select(sa.func.min(al.created_at)).where(al.state == "open")).scalar()
    undelivered = sa.and_(d.delivered_at.is_(None), d.state != "dead")
    sick = conn.execute(
        sa.select(lane.channel, lane.due_at, lane.last_text, lane.off).where(sa.or_(lane.failures > 0, lane.off == 1), lane.configured == 1)
    ).all()
    oldest_waiting = {
        "poll": conn.execute(sa.select(sa.func.min(f.due_at)).where(f.due_at <= now)).scalar(),
        "read": conn.execute(sa.select(sa.func.min(sa.func.coalesce(a.since, a.due_at))).where(a.due_at <= now)).scalar(),
        "deliver": conn.execute(sa.select(sa.func.min(d.created_at)).where(undelivered)).scalar(),
    }
    instances = [
        {"id": row.id, "host": row.host, "pid": row.pid, "version": row.version, "started_at": stamp(row.started_at), "seen_at": stamp(row.seen_at), "reload_error": row.reload_error}
        for row in conn.execute(sa.select(t.instances).where(i.seen_at > now - 86400).order_by(i.seen_at.desc()))
    ]
    return {
        "now": stamp(now),
        "instances": instances,
        "poll": {"last_minute": one(f.last_poll_at > minute), "waiting": one(f.due_at <= now), "oldest_waiting_s": _age(oldest_waiting["poll"], now)},
        "read": {"last_minute": one(a.matched_at > minute), "waiting": one(a.due_at.is_not(None)), "oldest_waiting_s": _age(oldest_waiting["read"], now)},
        "deliver": {
            "last_minute": one(d.delivered_at > minute),
            "waiting": one(undelivered),
            "dead": one(d.state == "dead"),
            "oldest_waiting_s": _age(oldest_waiting["deliver"], now),
            "sick": [{"channel": r.channel, "off": bool(r.off), "cause": r.last_text, "next_try_at": stamp(r.due_at)} for r in sick],
        },
        "feeds": {"total": sum(feeds_by.values()), **{name: feeds_by[name] for name in _FEED_STATES if name in feeds_by}},
        "alerts": {"open": sum(open_by.values()), "by_severity": open_by, "oldest_at": stamp(oldest)},
        "articles": one(a.id.is_not(None)),
    }  # fmt: skip


def _age(at: float | None, now: float) -> float | None:
    return None if at is None else round(max(0.0, now - at), 1)
