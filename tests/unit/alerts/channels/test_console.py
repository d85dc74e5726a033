"""console: for people on a terminal, JSON lines in a pipe."""

from __future__ import annotations

import json
import re

import pytest

from monitor.model import Notice, Severity
from tests.unit.alerts.conftest import NOW, Make
from tests.unit.alerts.example import BASE, SEOUL, TITLE, URL, alert, ffvd, pair

NOTICES = [
    Notice("N1", "feed The Korea Herald", "failing", NOW, "503 Service Unavailable", "wait", "/feeds/1"),
    Notice("N2", "storage", "ok", NOW, "", "", None),
]


def test_colour_is_only_ours_and_the_words_are_the_same(make: Make) -> None:
    plain = make("console", _tty=True).compose(pair(), now=NOW, zone=SEOUL, base_url=None).payload
    painted = make("console", _tty=True, _color=True).compose(pair(), now=NOW, zone=SEOUL, base_url=None).payload
    assert "\x1b[" in painted
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == plain


@pytest.mark.parametrize("severity", Severity)
def test_every_severity_is_a_word(make: Make, severity: Severity) -> None:
    text = make("console", _tty=True).compose([alert(severity=severity)], now=NOW, zone=SEOUL, base_url=None).payload
    assert text.splitlines()[0] == f"15:41:07  {severity.upper()}  sanctions-exemptions"


def test_a_test_alert_says_so(make: Make) -> None:
    assert (
        make("console", _tty=True)
        .compose([alert(test=True)], now=NOW, zone=SEOUL, base_url=None)
        .payload.startswith("15:41:07  TEST  HIGH  ")
    )


async def test_piped_it_is_a_line_of_json_for_each_alert(make: Make, written: list[str]) -> None:
    channel = make("console")
    for message in (
        channel.compose(pair(), now=NOW, zone=SEOUL, base_url=None),
        channel.compose_digest(pair(), now=NOW, zone=SEOUL, base_url=None),
        channel.compose_notice(NOTICES, now=NOW, zone=SEOUL, base_url=BASE),
    ):
        assert (await channel.send(message)).delivered
    events = [json.loads(line) for line in "".join(written).splitlines()]
    assert [event["type"] for event in events] == ["alert.created"] * 4 + ["notice.created"] * 2
    assert [event["data"]["id"] for event in events] == ["A1", "A2", "A1", "A2", "N1", "N2"]


def test_a_digest_has_a_line_a_story(make: Make) -> None:
    channel = make("console", _tty=True)
    text = channel.compose_digest([alert(), ffvd(story_id="S2", title="Second", url=None)], now=NOW, zone=SEOUL, base_url=None).payload
    assert text.splitlines() == [
        "15:41:08  DIGEST  2 alerts in 2 stories: ffvd 1, sanctions-exemptions 1",
        f"          ◆ high · {TITLE} · The Korea Herald · Ock Hyun-ju · 29 Oct 2018 15:41 KST · sanctions-exemptions",
        f"            {URL}",
        "          ● normal · Second · The Korea Herald · Ock Hyun-ju · 29 Oct 2018 15:41 KST · ffvd",
    ]
    many = channel.compose_digest([alert(story_id=f"S{n}") for n in range(150)], now=NOW, zone=SEOUL, base_url=BASE).payload
    assert many.splitlines()[-1] == f"          and 50 more: {BASE}/"


def test_notices_say_since_when_why_and_what_to_do(make: Make) -> None:
    text = make("console", _tty=True).compose_notice(NOTICES, now=NOW, zone=SEOUL, base_url=BASE).payload
    assert text.splitlines() == [
        "15:41:08  NOTICE  ⚠ feed The Korea Herald: failing",
        "          since 29 Oct 2018 15:41 KST, 0 s ago",
        "          cause: 503 Service Unavailable",
        "          remedy: wait",
        f"          {BASE}/feeds/1",
        "15:41:08  NOTICE  ✓ storage: ok",
        "          since 29 Oct 2018 15:41 KST, 0 s ago",
    ]


async def test_a_closed_pipe_is_no_delivery(make: Make) -> None:
    def broken(text: str) -> None:
        raise BrokenPipeError(32, "Broken pipe")

    from monitor.alerts.channels import Services, build

    channel = build("terminal", {"type": "console"}, Services(client=None, write=broken))  # type: ignore[arg-type]
    outcome = await channel.send(channel.compose([alert()], now=NOW, zone=SEOUL, base_url=None))
    assert (outcome.delivered, outcome.final) == (False, False)
    assert "Broken pipe" in outcome.text
    unset = build("terminal", {"type": "console"}, Services(client=None))  # type: ignore[arg-type]
    assert "no terminal" in (await unset.send(unset.compose([alert()], now=NOW, zone=SEOUL, base_url=None))).text
