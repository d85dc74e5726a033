"""The audit finds every leak that can be planted, and tells it."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from monitor.store import audit
from monitor.store import tables as t
from monitor.store.database import Store
from tests.unit.store.helpers import matched, news, read, rows

LEAKS: dict[str, tuple[str, sa.Executable]] = {
    "an article that nothing wakes": ("entry", sa.update(t.articles).where(t.articles.c.id == 2).values(due_at=None)),
    "an article that was never matched": (
        "entry",
        sa.update(t.articles).where(t.articles.c.id == 2).values(text_state="page", due_at=None),
    ),
    "an entry that points nowhere": ("entry", sa.delete(t.articles).where(t.articles.c.id == 2)),
    "an entry that is gone": ("feed", sa.delete(t.entries).where(t.entries.c.article_id == 2)),
    "an article that no entry points to": ("article", sa.update(t.entries).values(article_id=1)),
    "a match without an alert": ("match", sa.update(t.matches).values(alert_id=None)),
    "a match whose story never alerted": ("match", sa.update(t.matches).values(alert_id=None, reason="story-told", rule_id=99)),
    "an alert without a delivery": ("alert", sa.delete(t.deliveries)),
    "an alert without a match": ("alert", sa.delete(t.matches)),
    "a delivery that nothing wakes": ("delivery", sa.update(t.lanes).values(due_at=None)),
    "a delivery that died without a reason": ("delivery", sa.update(t.deliveries).values(state="dead")),
}


@pytest.mark.parametrize("name", LEAKS)
async def test_a_leak_is_found(store: Store, name: str) -> None:
    first, _ = await news(store, "1", "2")
    await read(store, first, matched())
    assert (await store.read(audit.audit)).ok
    kind, harm = LEAKS[name]

    def do(conn: sa.Connection, now: float) -> None:
        conn.execute(harm)

    await store.write(do)
    sums = await store.read(audit.audit)
    assert kind in {leak.kind for leak in sums.leaks}
    assert not sums.ok


async def test_the_fates_are_told_for_each_feed_and_day(store: Store) -> None:
    first, _ = await news(store, "1", "2")
    await read(store, first, matched())
    sums = await store.read(audit.audit)
    ((feed, _day), counts) = next(iter(sums.by_feed_day.items()))
    assert (feed, dict(counts)) == ("https://a.example/feed", {"matched": 1, "waiting": 1})


async def test_ids_of_changes_follow_the_commits(store: Store) -> None:
    first, second = await news(store, "1", "2")
    await read(store, first, matched())
    await read(store, second, matched())
    made: list[Any] = await rows(store, t.changes)
    assert [row.id for row in made] == list(range(1, len(made) + 1))
    assert [row.kind for row in made if row.kind.startswith("alert")] == ["alert.created", "alert.created"]
