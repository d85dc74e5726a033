"""`check` knows the store: what waits for a channel that is taken out is an error there, as it is for a reload."""

from __future__ import annotations

from pathlib import Path

from tests.unit.cli.conftest import Run


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
