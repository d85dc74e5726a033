"""The commands of triage, without a daemon: on a store in its folder."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from monitor.cli.app import app
from monitor.store import tables as t
from monitor.store.database import Store
from tests.unit.store.helpers import matched, news, read, rows

CONFIG = """
defaults: {timezone: Asia/Seoul}
rules: [{name: ffvd, any: [FFVD], notify: [desk]}]
channels: {desk: {type: console}}
"""
Run = Callable[..., Result]


@pytest.fixture
def uids(tmp_path: Path) -> list[str]:
    """A store with three alerts, one of them with a title that a spreadsheet would run."""

    async def make() -> list[str]:
        store = Store("sqlite:///monitor.db", tmp_path, clock=time.time)
        await store.open()
        try:
            for number, article in enumerate(await news(store, "1", "2", "3")):
                await read(store, article, matched(), facts={"title": ["=1+1", "제재 면제", "A \x1b[31mtitle"][number]})
            return [row.uid for row in await rows(store, t.alerts)]
        finally:
            await store.close()

    (tmp_path / "monitor.yaml").write_text(CONFIG)
    return asyncio.run(make())


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("LOGNAME", "desk1")
    folder = ["--config", str(tmp_path / "monitor.yaml"), "--state", str(tmp_path)]

    def one(*words: str) -> Result:
        return CliRunner().invoke(app, [*words, *folder])

    return one


def test_ack_undo_dismiss_assign_note_and_show(run: Run, uids: list[str]) -> None:
    assert run("alerts", "ack", uids[0], uids[1]).stdout.split("\n")[:2] == [f"{uids[0]}  acked", f"{uids[1]}  acked"]
    assert f"{uids[0]}  open" in run("alerts", "ack", uids[0], "--undo").stdout
    assert "dismissed (known)" in run("alerts", "dismiss", uids[1], "--reason", "known").stdout
    assert "assigned to desk2" in run("alerts", "assign", uids[2], "--to", "desk2").stdout
    assert run("alerts", "note", uids[2], "Called the embassy").exit_code == 0
    shown = run("alerts", "show", uids[2]).stdout
    assert "desk1  Called the embassy" in shown
    assert "assigned to desk2" in shown
    item = json.loads(run("alerts", "show", uids[1], "--json").stdout)
    assert (item["state"], item["reason"], item["changed_by"]) == ("dismissed", "known", "desk1")
    assert [change["after"]["state"] for change in item["log"]] == ["acked", "dismissed"]
    listed = [json.loads(line) for line in run("alerts", "list", "--state", "dismissed", "--json").stdout.splitlines()]
    assert [one["id"] for one in listed] == [uids[1]]


def test_a_conflict_and_a_missing_alert_are_told_and_the_exit_says_so(run: Run, uids: list[str]) -> None:
    assert run("alerts", "ack", uids[0]).exit_code == 0
    late = run("alerts", "dismiss", uids[0], "--version", "1")
    assert (late.exit_code, late.stdout) == (1, "")
    assert f"{uids[0]}: desk1 was first: it is acked" in late.stderr
    assert run("alerts", "ack", "nowhere").exit_code == 1


def test_export_is_what_an_auditor_can_read(run: Run, uids: list[str]) -> None:
    run("alerts", "ack", uids[0])
    run("alerts", "note", uids[0], "seen")
    table = list(csv.DictReader(io.StringIO(run("alerts", "export", "--format", "csv").stdout)))
    assert [row["id"] for row in table] == uids
    assert table[0]["title"] == "'=1+1"
    assert table[0]["changed_by"] == "desk1"
    assert table[0]["notes"].endswith("desk1: seen")
    assert table[1]["title"] == "제재 면제"
    assert "\x1b" not in table[2]["title"]
    lines = [json.loads(line) for line in run("alerts", "export", "--state", "acked", "--since", "1d").stdout.splitlines()]
    assert [(line["id"], line["state"], line["notes"][0]["by"]) for line in lines] == [(uids[0], "acked", "desk1")]
    assert run("alerts", "export", "--since", "2000-01-01", "--until", "1d").stdout == ""


def test_a_mute_is_added_counted_listed_and_ended(run: Run, uids: list[str]) -> None:
    added = run("mutes", "add", "--rule", "ffvd", "--until", "1d", "--reason", "summit")
    assert "would have muted 3 alerts in the last 7 days" in added.stdout
    uid = added.stdout.split()[0]
    (item,) = [json.loads(line) for line in run("mutes", "list", "--json").stdout.splitlines()]
    assert (item["id"], item["by"], item["scope"], item["reason"]) == (uid, "desk1", {"rule": "ffvd"}, "summit")
    assert "ended" in run("mutes", "end", uid).stdout
    assert run("mutes", "add", "--rule", "ffvd", "--until", "soon").exit_code == 2
    assert run("mutes", "add", "--rule", "ffvd", "--until", "forever").exit_code != 0


def test_a_preview_shows_messages_and_sends_none(run: Run, uids: list[str]) -> None:
    shown = run("alerts", "preview", "--channel", "desk", "--json")
    assert [json.loads(line)["alerts"][0]["id"] for line in shown.stdout.splitlines()] == uids
    assert "3 messages of 3 alerts" in shown.stderr
    assert run("alerts", "preview", "--channel", "nowhere").exit_code != 0
