"""Explain on its planted causes: how many of them are named, and how long each takes."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from monitor.articles import normalize_url
from monitor.model import Article
from monitor.net import host_key
from monitor.pipeline.explain import Knowledge, explain
from monitor.rules import parse
from monitor.rules.nearmiss import explain_rule
from monitor.store import explaining, sql
from monitor.store.database import Store
from tests.bench.rules import _vocabulary, make_rules
from tests.unit.pipeline.causes import FILLER, NOW, World, world, write
from tests.unit.pipeline.test_explain_causes import ENTITIES, explained

SIZES = (1_000, 10_000)


async def measure(folder: Path) -> dict[str, float | str]:
    store = Store("sqlite:///monitor.db", folder, clock=lambda: NOW)
    await store.open()
    try:
        made = world()
        await store.write(write, made)
        queries = {case.rule: parse(case.query, ENTITIES) for case in made.cases if case.rule and case.query}
        took, right = [], 0
        for case in made.cases:
            started = time.perf_counter()
            right += await explained(store, case, queries) == case.code
            took.append((time.perf_counter() - started) * 1000)
        took.sort()
        trail = []
        for case in made.cases:
            started = time.perf_counter()
            await store.read(explaining.trail, case.url, sql.digest(normalize_url(case.url)), host_key(case.url))
            trail.append((time.perf_counter() - started) * 1000)
        return {
            "causes": len(took),
            "named": round(right / len(took), 4),
            "ms, median": round(took[len(took) // 2], 1),
            "ms, 99 of 100": round(took[int(len(took) * 0.99)], 1),
            "ms, median, of the store's rows alone": round(sorted(trail)[len(trail) // 2], 1),
            **{key: value for size in SIZES for key, value in (await of_many(store, made, size)).items()},
        }
    finally:
        await store.close()


async def of_many(store: Store, made: World, size: int) -> dict[str, float | str]:
    """All rules at once, beside each of them judged for the same article."""
    rules = dict(make_rules(random.Random(size), _vocabulary(random.Random(6), 20_000), size))
    known = Knowledge(rules)
    started = time.process_time()
    await explain(store, made.cases[-1].url, known)
    first = time.process_time() - started
    urls = [case.url for case in made.cases[::6]]
    took = []
    for url in urls:
        started = time.process_time()
        await explain(store, url, known)
        took.append((time.process_time() - started) * 1000)
    took.sort()
    article = Article(title="FFVD", body=FILLER * 8, language="en")
    for query in rules.values():
        explain_rule(query, article)  # compiled, and not measured
    article = replace(article, body=f"{article.body} It stands here.")
    started = time.process_time()
    for query in rules.values():
        explain_rule(query, article)
    each = (time.process_time() - started) * 1000
    return {
        f"{size:,} rules: the first, compiling included, ms": round(first * 1000, 1),
        f"{size:,} rules: ms, median": round(took[len(took) // 2], 1),
        f"{size:,} rules: ms, 99 of 100": round(took[int(len(took) * 0.99)], 1),
        f"{size:,} rules: ms, each judged for one article": round(each, 1),
    }


def run() -> dict[str, float | str]:
    """The share of causes named, and milliseconds for each, on SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(measure(Path(folder)))


if __name__ == "__main__":
    for key, value in run().items():
        print(f"{key:<20} {value}")
