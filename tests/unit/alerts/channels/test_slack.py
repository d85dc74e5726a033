"""slack: within Slack's limits, silent for everybody who is named in a title, and every answer judged."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from pydantic import ValidationError
from slack_sdk.models.blocks import Block, RichTextBlock

from monitor.alerts.channels import Channel
from monitor.model import Message, Notice, Outcome, Severity
from tests.support import slack_rules
from tests.support.sinks import SlackSink
from tests.unit.alerts.conftest import NOW, Make
from tests.unit.alerts.example import BASE, SEOUL, alert, pair, spans


def compose(channel: Channel, alerts: Any = None, base_url: str | None = BASE) -> Message:
    return channel.compose(alerts or pair(), now=NOW, zone=SEOUL, base_url=base_url)


def check(message: Message) -> slack_rules.Shown:
    """The message as Slack shows it, after Slack's rules, slack_sdk's models and our own limits have taken it."""
    slack_rules.check(json.dumps(message.payload).encode())
    blocks = [Block.parse(block) for block in message.payload["blocks"]]
    assert len(blocks) <= 20
    for block in blocks:
        assert isinstance(block, RichTextBlock)
        block.validate_json()
    shown = slack_rules.shown(message.payload)
    assert len(shown.text) <= 3000
    assert len(message.payload["text"]) <= 3000
    assert message.payload["unfurl_links"] is message.payload["unfurl_media"] is False
    return shown


@pytest.fixture
def desk(make: Make, slack_sink: SlackSink) -> Channel:
    return make("slack", webhook_url=slack_sink.url)


async def test_a_message_arrives_and_the_webhook_is_hidden(desk: Channel, slack_sink: SlackSink) -> None:
    outcome = await desk.send(compose(desk))
    assert (outcome.delivered, outcome.text) == (True, "200 OK")
    assert slack_sink.refusals == []
    assert slack_sink.messages[0].lines[0] == "◆ high · sanctions-exemptions, ffvd"
    assert "secretsecret" not in desk.target


def test_without_base_url_the_dashboards_links_are_left_out(desk: Channel) -> None:
    shown = check(compose(desk, base_url=None))
    assert shown.lines[-1] == "+3 more matches · 3 articles in 2 feeds"
    assert len(shown.links) == 1


def test_what_is_one_and_only_goes_without_saying(desk: Channel) -> None:
    one = alert(articles=1, feeds=(("A", "https://a.example"),), body="Of sanctions exemptions.")
    shown = check(compose(desk, [one], base_url=None))
    assert shown.lines[-1] == "> Of sanctions exemptions."


EMOJI = "👩‍👩‍👧‍👦"
LIMITS = {
    "long title": {"title": "word " * 1000},
    "title without spaces": {"title": "x" * 5000},
    "title of emoji": {"title": EMOJI * 500},
    "emoji at the cut": {"title": "a" * 297 + EMOJI + "b" * 50},
    "flags at the cut": {"title": "ab " * 99 + "🇰🇷" * 10},
    "no title": {"title": ""},
    "title of controls": {"title": "\x00\x1b\u202e"},
    "right to left": {"title": "مبعوث أمريكي يحث على نزع السلاح النووي " * 20, "language": "ar"},
    "korean": {"title": "북한 “제재 면제” 논의 " * 60, "language": "ko"},
    "thai": {"title": "การคว่ำบาตรเกาหลีเหนือ" * 60},
    "300 matches": {"body": "One of the sanctions exemptions was named. " * 300},
    "300 matches in one line": {"body": "sanctions exemptions " * 300},
    "a match of 2,000 characters": {"body": "x" * 2000, "terms": ("x" * 2000,)},
    "a match at both ends": {"body": "sanctions exemptions" + " a b c" * 200 + " sanctions exemptions"},
    "ampersands": {"title": "&" * 5000, "author": "<>&" * 100},
    "long names": {"site": "site " * 100, "author": "Ann Other, " * 200, "rule": "rule " * 20},
    "a match of controls": {"body": "a \x00\x01 b", "terms": ("\x00\x01",)},
    "no url": {"url": None},
    "long url": {"url": "https://example.org/" + "a" * 5000},
    "many feeds": {"feeds": tuple((f"feed {n}", f"https://example.org/{n}") for n in range(500)), "articles": 12345},
    "nothing known": {"site": None, "author": None, "published": None, "language": None, "feeds": (), "body": ""},
}


@pytest.mark.parametrize("name", LIMITS)
def test_twenty_limits_are_kept(desk: Channel, name: str) -> None:
    message = compose(desk, [alert(**LIMITS[name])])  # type: ignore[arg-type]
    shown = check(message)
    title = shown.lines[1]
    assert 1 <= len(title) <= 300
    assert all(len(line) <= 240 + len("> ") for line in shown.lines if line.startswith("> "))
    slack_rules.check(json.dumps(message.fallback).encode())
    assert len(message.fallback["text"]) <= 3000


def test_many_rules_of_one_story_are_one_message(desk: Channel) -> None:
    alerts = [alert(rule=f"rule-{n}" * 9, id=f"A{n}", severity=Severity.LOW) for n in range(100)]
    assert check(compose(desk, alerts)).lines[0].endswith("…")


def test_a_digest_has_a_line_a_story_and_tells_the_rest(desk: Channel) -> None:
    alerts = [alert(story_id=f"S{n}", title=f"News {n}", severity=Severity.CRITICAL if n == 62 else Severity.NORMAL) for n in range(63)]
    shown = check(desk.compose_digest(alerts, now=NOW, zone=SEOUL, base_url=BASE))
    assert shown.lines[0] == "digest · 63 alerts in 63 stories: sanctions-exemptions 63 (29 Oct, 15:41 KST)"
    assert shown.lines[1].startswith("▲ critical · News 62 · The Korea Herald")
    told = len(shown.lines) - 2
    assert 20 <= told <= 40
    assert shown.lines[-1] == f"and {63 - told} more"
    assert shown.links[-1] == (f"{BASE}/", f"and {63 - told} more")


def test_a_digest_of_thousands_with_long_titles_fits(desk: Channel) -> None:
    alerts = [alert(story_id=f"S{n}", title="long words " * 100, rule=f"r{n}" * 20) for n in range(2000)]
    shown = check(desk.compose_digest(alerts, now=NOW, zone=SEOUL, base_url=None))
    assert shown.lines[-1].endswith("more")


def test_an_empty_digest_is_a_line(desk: Channel) -> None:
    message = desk.compose_digest([], now=NOW, zone=SEOUL, base_url=None, delivery_id="D7")
    assert check(message).lines == ["digest · 0 alerts in 0 stories (29 Oct, 15:41 KST)"]
    assert message.id == "D7"


def notice(n: int = 1, state: str = "failing", url: str | None = "/feeds/1") -> Notice:
    return Notice(f"N{n}", f"feed The Korea Herald {n}", state, NOW, "503 Service Unavailable", "wait, or look at the feed's page", url)


def test_a_notice_says_since_when_why_and_what_to_do(desk: Channel) -> None:
    later = NOW.replace(hour=15)
    shown = check(desk.compose_notice(notice(), now=later, zone=SEOUL, base_url=BASE))
    assert shown.lines == [
        "⚠ feed The Korea Herald 1: failing",
        "since 29 Oct 2018 15:41 KST, 9 h ago",
        "cause: 503 Service Unavailable",
        "remedy: wait, or look at the feed's page",
    ]
    assert shown.links == [(f"{BASE}/feeds/1", "⚠ feed The Korea Herald 1: failing")]
    assert check(desk.compose_notice(notice(state="ok", url=None), now=later, zone=SEOUL, base_url=None)).lines[0].startswith("✓ feed")


def test_many_notices_are_one_message(desk: Channel) -> None:
    shown = check(desk.compose_notice([notice(n) for n in range(40)], now=NOW, zone=SEOUL, base_url=BASE))
    assert shown.lines[0] == "40 notices"
    assert shown.lines[-1] == "and 30 more"


# -- answers ----------------------------------------------------------------------------------------------------------


async def answered(desk: Channel, sink: SlackSink, status: int, body: str, retry_after: float | None = None) -> Outcome:
    sink.answer(status, body, retry_after=retry_after)
    return await desk.send(compose(desk))


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, "user_not_found"),
        (403, "action_prohibited"),
        (403, "invalid_token"),
        (404, "channel_not_found"),
        (404, "no_service"),
        (404, "no_team"),
        (410, "channel_is_archived"),
    ],
)
async def test_a_channel_that_is_gone_is_final(desk: Channel, slack_sink: SlackSink, status: int, body: str) -> None:
    outcome = await answered(desk, slack_sink, status, body)
    assert (outcome.delivered, outcome.final, outcome.off, outcome.status) == (False, True, True, status)
    assert body in outcome.text
    assert len(slack_sink.received) == 1


@pytest.mark.parametrize(("status", "body"), [(429, "rate_limited"), (500, "rollup_error"), (503, "x"), (404, "<html>"), (403, "proxy")])
async def test_what_may_pass_is_tried_again(desk: Channel, slack_sink: SlackSink, status: int, body: str) -> None:
    outcome = await answered(desk, slack_sink, status, body, retry_after=30)
    assert (outcome.delivered, outcome.final, outcome.off, outcome.retry_after) == (False, False, False, 30.0)


async def test_a_redirect_has_failed(desk: Channel, slack_sink: SlackSink) -> None:
    outcome = await answered(desk, slack_sink, 302, "")
    assert not outcome.delivered
    assert not outcome.final
    assert "secretsecret" not in outcome.text


async def test_invalid_payload_goes_once_more_as_plain_text(desk: Channel, slack_sink: SlackSink) -> None:
    outcome = await answered(desk, slack_sink, 400, "invalid_payload")
    assert outcome.delivered
    assert outcome.text == "200 OK (as plain text: invalid_payload)"
    first, second = slack_sink.received
    assert "blocks" in first.json
    assert "blocks" not in second.json
    assert "sanctions exemptions" in second.json["text"]
    assert "https://www.koreaherald.com/view.php?ud=20181029000675" in second.json["text"]


async def test_refused_twice_is_final(desk: Channel, slack_sink: SlackSink) -> None:
    slack_sink.answer(400, "invalid_payload", times=2)
    outcome = await desk.send(compose(desk))
    assert (outcome.delivered, outcome.final, outcome.off) == (False, True, False)
    assert len(slack_sink.received) == 2


async def test_the_plain_try_may_fail_for_now(desk: Channel, slack_sink: SlackSink) -> None:
    slack_sink.answer(400, "invalid_payload")
    slack_sink.answer(500, "oops")
    outcome = await desk.send(compose(desk))
    assert (outcome.delivered, outcome.final) == (False, False)


# -- by token ---------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def api(answers: list[dict[str, Any]]) -> AsyncIterator[tuple[str, list[Any]]]:
    """chat.postMessage: answers errors with 200, as Slack's API does."""
    seen: list[Any] = []

    async def post(request: web.Request) -> web.Response:
        seen.append((request.headers["Authorization"], await request.json()))
        return web.json_response(answers.pop(0))

    app = web.Application()
    app.router.add_post("/api/chat.postMessage", post)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/api", seen
    finally:
        await runner.cleanup()


