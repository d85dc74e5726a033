"""doctor: each thing that must hold, looked at by itself, with its remedy where it does not."""

from __future__ import annotations

import os
from collections import namedtuple
from pathlib import Path

import pytest

from monitor.actions import doctor
from monitor.config import load
from tests.unit.cli.conftest import Run

Usage = namedtuple("Usage", "total used free")


def test_versions() -> None:
    assert doctor.python((3, 11, 0)).state == "ok"
    assert doctor.python((3, 10, 9)).state == "failed"
    assert doctor.sqlite((3, 51, 3)).state == "ok"
    assert doctor.sqlite((3, 51, 2)).state == "warning"
    assert doctor.sqlite((3, 40, 1), used=False).state == "ok"


def test_the_state_folder(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    assert doctor.state_folder(folder).state == "ok"
    folder.mkdir(mode=0o700)
    assert doctor.state_folder(folder).state == "ok"
    folder.chmod(0o755)
    assert doctor.state_folder(folder).state == "warning"
    (tmp_path / "file").write_text("")
    assert doctor.state_folder(tmp_path / "file").state == "failed"


@pytest.mark.parametrize(("free", "state"), [(10 * 2**30, "ok"), (300 * 2**20, "warning"), (10 * 2**20, "failed")])
def test_the_disk(free: int, state: str, tmp_path: Path) -> None:
    assert doctor.disk(tmp_path / "no" / "folder", lambda _: Usage(2**40, 0, free)).state == state


@pytest.mark.parametrize(("off", "state"), [(0.0, "ok"), (59.0, "ok"), (-61.0, "failed"), (3600.0, "failed")])
async def test_the_clock_is_held_against_a_server(off: float, state: str) -> None:
    async def ask() -> float:
        return 1.8e9

    assert (await doctor.clock(ask, lambda: 1.8e9 + off)).state == state


async def test_a_clock_of_long_ago_is_told_without_a_server() -> None:
    found = await doctor.clock(None, lambda: 1.0)
    assert found.state == "failed"
    assert found.remedy


async def test_names_are_found_or_told() -> None:
    assert (await doctor.names([])).state == "ok"
    assert (await doctor.names(["nobody.invalid", "localhost"])).state == "ok"
    missing = await doctor.names(["nobody.invalid"])
    assert missing.state == "failed"
    assert "nobody.invalid" in missing.text


CHANNELS = """\
channels:
  good: {type: webhook, url: "http://localhost:1/x"}
  bad: {type: webhook, url: "https://nobody.invalid/x"}
  mail: {type: email, smtp: "smtp://nobody.invalid", from: a@b.c, to: [a@b.c]}
  screen: {type: console}
"""


async def test_each_channels_host_is_looked_up(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(CHANNELS, encoding="utf-8")
    config = load(tmp_path / "m.yaml").config
    assert config is not None
    assert [finding.state for finding in await doctor.channels(config)] == ["ok", "failed", "failed", "ok"]


async def test_a_database_that_can_not_be_reached_is_told(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text("database: postgresql://u:hidden-word@127.0.0.1:1/d\n", encoding="utf-8")
    config = load(tmp_path / "m.yaml").config
    assert config is not None
    found = await doctor.database(config, tmp_path)
    assert found.state == "failed"
    assert "can't be reached" in found.text
    assert "hidden-word" not in found.text


async def test_a_damaged_store_is_told(home: Path) -> None:
    config = load(home / "config" / "monitor.yaml").config
    assert config is not None
    assert (await doctor.database(config, home / "state")).state == "ok"
    (home / "state" / "monitor.db").write_bytes(b"ruined" * 5000)
    found = await doctor.database(config, home / "state")
    assert found.state == "failed"
    assert found.remedy or found.text


def test_the_command_ends_with_1_where_something_failed(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("doctor")
    assert done.status == 1
    assert "monitor init" in done.out
    (tmp_path / "bad.yaml").write_text("fedes: []\n", encoding="utf-8")
    found = {item["check"]: item for item in run("doctor", "--config", "bad.yaml", "--json").json_lines}
    assert found["configuration"]["state"] == "failed"
    (tmp_path / "good.yaml").write_text("channels: {t: {type: console}}\nrules: [{name: r, query: x, notify: [t]}]\n", encoding="utf-8")
    good = run("doctor", "--config", "good.yaml")
    assert good.status == 0, good.out


def test_whoever_is_not_root_can_not_write_anothers_folder(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        assert doctor.state_folder(Path("/proc/1/none")).check == "state folder"
    else:
        assert doctor.state_folder(Path("/root/none")).state == "failed"
