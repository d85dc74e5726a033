"""file and exec: lines that survive, and commands of one's own."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from monitor.alerts.channels import Channel
from monitor.alerts.channels.file import append
from monitor.model import Notice, Outcome
from tests.unit.alerts.conftest import NOW, Make
from tests.unit.alerts.example import SEOUL, alert, pair


async def deliver(channel: Channel, **changes: Any) -> Outcome:
    return await channel.send(channel.compose([alert(**changes)], now=NOW, zone=SEOUL, base_url=None))


async def test_a_line_for_each_alert(make: Make, tmp_path: Path) -> None:
    path = tmp_path / "new" / "alerts.jsonl"
    channel = make("file", path=str(path))
    assert (await deliver(channel)).delivered
    assert (await deliver(channel, delivery_id="D2", title="a\u2028b\x9b")).delivered
    notice = Notice("N1", "storage", "full", NOW, "no space", "free some", None)
    await channel.send(channel.compose_notice(notice, now=NOW, zone=SEOUL, base_url=None))
    await channel.send(channel.compose_digest(pair(), now=NOW, zone=SEOUL, base_url=None, delivery_id="D9"))
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [(line["delivery"], line["type"]) for line in lines] == [
        ("D1", "alert.created"),
        ("D2", "alert.created"),
        ("N1", "notice.created"),
        ("D9", "digest.created"),
    ]
    assert lines[1]["data"]["article"]["title"] == "a\u2028b\x9b"
    assert path.stat().st_mode & 0o007 == 0
    assert channel.target == f"file {path}"


def test_files_are_rotated_by_size_and_the_oldest_goes(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    for number in range(10):
        append(path, f"line {number}\n".encode(), limit=14, keep=2)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.jsonl", "a.jsonl.1", "a.jsonl.2"]
    assert [file.read_text() for file in sorted(tmp_path.iterdir())] == ["line 8\nline 9\n", "line 6\nline 7\n", "line 4\nline 5\n"]


def test_a_torn_line_does_not_spoil_the_next(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"half":')
    append(path, b"{}\n", limit=1000, keep=1)
    assert path.read_text() == '{"half":\n{}\n'


async def test_what_cannot_be_written_is_tried_again(make: Make, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").mkdir()
    outcome = await deliver(make("file", path=str(tmp_path / "a.jsonl")))
    assert (outcome.delivered, outcome.final) == (False, False)
    assert "directory" in outcome.text.casefold()


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


async def test_a_command_reads_the_alert_and_no_shell_reads_anything(make: Make, tmp_path: Path) -> None:
    out = tmp_path / "out"
    told = "[json.load(sys.stdin), os.environ.get('MONITOR_DELIVERY'), sorted(os.environ)]"
    code = f"import sys, os, json; open(sys.argv[1], 'w').write(json.dumps({told}))"
    channel = make("exec", command=[*python(code), str(out)])
    outcome = await deliver(channel, title="$(touch x); `id` | cat & \x00")
    assert (outcome.delivered, outcome.text) == (True, "exit status 0")
    event, delivery, environment = json.loads(out.read_text())
    assert event["data"]["article"]["title"] == "$(touch x); `id` | cat & \x00"
    assert (event["delivery"], delivery) == ("D1", "D1")
    assert set(environment) <= {"PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "MONITOR_DELIVERY"}


@pytest.mark.parametrize(
    ("status", "delivered", "final", "off"),
    [(0, True, False, False), (1, False, False, False), (65, False, True, False), (78, False, True, True)],
)
async def test_the_exit_status_is_the_answer(make: Make, status: int, delivered: bool, final: bool, off: bool) -> None:
    outcome = await deliver(make("exec", command=python(f"import sys; print('wo\\x1brds'); sys.exit({status})")))
    assert (outcome.delivered, outcome.final, outcome.off) == (delivered, final, off)
    assert outcome.text == f"exit status {status}: words"


async def test_a_command_that_hangs_is_killed_with_what_it_started(make: Make) -> None:
    channel = make(
        "exec", command=python("import subprocess,sys; subprocess.run([sys.executable,'-c','import time; time.sleep(60)'])"), timeout=1
    )
    outcome = await deliver(channel)
    assert (outcome.delivered, outcome.final, outcome.text) == (False, False, "killed after 1 s")


async def test_a_command_that_talks_without_end_fills_no_memory(make: Make) -> None:
    outcome = await deliver(make("exec", command=python("print('x' * 3_000_000)")))
    assert outcome.delivered
    assert len(outcome.text) <= 520


async def test_a_command_that_is_not_there_is_tried_again(make: Make) -> None:
    outcome = await deliver(make("exec", command="/nowhere/at/all"))
    assert (outcome.delivered, outcome.final) == (False, False)
    assert outcome.text == "/nowhere/at/all: No such file or directory"


def test_a_target_names_the_program_and_not_its_arguments(make: Make) -> None:
    channel = make("exec", command=["/usr/bin/send", "--password", "5ecret"])
    assert channel.target.startswith("exec send ")
    assert "5ecret" not in channel.target
