"""Feeds as bad as they come, beside a good one: each is told with its cause and backed off, and the good one never notices."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from monitor.feeds import FeedRequest
from monitor.pipeline import poll
from monitor.store import listing
from monitor.store import tables as t
from tests.support.sinks import WebhookSink
from tests.support.site import Site
from tests.support.whole import whole
from tests.system.configs import NEWS, config, hook

HOSTS = tuple(f"127.0.0.{number}" for number in range(1, 12))
RSS = "<?xml version='1.0'?><rss version='2.0'><channel><title>T</title>{}</channel></rss>"
ITEM = "<item><title>{0}</title><link>{1}/{0}.html</link>{2}<description>Nothing.</description></item>"

TROUBLES = {  # kind of fault -> code, and a part of the text that people read
    "html": ("html", "an HTML page, not a feed"),
    "empty": ("empty", "the document is empty"),
    "huge": ("too-large", "larger than 10 MB"),
    "gzip-bomb": ("too-large", "larger than 10 MB"),
    "bad-gzip": ("encoding", "coded as gzip, and is not"),
    "garbage": ("not-a-feed", "breaks off before its first whole entry"),
    "drip": ("timeout", "not the whole answer within"),
    "reset": ("connect", "closed the connection without an answer"),
    "redirect-loop": ("redirects", "redirects in a circle"),
}
RECOVERED = ("truncated-document", "latin", "same-guid", "no-guid")


def _documents(site: Site) -> None:
    home = site.url
    items = "".join(ITEM.format(f"item-{number}", home, f"<guid>g{number}</guid>") for number in range(4))
    site.put("/truncated-document", RSS.format(items)[:-60], content_type="application/rss+xml")
    latin = RSS.format(ITEM.format("caf\xe9", home, "<guid>c</guid>")).encode("latin-1")
    site.put("/latin", latin, content_type="application/rss+xml")
    site.put("/same-guid", RSS.format("".join(ITEM.format(f"one-{number}", home, "<guid>1</guid>") for number in range(3))))
    site.put("/no-guid", RSS.format("".join(ITEM.format(f"bare-{number}", home, "") for number in range(3))))


async def _states(watched: Any) -> dict[str, dict[str, Any]]:
    rows = await watched.rows(t.feeds)
    return {
        row.name: {"state": row.state, "code": row.error_code, "text": row.error_text, "entries": row.entries, "row": row} for row in rows
    }


async def test_each_is_told_and_the_good_one_never_notices(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, webhook_sink: WebhookSink
) -> None:
    # The deadline of a feed is half a minute; here it is shorter, as it is the client's to keep.
    monkeypatch.setattr(poll, "FeedRequest", partial(FeedRequest, deadline=1.5))
    async with Site(hosts=HOSTS) as site:
        good = site.feed("good")
        _documents(site)
        bad = []
        for number, kind in enumerate(TROUBLES):
            host = HOSTS[2 + number]
            bad.append(f"{{url: 'http://{host}:{site.port}/{kind}', name: {kind}}}")
            site.fail(f"/{kind}", kind, size=50_000_000)
        bad += [f"{{url: 'http://{HOSTS[1]}:{site.port}/{name}', name: {name}}}" for name in RECOVERED]
        text = config(site, {"archive": hook(webhook_sink.url)}, feeds=bad)
        async with whole(monkeypatch, tmp_path, text) as watched:
            await watched.settle()
            good.publish("A title", NEWS, path="/story.html")
            await watched.settle(after=1.2)
            assert [url.rpartition("/")[2] for _, url in webhook_sink.pairs()] == ["story.html"]
            states = await _states(watched)
            for name, (code, words) in TROUBLES.items():
                told = states[name]
                assert (told["state"], told["code"], words in told["text"]) == ("failing", code, True), (name, told)
                assert told["row"].due_at - told["row"].last_poll_at >= 2.0, "back-off begins at twice the interval"
            assert {name: states[name]["entries"] for name in RECOVERED} == {
                "truncated-document": 3,
                "latin": 1,
                "same-guid": 3,
                "no-guid": 3,
            }
            assert states["good"]["state"] == "ok"
            shown = {item["name"]: item for item in await watched.store.read(listing.feeds)}
            for name, (_, words) in TROUBLES.items():
                assert words in str(shown[name]), "`feeds list` shows it"
            # A document that is as it was brings nothing twice.
            before = len(await watched.rows(t.entries))
            await watched.settle(after=3600)
            assert len(await watched.rows(t.entries)) == before
            assert await watched.leaks() == []
