"""Parts that the stages share: gathered commits, turns of hosts, the loop of a stage."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from monitor.net import Turns
from monitor.pipeline.gather import Gather
from monitor.pipeline.hosts import Hosts


class Commits:
    """Answers twice each number; refuses those in `poison`, and all while `away`."""

    def __init__(self, poison: Sequence[int] = ()) -> None:
        self.batches: list[list[int]] = []
        self.poison = set(poison)
        self.away = False

    async def __call__(self, items: Sequence[int]) -> list[int]:
        self.batches.append(list(items))
        if self.away:
            raise ConnectionRefusedError
        if self.poison & set(items):
            raise ValueError("poison")
        return [2 * item for item in items]


async def test_what_comes_together_is_committed_together() -> None:
    commits = Commits()
    gather: Gather[int, int] = Gather(commits, size=100, wait=0.01)
    assert await asyncio.gather(*(gather.put(number) for number in range(10))) == [2 * number for number in range(10)]
    assert commits.batches == [list(range(10))]


async def test_a_full_batch_does_not_wait() -> None:
    commits = Commits()
    gather: Gather[int, int] = Gather(commits, size=3, wait=3600.0)
    assert await asyncio.gather(*(gather.put(number) for number in range(6))) == [0, 2, 4, 6, 8, 10]
    assert commits.batches == [[0, 1, 2], [3, 4, 5]]


async def test_a_batch_is_full_by_what_its_items_weigh() -> None:
    commits = Commits()
    gather: Gather[int, int] = Gather(commits, size=5, wait=3600.0, weigh=float)
    assert await asyncio.gather(*(gather.put(number) for number in (2, 2, 1, 7, 3, 4))) == [4, 4, 2, 14, 6, 8]
    assert commits.batches == [[2, 2, 1], [7], [3, 4]]


async def test_a_poison_row_costs_itself_alone() -> None:
    commits = Commits(poison=[2])
    gather: Gather[int, int] = Gather(commits, size=4, wait=3600.0)
    answers = await asyncio.gather(*(gather.put(number) for number in range(4)), return_exceptions=True)
    assert [answers[n] for n in (0, 1, 3)] == [0, 2, 6]
    assert isinstance(answers[2], ValueError)
    assert commits.batches == [[0, 1, 2, 3], [0], [1], [2], [3]]


async def test_while_the_database_is_away_none_is_tried_alone() -> None:
    commits = Commits()
    commits.away = True
    gather: Gather[int, int] = Gather(commits, size=4, wait=3600.0, common=lambda error: isinstance(error, OSError))
    answers = await asyncio.gather(*(gather.put(number) for number in range(4)), return_exceptions=True)
    assert all(isinstance(answer, ConnectionRefusedError) for answer in answers)
    assert len(commits.batches) == 1


async def test_closing_commits_what_is_held() -> None:
    commits = Commits()
    gather: Gather[int, int] = Gather(commits, size=100, wait=3600.0)
    waiting = [asyncio.create_task(gather.put(number)) for number in range(3)]
    await asyncio.sleep(0)
    await gather.close()
    assert [await task for task in waiting] == [0, 2, 4]


async def test_a_caller_that_is_cancelled_takes_nothing_from_the_others() -> None:
    commits = Commits()
    gather: Gather[int, int] = Gather(commits, size=3, wait=3600.0)
    first = asyncio.create_task(gather.put(1))
    await asyncio.sleep(0)
    first.cancel()
    assert await asyncio.gather(gather.put(2), gather.put(3)) == [4, 6]
    assert commits.batches == [[1, 2, 3]]
    with pytest.raises(asyncio.CancelledError):
        await first


@dataclass(frozen=True)
class Row:
    host: str


def test_a_host_s_wave_is_bounded_and_what_is_over_goes_back() -> None:
    hosts = Hosts(Turns(2), per_host=2)
    taken, back = hosts.admit([Row("slow")] * 20 + [Row("quick")])
    assert ([row.host for row in taken].count("slow"), len(back)) == (hosts.wave, 20 - hosts.wave)
    assert Row("quick") in taken
    assert hosts.without() == ["slow"]
    hosts.leave("slow")
    assert hosts.without() == []
    taken, back = hosts.admit([Row("slow")] * 2)
    assert (len(taken), len(back)) == (1, 1)


@dataclass(frozen=True)
class Numbered:
    id: int
    host: str


def test_a_transaction_sorts_by_the_room_there_is_and_takes_nothing_itself() -> None:
    hosts = Hosts(Turns(2), per_host=2)
    hosts.take([Row("slow")] * (hosts.wave - 1))
    sort = hosts.sorter(had=[3])
    rows = [Numbered(1, "slow"), Numbered(2, "slow"), Numbered(3, "quick"), Numbered(4, "quick")]
    for _ in range(2):  # as where a transaction is tried again
        taken, back = sort(rows)
        assert [row.id for row in taken] == [1, 4]
        assert [row.id for row in back] == [2, 3]
    hosts.take(taken)
    assert hosts.without() == ["slow"]


def test_hosts_whose_turns_are_taken_by_others_are_left_out() -> None:
    turns = Turns(1)
    hosts = Hosts(turns, per_host=1)
    assert turns.try_take("busy")
    assert hosts.without() == ["busy"]
    turns.give("busy")
    assert hosts.without() == []
