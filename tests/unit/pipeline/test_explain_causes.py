"""Explain names the planted cause, of every code that it knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from monitor.articles import normalize_url
from monitor.pipeline.explain import Knowledge, explain
from monitor.rules import Entities, EntityDef, parse
from monitor.store import sql
from monitor.store.database import Store
from tests.unit.pipeline.causes import NOW, Case, World, world, write

ENTITIES = Entities({"Leader": EntityDef("Leader", ("Kim Jong Un", "김정은"))})
WAY = ("feed", "entry", "page", "extraction", "story", "rule", "mute", "alert", "delivery")
CODES = set(
    """unknown-site not-in-feed not-polled-yet not-read-yet feed-paused feed-removed feed-failing feed-ended rolled-over backlog duplicate
    forbidden-address robots page-failed page-thin paywall not-html furniture no-term near order count case boundary spelling field excluded
    rule-newer story-told muted severity-floor quiet-hours digest throttled no-channel retrying dead channel-gone unknown retention
    delivered""".split()  # noqa: SIM905 - forty words are read more easily so
)


@pytest.fixture
async def planted(database_url: str, tmp_path: Path) -> AsyncIterator[tuple[Store, World]]:
    store = Store(database_url, tmp_path, clock=lambda: NOW, server_time=False)
    await store.open()
    made = world()
    await store.write(write, made)
    yield store, made
    await store.close()


async def explained(store: Store, case: Case, queries: dict[str, Any]) -> str:
    async def listed(feed: Any) -> Any:
        if isinstance(case.listed, str):
            return case.listed
        return {sql.digest(normalize_url(case.url))} if case.listed else set()

    known = Knowledge({case.rule: queries[case.rule]} if case.rule else {})
    answer = await explain(store, case.url, known, rule=case.rule, listed=listed)
    wrong = [step for step in answer.steps if step.state in ("no", "nearly", "waiting") and step.code and not step.remedy]
    assert wrong == [], case
    stations = [WAY.index(step.step) for step in answer.steps]
    assert stations == sorted(stations), case
    return answer.verdict


async def test_the_planted_cause_is_named(planted: tuple[Store, World]) -> None:
    store, made = planted
    queries = {case.rule: parse(case.query, ENTITIES) for case in made.cases if case.rule and case.query}
    assert {case.code for case in made.cases} == CODES
    assert len(made.cases) >= 300
    mistaken: list[tuple[str, str, Case]] = []
    for case in made.cases:
        verdict = await explained(store, case, queries)
        if verdict != case.code:
            mistaken.append((case.code, verdict, case))
    summary = Counter((code, verdict) for code, verdict, _ in mistaken)
    assert mistaken == [], summary  # the aim is 0.98; this is what stands


async def test_a_backlog_that_was_read_says_so(planted: tuple[Store, World]) -> None:
    store, made = planted
    ways = []
    for case in [case for case in made.cases if case.code == "backlog"][:2]:
        answer = await explain(store, case.url, Knowledge({}))
        ways.append([(step.step, step.state) for step in answer.steps if step.step in ("page", "extraction", "rule")])
    shown, read = ways
    assert shown == [("page", "not-reached"), ("extraction", "not-reached"), ("rule", "not-reached")]
    assert read == [("page", "ok"), ("extraction", "ok"), ("rule", "not-reached")]


async def test_a_rule_among_many_is_told_without_naming_it(planted: tuple[Store, World]) -> None:
    store, made = planted
    queries = {
        case.rule: parse(case.query, ENTITIES) for case in made.cases if case.rule and case.query and case.code in ("near", "no-term")
    }
    case = next(case for case in made.cases if case.code == "near")
    answer = await explain(store, case.url, Knowledge(queries))
    near = [step for step in answer.steps if step.name == case.rule]
    assert [step.code for step in near] == ["near"]
    assert "words apart" in near[0].text
