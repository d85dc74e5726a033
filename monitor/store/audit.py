"""The sums: every entry one fate, every match an alert or a reason, every alert a delivery for each channel or a reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import sqlalchemy as sa

from monitor.store import sql
from monitor.store import tables as t

FATES = ("waiting", "backlog", "duplicate", "no-match", "matched")


@dataclass(frozen=True, slots=True)
class Leak:
    kind: str
    id: str
    text: str


@dataclass(slots=True)
class Sums:
    entries: Counter[str] = field(default_factory=Counter)
    by_feed_day: dict[tuple[str, int], Counter[str]] = field(default_factory=dict)
    alerts: Counter[str] = field(default_factory=Counter)
    deliveries: Counter[str] = field(default_factory=Counter)
    leaks: list[Leak] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.leaks


def audit(conn: sa.Connection) -> Sums:
    """Reads one snapshot and proves the sums, for each feed, day and stage."""
    sums = Sums()
    _entries(conn, sums)
    _articles(conn, sums)
    _matches(conn, sums)
    _alerts(conn, sums)
    _deliveries(conn, sums)
    return sums


def fate() -> sa.Case[str]:
    """What became of an entry, from its kind, its article's text and its matches; "" where nothing explains it."""
    e, a = t.entries.c, t.articles.c
    matched = sa.exists().where(t.matches.c.article_id == a.id)
    return sa.case(
        (e.kind == "backlog", "backlog"),
        (e.kind == "duplicate", "duplicate"),
        (sa.and_(a.text_state == "waiting", a.due_at.is_not(None)), "waiting"),
        (matched, "matched"),
        (sa.and_(a.text_state != "waiting", a.matched_at.is_not(None)), "no-match"),
        (sa.and_(a.due_at.is_not(None)), "waiting"),
        else_="",
    )


def _entries(conn: sa.Connection, sums: Sums) -> None:
    e, a, f = t.entries.c, t.articles.c, t.feeds.c
    day = sa.cast(e.seen_at / 86400, sa.Integer)
    what = fate().label("fate")
    joined = t.entries.outerjoin(t.articles, a.id == e.article_id).outerjoin(t.feeds, f.id == e.feed_id)
    rows = conn.execute(
        sa.select(f.url, day.label("day"), what, sa.func.count()).select_from(joined).group_by(f.url, sa.text("day"), sa.text("fate"))
    )
    for url, on, name, count in rows:
        if name:
            sums.entries[name] += count
            sums.by_feed_day.setdefault((url or "", on), Counter())[name] += count
    for id_, guid, url in conn.execute(sa.select(e.id, e.guid, f.url).select_from(joined).where(fate() == "").limit(1000)):
        sums.leaks.append(
            Leak(
                "entry",
                str(id_),
                f"entry {guid} of {url} has no fate: its article is neither waiting, nor matched, nor told as without a match",
            )
        )
    for id_, guid in conn.execute(sa.select(e.id, e.guid).select_from(joined).where(a.id.is_(None)).limit(1000)):
        sums.leaks.append(Leak("entry", str(id_), f"entry {guid} points to an article that is not there"))
    for url, count, stored in conn.execute(
        sa.select(f.url, f.entries, sa.func.count(e.id))
        .select_from(t.feeds.outerjoin(t.entries, e.feed_id == f.id))
        .group_by(f.id, f.url, f.entries)
    ):
        if count != stored:
            sums.leaks.append(Leak("feed", url, f"polls of {url} counted {count} entries, {stored} are stored"))


def _articles(conn: sa.Connection, sums: Sums) -> None:
    a = t.articles.c
    orphan = ~sa.exists().where(t.entries.c.article_id == a.id)
    for id_, url in conn.execute(sa.select(a.id, a.url).where(orphan).limit(1000)):
        sums.leaks.append(Leak("article", str(id_), f"article {url} has no entry"))
    stuck = sa.or_(sa.and_(a.text_state == "waiting", a.due_at.is_(None)), sa.and_(a.owner.is_not(None), a.due_at.is_(None)))
    for id_, url in conn.execute(sa.select(a.id, a.url).where(stuck).limit(1000)):
        sums.leaks.append(Leak("article", str(id_), f"article {url} waits to be read and nothing will wake it"))


def _matches(conn: sa.Connection, sums: Sums) -> None:
    m, al = t.matches.c, t.alerts.c
    joined = t.matches.outerjoin(t.alerts, al.id == m.alert_id)
    bare = sa.or_(sa.and_(m.alert_id.is_(None), m.reason.is_(None)), sa.and_(m.alert_id.is_not(None), al.id.is_(None)))
    for id_, article_id in conn.execute(sa.select(m.id, m.article_id).select_from(joined).where(bare).limit(1000)):
        sums.leaks.append(Leak("match", str(id_), f"a match of article {article_id} has neither an alert nor a reason for none"))
    told = sa.exists().where(al.rule_id == m.rule_id, al.story_id == t.articles.c.story_id)
    rows = conn.execute(
        sa.select(m.id)
        .select_from(t.matches.join(t.articles, t.articles.c.id == m.article_id))
        .where(m.reason == "story-told", ~told)
        .limit(1000)
    )
    for (id_,) in rows:
        sums.leaks.append(Leak("match", str(id_), "a match is said to be told with its story, and the story has no such alert"))


def _alerts(conn: sa.Connection, sums: Sums) -> None:
    al, d, w = t.alerts.c, t.deliveries.c, t.withheld.c
    reached: dict[int, set[str]] = {}
    for source in (sa.select(d.alert_id, d.channel).where(d.alert_id.is_not(None)), sa.select(w.alert_id, w.channel)):
        for alert_id, channel in conn.execute(source):
            reached.setdefault(alert_id, set()).add(channel)
    backed = set(conn.execute(sa.select(t.matches.c.alert_id).where(t.matches.c.alert_id.is_not(None))).scalars())
    for id_, uid, notify, state in conn.execute(sa.select(al.id, al.uid, al.notify, al.state)):
        sums.alerts[state] += 1
        missing = (set(sql.load(notify)) or {""}) - reached.get(id_, set())
        if missing:
            sums.leaks.append(
                Leak(
                    "alert",
                    uid,
                    f"alert {uid} has neither a delivery nor a reason for none on: {', '.join(sorted(missing)) or 'any channel'}",
                )
            )
        if id_ not in backed:
            sums.leaks.append(Leak("alert", uid, f"alert {uid} belongs to no match"))


def _deliveries(conn: sa.Connection, sums: Sums) -> None:
    d, lane = t.deliveries.c, t.lanes.c
    for state, count in conn.execute(sa.select(d.state, sa.func.count()).group_by(d.state)):
        sums.deliveries[state] += count
    joined = t.deliveries.outerjoin(t.lanes, lane.id == d.lane_id)
    held = sa.and_(lane.on_unknown == "hold", d.state == "unknown")
    asleep = sa.and_(
        d.delivered_at.is_(None), d.state != "dead", sa.or_(lane.id.is_(None), sa.and_(lane.due_at.is_(None), lane.off == 0, sa.not_(held)))
    )
    for uid, channel in conn.execute(sa.select(d.uid, d.channel).select_from(joined).where(asleep).limit(1000)):
        sums.leaks.append(Leak("delivery", uid, f"delivery {uid} waits for channel {channel} and nothing will wake it"))
    unexplained = sa.and_(d.state == "dead", d.reason.is_(None))
    for uid, channel in conn.execute(sa.select(d.uid, d.channel).where(unexplained).limit(1000)):
        sums.leaks.append(Leak("delivery", uid, f"delivery {uid} for channel {channel} is dead without a reason"))
