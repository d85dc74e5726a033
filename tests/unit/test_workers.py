"""The worker pool with real processes: limits, crashes, cancellation, and what must not reach the parent."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from monitor.errors import ExtractError, WorkerKilled
from monitor.workers import Workers


def double(number: int) -> int:
    return number * 2


def own_pid() -> int:
    return os.getpid()


def hang(mark: str | None = None) -> None:
    if mark is not None:
        Path(mark).touch()
    while True:
        pass


def hang_with_the_lock(mark: str | None = None) -> None:
    if mark is not None:
        Path(mark).touch()
    re.match(r"(a+)+$", "a" * 60 + "b")


def wait_for(path: str) -> None:
    while not Path(path).exists():
        pass


def crash(status: int) -> None:
    os._exit(status)


def fault() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def thin(url: str) -> None:
    raise ExtractError("page-thin", f"{url} has no text", remedy="read the feed's text")


def leave() -> None:
    raise SystemExit(3)


class Stubborn(Exception):
    def __init__(self, *, need: str) -> None:
        super().__init__(need)


def stubborn() -> None:
    raise Stubborn(need="a keyword")


def setting(name: str) -> str | None:
    return os.environ.get(name)


@pytest.fixture
async def workers() -> AsyncIterator[Workers]:
    async with Workers(2) as pool:
        yield pool


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def family(pid: int) -> list[int]:
    """All processes that descend from `pid`."""
    children = [int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()]
    return children + [deeper for child in children for deeper in family(child)]


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not holds():
            await asyncio.sleep(0.01)


async def test_answers_what_the_function_answers(workers: Workers) -> None:
    assert await asyncio.gather(*(workers.run(double, n) for n in range(10))) == [n * 2 for n in range(10)]


async def test_works_in_another_process_with_few_arenas(workers: Workers) -> None:
    assert await workers.run(own_pid) != os.getpid()
    assert await workers.run(setting, "MALLOC_ARENA_MAX") == "2"


async def test_errors_of_ours_pass_through_whole(workers: Workers) -> None:
    with pytest.raises(ExtractError) as caught:
        await workers.run(thin, "http://a.example/")
    assert caught.value.code == "page-thin"
    assert caught.value.remedy == "read the feed's text"


@pytest.mark.parametrize("endless", [hang, hang_with_the_lock])
async def test_a_hang_is_killed_at_its_limit_while_others_go_on(workers: Workers, endless: Callable[[], None]) -> None:
    await workers.run(double, 1)
    hung = asyncio.create_task(workers.run(endless, timeout=0.3))
    assert [await workers.run(double, n) for n in range(5)] == [0, 2, 4, 6, 8]
    with pytest.raises(WorkerKilled, match=r"time limit of 0\.3 s"):
        await hung
    assert await asyncio.gather(*(workers.run(double, n) for n in range(4))) == [0, 2, 4, 6]


async def test_a_crash_costs_its_own_task_alone(workers: Workers) -> None:
    results = await asyncio.gather(
        workers.run(crash, 7), workers.run(double, 1), workers.run(fault), workers.run(double, 2), return_exceptions=True
    )
    assert isinstance(results[0], WorkerKilled)
    assert "exit status 7" in str(results[0])
    assert results[1] == 2
    assert isinstance(results[2], WorkerKilled)
    assert "SIGSEGV" in str(results[2])
    assert results[3] == 4


async def test_a_cancelled_caller_ends_its_worker_and_frees_its_turn(tmp_path: Path) -> None:
    async with Workers(1) as pool:
        pid = await pool.run(own_pid)
        hung = asyncio.create_task(pool.run(hang, str(tmp_path / "began")))
        await until((tmp_path / "began").exists)
        hung.cancel()
        with pytest.raises(asyncio.CancelledError):
            await hung
        assert await pool.run(own_pid) != pid
        assert not alive(pid)


async def test_a_caller_cancelled_while_it_waits_for_a_turn_costs_nothing(tmp_path: Path) -> None:
    async with Workers(1) as pool:
        pid = await pool.run(own_pid)
        busy = asyncio.create_task(pool.run(wait_for, str(tmp_path / "go")))
        waits = asyncio.create_task(pool.run(double, 1))
        await asyncio.sleep(0)
        waits.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waits
        (tmp_path / "go").touch()
        await busy
        assert await pool.run(own_pid) == pid


async def test_many_cancelled_callers_leave_a_working_pool(workers: Workers) -> None:
    for _ in range(3):
        tasks = [asyncio.create_task(workers.run(double, n)) for n in range(40)]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks)
    assert await workers.run(double, 21) == 42


async def test_a_worker_is_replaced_after_its_share_of_tasks() -> None:
    async with Workers(1, restart_after=3) as pool:
        pids = [await pool.run(own_pid) for _ in range(7)]
    assert [len(set(part)) for part in (pids[:3], pids[3:6], pids[6:])] == [1, 1, 1]
    assert len(set(pids)) == 3


async def test_an_idle_worker_that_is_killed_costs_no_task() -> None:
    async with Workers(1) as pool:
        pid = await pool.run(own_pid)
        os.kill(pid, signal.SIGKILL)
        assert await pool.run(own_pid) != pid
        assert await pool.run(double, 4) == 8


async def test_a_function_that_would_leave_the_program_does_not(workers: Workers) -> None:
    with pytest.raises(WorkerKilled, match="SystemExit"):
        await workers.run(leave)


async def test_an_error_that_cannot_be_pickled_back_is_told_in_words(workers: Workers) -> None:
    with pytest.raises(RuntimeError, match="Stubborn: a keyword"):
        await workers.run(stubborn)
    assert await workers.run(double, 3) == 6


async def test_an_ended_worker_does_not_fire_the_parents_handler() -> None:
    fired: list[int] = []
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, fired.append, 1)
    try:
        async with Workers(1) as pool:
            with pytest.raises(WorkerKilled):
                await pool.run(hang, timeout=0.1)
            os.kill(await pool.run(own_pid), signal.SIGTERM)
            assert await pool.run(double, 1) == 2
        assert fired == []
        os.kill(os.getpid(), signal.SIGTERM)  # proof that the handler works at all
        await until(lambda: fired == [1])
    finally:
        loop.remove_signal_handler(signal.SIGTERM)


async def test_leaving_ends_what_runs(tmp_path: Path) -> None:
    async with Workers(2) as pool:
        pid = await pool.run(own_pid)
        hung = asyncio.create_task(pool.run(hang_with_the_lock, str(tmp_path / "began")))
        await until((tmp_path / "began").exists)
        start = time.monotonic()
    assert time.monotonic() - start < 20  # what hangs would hang for ever
    with pytest.raises(WorkerKilled):
        await hung
    assert not alive(pid)
    with pytest.raises(WorkerKilled, match="stopped"):
        await pool.run(double, 1)


def test_at_least_one_worker_is_needed() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Workers(0)


PARENT = """
import asyncio, pathlib, sys
from monitor.workers import Workers
from tests.unit.test_workers import hang_with_the_lock, own_pid

async def main(mark):
    async with Workers(2) as pool:
        await pool.run(own_pid)
        task = asyncio.create_task(pool.run(hang_with_the_lock, mark, timeout=60))
        while not pathlib.Path(mark).exists():
            await asyncio.sleep(0.01)
        print(sorted({name.partition(".")[0] for name in sys.modules} & {"trafilatura", "feedparser", "lxml"}), flush=True)
        await task

asyncio.run(main(sys.argv[1]))
"""


async def test_workers_die_with_a_killed_parent_that_loaded_nothing_heavy(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path / "began")], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline().strip() == "[]"
        kin = family(parent.pid)
        assert len(kin) >= 4  # the tracker of resources, the fork server, two workers
        parent.kill()
    await until(lambda: not any(alive(pid) for pid in kin))
    assert len(kin) >= 4
