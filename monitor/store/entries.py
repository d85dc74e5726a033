"""What a changed feed brought: which entries are new, what they are, and the articles they point to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from monitor.model import Kind, TextState
from monitor.store import search, sql
from monitor.store.tables import articles, entries

if TYPE_CHECKING:
    from monitor.store.feeds import PollDone, PollReport

_WEEK = 7 * 86400.0
_ARTICLE = ("key", "url", "host", "title", "author", "language", "published_at", "body", "text_state", "why", "read_page", "news",
            "first_seen_at", "due_at")  # fmt: skip
_ENTRY = ("key", "feed_id", "guid", "article_id", "kind", "title", "published_at", "updated_at", "seen_at")
_MOVED_ENTRIES = 10  # more entries than this, dated over a week before the last good poll, are a moved archive


@dataclass(frozen=True, slots=True)
class Seen:
    """One entry of a polled document, its identity decided as far as the document alone can."""

    guid: str
    article_key: str
    url: str | None
    host: str
    title: str
    author: str | None
    published_at: float | None
    updated_at: float | None
    text: str  # the feed's own text
    read_page: bool  # False: the feed's own text is wanted, or there is no page


@dataclass(slots=True)
class _Candidate:
    poll: PollDone
    report: PollReport
    entry: Seen
    key: bytes
    article_key: bytes
    old: bool = False  # dated before what this feed may still call news
    moved: bool = False  # one of many that are dated long before the last good poll


def store(conn: sa.Connection, now: float, brought: Sequence[tuple[PollDone, PollReport]]) -> None:
    """Writes the unknown entries of several polls and the articles they make; fills their reports."""
    fresh = _unknown(conn, brought)
    for poll, report in brought:
        mine = [c for c in fresh if c.poll is poll]
        report.known = len(poll.entries or ()) - len(mine)
        _mark_old(now, poll, mine)
    known_articles = _articles(conn, {c.article_key for c in fresh})
    seen_here = _seen_in_feed(conn, [row.id for row in known_articles.values()])
    _write(conn, now, fresh, known_articles, seen_here)
    for poll, report in brought:
        # Judged last: an entry may have turned out to be a known one with another guid.
        report.rolled_over = poll.whole and bool(poll.entries and poll.feed.entries) and report.known == 0 and not _all_late(poll)


def _unknown(conn: sa.Connection, brought: Sequence[tuple[PollDone, PollReport]]) -> list[_Candidate]:
    """Candidates whose identity within their feed is not in the store yet."""
    all_: list[_Candidate] = []
    for poll, report in brought:
        for entry in poll.entries or ():
            key = sql.digest(poll.feed.id, entry.guid)
            all_.append(_Candidate(poll, report, entry, key, sql.digest(entry.article_key)))
    stored: dict[bytes, tuple[str | None, bytes]] = {}
    for keys in sql.chunks({c.key for c in all_}):
        rows = conn.execute(
            sa.select(entries.c.key, entries.c.title, articles.c.key)
            .join(articles, articles.c.id == entries.c.article_id)
            .where(entries.c.key.in_(keys))
        )
        stored.update({bytes(key): (title, bytes(article)) for key, title, article in rows})
    fresh: list[_Candidate] = []
    reused: list[_Candidate] = []
    taken: set[bytes] = set()
    for c in all_:
        if c.key in taken:
            continue
        taken.add(c.key)
        known = stored.get(c.key)
        if known is None:
            fresh.append(c)
        elif known[1] != c.article_key and (known[0] or "") != c.entry.title:
            # The same guid with another title and another page is another article.
            c.key = sql.digest(c.poll.feed.id, c.entry.guid, c.entry.article_key)
            reused.append(c)
    for keys in sql.chunks({c.key for c in reused}):
        found = {bytes(key) for (key,) in conn.execute(sa.select(entries.c.key).where(entries.c.key.in_(keys)))}
        fresh.extend(c for c in reused if c.key in keys and c.key not in found)
    return fresh


def _all_late(poll: PollDone) -> bool:
    """Whether every entry is dated long before the last good poll: an archive that moved, not news that was missed."""
    last = poll.feed.last_good_at
    return last is not None and all(e.published_at is not None and e.published_at < last - _WEEK for e in poll.entries or ())


def _mark_old(now: float, poll: PollDone, mine: Sequence[_Candidate]) -> None:
    last = poll.feed.last_good_at
    if last is not None:
        late = [c for c in mine if c.entry.published_at is not None and c.entry.published_at < last - _WEEK]
        if len(late) > _MOVED_ENTRIES:
            for c in late:
                c.old = c.moved = True
    if poll.max_age is not None:
        for c in mine:
            c.old |= c.entry.published_at is not None and c.entry.published_at < now - poll.max_age


def _articles(conn: sa.Connection, keys: set[bytes]) -> dict[bytes, Any]:
    found: dict[bytes, Any] = {}
    for some in sql.chunks(sorted(keys)):
        rows = conn.execute(
            sa.select(
                articles.c.id, articles.c.key, articles.c.news, articles.c.text_state, sa.func.length(articles.c.body).label("length")
            ).where(articles.c.key.in_(some))
        )
        found.update({bytes(row.key): row for row in rows})
    return found


def _seen_in_feed(conn: sa.Connection, ids: Sequence[int]) -> set[tuple[int, int]]:
    """(feed, article) pairs that are there: within one feed a new guid on a known link is the same entry."""
    found: set[tuple[int, int]] = set()
    for some in sql.chunks(ids):
        rows = conn.execute(sa.select(entries.c.feed_id, entries.c.article_id).where(entries.c.article_id.in_(some)))
        found.update((feed_id, article_id) for feed_id, article_id in rows)
    return found


def _write(conn: sa.Connection, now: float, fresh: Sequence[_Candidate], known: dict[bytes, Any], seen_here: set[tuple[int, int]]) -> None:
    rows: list[dict[str, Any]] = []
    made: dict[bytes, dict[str, Any]] = {}
    kinds: list[tuple[_Candidate, Kind]] = []
    revived: set[int] = set()
    rematched: set[int] = set()
    fuller: dict[int, str] = {}  # article that waits for its page -> a longer text of it, from another feed
    here: set[tuple[int, bytes]] = set()
    for c in fresh:
        feed = c.poll.feed
        old_article = known.get(c.article_key)
        if (feed.id, c.article_key) in here or (old_article is not None and (feed.id, old_article.id) in seen_here):
            c.report.known += 1
            continue
        here.add((feed.id, c.article_key))
        backlog = c.old or (feed.first_good_at is None and feed.backlog != "alert")
        kind, kept = _kind(c, now, old_article, made, revived, backlog=backlog)
        if kept is not None:
            made[c.article_key] = kept
        elif old_article is not None and c.poll.rematch:
            rematched.add(old_article.id)
        if old_article is not None and kind is Kind.NEW:
            revived.add(old_article.id)
        if old_article is not None and (old_article.id in revived or old_article.text_state == TextState.WAITING):
            text = sql.clean(c.entry.text) or ""
            if len(text) > max(old_article.length, len(fuller.get(old_article.id, ""))):
                fuller[old_article.id] = text
        kinds.append((c, kind))
    sql.quick_many(conn, "articles", lambda: _insert(conn, articles, _ARTICLE), [made[key] for key in sorted(made)])
    ids = {key: row.id for key, row in known.items()}
    for some in sql.chunks(sorted(made)):
        columns = (articles.c.id, articles.c.key, articles.c.news)
        for id_, key, news in conn.execute(sa.select(*columns).where(articles.c.key.in_(some))):
            ids[bytes(key)] = id_
            if made[bytes(key)]["news"] and not news:
                revived.add(id_)  # another transaction has stored it as backlog at the same moment
    for c, kind in kinds:
        rows.append(_entry_row(c, kind, ids[c.article_key], now))
        _count(c.report, kind)
        c.report.moved += c.moved and kind is Kind.BACKLOG
        if not c.old or c.poll.feed.first_good_at is None:
            c.report.times.append(c.entry.published_at)
    sql.quick_many(conn, "entries", lambda: _insert(conn, entries, _ENTRY), rows)
    _index(conn, made, ids, fresh)
    _wake(conn, now, revived, rematched - revived)
    _fill(conn, now, fuller)


def _insert(conn: sa.Connection, table: sa.Table, columns: Sequence[str]) -> Any:
    return sql.insert_new(conn, table, "key").inline().values({name: sa.bindparam(name) for name in columns})


def _index(conn: sa.Connection, made: dict[bytes, dict[str, Any]], ids: dict[bytes, int], fresh: Sequence[_Candidate]) -> None:
    """The backlog's texts are searchable at once; the others are indexed when they are read."""
    settled = {key: row for key, row in made.items() if row["text_state"] == TextState.FEED_TEXT}
    index = next((c.poll.index for c in fresh if c.poll.index is not None), None)
    if settled and index is not None:
        rows = [
            (ids[key], search.came_at(row["first_seen_at"], row["published_at"], row["news"]), index(row)) for key, row in settled.items()
        ]
        search.put(conn, rows)


