"""The index of words over all stored articles: it narrows, the matcher decides.

A document is an article's words as they were indexed once. SQLite holds them in FTS5 tables without content, which can
neither delete nor read back: they are cut into partitions by the document's id, and one whose documents are all gone is
dropped. PostgreSQL holds them beside the document, as a tsvector.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from monitor.store import sql
from monitor.store.tables import articles, docs, entries, feeds

PARTITION = 50_000  # documents in one table of SQLite
ALWAYS = "\ue00f"  # a document with this word is a candidate of every query: its words are too many, or not sure
LONGEST = 60  # characters of a word that are indexed
_MOST = 400_000  # characters of a document's words: a tsvector has room for a megabyte
_SCANS = sa.text("SELECT set_config('enable_seqscan', :on, true)")  # for the transaction alone
_OPTIONS = "tokenize='ascii', content='', detail=none, columnsize=0"


@dataclass(frozen=True, slots=True)
class Word:
    """Documents with this word; with one that begins so where `prefix`."""

    text: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Clause, ...]


Clause = Word | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class Doc:
    """An article to look at. `at` is when it came: when it was seen, or for backlog when its feed dates it."""

    article_id: int
    at: float


# -- writing -----------------------------------------------------------------------------------------------------------
def put(conn: sa.Connection, words_of: Sequence[tuple[int, float, Collection[str]]]) -> None:
    """Indexes articles: (id, when it came, its words). What was indexed of them before no longer counts."""
    if not words_of:
        return
    forget(conn, [id_ for id_, _, _ in words_of], prune=False)
    rows = [(id_, at, _bounded(words)) for id_, at, words in sorted(words_of, key=lambda one: one[0])]
    if conn.dialect.name == "postgresql":
        vector = sa.func.array_to_tsvector(sa.bindparam("b_words", type_=postgresql.ARRAY(sa.Text)))
        # Another daemon may have made and indexed the same article of a backlog at this moment.
        insert = sql.insert_new(conn, docs, "article_id").values(words=vector)
        conn.execute(insert, [{"article_id": id_, "at": at, "b_words": words} for id_, at, words in rows])
        return
    sql.quick_many(conn, "docs", _insert, [{"article_id": id_, "at": at} for id_, at, _ in rows])
    # Asked for afterwards: told by the INSERT itself, each row would be a statement of its own.
    ids: dict[int, int] = {}
    for some in sql.chunks(id_ for id_, _, _ in rows):
        ids.update(conn.execute(sa.select(docs.c.article_id, docs.c.id).where(docs.c.article_id.in_(some))).all())
    parts: dict[int, list[dict[str, Any]]] = {}
    for id_, _, words in rows:
        parts.setdefault(ids[id_] // PARTITION, []).append({"rowid": ids[id_], "words": " ".join(words)})
    for number, texts in parts.items():
        conn.exec_driver_sql(f"CREATE VIRTUAL TABLE IF NOT EXISTS {_table(number)} USING fts5(words, {_OPTIONS})")
        sql.quick_many(conn, ("words", number), partial(_insert_words, number), texts)


def _insert() -> sa.Insert:
    return sa.insert(docs).inline().values(article_id=sa.bindparam("article_id"), at=sa.bindparam("at"))


def _insert_words(number: int) -> sa.Insert:
    table = sa.table(_table(number), sa.column("rowid"), sa.column("words"))
    return sa.insert(table).inline().values(rowid=sa.bindparam("rowid"), words=sa.bindparam("words"))


def _bounded(words: Collection[str]) -> list[str]:
    short = sorted({word[:LONGEST] for word in words if word})
    return [ALWAYS] if sum(map(len, short)) > _MOST else short


def forget(conn: sa.Connection, article_ids: Iterable[int], *, prune: bool = True) -> None:
    """Takes articles out of the index; with `prune` also what only they held."""
    for ids in sql.chunks(sorted(article_ids)):
        conn.execute(sa.delete(docs).where(docs.c.article_id.in_(ids)))
    if prune and conn.dialect.name != "postgresql":
        newest = conn.execute(sa.select(sa.func.max(docs.c.id))).scalar() or 0
        for number in partitions(conn):
            span = docs.c.id.between(number * PARTITION, (number + 1) * PARTITION - 1)
            if number < newest // PARTITION and not conn.execute(sa.select(sa.exists().where(span))).scalar():
                conn.exec_driver_sql(f"DROP TABLE {_table(number)}")


def unindexed(conn: sa.Connection, limit: int) -> Sequence[Any]:
    """Articles with a settled text that have no document yet: those of a store that is older than its index."""
    a = articles
    return conn.execute(
        sa.select(a)
        .outerjoin(docs, docs.c.article_id == a.c.id)
        .where(
            docs.c.id.is_(None), a.c.text_state != "waiting", a.c.duplicate_of.is_(None), sa.or_(a.c.why.is_(None), a.c.why != "retention")
        )
        .order_by(a.c.id)
        .limit(limit)
    ).all()


def came_at(first_seen_at: float, published_at: float | None, news: int) -> float:
    """When an article came: when it was seen; for backlog when its feed dates it, if that was before."""
    return published_at if not news and published_at is not None and 0 < published_at < first_seen_at else first_seen_at


# -- reading -----------------------------------------------------------------------------------------------------------
def partitions(conn: sa.Connection) -> list[int]:
    """The index's parts, newest first. PostgreSQL has one."""
    if conn.dialect.name == "postgresql":
        return [0]
    names = conn.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB 'doc_words_[0-9]*'").scalars()
    return sorted((int(name.rsplit("_", 1)[1]) for name in names if name.rsplit("_", 1)[1].isdigit()), reverse=True)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Which articles are asked for at all: seconds since the epoch, and a feed's name or URL."""

    since: float | None = None
    until: float | None = None
    feed: str | None = None


