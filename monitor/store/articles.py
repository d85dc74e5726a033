"""Statements of the read stage: claim articles to read, commit their text, matches, alerts and deliveries together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from monitor.model import Article, Kind, Severity, Span, TextState
from monitor.store import alerts, changes, holding, pauses, search, sql, stories
from monitor.store.tables import articles, entries, feeds, pages


@dataclass(frozen=True, slots=True)
class DueArticle:
    """An article in hand. `feeds` are (name, url) of those that carried it, `tags` theirs, `body_mode` the feeds' wish."""

    id: int
    url: str | None
    host: str
    title: str
    author: str | None
    site: str | None
    language: str | None
    published_at: float | None
    body: str
    text_state: str
    why: str | None
    read_page: int
    news: int
    tries: int
    rematch: int
    first_seen_at: float
    story_id: int | None
    duplicate_of: int | None
    since: float
    owner: str
    feeds: tuple[tuple[str, str], ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Matched:
    """A rule that matched, as it stood in the set of rules that was asked."""

    rule: str
    query: str
    severity: Severity
    notify: tuple[str, ...]
    spans: tuple[Span, ...]
    again: str = "never"  # on_change: once more when the story has grown by a third
    throttle: tuple[int, float] | None = None  # alerts in seconds


@dataclass(frozen=True, slots=True)
class ReadDone:
    """What reading brought. `wait` seconds until it is tried again; None where its text is settled."""

    article: DueArticle
    facts: dict[str, Any]
    page: dict[str, Any] | None = None
    wait: float | None = None
    matches: Sequence[Matched] = ()
    settled: bool = True
    canonical_key: bytes | None = None
    as_matched: Article | None = None  # as rules saw it, for mutes
    rows: tuple[int, ...] = ()  # of its text's sketch, by which its story is found
    verdicts: stories.Verdicts = field(default_factory=dict)  # on stories, reached before the commit
    words: Collection[str] | None = None  # of the text, for the index; None where it stays as it is
    pause: tuple[str, float] | None = None  # a domain that asked to be left alone, and until when


@dataclass(slots=True)
class ReadReport:
    alerts: list[tuple[str, str]] = field(default_factory=list)  # (uid, rule)
    told: bool = False  # deliveries are due
    lost: bool = False


_NAMES = [name for name in DueArticle.__slots__ if name not in ("feeds", "tags")]
_COLUMNS = [articles.c[name] for name in _NAMES]


def claim_articles(
    conn: sa.Connection, now: float, owner: str, limit: int, lease: float, without: Collection[str], mine: Sequence[int] = ()
) -> list[DueArticle]:
    """Takes due articles whose hosts have a turn left; those that need no page are taken whatever their host.

    `mine`: articles that are in hand, whatever their lease.
    """
    where: list[sa.ColumnElement[bool]] = []
    if without:
        hosts = articles.c.host.not_in(sorted(without))
        where.append(sa.or_(hosts, articles.c.text_state != TextState.WAITING, articles.c.read_page == 0))
    if mine:
        where.append(articles.c.id.not_in(mine))
    statement = sql.claim(articles, now=now, until=now + lease, owner=owner, limit=limit, where=where).returning(*_COLUMNS)
    rows = conn.execute(statement).all()
    carried = carriers(conn, [row.id for row in rows])
    found = [_due_article(row, *carried.get(row.id, ((), ()))) for row in rows]
    return sorted(found, key=lambda article: article.since)


def _due_article(row: Any, names: tuple[tuple[str, str], ...], tags: tuple[str, ...]) -> DueArticle:
    return DueArticle(**row._mapping, feeds=names, tags=tags)


def carriers(conn: sa.Connection, ids: Sequence[int]) -> dict[int, tuple[tuple[tuple[str, str], ...], tuple[str, ...]]]:
    """For each article the feeds that carried it, oldest entry first, and their tags."""
    names: dict[int, dict[tuple[str, str], None]] = defaultdict(dict)
    tags: dict[int, dict[str, None]] = defaultdict(dict)
    for some in sql.chunks(ids):
        rows = conn.execute(
            sa.select(entries.c.article_id, feeds.c.name, feeds.c.url, feeds.c.tags)
            .join(feeds, feeds.c.id == entries.c.feed_id)
            .where(entries.c.article_id.in_(some))
            .order_by(entries.c.id)
        )
        for article_id, name, url, tags_json in rows:
            names[article_id][name, url] = None
            tags[article_id].update(dict.fromkeys(sql.load(tags_json)))
    return {id_: (tuple(names[id_]), tuple(tags[id_])) for id_ in names}


def give_back_articles(conn: sa.Connection, now: float, given: Sequence[DueArticle], wait: float = 0.0) -> None:
    """What was not read: due again as it was, or in `wait` seconds."""
    statement = (
        sa.update(articles)
        .where(articles.c.id == sa.bindparam("b_id"), articles.c.owner == sa.bindparam("b_owner"))
        .values(due_at=sa.bindparam("b_since"), owner=None, since=None)
    )
    sql.many(
        conn,
        statement,
        [{"b_id": a.id, "b_owner": a.owner, "b_since": now + wait if wait else a.since} for a in sorted(given, key=lambda a: a.id)],
    )


def next_due(conn: sa.Connection) -> float | None:
    return conn.execute(sa.select(sa.func.min(articles.c.due_at)).where(articles.c.due_at.is_not(None))).scalar()


def commit_reads(
    conn: sa.Connection,
    now: float,
    done: Sequence[ReadDone],
    judge: stories.Judge | None = None,
    policies: holding.Policies | None = None,
) -> list[ReadReport]:
    """Writes text, matches, alerts and deliveries of each article together, its story decided by `judge`, what is held by `policies`."""
    stories.alone(conn)
    mine = sql.held(conn, articles, {read.article.id: read.article.owner for read in done})
    reports = [ReadReport(lost=read.article.id not in mine) for read in done]
    made: list[changes.Change] = []
    indexed: list[tuple[int, float, Collection[str]]] = []
    for read, report in sorted(zip(done, reports, strict=True), key=lambda pair: pair[0].article.id):
        if report.lost:
            continue
        facts = {name: sql.clean(value) if isinstance(value, str) else value for name, value in read.facts.items()}
        facts.update(_schedule(conn, read, now))
        twin = _twin(conn, read, facts)
        if twin is not None:
            facts.update(duplicate_of=twin, matched_at=now)
            conn.execute(
                sa.update(entries).where(entries.c.article_id == read.article.id, entries.c.kind == Kind.NEW).values(kind=Kind.DUPLICATE)
            )
        elif read.settled and read.article.news and read.article.duplicate_of is None:
            story = read.article.story_id or _story(conn, now, read, facts, judge)
            facts.update(matched_at=now, story_id=story)
            place = alerts.Place(read.article.id, story, read.article.host, read.as_matched)
            alerts.store(conn, now, place, read.matches, report, made, policies)
        conn.execute(sa.update(articles).where(articles.c.id == read.article.id).values(**facts))
        if read.words is not None and twin is None:
            at = search.came_at(read.article.first_seen_at, read.article.published_at, read.article.news)
            indexed.append((read.article.id, at, read.words))
        if read.page is not None:
            columns = list(read.page)
            conn.execute(
                sql.upsert(conn, pages, ["article_id"], columns).values(
                    article_id=read.article.id, **{k: sql.clean(v) if isinstance(v, str) else v for k, v in read.page.items()}
                )
            )
    search.put(conn, indexed)
    if asked := dict(read.pause for read in done if read.pause is not None):
        pauses.put(conn, now, asked)
    changes.log(conn, now, made)
    return reports


def _story(conn: sa.Connection, now: float, read: ReadDone, facts: dict[str, Any], judge: stories.Judge | None) -> int:
    """The story that the article belongs to; a new one where no other article tells the same."""
    article = read.article
    found = None
    if judge is not None and read.rows:
        text = stories.Text(facts.get("title", article.title), facts.get("body", article.body), article.host)
        found = stories.find(conn, article.id, text, read.rows, judge, read.verdicts)
    if found is None:
        return stories.begin(conn, now, article.id, read.rows)
    stories.join(conn, found, article.id, read.rows)
    return found


def _twin(conn: sa.Connection, read: ReadDone, facts: dict[str, Any]) -> int | None:
    """The article that this one is under another address: its page names that one as canonical, and bears the same text.

    Sites that name their front page, or a wrong page, as canonical for all are common: without the same text it is no twin.
    """
    canonical = facts.get("canonical_url")
    if canonical is None or not read.article.news or read.article.story_id is not None:
        return None
    a = articles.c
    where = [a.id != read.article.id, a.news == 1, a.text_state == TextState.PAGE, a.body == facts["body"], a.matched_at.is_not(None)]
    keys = [a.canonical_url == canonical, a.url == canonical] + ([a.key == read.canonical_key] if read.canonical_key else [])
    return conn.execute(sa.select(a.id).where(sa.or_(*keys), *where).order_by(a.id).limit(1)).scalar()


def _schedule(conn: sa.Connection, read: ReadDone, now: float) -> dict[str, Any]:
    # A feed or tag that came while the article was in hand: its rules are asked once more.
    again: Any = sa.case((articles.c.rematch == read.article.rematch, sa.null()), else_=now)
    due = again if read.wait is None else now + read.wait
    return {"due_at": due, "owner": None, "since": None}
