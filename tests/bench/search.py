"""Search over 50,000 stored articles on both databases: how long a phrase takes, rare and common, and what the index costs."""

from __future__ import annotations

import asyncio
import random
import re
import tempfile
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from monitor.model import Article
from monitor.pipeline.backtest import backtest
from monitor.pipeline.indexing import words_of
from monitor.pipeline.search import Wish, search
from monitor.rules import parse
from monitor.store import search as index
from monitor.store import sql, tables
from monitor.store.database import Store
from monitor.store.search import Bounds
from monitor.workers import Workers
from tests.bench.rules import _loop_of_re, _text, _vocabulary, make_rules
from tests.support.postgres import Server

ARTICLES = 50_000
QUERIES = {
    "rare phrase": '"final, fully verified denuclearization"',
    "korean phrase": '"제재 면제를"',
    "near": "sanctions NEAR/5 exemptions",
    "and not": "exemptions AND sanctions AND NOT site:kcna.kp",
    "prefix": "denucleari*",
}
_NOW = 1_540_795_263.0


def articles(count: int) -> list[dict[str, Any]]:
    """Made-up articles of about 3 KB; one in a thousand has the words that are asked for, one in three the common phrase."""
    rng = random.Random(7)
    words = _vocabulary(rng, 20_000)
    weights = [1 / (rank + 3) for rank in range(len(words))]
    pool = [_text(rng, words, weights, 700) for _ in range(2_000)]
    nouns = ["".join(chr(rng.randrange(0xAC00, 0xD7A4)) for _ in range(rng.randint(2, 3))) for _ in range(3_000)]
    korean = [" ".join(rng.choice(nouns) + rng.choice(["은", "를", "의", "에서", ""]) for _ in range(120)) for _ in range(300)]
    rows = []
    for number in range(count):
        body = rng.sample(korean if number % 10 == 0 else pool, 4)
        if number % 1000 == 0:
            body[2] += " It asked for sanctions exemptions before the final, fully verified denuclearization."
            body.append("정부는 안보리에 제재 면제를 요청했다.")
        if number % 3 == 0:
            body[1] += " The common phrase stands here."
        rows.append({"title": body[0][:60], "body": "\n".join(body), "url": f"https://site{number % 200}.example/{number}"})
    return rows


def write(conn: sa.Connection, now: float, rows: list[dict[str, Any]], first: int) -> float:
    """Stores and indexes some articles; answers the seconds that the index alone took."""
    stored = []
    for number, row in enumerate(rows, first):
        seen = _NOW - (ARTICLES - number) * 60.0
        facts = {"key": sql.digest(row["url"]), "host": row["url"].split("/")[2], "language": "en", "text_state": "page"}
        stored.append({"id": number + 1, **row, **facts, "first_seen_at": seen})
    sql.many(conn, sa.insert(tables.articles), stored)
    started = time.perf_counter()
    words = [(row["id"], row["first_seen_at"], words_of(Article(title=row["title"], body=row["body"], url=row["url"]))) for row in stored]
    index.put(conn, words)
    return time.perf_counter() - started


async def measure(url: str, folder: Path, count: int = ARTICLES) -> dict[str, float | str]:
    store = Store(url, folder, clock=lambda: _NOW, server_time=False)
    await store.open()
    try:
        rows = articles(count)
        spent = sum([await store.write(write, rows[at : at + 500], at) for at in range(0, count, 500)])
        if store.dialect == "postgresql":
            await store.write(lambda conn, now: conn.execute(sa.text("ANALYZE")))
        answer: dict[str, float | str] = {"index µs an article": round(spent / count * 1e6)}
        for name, text in {**QUERIES, "common phrase, 50 of many": '"common phrase stands"', "two common words": "the AND common"}.items():
            wish = Wish(parse(text))
            took, found = [], 0
            for _ in range(5):
                started = time.perf_counter()
                found = (await search(store, wish)).count
                took.append((time.perf_counter() - started) * 1000)
            answer[f"{name}: ms, {found} found"] = round(min(took), 1)
        answer["rare phrase, by LIKE: ms"] = await _by_like(store, "final, fully verified denuclearization")
        answer["rare phrase, by a loop of re over every article: ms"] = await _by_re(store, "final, fully verified denuclearization")
        answer.update(await tried(store))
        return answer
    finally:
        await store.close()


async def _by_like(store: Store, phrase: str) -> float:
    """What the database does by itself, letter by letter: the best of two."""
    a = tables.articles.c
    statement = sa.select(a.id).where(sa.or_(sa.func.lower(a.title).like(f"%{phrase}%"), sa.func.lower(a.body).like(f"%{phrase}%")))
    took = []
    for _ in range(2):
        started = time.perf_counter()
        await store.read(lambda conn: len(conn.execute(statement).all()))
        took.append((time.perf_counter() - started) * 1000)
    return round(min(took), 1)


async def _by_re(store: Store, phrase: str) -> float:
    """Every article read and searched by one pattern."""
    pattern = re.compile(re.escape(phrase), re.IGNORECASE)
    a = tables.articles.c

    def read(conn: sa.Connection) -> int:
        rows = conn.execution_options(yield_per=1_000).execute(sa.select(a.title, a.body))
        return sum(pattern.search(row.title) is not None or pattern.search(row.body) is not None for row in rows)

    started = time.perf_counter()
    await store.read(read)
    return round((time.perf_counter() - started) * 1000, 1)


async def tried(store: Store, count: int = 10_000) -> dict[str, float | str]:
    """Articles that one worker matches against a hundred rules in a minute, reading them from the store included; and a loop of `re`."""
    named = make_rules(random.Random(5), _vocabulary(random.Random(7), 20_000), 100)
    rules = [query for _, query in named]
    since = _NOW - count * 60.0
    async with Workers(1) as workers:
        await workers.run(len, "")
        run = await backtest(store, rules, Bounds(since), workers)
    a = tables.articles.c
    statement = sa.select(a.title, a.body).order_by(a.id).limit(300)
    some = await store.read(lambda conn: [Article(title=row.title, body=row.body) for row in conn.execute(statement)])
    loop = sum(_loop_of_re(named, [article]) for article in some) / 1e6
    return {
        "backtest: articles a minute, one worker, 100 rules": round(run.read / run.took * 60),
        "backtest, by a loop of re over the rules' terms, reading not included": round(len(some) / loop * 60),
    }


def run(count: int = ARTICLES) -> dict[str, float | str]:
    """Milliseconds a search takes, the best of five, on SQLite and on PostgreSQL."""
    answer: dict[str, float | str] = {}
    server = Server()
    server.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            databases = {"sqlite": f"sqlite:///{folder}/monitor.db", "postgresql": server.create()}
            for name, url in databases.items():
                found = asyncio.run(measure(url, Path(folder), count))
                answer.update({f"{name}: {key}": value for key, value in found.items()})
            answer["sqlite: MB in all"] = round((Path(folder) / "monitor.db").stat().st_size / 1e6)
    finally:
        server.stop()
    return answer


if __name__ == "__main__":
    for key, value in run().items():
        print(f"{key:<50} {value}")
