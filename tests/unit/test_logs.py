"""Logs: for people on a terminal, JSON elsewhere; no secret and no control character in either."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import structlog

from monitor import logs

SECRET = "hunter2-hunter2"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
    structlog.reset_defaults()
    logs.SECRETS.texts = frozenset()
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


def said(mode: str, event: str, level: str = "info", **facts: Any) -> str:
    stream = io.StringIO()
    logs.set_up(mode, stream=stream, zone=ZoneInfo("Asia/Seoul"))
    getattr(structlog.get_logger("monitor"), level)(event, **facts)
    return stream.getvalue()


def test_json_has_time_level_event_and_the_facts() -> None:
    line = json.loads(said("json", "poll.done", feed="World", new=3, share=0.5, ok=True, nothing=None, many=["a", "b"]))
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "info", "event": "poll.done", "feed": "World", "new": 3, "share": 0.5, "ok": True, "nothing": None, "many": ["a", "b"],
    }  # fmt: skip


@pytest.mark.parametrize("mode", ["json", "human"])
@pytest.mark.parametrize(
    "value",
    [
        f"it is {SECRET}",
        ValueError(f"it is {SECRET}"),
        [f"it is {SECRET}"],
        (ValueError(SECRET),),
        "https://user:pw-hunter@host/x?token=abc",
    ],
)
def test_no_secret_is_shown_whatever_carries_it(mode: str, value: object) -> None:
    logs.SECRETS.texts = frozenset([SECRET])
    line = said(mode, "feed.failed", cause=value)
    assert "hunter" not in line
    assert "abc" not in line


@pytest.mark.parametrize("mode", ["json", "human"])
def test_no_secret_is_shown_in_a_traceback(mode: str) -> None:
    logs.SECRETS.texts = frozenset([SECRET])
    stream = io.StringIO()
    logs.set_up(mode, stream=stream)
    try:
        raise ValueError(f"the key {SECRET} is wrong")
    except ValueError:
        structlog.get_logger("monitor").exception("stage.failed")
    assert "ValueError" in stream.getvalue()
    assert SECRET not in stream.getvalue()


@pytest.mark.parametrize("mode", ["json", "human"])
def test_no_control_character_reaches_a_terminal(mode: str) -> None:
    line = said(mode, "alert.created", title="\x1b[2J\x07a\u202eb\x9bc\x7fd\r\ne", rule="r")
    assert not any(ord(char) < 32 or char in "\x7f\x9b\u202e" for char in line.rstrip("\n"))
    if mode == "json":
        assert json.loads(line)["title"] == "\x1b[2J\x07a\u202eb\x9bc\x7fd\r\ne", "and JSON still says what it was"


def test_people_read_the_commonest_events_in_short() -> None:
    assert said("human", "alert.created", rule="ffvd", title="Envoy urges").rstrip().endswith("read     alert  ffvd  Envoy urges")
    line = said("human", "delivery.retrying", "warning", channel="desk", cause="answered 503", again_s=5.1, delivery="x")
    assert line.rstrip().endswith("deliver  desk  retrying  answered 503  again in 5 s")
    assert "answered 503" in line
    assert "feed=World" in said("human", "feed.changed", feed="World", state="failing")


def test_what_libraries_say_comes_in_the_same_lines() -> None:
    logs.SECRETS.texts = frozenset([SECRET])
    stream = io.StringIO()
    logs.set_up("json", stream=stream)
    logging.getLogger("aiohttp.client").warning("closing %s", SECRET)
    logging.getLogger("aiohttp.client").info("nothing")
    (line,) = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert (line["event"], line["name"], SECRET in line["text"]) == ("library", "aiohttp.client", False)


def test_the_level_is_kept() -> None:
    stream = io.StringIO()
    logs.set_up("json", level="warning", stream=stream)
    structlog.get_logger("monitor").info("poll.done")
    structlog.get_logger("monitor").error("stage.failed")
    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()] == ["stage.failed"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


FACTS = {"delivery": "D1", "channel": "desk", "rule": "ffvd", "attempt": 1, "took_s": 0.213}
TITLE = "US nuclear envoy urges ‘FFVD,’ close coordination with S. Korea"


@pytest.mark.parametrize(
    ("columns", "title", "shown"),
    [
        (120, TITLE, f"deliver  desk  delivered  ffvd  {TITLE}"),
        (66, TITLE, "deliver  desk  delivered  ffvd  US nuclear envoy urges…"),
        (66, "북핵 특사 “FFVD” 촉구, 한미 공조 강조하며 방한 일정 마쳐", "deliver  desk  delivered  ffvd  북핵 특사 “FFVD” 촉구…"),
    ],
)
def test_a_delivery_is_one_row_of_the_terminal(columns: int, title: str, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    stream = Terminal()
    logs.set_up("auto", stream=stream, zone=ZoneInfo("Asia/Seoul"))
    structlog.get_logger("monitor").info("delivery.delivered", **FACTS, title=title)
    clock, _, rest = stream.getvalue().rstrip("\n").partition(" ")
    assert [part.isdigit() for part in clock.split(":")] == [True] * 3
    assert rest == shown


def test_a_delivery_s_line_for_programs_has_the_keys_of_the_guide() -> None:
    line = json.loads(said("json", "delivery.delivered", **FACTS, title=TITLE))
    assert list(line) == ["time", "level", "event", *FACTS, "title"]