async def test_a_bot_threads_by_story(make: Make) -> None:
    async with api([{"ok": True, "ts": "111.1"}, {"ok": True, "ts": "111.2"}]) as (url, seen):
        channel = make("slack", token="xoxb-1234-secret", channel="C0123", api_url=url)
        first = await channel.send(compose(channel, [alert()]))
        assert (first.delivered, first.anchor) == (True, "111.1")
        assert (await channel.send(compose(channel, [replace(alert(), thread=first.anchor)]))).delivered
    assert [body.get("thread_ts") for _, body in seen] == [None, "111.1"]
    assert {auth for auth, _ in seen} == {"Bearer xoxb-1234-secret"}
    assert all(body["channel"] == "C0123" for _, body in seen)
    assert "xoxb" not in channel.target


@pytest.mark.parametrize(
    ("error", "final", "off"), [("channel_not_found", True, True), ("not_in_channel", True, True), ("internal_error", False, False)]
)
async def test_the_apis_errors_come_with_200(make: Make, error: str, final: bool, off: bool) -> None:
    async with api([{"ok": False, "error": error}]) as (url, _):
        channel = make("slack", token="xoxb-1234-secret", channel="C0123", api_url=url)
        outcome = await channel.send(compose(channel))
    assert (outcome.delivered, outcome.final, outcome.off) == (False, final, off)
    assert error in outcome.text