def _kind(
    c: _Candidate, now: float, old: Any, made: dict[bytes, dict[str, Any]], revived: set[int], *, backlog: bool
) -> tuple[Kind, dict[str, Any] | None]:
    """What the entry is, and the article's row where it makes or changes one that is not stored yet."""
    pending = made.get(c.article_key)
    if old is None and pending is None:
        return (Kind.BACKLOG if backlog else Kind.NEW), _article_row(c, now, news=not backlog)
    if backlog:
        return Kind.BACKLOG, None
    if pending is not None:
        if pending["news"]:
            pending["body"] = max(pending["body"], sql.clean(c.entry.text) or "", key=len)
            return Kind.DUPLICATE, None
        return Kind.NEW, _article_row(c, now, news=True)
    if old.news or old.id in revived:
        return Kind.DUPLICATE, None
    return Kind.NEW, None


def _article_row(c: _Candidate, now: float, *, news: bool) -> dict[str, Any]:
    entry, feed = c.entry, c.poll.feed
    read = news or feed.backlog == "read"
    return {
        "key": c.article_key,
        "url": entry.url,
        "host": entry.host,
        "title": sql.clean(entry.title) or "",
        "author": sql.clean(entry.author),
        "language": feed.language,
        "published_at": entry.published_at,
        "body": sql.clean(entry.text) or "",
        "text_state": (TextState.WAITING if read else TextState.FEED_TEXT).value,
        "why": None if read else "backlog",
        "read_page": int(entry.read_page),
        "news": int(news),
        "first_seen_at": now,
        "due_at": now if read else None,
    }


