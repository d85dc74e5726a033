"""The real daemon from its start to its end: ready, the whole way, stopped with work in hand, killed, and never twice on one state."""

from __future__ import annotations

import asyncio
import os
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.support.daemon import Daemon
from tests.support.sinks import WebhookSink
from tests.support.site import Site
from tests.support.waiting import until
from tests.system.configs import NEWS, config, hook

# Escapes, a right-to-left override, line breaks, markup, mentions, a forged link, a format.
HOSTILE = "\x1b[2J\x1b]0;owned\x07 \u202egnorw\u2066 <!channel> <https://evil.example|Reuters> &lt;script&gt;\r\nX-Evil: 1 {{7*7}} %s FFVD"
TICKS = os.sysconf("SC_CLK_TCK")


def cpu(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def plain(text: str) -> bool:
    return not any(ord(char) < 32 and char not in "\t\n" or char in "\x7f\x9b\u202e\u2066" for char in text)


async def test_from_a_feed_to_a_webhook_and_the_terminal(site: Site, webhook_sink: WebhookSink, make_daemon: Callable[..., Daemon]) -> None:
    feed = site.feed(entries=3)
    text = config(site, {"archive": hook(webhook_sink.url), "terminal": "type: console"})
    async with make_daemon(text, env={"WATCHDOG_USEC": "2000000"}) as daemon:
        assert daemon.process is not None
        assert cpu(daemon.process.pid) < 3.0, "ready within three seconds on a machine that is free"
        await until(lambda: len(site.seen(feed.path)) > 2, what="the feed polled each second")
        feed.publish("A title", NEWS, path="/story.html")
        feed.publish(HOSTILE, NEWS.replace("again", "once more, <b>it</b> said"), path="/hostile.html")
        await until(lambda: len(webhook_sink.pairs()) == 2, what="both alerts")
        assert {url.rpartition("/")[2] for _, url in webhook_sink.pairs()} == {"story.html", "hostile.html"}
        printed = await until(lambda: [line for line in daemon.lines() if '"alert.created"' in line and '"data"' in line][1:])
        assert len(printed) == 1
        await until(lambda: daemon.notified().count("WATCHDOG=1") >= 2, what="signs of life")
        for words in (("alerts", "list"), ("articles", "list"), ("status",), ("feeds", "list"), ("deliveries", "list"), ("audit",)):
            done = await daemon.command(*words)
            assert done.status == 0, done
            assert plain(done.out), words
        assert all(plain(line) for line in daemon.lines() if '"data"' not in line), "the log; alerts for programs hold the stored text"

        # Work in hand: a page and a receiver that do not answer.
        site.fail("/slow.html", "hang")
        feed.publish("A slow one", NEWS, path="/slow.html")
        await until(lambda: site.seen("/slow.html"), what="the page in hand")
        second = make_daemon(text, name="second")
        second.state = daemon.state
        second.start()
        daemon.notified()  # the socket holds ten messages
        assert await daemon.stop(25.0) == 0  # 10 s where nothing else runs; what hangs would take 30
        assert "STOPPING=1" in daemon.notified()
        await until(lambda: daemon.family() == [], what="an empty family")

        # The second waits for the folder, as for a short command, and has it when the first is gone.
        await second.ready()
        site.heal()
        await until(lambda: len(webhook_sink.pairs()) == 3, what="what was in hand when it stopped", seconds=60)
        assert len({received.id for received in webhook_sink.accepted}) == 3
        assert (await second.command("audit")).status == 0
        second.kill()


async def test_kill_9_at_any_moment_loses_and_doubles_nothing(
    site: Site, webhook_sink: WebhookSink, make_daemon: Callable[..., Daemon]
) -> None:
    chance = random.Random(9)
    feeds = [site.feed(name) for name in ("one", "two", "three")]
    daemon = make_daemon(config(site, {"archive": hook(webhook_sink.url)}))
    async with daemon:
        await until(lambda: all(site.seen(feed.path) for feed in feeds))
        published = 0
        for kill in range(4):
            for feed in feeds:
                for _ in range(2):
                    published += 1
                    words = " ".join(f"w{chance.randrange(10**6)}" for _ in range(60))
                    feed.publish(f"Title {published}", [words, NEWS, words[::-1]], path=f"/story-{published}.html")
            before = len(webhook_sink.accepted)
            if kill % 2:
                await until(lambda before=before: len(webhook_sink.accepted) > before, what="the first of them delivered")
            await asyncio.sleep(chance.uniform(0, 0.5))
            daemon.kill() if kill % 3 else daemon.kill_main()
            daemon.start()
            await daemon.ready()
        await until(lambda: len(set(webhook_sink.pairs())) == published, what="all of them", seconds=90)
        assert len({received.id for received in webhook_sink.accepted}) == published
        again = [n for n in Counter(received.id for received in webhook_sink.accepted).values() if n > 1]
        assert len(again) <= 4, "only the answer in flight of each kill may come again"
        done = await daemon.command("audit")
        assert done.status == 0, done
