"""Stories at 100,000 stored articles: what an article costs, and how many copies are found and other news kept apart, by kind."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from itertools import combinations
from pathlib import Path

import sqlalchemy as sa

from monitor.articles import kinship, stories
from monitor.pipeline.placing import JUDGE
from monitor.store import stories as stored
from monitor.store import tables as t
from monitor.store.database import Store
from tests.unit.articles.notes import NOTES
from tests.unit.articles.variants import COPIES, TEMPLATES, article, changed, from_template

STORED = 100_000
MEASURED = 300
COMMON = 200  # rows that many pages of a site share
BYLINE = "OSAKA, March 3, 2021 (Agency) - By Jane Miller, Staff Writer. Updated 14:32."


def _cut_with_byline(source: random.Random, body: str) -> str:
    words = body.split()
    return changed(source, f"{BYLINE} {' '.join(words[: int(len(words) * source.uniform(0.5, 0.9))])}", 0.03)


KINDS = {
    **COPIES,
    "5 % of words": lambda source, body: changed(source, body, 0.05),
    "10 % of words": lambda source, body: changed(source, body, 0.1),
    "byline, cut, 3 % of words": _cut_with_byline,
    "20 % of words (41 % of its runs left: another text by definition)": lambda source, body: changed(source, body, 0.2),
}


def _fill(conn: sa.Connection, now: float, source: random.Random) -> None:
    """Articles of other news, two rows of each among those that many share."""
    common = [source.getrandbits(63) for _ in range(COMMON)]
    for start in range(1, STORED + 1, 5_000):
        ids = range(start, start + 5_000)
        key = [
            {"id": n, "key": n.to_bytes(16, "big"), "text_state": "page", "first_seen_at": now, "story_id": n, "body": "other"} for n in ids
        ]
        conn.execute(sa.insert(t.articles), key)
        conn.execute(sa.insert(t.stories), [{"id": n, "article_id": n, "created_at": now} for n in ids])
        rows = [(row, n) for n in ids for row in (*source.sample(common, 2), *(source.getrandbits(63) for _ in range(stories.ROWS - 2)))]
        conn.execute(sa.insert(t.sketches), [{"shingle": row, "article_id": n} for row, n in sorted(rows)])


def _place(conn: sa.Connection, now: float, article_id: int, body: str, rows: tuple[int, ...]) -> bool:
    """As a read's commit does; answers whether it joined a story."""
    verdicts: stored.Verdicts = {}
    text = stored.Text(f"Title {article_id}", body, f"{article_id % 97}.example")
    facts = {"id": article_id, "key": article_id.to_bytes(16, "big"), "text_state": "page", "first_seen_at": now}
    conn.execute(sa.insert(t.articles).values(**facts, title=text.title, body=body, host=text.host))
    story = stored.find(conn, article_id, text, rows, JUDGE, verdicts)
    if story is None:
        story = stored.begin(conn, now, article_id, rows)
    else:
        stored.join(conn, story, article_id, rows)
    conn.execute(sa.update(t.articles).where(t.articles.c.id == article_id).values(story_id=story))
    return bool(story != article_id)


async def _costs(folder: Path) -> dict[str, float | str]:
    store = Store(f"sqlite:///{folder / 'monitor.db'}", folder, clock=time.time)
    await store.open()
    figures: dict[str, float | str] = {}
    source = random.Random(1)
    try:
        await store.write(_fill, source)
        originals = [article(source) for _ in range(MEASURED)]
        copies = [COPIES["edited"](source, body) for body in originals]
        number = STORED
        for name, bodies in (("new", originals), ("copied", copies)):
            begun = time.process_time()
            rows = [kinship.rows(body) for body in bodies]
            figures[f"sketch of a {name} article, µs"] = (time.process_time() - begun) / MEASURED * 1e6
            begun, joined = time.process_time(), 0
            for body, row in zip(bodies, rows, strict=True):
                number += 1
                joined += await store.write(_place, number, body, row)
            figures[f"look-up, judgement and commit of a {name} article, µs"] = (time.process_time() - begun) / MEASURED * 1e6
            figures[f"{name} articles that joined a story"] = f"{joined} of {MEASURED}"
    finally:
        await store.close()
    return figures


def _recall(lines: int) -> dict[str, float]:
    figures = {}
    for kind, copy in KINDS.items():
        source = random.Random(kind)
        found = 0
        for _ in range(MEASURED):
            body = article(source, lines)
            other = copy(source, body)
            found += stories.may_be_same(kinship.rows(body), kinship.rows(other)) and kinship.same_story(body, other)
        figures[kind] = found / MEASURED * 100
    return figures


def _merged() -> dict[str, str]:
    figures = {}
    makers = {kind: (lambda source, kind=kind: from_template(kind, source)) for kind in TEMPLATES} | {n.__name__: n for n in NOTES}
    for name, make in {**makers, "other texts": lambda source: article(source, 16)}.items():
        source = random.Random(name)
        bodies = [make(source) for _ in range(60)]
        merged = sum(kinship.same_story(body, other) for body, other in combinations(bodies, 2))
        figures[name] = f"{merged} of {len(bodies) * (len(bodies) - 1) // 2:,}"
    return figures


def run() -> dict[str, object]:
    """The figures, by name."""
    with tempfile.TemporaryDirectory(prefix="monitor-bench-") as name:
        costs = asyncio.run(_costs(Path(name)))
    return {**costs, "recall of long texts, %": _recall(24), "recall of short texts, %": _recall(9), "merged by error": _merged()}
