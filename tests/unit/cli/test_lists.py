"""Lists with filters: what is no filter is wrong usage, and an empty list says why it is empty."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli.conftest import Run


@pytest.mark.parametrize("group", ["alerts", "deliveries", "feeds", "mutes"])
def test_a_state_that_is_none(group: str, run: Run, home: Path) -> None:
    done = run(group, "list", "--state", "nope")
    assert (done.status, done.out) == (2, "")
    assert "'nope' is no state" in done.err
    assert run(group, "list", "--state", "./nope").status == 1  # a folder that is not there


def test_a_severity_that_is_none(run: Run, home: Path) -> None:
    done = run("alerts", "list", "--severity", "urgent")
    assert done.status == 2
    assert "critical, high, normal, low" in done.err


def test_an_empty_list_says_whether_it_was_filtered(run: Run, home: Path) -> None:
    done = run("alerts", "list", "--state", "dismissed")
    assert (done.status, done.out) == (0, "")
    assert "no alerts are as asked for" in done.err
    assert "no deliveries are dead" in run("deliveries", "list", "--state", "dead").err
