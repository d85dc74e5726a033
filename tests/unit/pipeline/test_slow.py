"""A rule whose pattern takes longer than patterns have is told once: in the log, to operators, and in the list of rules."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from monitor.model import Article, Severity
from monitor.pipeline.live import Rules, RuleWish
from monitor.pipeline.slow import SlowRules
from monitor.rules import RuleSet, parse
from monitor.store import listing
from monitor.store import tables as t
from monitor.store.database import Store

NOW = 1_540_795_263.0
QUERIES = {"dates": "/[0-9]{4}/", "words": "korea"}


@pytest.fixture
async def store(tmp_path: Path) -> Store:
    store = Store("sqlite:///monitor.db", tmp_path, clock=lambda: NOW)
    await store.open()

    def fill(conn: sa.Connection, now: float) -> None:
        for name, query in QUERIES.items():
            conn.execute(sa.insert(t.rules).values(name=name, query=query, severity="normal", created_at=NOW, changed_at=NOW))

    await store.write(fill)
    return store


def _rules(*, budget: float) -> Rules:
    compiled = RuleSet.compile([(name, parse(query)) for name, query in QUERIES.items()])
    compiled.budget = budget
    compiled.match(Article(title="In 2018", body="Korea."))
    return Rules(compiled, {name: RuleWish(query, Severity.NORMAL, ()) for name, query in QUERIES.items()}, False)


async def _told(store: Store) -> list[tuple[str, str]]:
    return await store.read(lambda conn: [(row.subject, row.state) for row in conn.execute(sa.select(t.notices))])


async def test_a_slow_pattern_is_told_once_and_listed(store: Store) -> None:
    try:
        telling = SlowRules(store)
        with capture_logs() as logs:
            await telling.tell(_rules(budget=-1.0))
            await telling.tell(_rules(budget=-1.0))
            await SlowRules(store).tell(_rules(budget=-1.0))  # after a restart
        assert [(line["event"], line["rule"]) for line in logs] == [("rule.slow", "dates")] * 2
        assert all(line["remedy"].startswith("give its pattern a word") for line in logs)
        assert await _told(store) == [("rule dates", "slow")]
        listed = {item["name"]: item["slow_since"] for item in await store.read(listing.rules, NOW)}
        assert listed == {"dates": "2018-10-29T06:41:03Z", "words": None}
    finally:
        await store.close()


async def test_within_its_time_nothing_is_told(store: Store) -> None:
    try:
        with capture_logs() as logs:
            await SlowRules(store).tell(_rules(budget=1e9))
        assert (logs, await _told(store)) == ([], [])
    finally:
        await store.close()
