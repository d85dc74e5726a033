"""120 hostile titles through every channel that shows them: mentions, forged links, injected headers, escape sequences: none."""

from __future__ import annotations

import json
import re
import sys
from email import message_from_bytes, policy
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from monitor.alerts.clean import clean
from monitor.model import AlertView, Notice
from tests.support import slack_rules
from tests.support.mail import MailSink
from tests.unit.alerts.conftest import NOW, Make
from tests.unit.alerts.example import BASE, SEOUL, URL, alert
from tests.unit.alerts.hostile import TITLES

FORBIDDEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
OWN = {URL, f"{BASE}/alerts/A1", f"{BASE}/alerts/A1#why", f"{BASE}/alerts/A1#mute", f"{BASE}/"}


def hostile(title: str) -> AlertView:
    """An alert with the title in every place that outside text can reach."""
    return alert(
        title=title,
        author=title,
        site=title,
        language=title,
        body=f"{title} sanctions exemptions {title}",
        summary=title,
        feeds=((title, "https://feed.example/rss"), (title + "2", title)),
    )


def trouble(title: str) -> Notice:
    return Notice("N1", title, "failing", NOW, title, title, "javascript:alert(1)")


def test_there_are_120() -> None:
    assert len(TITLES) == len(set(TITLES)) == 120


@pytest.mark.parametrize("title", TITLES)
def test_slack_mentions_nobody_and_links_nowhere_else(make: Make, title: str) -> None:
    channel = make("slack", webhook_url="https://hooks.slack.com/services/T/B/secret")
    for message in (
        channel.compose([hostile(title)], now=NOW, zone=SEOUL, base_url=BASE),
        channel.compose_digest([hostile(title)], now=NOW, zone=SEOUL, base_url=BASE),
        channel.compose_notice(trouble(title), now=NOW, zone=SEOUL, base_url=BASE),
    ):
        for payload in (message.payload, message.fallback):
            shown = slack_rules.shown(slack_rules.check(json.dumps(payload).encode()))
            assert shown.mentions == []
            assert {url for url, _ in shown.links} <= OWN
            assert not re.search(r"<[!@#]", shown.text + shown.fallback)
            assert not FORBIDDEN.search(shown.text + shown.fallback)
            assert "<" not in payload["text"]


@pytest.mark.parametrize("title", TITLES)
def test_the_terminal_gets_no_sequence_of_theirs(make: Make, title: str) -> None:
    channel = make("console", _tty=True)
    for message in (
        channel.compose([hostile(title)], now=NOW, zone=SEOUL, base_url=BASE),
        channel.compose_digest([hostile(title)], now=NOW, zone=SEOUL, base_url=BASE),
        channel.compose_notice(trouble(title), now=NOW, zone=SEOUL, base_url=BASE),
    ):
        assert not FORBIDDEN.search(message.payload)
    lines = make("console").compose([hostile(title)], now=NOW, zone=SEOUL, base_url=BASE).payload
    assert json.loads(lines)["data"]["article"]["title"] == title
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", lines)


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.tags: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links |= {value or "" for name, value in attrs if name in ("href", "src", "background", "action")}
        assert not any(name.startswith("on") for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


async def test_mail_takes_no_header_no_link_and_no_script(make: Make, mail_sink: MailSink) -> None:
    channel = make("email", "analysts", smtp=mail_sink.url, **{"from": "m@example.org", "to": "a@example.org"})
    usual = set(message_from_bytes(channel.compose([alert()], now=NOW, zone=SEOUL, base_url=BASE).payload).keys())
    for title in TITLES:
        message = channel.compose([hostile(title)], now=NOW, zone=SEOUL, base_url=BASE)
        assert (await channel.send(message)).delivered
    assert len(mail_sink.mails) == len(TITLES)
    for title, mail in zip(TITLES, mail_sink.mails, strict=True):
        message_read = message_from_bytes(mail.raw, policy=policy.default)
        assert set(message_read.keys()) == usual
        assert mail.recipients == ("a@example.org",)
        subject = str(message_read["Subject"])
        assert subject.replace("\u2060", "") == f"[high] {clean(title) or '(no title)'}"
        assert not FORBIDDEN.search(subject + mail.part())
        links = _Links()
        links.feed(mail.part("html"))
        assert links.links <= OWN
        assert not links.tags & {"script", "img", "style", "iframe", "object", "form", "link"}
        assert clean(title) in links.text
        assert not FORBIDDEN.search(links.text)


async def test_mail_digests_and_notices_take_none_either(make: Make, mail_sink: MailSink) -> None:
    channel = make("email", "analysts", smtp=mail_sink.url, **{"from": "m@example.org", "to": "a@example.org"})
    alerts = [hostile(title) for title in TITLES]
    every: list[Any] = [channel.compose_digest([one], now=NOW, zone=SEOUL, base_url=BASE) for one in alerts]
    every += [channel.compose_notice(trouble(title), now=NOW, zone=SEOUL, base_url=BASE) for title in TITLES]
    for message in every:
        read = message_from_bytes(message.payload, policy=policy.default)
        assert not {"bcc", "x-evil"} & {name.casefold() for name in read.keys()}  # noqa: SIM118 - a message is no dict
        links = _Links()
        body = read.get_body(("html",))  # type: ignore[attr-defined]
        links.feed(body.get_content())
        assert links.links <= OWN
        assert not links.tags & {"script", "img", "style", "iframe"}


@pytest.mark.parametrize("title", TITLES)
def test_a_webhook_carries_the_stored_text(make: Make, title: str) -> None:
    channel = make("webhook", url="https://example.org/hook")
    message = channel.compose([hostile(title)], now=NOW, zone=SEOUL, base_url=BASE)
    assert message.payload["data"]["article"]["title"] == title


async def test_files_and_commands_get_one_line_of_json_with_the_stored_text(make: Make, tmp_path: Path) -> None:
    """No title ends a line, opens another, or reaches a shell; what a terminal would obey stands escaped."""
    written, given = tmp_path / "file.jsonl", tmp_path / "exec.jsonl"
    command = "import sys; open(sys.argv[1], 'ab').write(sys.stdin.buffer.read())"
    keep, run = make("file", path=str(written)), make("exec", command=[sys.executable, "-S", "-c", command, str(given)])
    for number, title in enumerate(TITLES):
        message = keep.compose([hostile(title)], now=NOW, zone=SEOUL, base_url=BASE)
        assert (await keep.send(message)).delivered
        if number % 6 == 0:  # a process each
            assert (await run.send(message)).delivered
    for path, titles in ((written, TITLES), (given, TITLES[::6])):
        lines = path.read_bytes().decode().split("\n")[:-1]
        assert [json.loads(line)["data"]["article"]["title"] for line in lines] == list(titles)
        assert not any(re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", line) for line in lines)
    assert {file.name for file in tmp_path.iterdir()} == {"file.jsonl", "exec.jsonl"}
