"""The example package of the documents is a channel: found by its entry point, composed, sent to a real server, judged."""

from __future__ import annotations

import importlib.util
import json
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from monitor.alerts import channels
from tests.unit.alerts.conftest import NOW, Make
from tests.unit.alerts.example import SEOUL, pair

FOLDER = Path(__file__).parents[4] / "docs" / "example-channel"


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if `pip install` had run: what its pyproject says is an entry point."""
    points = tomllib.loads((FOLDER / "pyproject.toml").read_text())["project"]["entry-points"]["monitor.channels"]
    spec = importlib.util.spec_from_file_location("monitor_bell", FOLDER / "src" / "monitor_bell.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "monitor_bell", module)
    spec.loader.exec_module(module)
    made = [metadata.EntryPoint(name, value, "monitor.channels") for name, value in points.items()]
    monkeypatch.setattr(channels, "entry_points", lambda group, name=None: [point for point in made if name in (None, point.name)])


@pytest.mark.parametrize(("status", "delivered", "off"), [(200, True, False), (503, False, False), (401, False, True)])
async def test_a_message_is_posted_and_the_answer_judged(installed: None, make: Make, status: int, delivered: bool, off: bool) -> None:
    got: list[Any] = []

    async def ring(request: web.Request) -> web.Response:
        got.append((request.headers["Authorization"], json.loads(await request.text())))
        return web.Response(status=status)

    app = web.Application()
    app.router.add_post("/ring", ring)
    async with TestServer(app) as server:
        channel = make("bell", url=str(server.make_url("/ring")), token="sesame")
        message = channel.compose(pair(), now=NOW, zone=SEOUL, base_url=None)
        outcome = await channel.send(message)
    assert (outcome.delivered, outcome.off) == (delivered, off)
    ((authorization, body),) = got
    assert authorization == "Bearer sesame"
    assert body["id"] == message.id
    assert pair()[0].title in body["text"]
    assert "sesame" not in outcome.text
    assert channels.is_human("bell")
