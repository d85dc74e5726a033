"""once and run: what they refuse before anything is opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli.conftest import Run


@pytest.mark.parametrize("command", ["run", "once"])
@pytest.mark.parametrize(("option", "known"), [("--level", "debug, info, warning or error"), ("--log", "auto, human or json")])
def test_a_level_and_a_mode_that_are_none(command: str, option: str, known: str, run: Run, home: Path) -> None:
    done = run(command, option, "loud")
    assert (done.status, done.out) == (2, "")
    assert option in done.err
    assert f"say {known}" in done.err.replace("\n", " ")


@pytest.mark.parametrize("command", ["run", "once"])
def test_a_configuration_that_is_wrong_or_missing(command: str, run: Run, home: Path) -> None:
    (home / "config" / "monitor.yaml").write_text("rules: [{name: a, any: [x], notfy: [b]}]\n", encoding="utf-8")
    done = run(command, "--state", "new")
    assert (done.status, done.out) == (2, "")
    assert "did you mean 'notify'?" in done.err
    assert not (home / "new").exists()
    assert run(command, "--config", "nowhere.yaml").status == 2
