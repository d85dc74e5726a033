"""Rules come and go beside a running loop: the collector rests, and old rules are let go of a few at a time."""

from __future__ import annotations

import asyncio
import gc
import weakref

import pytest

from monitor.actions import quiet
from monitor.actions.quiet import collections_paused, let_go
from monitor.pipeline.live import Rules
from monitor.rules import RuleSet, parse


def rules(*queries: str, previous: Rules | None = None) -> Rules:
    pairs = [(f"rule {number}", parse(query)) for number, query in enumerate(queries)]
    return Rules(RuleSet.compile(pairs, previous=previous.set if previous else None), {}, False)


def test_the_collector_rests_and_comes_back() -> None:
    before = gc.get_freeze_count()
    with collections_paused():
        assert not gc.isenabled()
        kept = [[number] for number in range(1000)]
    assert gc.isenabled()
    assert gc.get_freeze_count() >= before + len(kept)
    with pytest.raises(ZeroDivisionError), collections_paused():
        raise ZeroDivisionError
    assert gc.isenabled()


def test_one_pause_inside_another_ends_nothing() -> None:
    with collections_paused():
        with collections_paused():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


async def test_what_is_kept_stays_and_the_rest_goes_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quiet, "_AT_ONCE", 2)
    old = rules("one", "two", "three", "four", "five", "six")
    new = rules("one", "other", "three", previous=old)
    assert new.set.rules[0] is old.set.rules[0]
    assert new.set.rules[1] is not old.set.rules[1]
    gone = [weakref.ref(rule.operator) for number, rule in enumerate(old.set.rules) if number not in (0, 2)]
    letting_go = asyncio.ensure_future(let_go(old, new))
    del old
    left = []
    while not letting_go.done():
        await asyncio.sleep(0)
        left.append(sum(ref() is not None for ref in gone))
    await letting_go
    assert 2 in left
    assert [ref() for ref in gone] == [None] * 4
    assert new.set.rules[0].name == "rule 0"
