"""The unit is as closed as it says, and the program still works in it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import sandbox
from tests.support.daemon import Daemon, clean_environment
from tests.support.sinks import WebhookSink
from tests.support.site import Site
from tests.support.waiting import until

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "systemd" / "monitor.service"
DROP_INS = sorted((ROOT / "systemd" / "monitor.service.d").glob("*.conf"))

FORBIDDEN = """
import ctypes, errno, os, socket, sys
wrong = []
def refused(what, expected, code):
    try:
        what()
    except OSError as error:
        wrong.extend([] if error.errno == expected else [f"{code}: {error}"])
    else:
        wrong.append(f"{code} is allowed")
def writable_code():
    import mmap
    mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
refused(lambda: os.nice(1), errno.EPERM, "nice")
refused(lambda: os.setuid(0), errno.EPERM, "setuid")
refused(lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW), errno.EAFNOSUPPORT, "a raw socket")
refused(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW), errno.EAFNOSUPPORT, "netlink")
refused(writable_code, errno.EPERM, "memory that is written and executed")
sys.exit("; ".join(wrong) or 0)
"""
WORK = """
import asyncio
from monitor.articles import read_page
from monitor.workers import Workers
PAGE = b"<html><body><article><h1>A title</h1>" + b"<p>" + b"The council postponed the concert in the park. " * 20 + b"</p></article>"
async def main():
    async with Workers(1) as workers:
        page = await workers.run(read_page, PAGE, "http://news.example/1", "text/html", timeout=20.0)
    print("The council" in page.body)
if __name__ == "__main__":
    asyncio.run(main())
"""


def in_unit(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.support.sandbox", str(UNIT), *words]
    return subprocess.run(command, cwd=cwd, env=clean_environment(), capture_output=True, text=True, timeout=60)


def test_the_exposure_is_at_most_1_5() -> None:
    done = subprocess.run(["systemd-analyze", "security", "--offline=true", str(UNIT)], capture_output=True, text=True, timeout=60)
    found = re.search(r"exposure level for \S+: ([0-9.]+)", done.stdout)
    assert found, done.stdout + done.stderr
    assert float(found[1]) <= 1.5


@pytest.mark.parametrize("drop_in", [None, *DROP_INS], ids=lambda path: path.stem if path else "unit alone")
def test_systemd_finds_no_fault_in_it(tmp_path: Path, drop_in: Path | None) -> None:
    # The program is not installed where the unit expects it, so another one stands for it.
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text(encoding="utf-8").replace("/opt/monitor/bin/monitor", "/bin/true"), encoding="utf-8")
    text = ""
    if drop_in is not None:
        text = drop_in.read_text(encoding="utf-8")
        (tmp_path / "monitor.service.d").mkdir()
        (tmp_path / "monitor.service.d" / drop_in.name).write_text(text, encoding="utf-8")
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, timeout=60)
    complaints = [line for line in done.stderr.splitlines() if "monitor" in line]
    version = int(subprocess.run(["systemd-analyze", "--version"], capture_output=True, text=True).stdout.split()[1])
    if "notify-reload" in text and version < 253:
        complaints = [line for line in complaints if "Failed to parse service type" not in line]
    assert complaints == []


def test_the_stand_in_for_systemd_refuses_what_the_unit_refuses(tmp_path: Path) -> None:
    done = in_unit(sys.executable, "-c", FORBIDDEN, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_worker_processes_fork_and_work_in_the_unit(tmp_path: Path) -> None:
    script = tmp_path / "work.py"
    script.write_text(WORK, encoding="utf-8")
    done = in_unit(sys.executable, str(script), cwd=tmp_path)
    assert (done.stdout.strip(), done.returncode) == ("True", 0), done.stderr


CONFIG = """
network: {{allow: [127.0.0.0/8]}}
feeds: [{{url: '{feed}', interval: 1s}}]
rules: [{{name: ffvd, any: [FFVD], notify: [sink]}}]
channels: {{sink: {{type: webhook, url: '{sink}'}}}}
"""


async def test_the_whole_daemon_works_in_the_unit(
    site: Site, webhook_sink: WebhookSink, make_daemon: Callable[..., Daemon], tmp_path: Path
) -> None:
    feed = site.feed(entries=3)
    daemon = make_daemon(
        CONFIG.format(feed=feed.url, sink=webhook_sink.url), under=[sys.executable, "-m", "tests.support.sandbox", str(UNIT)]
    )
    async with daemon:
        await until(lambda: len(site.seen(feed.path)) >= 2, what="a second poll")
        article = feed.publish("Envoy urges FFVD", "The envoy urged FFVD once more.")
        await until(lambda: webhook_sink.pairs() == [("ffvd", article.url)], what=daemon.tail())
        assert await daemon.stop() == 0
    assert "Operation not permitted" not in "\n".join(daemon.lines())


def test_the_filter_lets_fork_and_keeps_privileges_out() -> None:
    fine = sandbox.allowed(UNIT)
    assert {"clone", "execve", "openat", "epoll_wait", "prctl", "prlimit64"} <= fine
    assert not fine & {"setuid", "setrlimit", "mount", "ptrace", "bpf", "chown"}
