"""Search over all stored articles: the index narrows, the one matcher decides, and what was not looked at is told."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from monitor.alerts.snippet import gather, snippets
from monitor.model import Article, Span
from monitor.pipeline.narrow import clause_of
from monitor.rules.article import View
from monitor.rules.compiler import Compiler
from monitor.rules.query import Query
from monitor.rules.ruleset import spans_of
from monitor.rules.tryout import span_json
from monitor.store import articles as carried
from monitor.store import search as index
from monitor.store.database import Store
from monitor.store.listing.articles import article_item
from monitor.store.search import Bounds, Doc
from monitor.store.views import Carriers, as_article

FIRST = 500  # documents that the index is asked for at once; most searches need no more
PAGE = 5_000  # and from then on
BATCH = 25  # articles matched at a stretch: the loop is free between two
_ANYTIME = Bounds()
CARRIED = frozenset(("feed", "tag"))


@dataclass(frozen=True, slots=True)
class Wish:
    """What is searched for. `budget`: seconds after which no further article is looked at; None for no end."""

    query: Query
    bounds: Bounds = _ANYTIME
    order: str = "time"  # time, hits
    limit: int = 50
    budget: float | None = 10.0
    days: bool = False  # counts by day are wanted, so everything is looked at
    after: Doc | None = None  # goes on after this one, in the order of time
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))


@dataclass(frozen=True, slots=True)
class Found:
    """An article that matches, with the places of the terms."""

    doc: Doc
    row: Any
    spans: tuple[Span, ...]
    carriers: Carriers = ((), ())

    def snippets(self, count: int = 2, marks: tuple[str, str] = ("«", "»")) -> list[str]:
        """The sentences around the matches in the body; where there is none, the title marked."""
        body = gather([("", span) for span in self.spans], "body")
        found = [snippet.text(*marks) for snippet in snippets(self.row.body, body, count)]
        if not found:
            title = gather([("", span) for span in self.spans], "title")
            found = [snippet.text(*marks) for snippet in snippets(self.row.title, title, 1)]
        return found

    def item(self) -> dict[str, Any]:
        """The article as the API has it, with its matches."""
        return {
            **article_item(self.row, self.carriers),
            "hits": len(self.spans),
            "snippets": self.snippets(),
            "matches": [span_json(span) for span in self.spans[:20]],
        }


@dataclass(slots=True)
class Result:
    """`found` in the order asked for. `count` articles match at least; exactly so many where `exact`."""

    found: list[Found] = field(default_factory=list)
    count: int = 0
    exact: bool = False
    days: Counter[str] = field(default_factory=Counter)  # ISO date in the wish's zone -> articles
    stories: int = 0
    narrowed: bool = True  # whether the index could narrow at all
    looked: int = 0  # articles that the matcher judged
    until: float | None = None  # where the budget ended it: only what came after this moment was looked at
    next: Doc | None = None  # where a further page begins


async def search(store: Store, wish: Wish) -> Result:
    """Finds the articles that match."""
    started = time.perf_counter()
    matcher = _Matcher(wish.query)
    clause = clause_of(wish.query.tree)
    result = Result(narrowed=clause is not None)
    everything = wish.order == "hits" or wish.days
    stories: set[int] = set()
    last: Doc | None = None
    async for docs in candidates(store, clause, wish.bounds, wish.after, BATCH if everything else min(BATCH, wish.limit + 1)):
        for found in await _matching(store, matcher, docs):
            if not everything and len(result.found) == wish.limit:
                result.next = result.found[-1].doc
                return result
            result.count += 1
            result.days[_day(found.doc.at, wish.zone)] += 1
            stories.add(found.row.story_id or -found.row.id)
            result.stories = len(stories)
            _keep(result, found, wish)
        result.looked += len(docs)
        last = docs[-1]
        if wish.budget is not None and time.perf_counter() - started > wish.budget:
            result.until = last.at
            result.next = last
            break
    else:
        result.exact = True
    if wish.order == "hits":
        result.found.sort(key=_by_hits)
    result.found = await _with_carriers(store, result.found[: wish.limit])
    return result


def _keep(result: Result, found: Found, wish: Wish) -> None:
    if wish.order == "hits":
        result.found.append(found)
        if len(result.found) >= 4 * wish.limit + 200:  # bodies of all that match need not be held
            result.found.sort(key=_by_hits)
            del result.found[wish.limit :]
    elif len(result.found) < wish.limit:
        result.found.append(found)


def _by_hits(found: Found) -> tuple[int, float, int]:
    return -len(found.spans), -found.doc.at, -found.doc.article_id


def _day(at: float, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(at, UTC).astimezone(zone).date().isoformat()


# -- candidates ---------------------------------------------------------------------------------------------------------
class _Source:
    """Documents of one part of the index, the newest first, asked for page by page."""

    def __init__(self, ask: Callable[[sa.Connection, Doc | None, int], Sequence[Doc]], after: Doc | None) -> None:
        self.ask = ask
        self.after = after
        self.docs: deque[Doc] = deque()
        self.more = True
        self.size = FIRST

    def fill(self, conn: sa.Connection) -> None:
        page = self.ask(conn, self.after, self.size)
        self.docs.extend(page)
        self.more = len(page) == self.size
        self.size = PAGE
        if page:
            self.after = page[-1]


async def candidates(store: Store, clause: index.Clause | None, bounds: Bounds, after: Doc | None, size: int) -> AsyncIterator[list[Doc]]:
    """All documents that may match, the newest first, `size` at a time; each article once."""

    def begin(conn: sa.Connection) -> list[_Source]:
        sources = [_Source(_part(part, clause, bounds), after) for part in index.partitions(conn)]
        sources.append(_Source(lambda conn, after, limit: index.waiting(conn, bounds, after, limit), after))
        for source in sources:
            source.fill(conn)
        return sources

    def refill(conn: sa.Connection) -> None:
        for source in sources:
            if source.more and not source.docs:
                source.fill(conn)

    sources = await store.read(begin)
    seen: set[int] = set()
    batch: list[Doc] = []
    while True:
        if any(source.more and not source.docs for source in sources):
            await store.read(refill)
        filled = [source for source in sources if source.docs]
        if not filled:
            break
        doc = max(filled, key=lambda source: (source.docs[0].at, source.docs[0].article_id)).docs.popleft()
        if doc.article_id in seen:
            continue
        seen.add(doc.article_id)
        batch.append(doc)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _part(part: int, clause: index.Clause | None, bounds: Bounds) -> Callable[[sa.Connection, Doc | None, int], Sequence[Doc]]:
    return lambda conn, after, limit: index.candidates(conn, part, clause, bounds, after, limit)


# -- the matcher --------------------------------------------------------------------------------------------------------
class _Matcher:
    def __init__(self, query: Query) -> None:
        self.operator = Compiler().build(query.tree)
        self.carried = bool(query.fields_used & CARRIED)

    def spans(self, row: Any, carriers: Carriers) -> tuple[Span, ...] | None:
        hits = self.operator.evaluate(View.of(as_article(row, carriers)))
        return None if hits is None else spans_of(hits)


async def _matching(store: Store, matcher: _Matcher, docs: Sequence[Doc]) -> list[Found]:
    ids = [doc.article_id for doc in docs]
    rows, carriers = await store.read(_rows, ids, carriers=matcher.carried)
    found = []
    for doc in docs:
        row = rows.get(doc.article_id)
        if row is not None:
            spans = matcher.spans(row, carriers.get(row.id, ((), ())))
            if spans is not None:
                found.append(Found(doc, row, spans))
    return found


def _rows(conn: sa.Connection, ids: Sequence[int], *, carriers: bool) -> tuple[dict[int, Any], dict[int, Carriers]]:
    return index.load(conn, ids), carried.carriers(conn, ids) if carriers else {}


async def _with_carriers(store: Store, found: list[Found]) -> list[Found]:
    if not found:
        return found
    carriers = await store.read(carried.carriers, [one.row.id for one in found])
    return [Found(one.doc, one.row, one.spans, carriers.get(one.row.id, ((), ()))) for one in found]


async def judge(store: Store, query: Query, docs: Sequence[Doc]) -> list[Found]:
    """Those of some articles that a query matches, in their order, with all that is shown of them."""
    matcher = _Matcher(query)
    found = []
    for at in range(0, len(docs), BATCH):
        found += await _matching(store, matcher, docs[at : at + BATCH])
    return await _with_carriers(store, found)


async def newest(store: Store, count: int, since: float | None = None) -> list[Article]:
    """The newest stored articles, as rules see them."""
    articles: list[Article] = []
    async for docs in candidates(store, None, Bounds(since), None, 100):
        ids = [doc.article_id for doc in docs]
        rows, carriers = await store.read(_rows, ids, carriers=True)
        articles += [as_article(rows[id_], carriers.get(id_, ((), ()))) for id_ in ids if id_ in rows]
        if len(articles) >= count:
            break
    return articles[:count]
