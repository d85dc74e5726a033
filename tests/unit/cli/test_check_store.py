"""`check` knows the store: what waits for a channel that is taken out is an error there, as it is for a reload."""

from __future__ import annotations

import asyncio
from pathlib import Path

import sqlalchemy as sa

from monitor.pipeline.indexing import index_missing
from monitor.store import sql
from monitor.store import tables as t
from monitor.store.database import Store
from tests.unit.cli.conftest import Run
from tests.unit.cli.store import NOW


def without_desk(home: Path) -> None:
    file = home / "config" / "monitor.yaml"
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("  desk:")]
    file.write_text(
        "\n".join(lines)
        .replace("desk, analysts", "analysts")
        .replace("notify: [desk]", "notify: [analysts]")
        .replace("operations: [desk]", "operations: [analysts]")
        + "\n",
        encoding="utf-8",
    )


def test_a_channel_with_deliveries_waiting_can_t_be_taken_out_unseen(home: Path, run: Run) -> None:
    assert run("check").status == 0
    without_desk(home)
    refused = run("check")
    assert refused.status == 2
    assert "deliveries wait for channel 'desk'" in refused.out
    assert "--drop" in refused.out
    problem = run("check", "--json").json["problems"][-1]
    assert (problem["code"], problem["severity"]) == ("channel-gone", "error")
    assert run("check", "--drop").status == 0


def test_without_a_store_nothing_is_known_to_wait(home: Path, run: Run, tmp_path: Path) -> None:
    without_desk(home)
    assert run("check", "--state", str(tmp_path / "elsewhere")).status == 0


def _articles(conn: sa.Connection, now: float) -> None:
    for number in range(30):
        row = {"key": sql.digest("turkey", number), "url": f"https://town.example/{number}", "host": "town.example", "title": "The fair"}
        more = {"body": "They ate turkey at the fair.", "text_state": "page", "first_seen_at": NOW, "language": "en"}
        conn.execute(sa.insert(t.articles).values(**row, **more))


async def _fill(state: Path) -> None:
    store = Store("sqlite:///monitor.db", state, clock=lambda: NOW)
    await store.open()
    await store.write(_articles)
    while await index_missing(store):
        pass
    await store.close()


def test_an_alias_that_is_a_common_word_of_the_stored_articles_is_a_warning(home: Path, run: Run) -> None:
    asyncio.run(_fill(home / "state"))
    file = home / "config" / "monitor.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("entities:\n", "entities:\n  Republic of Turkey: {aliases: [Turkey, Ankara]}\n", 1), encoding="utf-8")
    checked = run("check")
    assert checked.status == 0
    assert "'Turkey' of entity 'Republic of Turkey' stands in small letters 30 of 30 times: a common word" in checked.out
    line = 1 + next(number for number, written in enumerate(file.read_text().splitlines()) if "Republic" in written)
    assert f"config/monitor.yaml:{line}\n" in checked.out
    assert "write '=Turkey'" in checked.out
    (problem,) = [one for one in run("check", "--json").json["problems"] if one["code"] == "common-alias"]
    assert (problem["severity"], problem["file"], problem["line"]) == ("warning", "config/monitor.yaml", line)
    assert problem["suggestion"] == "write '=Turkey'"
    assert run("check", "--strict").status == 2
    assert "common-alias" not in run("check", "--state", str(home / "elsewhere")).out
