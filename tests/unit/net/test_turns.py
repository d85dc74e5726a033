from __future__ import annotations

import asyncio
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.net.turns import Seat, Turns, host_key


async def settle() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


async def test_turns_are_bounded_for_each_host() -> None:
    turns = Turns(2)
    assert turns.try_take("a")
    assert turns.try_take("a")
    assert not turns.try_take("a")
    assert turns.try_take("b")
    assert turns.full() == {"a"}
    assert turns.give("a")
    assert turns.full() == frozenset()


async def test_first_come_first_served() -> None:
    turns = Turns(1)
    order: list[int] = []

    async def work(number: int) -> None:
        async with turns.take("a"):
            order.append(number)
            await asyncio.sleep(0)

    await asyncio.gather(*(work(number) for number in range(20)))
    assert order == list(range(20))
    assert turns.full() == frozenset()


async def test_nobody_slips_in_before_who_waits() -> None:
    turns = Turns(1)
    assert turns.try_take("a")
    waiter = asyncio.create_task(turns.wait("a"))
    await settle()
    turns.give("a")
    assert not turns.try_take("a")
    await waiter
    turns.give("a")
    assert turns.try_take("a")


async def test_a_cancelled_waiter_costs_no_turn() -> None:
    turns = Turns(1)
    turns.try_take("a")
    first, second = (asyncio.create_task(turns.wait("a")) for _ in range(2))
    await settle()
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    turns.give("a")
    await second
    assert turns.full() == {"a"}
    turns.give("a")
    assert turns.full() == frozenset()


async def test_a_turn_that_comes_in_the_moment_of_cancellation_goes_on() -> None:
    turns = Turns(1)
    turns.try_take("a")
    first, second = (asyncio.create_task(turns.wait("a")) for _ in range(2))
    await settle()
    turns.give("a")  # the first has it now, but has not run yet
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    await asyncio.wait_for(second, 30)
    turns.give("a")
    assert turns.try_take("a")


async def test_waiters_that_are_all_cancelled_leave_the_host_free() -> None:
    turns = Turns(1)
    turns.try_take("a")
    tasks = [asyncio.create_task(turns.wait("a")) for _ in range(5)]
    await settle()
    for task in tasks:
        task.cancel()
    turns.give("a")
    await asyncio.gather(*tasks, return_exceptions=True)
    assert turns.full() == frozenset()
    assert turns.try_take("a")


async def test_on_free_tells_of_turns_nobody_waited_for() -> None:
    turns = Turns(1)
    freed: list[int] = []
    turns.on_free = lambda: freed.append(1)
    turns.try_take("a")
    waiter = asyncio.create_task(turns.wait("a"))
    await settle()
    turns.give("a")
    assert freed == []
    await waiter
    turns.give("a")
    assert freed == [1]


async def test_giving_what_was_not_taken_changes_nothing() -> None:
    turns = Turns(1)
    assert not turns.give("a")
    assert turns.try_take("a")
    assert not turns.try_take("a")


def test_no_turn_at_all_is_an_error() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Turns(0)


@given(st.integers(0, 2**32))
def test_under_random_cancellation_no_turn_is_lost_or_made(seed: int) -> None:
    dice = random.Random(seed)

    async def scene() -> None:
        turns = Turns(3)
        under_way = 0

        async def work(rounds: int) -> None:
            nonlocal under_way
            async with turns.take("a"):
                under_way += 1
                try:
                    assert under_way <= 3
                    for _ in range(rounds):
                        await asyncio.sleep(0)
                finally:
                    under_way -= 1

        tasks = [asyncio.create_task(work(dice.randrange(4))) for _ in range(25)]
        while not all(task.done() for task in tasks):
            if dice.random() < 0.4:
                dice.choice(tasks).cancel()
            await asyncio.sleep(0)
        await asyncio.gather(*tasks, return_exceptions=True)
        assert all(task.cancelled() or task.exception() is None for task in tasks)
        assert under_way == 0
        assert turns.full() == frozenset()
        assert [turns.try_take("a") for _ in range(4)] == [True, True, True, False]

    asyncio.run(scene())


async def test_a_seat_holds_one_turn_at_a_time() -> None:
    turns = Turns(1)
    seat = Seat(turns)
    await seat.move("a")
    await seat.move("a")
    assert turns.full() == {"a"}
    await seat.move("b")
    assert turns.full() == {"b"}
    seat.leave()
    assert turns.full() == frozenset()


async def test_a_lent_turn_is_there_again_at_the_end() -> None:
    turns = Turns(1)
    turns.try_take("a")
    seat = Seat(turns, lent="a")
    await seat.move("a")
    await seat.move("b")
    assert turns.full() == {"b"}  # the lent one serves others meanwhile
    seat.leave()
    assert turns.full() == {"a"}
    turns.give("a")
    assert turns.full() == frozenset()


async def test_a_lent_turn_taken_again_on_the_way_back() -> None:
    turns = Turns(1)
    turns.try_take("a")
    seat = Seat(turns, lent="a")
    await seat.move("b")
    await seat.move("a")
    seat.leave()
    assert turns.full() == {"a"}
    turns.give("a")
    assert turns.full() == frozenset()


async def test_a_lent_turn_comes_back_even_if_others_took_it_meanwhile() -> None:
    turns = Turns(1)
    turns.try_take("a")
    seat = Seat(turns, lent="a")
    await seat.move("b")
    assert turns.try_take("a")
    waiter = asyncio.create_task(turns.wait("a"))
    await settle()
    seat.leave()
    turns.give("a")
    await settle()
    assert not waiter.done()  # two were out for one; the first that comes back pays for it
    turns.give("a")
    await waiter
    turns.give("a")
    assert turns.full() == frozenset()


async def test_a_seat_cancelled_while_it_waits() -> None:
    turns = Turns(1)
    turns.try_take("a")
    turns.try_take("b")
    seat = Seat(turns, lent="a")
    moving = asyncio.create_task(seat.move("b"))
    await settle()
    moving.cancel()
    await asyncio.gather(moving, return_exceptions=True)
    seat.leave()
    assert turns.full() == {"a", "b"}


async def test_two_that_redirect_to_each_other_do_not_wait_for_each_other() -> None:
    turns = Turns(1)
    turns.try_take("a")
    turns.try_take("b")
    one, other = Seat(turns, lent="a"), Seat(turns, lent="b")
    await asyncio.wait_for(asyncio.gather(one.move("b"), other.move("a")), 30)
    one.leave()
    other.leave()
    assert turns.full() == {"a", "b"}


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://Example.org:8080/x", "example.org"),
        ("https://example.org./", "example.org"),
        ("http://user@[::1]/", "::1"),
        ("nonsense", ""),
        ("http://[::1]./", ""),
    ],
)
def test_the_key_of_a_host(url: str, key: str) -> None:
    assert host_key(url) == key
