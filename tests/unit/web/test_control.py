"""The control socket: served to its owner alone, wherever its folder lies."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest

from monitor.cli.acting import ask
from monitor.errors import ConfigError, StoreError
from monitor.web import control


async def echo(body: dict[str, Any]) -> dict[str, Any]:
    return body


async def refuse(body: dict[str, Any]) -> dict[str, Any]:
    raise ConfigError("not like that", remedy="like this")


async def fail(body: dict[str, Any]) -> dict[str, Any]:
    raise ZeroDivisionError


ROUTES = {"POST /echo/{word}": echo, "POST /refuse": refuse, "POST /fail": fail}


@pytest.fixture(params=[1, 20], ids=["near", "deep"])
def socket(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    folder = tmp_path.joinpath(*["a-folder"] * request.param)
    folder.mkdir(parents=True)
    return folder / "control.sock"


async def test_it_answers_its_routes_and_is_its_owner_s_alone(socket: Path) -> None:
    async with control.served(socket, ROUTES):
        assert await ask(socket, "/echo/word", {"n": 1}) == {"n": 1, "word": "word"}
        assert stat.S_IMODE(socket.stat().st_mode) == 0o600
    assert not socket.exists()


async def test_refusals_and_bugs_are_told_in_words(socket: Path) -> None:
    async with control.served(socket, ROUTES):
        with pytest.raises(ConfigError, match="not like that") as refused:
            await ask(socket, "/refuse", {})
        assert refused.value.remedy == "like this"
        with pytest.raises(StoreError, match="ZeroDivisionError"):
            await ask(socket, "/fail", {})


async def test_the_socket_of_a_daemon_that_died_is_replaced(socket: Path) -> None:
    socket.write_text("left behind")
    async with control.served(socket, ROUTES):
        assert await ask(socket, "/echo/x", {}) == {"word": "x"}


async def test_a_daemon_that_is_gone_is_told(socket: Path) -> None:
    with pytest.raises(StoreError, match="does not answer"):
        await ask(socket, "/echo/x", {})