def candidates(conn: sa.Connection, part: int, clause: Clause | None, bounds: Bounds, after: Doc | None, limit: int) -> list[Doc]:
    """Documents of one part that may match, the newest first, those after `after`. No clause: all of them."""
    where = _where(docs.c.article_id, docs.c.at, bounds, after)
    columns = [docs.c.article_id, docs.c.at]
    if clause is None:
        statement = sa.select(*columns)
        if conn.dialect.name != "postgresql":
            where.append(docs.c.id.between(part * PARTITION, (part + 1) * PARTITION - 1))
    elif conn.dialect.name == "postgresql":
        query = sa.cast(sa.bindparam("b_query", _tsquery(AnyOf((clause, Word(ALWAYS))))), postgresql.TSQUERY)
        # Asked for in order, the planner would walk the documents and test each: the index is asked first, whole.
        found = sa.select(docs.c.id).where(docs.c.words.op("@@")(query)).cte("found").prefix_with("MATERIALIZED")
        statement = sa.select(*columns).join(found, found.c.id == docs.c.id)
    else:
        words = sa.table(_table(part), sa.column("rowid"), sa.column("words"))
        statement = sa.select(*columns).select_from(words).join(docs, docs.c.id == words.c.rowid)
        where.append(sa.literal_column(_table(part)).op("MATCH")(_fts5(AnyOf((clause, Word(ALWAYS))))))
    if clause is not None and conn.dialect.name == "postgresql":
        # The planner takes a scan for cheap: it does not know that the words lie outside the rows and are packed.
        conn.execute(_SCANS, {"on": "off"})
    rows = conn.execute(statement.where(*where).order_by(docs.c.at.desc(), docs.c.article_id.desc()).limit(limit)).all()
    if clause is not None and conn.dialect.name == "postgresql":
        conn.execute(_SCANS, {"on": "on"})
    return [Doc(*row) for row in rows]


def waiting(conn: sa.Connection, bounds: Bounds, after: Doc | None, limit: int) -> list[Doc]:
    """Articles whose page is still to be read: they are in no index, and few."""
    a = articles.c
    where = [a.due_at.is_not(None), a.text_state == "waiting", *_where(a.id, a.first_seen_at, bounds, after)]
    # By an expression: the index of due rows is small, that of the order asked for holds every article.
    rows = conn.execute(sa.select(a.id, a.first_seen_at).where(*where).order_by((a.first_seen_at + 0.0).desc(), a.id.desc()).limit(limit))
    return [Doc(*row) for row in rows]


def _where(id_: Any, at: Any, bounds: Bounds, after: Doc | None) -> list[Any]:
    where: list[Any] = []
    if bounds.since is not None:
        where.append(at >= bounds.since)
    if bounds.until is not None:
        where.append(at < bounds.until)
    if after is not None:
        where.append(sa.or_(at < after.at, sa.and_(at == after.at, id_ < after.article_id)))
    if bounds.feed is not None:
        e, f = entries.c, feeds.c
        carried = sa.select(e.article_id).join(feeds, f.id == e.feed_id).where(sa.or_(f.name == bounds.feed, f.url == bounds.feed))
        where.append(id_.in_(carried))
    return where


def load(conn: sa.Connection, ids: Sequence[int]) -> dict[int, Any]:
    """The articles' rows by id; those that are another's page under a second address are left out."""
    found: dict[int, Any] = {}
    for some in sql.chunks(ids):
        rows = conn.execute(sa.select(articles).where(articles.c.id.in_(some), articles.c.duplicate_of.is_(None)))
        found.update({row.id: row for row in rows})
    return found


def count(conn: sa.Connection) -> int:
    """How many documents there are."""
    return int(conn.execute(sa.select(sa.func.count()).select_from(docs)).scalar_one())


# -- clauses as each database writes them ------------------------------------------------------------------------------
def _table(number: int) -> str:
    return f"doc_words_{number}"


def _fts5(clause: Clause) -> str:
    match clause:
        case Word(text, prefix):
            return f'"{text[:LONGEST]}"' + (" *" if prefix else "")
        case AllOf(parts):
            return f"({' AND '.join(map(_fts5, parts))})"
        case AnyOf(parts):
            return f"({' OR '.join(map(_fts5, parts))})"


def _tsquery(clause: Clause) -> str:
    match clause:
        case Word(text, prefix):
            quoted = text[:LONGEST].replace("\\", "\\\\").replace("'", "''")
            return f"'{quoted}'" + (":*" if prefix else "")
        case AllOf(parts):
            return f"({' & '.join(map(_tsquery, parts))})"
        case AnyOf(parts):
            return f"({' | '.join(map(_tsquery, parts))})"
