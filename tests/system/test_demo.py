"""`monitor demo` with the real daemon: all that it promises, within its time, and nothing left behind."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from pathlib import Path

from monitor.demo.run import run_demo
from tests.support.daemon import clean_environment
from tests.support.waiting import until


async def start(folder: Path, *words: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "monitor",
        "demo",
        *words,
        cwd=folder,
        env=clean_environment() | {"TMPDIR": str(folder)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )


def processes(folder: Path) -> list[int]:
    """The processes whose folder for temporary files this is: the demo and all that it started."""
    found = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"TMPDIR={folder}\0".encode() in environ.read_bytes() and int(environ.parent.name) != os.getpid():
                found.append(int(environ.parent.name))
        except OSError:
            continue
    return found


SHOWN = (
    "US nuclear envoy urges ‘FFVD,’ close coordination with S. Korea",
    "answers 503 to",  # a delivery is refused …
    "at try 2, under the same webhook-id",  # … and taken the second time
    "NOTICE",  # a feed fails, and operators hear of it
    "The Harbour Gazette: failing",
    "mail     to analyst@demo.example: [high] US nuclear envoy",
    "slack    shows: ◆ high · sanctions-exemptions, ffvd",
    "한미 북핵대표 회동… 남북사업 ‘제재 면제’ 논의",
    "it has rolled over",
    "سيول تطلب الإعفاء من العقوبات لمشاريع السكك الحديدية",
)


async def test_both_alerts_are_soon_on_the_terminal(tmp_path: Path) -> None:
    """Soon: within 20 s where nothing else runs, as the demo's own line tells; here others may take the processor."""
    demo = await start(tmp_path, "--seconds", "120")
    assert demo.stdout is not None
    lines = list[str]()
    while line := (await demo.stdout.readline()).decode():
        lines.append(line)
        if re.match(r"Both rules have alerted, [0-9]+ s after the start", line):
            demo.send_signal(signal.SIGINT)
    assert await demo.wait() == 0, "".join(lines)
    assert any(re.match(r"[0-9:]{8}  HIGH  sanctions-exemptions, ffvd", line) for line in lines), "".join(lines)
    assert any(line.startswith("Both rules have alerted") for line in lines), "".join(lines)
    assert list(tmp_path.iterdir()) == []


async def test_all_that_it_promises_is_shown() -> None:
    lines: list[str] = []
    demo = asyncio.create_task(run_demo(write=lines.append, pace=0.8))
    await until(lambda: demo.done() or all(expected in "".join(lines) for expected in SHOWN), seconds=120, what="\n".join(SHOWN))
    os.kill(os.getpid(), signal.SIGINT)
    assert await demo == 0, "".join(lines)


async def test_ctrl_c_leaves_no_process_and_no_file(tmp_path: Path) -> None:
    demo = await start(tmp_path)
    assert demo.stdout is not None
    while line := (await demo.stdout.readline()).decode():
        if "daemon.ready" in line or " press " in line:
            break
    assert processes(tmp_path)
    demo.send_signal(signal.SIGINT)
    rest = (await demo.stdout.read()).decode()
    await demo.wait()
    assert rest.endswith("nothing is left behind.\n")
    assert processes(tmp_path) == []
    assert list(tmp_path.iterdir()) == []
