from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.daemon import Daemon, monitor
from tests.support.waiting import NotInTime, until


async def test_a_daemon_is_started_killed_started_again_and_stopped(make_daemon: Callable[..., Daemon]) -> None:
    async with make_daemon("feeds: []\n", args=["--log", "json"]) as daemon:
        assert daemon.log("daemon.ready")
        assert daemon.family()
        daemon.kill()
        await until(lambda: not daemon.family())
        daemon.start()
        await daemon.ready()
        assert len(daemon.log("daemon.ready")) == 2
        assert await daemon.stop() == 0
        assert "STOPPING=1" in daemon.notified()
        assert daemon.family() == []


async def test_a_daemon_that_can_t_start_is_told_with_its_log(make_daemon: Callable[..., Daemon]) -> None:
    daemon = make_daemon("fedes: []\n")
    daemon.start()
    with pytest.raises(NotInTime, match=r"ended with 2[\s\S]*fedes"):
        await daemon.ready()


async def test_a_command_runs_beside_it(tmp_path: Path) -> None:
    done = await monitor("--version", cwd=tmp_path)
    assert (done.status, done.out.split()[0]) == (0, "monitor")