async def test_a_thread_that_was_taken_away_is_begun_anew(make: Make) -> None:
    async with api([{"ok": False, "error": "thread_not_found"}, {"ok": True, "ts": "5"}]) as (url, seen):
        channel = make("slack", token="xoxb-1234-secret", channel="C0123", api_url=url)
        outcome = await channel.send(compose(channel, [replace(alert(), thread="111.1")]))
    assert (outcome.delivered, outcome.anchor) == (True, "5")
    assert [body.get("thread_ts") for _, body in seen] == ["111.1", None]


async def test_the_apis_invalid_blocks_go_as_plain_text(make: Make) -> None:
    async with api([{"ok": False, "error": "invalid_blocks"}, {"ok": True, "ts": "1"}]) as (url, seen):
        channel = make("slack", token="xoxb-1234-secret", channel="C0123", api_url=url)
        assert (await channel.send(compose(channel))).delivered
    assert "blocks" not in seen[1][1]
    assert seen[1][1]["channel"] == "C0123"


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"webhook_url": "https://hooks.slack.com/x", "token": "xoxb", "channel": "c"},
        {"token": "xoxb"},
        {"webhook_url": "hooks.slack.com/x"},
        {"webhook_url": "https://hooks.slack.com/x", "channel": "c"},
    ],
)
def test_half_a_configuration_is_refused(make: Make, keys: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        make("slack", **keys)


def test_title_matches_need_no_snippet(desk: Channel) -> None:
    title = "Sanctions exemptions"
    shown = check(compose(desk, [alert(title=title, body="Nothing.", found=spans(title, "title", ["exemptions"]))], base_url=None))
    assert not any(line.startswith(">") for line in shown.lines)
