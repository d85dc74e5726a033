"""Statements about stories: the one that an article belongs to, found by rows of its sketch and decided by its text.

Looked up before the commit, decided in it: what was committed since is compared again. Stories never merge later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

import sqlalchemy as sa

from monitor.store import sql
from monitor.store.tables import articles, sketches, stories

_LOCK = 7020391  # PostgreSQL's advisory lock: whoever decides on stories does it alone
_NEWEST = 60  # articles looked at for each row of a sketch: a phrase of every page of a site is no reason to read them all
_COMPARED = 8  # candidates at most
_SHARED = 2  # rows that a candidate has in common


class Text(NamedTuple):
    """What two articles are compared by."""

    title: str
    body: str
    host: str


class Judge(Protocol):
    """Decides whether two texts are one story. Plain values; given by whoever knows how texts are compared."""

    def same(self, one: Text, other: Text) -> bool: ...

    def akin(self, one: Text, first: Text) -> bool:
        """Whether a text that is the same as a member's has enough of the story's first article."""
        ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that may tell the same; `first` is its story's first article."""

    article_id: int
    story_id: int
    first: int


Verdicts = dict[int, bool]  # a candidate's article -> whether its story is this article's


def alone(conn: sa.Connection) -> None:
    """Whoever decides on stories after this sees all that is committed, until the transaction ends. SQLite's one writer is alone anyway."""
    if conn.dialect.name == "postgresql":
        conn.execute(sa.text(f"SELECT pg_advisory_xact_lock({_LOCK})"))


def candidates(conn: sa.Connection, rows: Sequence[int], without: int) -> list[Candidate]:
    """Articles that share rows of a sketch, those that share most first, of equal ones the oldest."""
    if not rows:
        return []
    values = {f"row{number}": row for number, row in enumerate(rows)}
    listed = conn.execute(_candidates(len(rows)), {**values, "without": without})
    return [Candidate(article_id, story_id, first) for article_id, story_id, first in listed if story_id is not None]


@lru_cache(maxsize=64)
def _candidates(count: int) -> sa.Select[Any]:
    """The statement for sketches of so many rows: made anew for each article it would cost more than reading the page."""
    s, a = sketches.c, articles.c
    parts = [
        sa.select(
            sa.select(s.article_id)
            .where(s.shingle == sa.bindparam(f"row{number}", type_=s.shingle.type))
            .order_by(s.article_id.desc())
            .limit(_NEWEST)
            .subquery(f"r{number}")
        )
        for number in range(count)
    ]
    hits = sa.union_all(*parts).subquery("hits")
    found = (
        sa.select(hits.c.article_id, sa.func.count().label("shared"))
        .where(hits.c.article_id != sa.bindparam("without", type_=s.article_id.type))
        .group_by(hits.c.article_id)
        .having(sa.func.count() >= _SHARED)
        .order_by(sa.desc("shared"), hits.c.article_id)
        .limit(_COMPARED)
        .subquery("found")
    )
    joined = found.join(articles, a.id == found.c.article_id).join(stories, stories.c.id == a.story_id)
    return sa.select(a.id, a.story_id, stories.c.article_id).select_from(joined).order_by(found.c.shared.desc(), a.id)


def texts(conn: sa.Connection, ids: Sequence[int]) -> dict[int, Text]:
    a = articles.c
    found: dict[int, Text] = {}
    for some in sql.chunks(sorted(set(ids))):
        for id_, title, body, host in conn.execute(sa.select(a.id, a.title, a.body, a.host).where(a.id.in_(some))):
            found[id_] = Text(title, body, host)
    return found


def unjudged(conn: sa.Connection, wanted: Mapping[int, Sequence[int]]) -> dict[int, list[tuple[Candidate, Text, Text]]]:
    """For each article (id -> rows of its sketch) the candidates, each with its text and that of its story's first article."""
    found = {article_id: candidates(conn, rows, article_id) for article_id, rows in wanted.items()}
    read = texts(conn, [id_ for some in found.values() for one in some for id_ in (one.article_id, one.first)])
    return {
        article_id: [(one, read[one.article_id], read.get(one.first, read[one.article_id])) for one in some if one.article_id in read]
        for article_id, some in found.items()
    }


def find(conn: sa.Connection, article_id: int, text: Text, rows: Sequence[int], judge: Judge, verdicts: Verdicts) -> int | None:
    """The story that a text belongs to, if it is there. `verdicts` are those reached before the transaction."""
    for one in candidates(conn, rows, article_id):
        if one.article_id not in verdicts:
            read = texts(conn, [one.article_id, one.first])
            verdicts[one.article_id] = decide(judge, text, read[one.article_id], read.get(one.first))
        if verdicts[one.article_id]:
            return one.story_id
    return None


def decide(judge: Judge, text: Text, member: Text, first: Text | None) -> bool:
    """Whether a text belongs to the story of `member`: the same text, and not too far from what the story began with."""
    if not judge.same(text, member):
        return False
    return first is None or not first.body or first == member or judge.akin(text, first)


def begin(conn: sa.Connection, now: float, article_id: int, rows: Sequence[int] = ()) -> int:
    """A story with this article as its first."""
    story_id: int = conn.execute(sa.insert(stories).values(article_id=article_id, created_at=now).returning(stories.c.id)).scalar_one()
    _keep(conn, article_id, rows)
    return story_id


def join(conn: sa.Connection, story_id: int, article_id: int, rows: Sequence[int]) -> None:
    """One article more."""
    conn.execute(sa.update(stories).where(stories.c.id == story_id).values(articles=stories.c.articles + 1))
    _keep(conn, article_id, rows)


def _keep(conn: sa.Connection, article_id: int, rows: Sequence[int]) -> None:
    sql.many(
        conn,
        sql.insert_new(conn, sketches, "shingle", "article_id"),
        [{"shingle": row, "article_id": article_id} for row in sorted(rows)],
    )


def size(conn: sa.Connection, story_id: int) -> int:
    """How many articles tell it."""
    return conn.execute(sa.select(stories.c.articles).where(stories.c.id == story_id)).scalar() or 1
