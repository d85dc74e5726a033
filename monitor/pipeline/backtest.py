"""What rules would have brought: queries over all stored articles of a time, in worker processes where there are many."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from monitor.model import Article
from monitor.pipeline import matching
from monitor.pipeline.narrow import clause_of
from monitor.pipeline.search import CARRIED, candidates
from monitor.rules.check import nodes
from monitor.rules.query import Query
from monitor.rules.tree import Entity
from monitor.store import articles as carried
from monitor.store import search as index
from monitor.store import tables as t
from monitor.store.database import Store
from monitor.store.search import AnyOf, Bounds, Clause, Doc
from monitor.store.views import Carriers, as_article
from monitor.workers import Workers

PAGE = 500  # articles that a worker takes at once
INLINE = 1_000  # articles that are matched here, a few at a time: starting workers would take longer
_FEW = 25
_NARROWED = 8  # queries; with more of them, what they ask the index for is most of what there is
_TIMEOUT = 120.0  # seconds for a page, the compiling of ten thousand rules included


@dataclass(frozen=True, slots=True)
class Match:
    """An article that a query matches. `story`: what one alert would be made for; `terms`: how often each stands there."""

    doc: Doc
    story: int
    terms: tuple[tuple[str, int], ...]


@dataclass(slots=True)
class Backtest:
    """What each query, by its number, matches: the newest first. `articles` were looked at, the index's help counted."""

    matches: list[list[Match]]
    articles: int = 0
    read: int = 0  # articles that the matcher judged; the index had ruled out the rest
    took: float = 0.0  # seconds
    since: float | None = None  # when the first of the articles came

    def days(self, number: int, zone: ZoneInfo) -> dict[str, int]:
        """Articles by ISO date."""
        counts = Counter(datetime.fromtimestamp(match.doc.at, UTC).astimezone(zone).date().isoformat() for match in self.matches[number])
        return dict(sorted(counts.items()))

    def terms(self, number: int) -> list[tuple[str, int]]:
        counts: Counter[str] = Counter()
        for match in self.matches[number]:
            counts.update(dict(match.terms))
        return counts.most_common()

    def stories(self, number: int) -> dict[int, Match]:
        """What would have alerted: for each story the first article that matches."""
        return {match.story: match for match in self.matches[number]}  # the newest first, so the oldest stays

    def alerts_a_day(self, number: int, now: float) -> float:
        begin = self.since if self.since is not None else now
        return len(self.stories(number)) / max(1.0, (now - begin) / 86400)


Progress = Callable[[int, int], None]
"""Told how many articles of how many are done."""


async def backtest(
    store: Store, queries: Sequence[Query], bounds: Bounds, workers: Workers, *, progress: Progress | None = None
) -> Backtest:
    """Runs queries over the stored articles within `bounds`: each article is matched as it stands now."""
    started = time.perf_counter()
    clause = _clause(queries)
    docs = [doc async for batch in candidates(store, clause, bounds, None, 5_000) for doc in batch]
    total, first = await store.read(_extent, bounds)
    answer = Backtest([[] for _ in queries], articles=max(total, len(docs)), read=len(docs), since=_latest(bounds.since, first))
    carriers = any(query.fields_used & CARRIED for query in queries)
    done = 0

    def take(some: Sequence[tuple[Doc, int]], hits: Iterable[matching.Hits]) -> None:
        nonlocal done
        done += len(some)
        for hit in hits:
            doc, story = some[hit.place]
            answer.matches[hit.rule].append(Match(doc, story, hit.terms))
        if progress is not None:
            progress(done, len(docs))

    if len(docs) <= INLINE:
        rules = matching.compile_all(queries)
        for at in range(0, len(docs), _FEW):
            some, articles = await _load(store, docs[at : at + _FEW], carriers=carriers)
            take(some, matching.match_all(rules, articles))
    else:
        await _in_workers(store, queries, docs, workers, take, carriers=carriers)
    for matches in answer.matches:
        matches.sort(key=lambda match: (-match.doc.at, -match.doc.article_id))
    answer.took = time.perf_counter() - started
    return answer


