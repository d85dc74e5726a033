"""Explain on its planted causes: how many of them are named, and how long each takes."""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path

from monitor.rules import parse
from monitor.store.database import Store
from tests.unit.pipeline.causes import NOW, world, write
from tests.unit.pipeline.test_explain_causes import ENTITIES, explained


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
        return {
            "causes": len(took),
            "named": round(right / len(took), 4),
            "ms, median": round(took[len(took) // 2], 1),
            "ms, 99 of 100": round(took[int(len(took) * 0.99)], 1),
        }
    finally:
        await store.close()


def run() -> dict[str, float | str]:
    """The share of causes named, and milliseconds for each, on SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(measure(Path(folder)))


if __name__ == "__main__":
    for key, value in run().items():
        print(f"{key:<20} {value}")
