"""apprise: what the program asks of the library, whatever the library does. A stand-in with its surface plays the library."""

from __future__ import annotations

import sys
import threading
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import ValidationError

from monitor.alerts.channels import Channel, build
from monitor.alerts.channels.base import Services
from monitor.errors import ConfigError
from tests.unit.alerts.conftest import NOW
from tests.unit.alerts.example import SEOUL, alert

URL = "json://user:secret@127.0.0.1:9/path"


class Library:
    """`answer` is what a notification brings, or a callable that is run."""

    def __init__(self) -> None:
        self.assets: list[dict[str, Any]] = []
        self.added: list[str] = []
        self.sent: list[dict[str, Any]] = []
        self.answer: Any = True
        self.known = True
        self.NotifyType = SimpleNamespace(WARNING="warning")
        self.NotifyFormat = SimpleNamespace(TEXT="text")

    def AppriseAsset(self, **options: Any) -> Any:
        self.assets.append(options)
        return options

    def Apprise(self, asset: Any) -> Any:
        return self

    def add(self, url: str) -> bool:
        self.added.append(url)
        return self.known

    def notify(self, **message: Any) -> Any:
        self.sent.append(message)
        return self.answer() if callable(self.answer) else self.answer


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Library:
    library = Library()
    monkeypatch.setitem(sys.modules, "apprise", library)  # type: ignore[arg-type]
    return library


def channel(**keys: Any) -> Channel:
    return build("tail", {"type": "apprise", "url": URL, **keys}, Services(client=None))  # type: ignore[arg-type]


async def send(made: Channel) -> Any:
    return await made.send(made.compose([alert()], now=NOW, zone=SEOUL, base_url=None))


async def test_a_message_is_text_and_redirects_are_off(library: Library) -> None:
    made = channel()
    assert (await send(made)).delivered
    assert library.assets == [{"http_redirects": False, "async_mode": False}]
    assert library.added == [f"{URL}?rto=25"]
    (message,) = library.sent
    assert message["title"] == alert().title
    assert message["body_format"] == "text"
    assert "secret" not in made.target


@pytest.mark.parametrize("answer", [False, None])
async def test_no_is_tried_again(library: Library, answer: object) -> None:
    library.answer = answer
    outcome = await send(channel())
    assert (outcome.delivered, outcome.final) == (False, False)


async def test_a_plugin_that_raises_tells_no_secret(library: Library) -> None:
    def fail() -> None:
        raise RuntimeError(URL)

    library.answer = fail
    outcome = await send(channel())
    assert not outcome.delivered
    assert "secret" not in outcome.text


async def test_a_plugin_that_hangs_costs_its_time_limit_alone(library: Library) -> None:
    hold = threading.Event()
    library.answer = hold.wait
    outcome = await send(channel(timeout=0.2))
    hold.set()
    assert (outcome.delivered, outcome.unknown) == (False, True)
    assert "may have arrived" in outcome.text


@pytest.mark.parametrize("url", ["no address", "syslog://", "exec://rm", "json://host/?redirect=yes"])
def test_addresses_that_act_here_or_follow_redirects_are_refused(url: str) -> None:
    with pytest.raises(ValidationError):
        channel(url=url)


def test_without_the_library_and_for_an_unknown_service_the_way_out_is_told(monkeypatch: pytest.MonkeyPatch, library: Library) -> None:
    library.known = False
    with pytest.raises(ConfigError, match="does not know"):
        channel()
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(ConfigError) as error:
        channel()
    assert "news-monitor[apprise]" in str(error.value.remedy)