async def _in_workers(
    store: Store,
    queries: Sequence[Query],
    docs: Sequence[Doc],
    workers: Workers,
    take: Callable[[Sequence[tuple[Doc, int]], Iterable[matching.Hits]], None],
    *,
    carriers: bool,
) -> None:
    # By article and not by time: rows that were written together are read together.
    pages = iter([docs[at : at + PAGE] for at in range(0, len(docs), PAGE)])

    async def work(path: str) -> None:
        for page in pages:
            some, articles = await _load(store, page, carriers=carriers)
            take(some, await workers.run(matching.match_page, path, articles, timeout=_TIMEOUT))

    with tempfile.TemporaryDirectory(prefix="monitor-rules-") as folder:
        path = Path(folder) / "rules"
        await asyncio.to_thread(matching.write_rules, path, queries)
        async with asyncio.TaskGroup() as group:
            for _ in range(workers.count + 1):  # one page is read while the others are matched
                group.create_task(work(str(path)))


def _clause(queries: Sequence[Query]) -> Clause | None:
    """What the index is asked for all queries together; None where each article has to be looked at."""
    if len(queries) > _NARROWED:
        return None
    clauses = [clause_of(query.tree) for query in queries]
    sure = tuple(clause for clause in clauses if clause is not None)
    if len(sure) < len(clauses) or not sure:
        return None
    return sure[0] if len(sure) == 1 else AnyOf(sure)


def _latest(*moments: float | None) -> float | None:
    return max((moment for moment in moments if moment is not None), default=None)


def _extent(conn: sa.Connection, bounds: Bounds) -> tuple[int, float | None]:
    """How many documents are within the bounds of time, and when the first of them came."""
    d = t.docs.c
    where = [] if bounds.since is None else [d.at >= bounds.since]
    where += [] if bounds.until is None else [d.at < bounds.until]
    count, first = conn.execute(sa.select(sa.func.count(), sa.func.min(d.at)).select_from(t.docs).where(*where)).one()
    return int(count), first


async def _load(store: Store, docs: Sequence[Doc], *, carriers: bool) -> tuple[list[tuple[Doc, int]], list[Article]]:
    """The articles of a page that are still there, and beside each its document and story."""
    rows, fed = await store.read(_rows, [doc.article_id for doc in docs], carriers=carriers)
    there = [(doc, rows[doc.article_id]) for doc in docs if doc.article_id in rows]
    return [(doc, row.story_id or -row.id) for doc, row in there], [as_article(row, fed.get(row.id, ((), ()))) for _, row in there]


def _rows(conn: sa.Connection, ids: Sequence[int], *, carriers: bool) -> tuple[dict[int, Any], dict[int, Carriers]]:
    return index.load(conn, ids), carried.carriers(conn, ids) if carriers else {}


# -- two versions of rules ----------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Alerting:
    """An alert that would be made: the story's first article that the rule matches."""

    rule: str
    match: Match


@dataclass(slots=True)
class Difference:
    """Alerts that the new rules would make beside, and would no longer make."""

    gained: list[Alerting] = field(default_factory=list)
    lost: list[Alerting] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)  # rules whose query is another, or that are in one set alone
    run: Backtest | None = None


async def difference(
    store: Store,
    old: Mapping[str, Query],
    new: Mapping[str, Query],
    bounds: Bounds,
    workers: Workers,
    *,
    progress: Progress | None = None,
) -> Difference:
    """The alerts of each story and rule that one set of rules makes and the other does not."""
    changed = [name for name in dict.fromkeys((*old, *new)) if _meaning(old, name) != _meaning(new, name)]
    names = [[name for name in changed if name in rules] for rules in (old, new)]
    asked = [rules[name] for rules, some in zip((old, new), names, strict=True) for name in some]
    answer = Difference(changed=changed)
    answer.run = run = await backtest(store, asked, bounds, workers, progress=progress)
    before = {name: run.stories(number) for number, name in enumerate(names[0])}
    after = {name: run.stories(number) for number, name in enumerate(names[1], len(names[0]))}
    for name in changed:
        was, is_ = before.get(name, {}), after.get(name, {})
        answer.gained += [Alerting(name, match) for story, match in is_.items() if story not in was]
        answer.lost += [Alerting(name, match) for story, match in was.items() if story not in is_]
    return answer


def _meaning(rules: Mapping[str, Query], name: str) -> object:
    """What a rule's query looks for: its places in the text aside, the aliases of its entities with it."""
    query = rules.get(name)
    return None if query is None else (query.canonical, [node.names for node in nodes(query.tree) if isinstance(node, Entity)])
