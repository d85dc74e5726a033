"""The demo around a daemon that is played: what it prints, how it ends, and that nothing is left."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from monitor.demo.run import run_demo
from tests.support.waiting import until

DAEMON = """
import os, signal, sys, time
open({pid!r}, "w").write(str(os.getpid()))
open({place!r}, "w").write(sys.argv[sys.argv.index("--config") + 1])
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
print({says!r}, flush=True)
time.sleep({lives})
sys.exit(3)
"""


class Printed(list[str]):
    @property
    def text(self) -> str:
        return "".join(self)


@pytest.fixture
def printed() -> Printed:
    return Printed()


def play(folder: Path, says: str, lives: float) -> list[str]:
    script = folder / "daemon.py"
    script.write_text(DAEMON.format(pid=str(folder / "pid"), place=str(folder / "place"), says=says, lives=lives), encoding="utf-8")
    return [sys.executable, str(script)]


def nothing_is_left(folder: Path) -> bool:
    config = Path((folder / "place").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(int((folder / "pid").read_text()), 0)
    return not config.parent.exists()


async def test_both_alerts_shown_is_a_good_end(tmp_path: Path, printed: Printed) -> None:
    program = play(tmp_path, "15:41:07  HIGH  sanctions-exemptions, ffvd\n          A title\n15:41:08 more", 60)
    assert await run_demo(seconds=8, write=printed.append, program=program) == 0
    assert printed.text.count("press Ctrl-C; nothing is left behind") == 2
    assert "          A title\n\nBoth rules have alerted" in printed.text
    assert "status --config" in printed.text
    assert printed.text.endswith("nothing is left behind.\n")
    assert nothing_is_left(tmp_path)


async def test_one_alert_is_not_enough(tmp_path: Path, printed: Printed) -> None:
    assert (
        await run_demo(
            seconds=8,
            write=printed.append,
            program=play(tmp_path, "15:41:07  HIGH  ffvd\n15:41:08 sanctions-exemptions in the log alone", 60),
        )
        == 1
    )
    assert nothing_is_left(tmp_path)


async def test_a_daemon_that_ends_by_itself_is_told(tmp_path: Path, printed: Printed) -> None:
    program = play(tmp_path, "15:41:07  HIGH  sanctions-exemptions, ffvd\n15:41:08 more", 0)
    assert await run_demo(seconds=60, write=printed.append, program=program) == 1
    assert "ended by itself with status 3" in printed.text
    assert nothing_is_left(tmp_path)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_ctrl_c_and_sigterm_end_it_in_order(tmp_path: Path, printed: Printed, number: int) -> None:
    demo = asyncio.create_task(
        run_demo(write=printed.append, program=play(tmp_path, "15:41:07  HIGH  sanctions-exemptions, ffvd\n15:41:08 more", 60))
    )
    await until(lambda: "Both rules have alerted" in printed.text)
    os.kill(os.getpid(), number)
    assert await demo == 0
    assert nothing_is_left(tmp_path)
