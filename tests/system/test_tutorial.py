"""The tutorial, followed line by line: its configurations and its commands, with servers of the test's own in place of the world's."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support.daemon import Daemon, Finished, monitor
from tests.support.mail import MailSink
from tests.support.sinks import SlackSink
from tests.support.site import Site
from tests.support.waiting import until

TUTORIAL = Path(__file__).parents[2] / "docs" / "guide" / "tutorial.md"
BLOCK = re.compile(r"^```(yaml|sh)\n(.*?)^```", re.MULTILINE | re.DOTALL)
ARTICLE = "https://www.koreaherald.com/view.php?ud=20181029000675"
FEED = "https://www.koreaherald.com/rss/newsAll"
SERVER = "smtp://monitor:${SMTP_PASSWORD}@mail.example.org:587"
INTERVAL = "interval: 5m"


@dataclass
class Follower:
    """Somebody who reads the tutorial and types what it says, in `folder`."""

    folder: Path
    replaced: dict[str, str]
    env: dict[str, str]
    done: dict[str, Finished] = field(default_factory=dict)

    def here(self, text: str) -> str:
        for theirs, ours in self.replaced.items():
            text = text.replace(theirs, ours)
        return text

    def configuration(self, text: str) -> str:
        return self.here(text).replace(INTERVAL, "interval: 1s") + "network: {allow: [127.0.0.0/8]}\n"

    async def type(self, line: str) -> Finished:
        words, _, target = self.here(line).partition(" > ")
        given = shlex.split(words)[1:]
        if "preview" in given:  # the test's site stands on an address that only a configuration can allow
            (self.folder / "allow.yaml").write_text("network: {allow: [127.0.0.0/8]}\n", encoding="utf-8")
            given += ["--config", "allow.yaml"]
        done = await monitor(*given, cwd=self.folder, env=self.env)
        if target:
            (self.folder / target.strip()).write_text(done.out, encoding="utf-8")
        self.done[line] = done
        assert done.status == 0, f"{line}: {done}"
        return done


def steps() -> list[tuple[str, str]]:
    """(yaml or sh, text) of each block, in order."""
    return [(found[1], found[2]) for found in BLOCK.finditer(TUTORIAL.read_text(encoding="utf-8"))]


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("monitor ")]


@pytest.fixture
async def follower(site: Site, slack_sink: SlackSink, mail_sink: MailSink, tmp_path: Path) -> Follower:
    feed = site.feed("newsAll", entries=3, title="The Korea Herald")
    article = feed.publish(
        "Seoul asks for sanctions exemptions", "Seoul asked again for sanctions exemptions, which the committee will discuss."
    )
    replaced = {ARTICLE: article.url, FEED: feed.url, f'"{SERVER}"': f'"smtp://127.0.0.1:{mail_sink.port}"'}
    return Follower(tmp_path, replaced, {"SLACK_WEBHOOK_URL": slack_sink.url, "SMTP_PASSWORD": "unused"})


async def test_the_tutorial_leads_to_an_alert_in_a_mailbox(
    follower: Follower, site: Site, slack_sink: SlackSink, mail_sink: MailSink, make_daemon: Callable[..., Daemon]
) -> None:
    feed = site.feeds["newsAll"]
    before_run, after_run = True, list[str]()
    configurations = [text for kind, text in steps() if kind == "yaml"]
    (follower.folder / "monitor.yaml").write_text(follower.configuration(configurations[0]), encoding="utf-8")
    for kind, text in steps():
        for line in lines(text) if kind == "sh" else ():
            if line.startswith("monitor run"):
                before_run = False
            elif before_run:
                await follower.type(line)
            else:
                after_run.append(line)

    previews = [done.out for line, done in follower.done.items() if "preview" in line]
    assert "Seoul asks for sanctions exemptions" in previews[0]
    assert "which the committee will discuss" in previews[1]
    tried = next(done for line, done in follower.done.items() if "rules try" in line)
    assert "1 of 4 articles match" in tried.out

    # `monitor run`, with the configuration that tells Slack and the mailbox.
    daemon = make_daemon(follower.configuration(configurations[1]), env=follower.env)
    daemon.state = follower.folder / "state"
    async with daemon:
        await until(lambda: len(site.seen(feed.path)) > 4, what="a poll by the daemon")
        news = feed.publish("Committee grants sanctions exemptions", "The committee granted the sanctions exemptions for the survey.")
        await until(lambda: mail_sink.mails and slack_sink.messages, seconds=60, what=daemon.tail())
        for line in after_run:
            follower.replaced[ARTICLE] = news.url
            done = await follower.type(line)
            if "alerts list" in line:
                assert "Committee grants sanctions exemptions" in done.out
            if "explain" in line:
                assert "delivered" in done.out
    assert "Committee grants sanctions exemptions" in mail_sink.mails[0].message["Subject"]
    assert "sanctions exemptions" in slack_sink.messages[0].text
    assert len(slack_sink.messages) == 2  # the alert, and `channels test`