def _entry_row(c: _Candidate, kind: Kind, article_id: int, now: float) -> dict[str, Any]:
    return {
        "key": c.key,
        "feed_id": c.poll.feed.id,
        "guid": sql.clean(c.entry.guid),
        "article_id": article_id,
        "kind": kind.value,
        "title": sql.clean(c.entry.title),
        "published_at": c.entry.published_at,
        "updated_at": c.entry.updated_at,
        "seen_at": now,
    }


def _count(report: PollReport, kind: Kind) -> None:
    if kind is Kind.NEW:
        report.new += 1
        report.work = True
    elif kind is Kind.BACKLOG:
        report.backlog += 1
    else:
        report.duplicates += 1


def _wake(conn: sa.Connection, now: float, revived: set[int], rematched: set[int]) -> None:
    """Backlog that became news is read; a stored text whose feeds changed is matched once more."""
    for ids in sql.chunks(sorted(revived)):
        conn.execute(
            sa.update(articles)
            .where(articles.c.id.in_(ids), articles.c.news == 0)
            .values(news=1, text_state=TextState.WAITING, why=None, why_text=None, tries=0, due_at=now, since=None, owner=None)
        )
    for ids in sql.chunks(sorted(rematched)):
        conn.execute(
            sa.update(articles)
            .where(articles.c.id.in_(ids), articles.c.news == 1)
            # A counter, not a flag: who has the article in hand sees by it that the feeds changed meanwhile.
            .values(rematch=articles.c.rematch + 1, due_at=sa.func.coalesce(articles.c.due_at, now))
        )


def _fill(conn: sa.Connection, now: float, fuller: dict[int, str]) -> None:
    """Of several feeds' texts of one article the longest is matched if its page can't be had: another may tell what it is about."""
    for id_ in sorted(fuller):
        conn.execute(
            sa.update(articles)
            .where(articles.c.id == id_, articles.c.text_state == TextState.WAITING)
            # Who has the article in hand knows the shorter text: it is matched once more.
            .values(body=fuller[id_], rematch=articles.c.rematch + 1, due_at=sa.func.coalesce(articles.c.due_at, now))
        )
