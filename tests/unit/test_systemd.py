"""sd_notify: said where systemd listens, and never a hindrance."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor import systemd


@pytest.fixture
def supervisor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(tmp_path / "notify"))
        ear.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        yield ear


def test_states_come_as_lines(supervisor: socket.socket) -> None:
    systemd.notify("READY=1", "STATUS=watching 3 feeds")
    assert supervisor.recv(4096) == b"READY=1\nSTATUS=watching 3 feeds"


def test_an_abstract_address_is_spoken_to(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        name = f"monitor-test-{os.getpid()}"
        ear.bind("\0" + name)
        monkeypatch.setenv("NOTIFY_SOCKET", "@" + name)
        systemd.notify("WATCHDOG=1")
        assert ear.recv(4096) == b"WATCHDOG=1"


@pytest.mark.parametrize("address", ["", "/nowhere/at/all", "relative", "@nobody-listens-here"])
def test_where_nobody_listens_nothing_happens(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    assert systemd.notify("READY=1") is None  # type: ignore[func-returns-value]


def test_a_supervisor_that_does_not_read_holds_up_nobody(supervisor: socket.socket) -> None:
    for _ in range(15):  # more than the socket holds
        systemd.notify("WATCHDOG=1")
    assert supervisor.recv(4096) == b"WATCHDOG=1"


def test_half_of_the_watchdog_s_limit_where_it_is_meant_for_us(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WATCHDOG_USEC", raising=False)
    monkeypatch.delenv("WATCHDOG_PID", raising=False)
    assert systemd.watchdog_seconds() is None
    monkeypatch.setenv("WATCHDOG_USEC", "90000000")
    assert systemd.watchdog_seconds() == 45
    monkeypatch.setenv("WATCHDOG_PID", str(os.getpid() + 1))
    assert systemd.watchdog_seconds() is None
