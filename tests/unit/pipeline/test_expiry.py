"""Certificates that run out: a real TLS server whose certificate is changed, told once and once more, shown with the feed."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from monitor.net import Client
from monitor.net.certificates import Certificates, Shown
from monitor.pipeline.expiry import Expiry
from monitor.store import certificates, listing
from tests.support.sinks import WebhookSink
from tests.support.whole import Whole
from tests.unit.net.certificates import AUTHORITY, certificate, server_context
from tests.unit.pipeline.conftest import POLL, Watch, notices

HOST = "news.paper.example.com"
DAY = 86_400.0
RSS = "<rss version='2.0'><channel><title>News</title><item><title>One</title><guid>1</guid></item></channel></rss>"


class Paper:
    """A server of one feed, over TLS; each answer closes its connection, so that the next poll sees what it shows then."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir()
        self.context: ssl.SSLContext = server_context(folder, (HOST,), valid=(-60, 30))
        self.port = 0

    def shows(self, *valid: int) -> None:
        """From now on: a certificate good from so many days to so many from now."""
        server_context(self.folder, (HOST,), valid=(valid[0], valid[1]))
        self.context.load_cert_chain(self.folder / "server.pem")

    async def answer(self, request: web.Request) -> web.Response:
        answer = web.Response(text=RSS, content_type="application/rss+xml")
        answer.force_close()
        return answer


@pytest.fixture
async def paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Paper]:
    monkeypatch.setitem(Client.__init__.__kwdefaults__, "lookup", lambda host, port: ["127.0.0.1"])  # type: ignore[arg-type]
    found = Paper(tmp_path / "paper")
    (tmp_path / "authority.pem").write_text(certificate(AUTHORITY, AUTHORITY, valid=(-400, 400)))
    app = web.Application()
    app.router.add_get("/feed.xml", found.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=found.context)
    await site.start()
    found.port = runner.addresses[0][1]
    yield found
    await runner.cleanup()


async def _watched(watch: Watch, paper: Paper, folder: Path) -> Whole:
    return await watch(f"{{url: 'https://{HOST}:{paper.port}/feed.xml', name: paper}}", network=f", ca_file: '{folder / 'authority.pem'}'")


def _forget(watched: Whole) -> None:
    """Hours pass on the machine's steady clock too: certificates are looked at again."""
    watched.daemon.client._transport.certificates._shown.clear()


async def test_a_certificate_that_runs_out_is_told_once_and_once_more_when_it_is_renewed(
    paper: Paper, tmp_path: Path, webhook_sink: WebhookSink, watch: Watch
) -> None:
    watched = await _watched(watch, paper, tmp_path)
    await watched.settle()
    assert notices(webhook_sink) == []
    paper.shows(-77, 13)
    for _ in range(3):
        _forget(watched)
        await watched.settle(after=POLL)
    assert notices(webhook_sink) == [(f"certificate of {HOST}", "expiring")]
    (told,) = (r.json["data"] for r in webhook_sink.accepted)
    assert (datetime.now(UTC) + timedelta(days=13)).strftime("%Y-%m-%d") in told["cause"]
    assert "must renew it" in told["remedy"]
    paper.shows(0, 90)
    for _ in range(3):
        _forget(watched)
        await watched.settle(after=POLL)
    assert notices(webhook_sink) == [(f"certificate of {HOST}", "expiring"), (f"certificate of {HOST}", "ok")]
    item = await watched.store.read(listing.find_feed, "paper")
    assert item is not None
    assert item["certificate_until"][:10] == (datetime.now(UTC) + timedelta(days=90)).strftime("%Y-%m-%d")


async def test_one_that_has_run_out_makes_the_feed_fail_with_that_cause(paper: Paper, tmp_path: Path, watch: Watch) -> None:
    paper.shows(-90, -1)
    watched = await _watched(watch, paper, tmp_path)
    await watched.settle()
    item = await watched.store.read(listing.find_feed, "paper")
    assert item is not None
    assert (item["state"], item["error_code"]) == ("failing", "certificate")
    assert "that has run out" in item["error"]


async def test_nothing_is_known_of_a_feed_without_tls(watch: Watch) -> None:
    watched = await watch("{url: 'http://127.0.0.1:9/feed.xml', name: plain}")
    await watched.settle()
    item = await watched.store.read(listing.find_feed, "plain")
    assert item is not None
    assert item["certificate_until"] is None
    assert await watched.store.read(certificates.until, "127.0.0.1") is None


class _Client:
    def __init__(self, since: float, until: float) -> None:
        self.shown = Shown(since, until)

    def certificate(self, host: str) -> Shown | None:
        return self.shown if host == "a.example" else None


@pytest.mark.parametrize(
    ("life", "left", "soon"), [(90, 15, False), (90, 13, True), (398, 13, True), (6, 3, False), (6, 1.6, False), (6, 1.4, True)]
)
def test_how_soon_is_soon(life: float, left: float, soon: bool) -> None:
    client = _Client((left - life) * DAY, left * DAY)
    seen = Expiry(client).news("https://a.example/f", 0.0)  # type: ignore[arg-type]
    assert seen is not None
    assert seen.told.state == ("expiring" if soon else "ok")


def test_the_same_is_handed_over_again_only_after_hours() -> None:
    expiry = Expiry(_Client(0.0, 90 * DAY))  # type: ignore[arg-type]
    given = [expiry.news("https://a.example/f", at) is not None for at in (0.0, 10.0, 20_000.0, 30_000.0, 30_010.0)]
    assert given == [True, False, False, True, False]
    assert expiry.news("https://b.example/f", 0.0) is None
    assert expiry.news("http://a.example/f", 0.0) is None


class _Transport:
    def __init__(self, found: dict[str, str] | None, host: str | None = "a.example") -> None:
        self.found, self.server_hostname = found, host

    def get_extra_info(self, name: str) -> object:
        assert name == "ssl_object"
        return None if self.found is None else self

    def getpeercert(self) -> dict[str, str]:
        assert self.found is not None
        return self.found


@pytest.mark.parametrize("found", [None, {}, {"notAfter": "Jun  1 12:00:00 2026 GMT"}, {"notBefore": "soon", "notAfter": "later"}])
def test_what_can_t_be_read_is_not_known(found: dict[str, str] | None) -> None:
    seen = Certificates()
    seen.look(_Transport(found))  # type: ignore[arg-type]
    seen.look(_Transport(found, None))  # type: ignore[arg-type]
    assert seen.of("a.example") is None
