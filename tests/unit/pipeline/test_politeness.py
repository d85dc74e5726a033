"""A model citizen, by Rachel Kroll's criteria and more: what the poll stage asks, when, and with what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from aiohttp import web

from monitor.net import Client
from monitor.pipeline.live import FeedWish
from monitor.pipeline.politeness import Budget, Pauses, Waves, domain_pause, headers_for, is_public
from monitor.store import tables as t
from tests.support.sinks import WebhookSink
from tests.support.site import Site
from tests.support.whole import whole
from tests.unit.pipeline.conftest import CONFIG, POLL, Watch, notices

AUTO = CONFIG.replace("{{interval: 60s}}", "{{interval: auto}}")
RSS = '<rss version="2.0"><channel><title>T</title><link>https://t.example/</link><description>d</description>{}</channel></rss>'


async def _feed(watched: Any, name: str = "world") -> Any:
    (row,) = await watched.rows(t.feeds, t.feeds.c.name == name)
    return row


async def _wait(watched: Any, name: str = "world") -> float:
    row = await _feed(watched, name)
    return float(row.due_at - row.last_poll_at)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> None:
    """All names lead to this machine, so that tests can speak of public hosts."""
    monkeypatch.setitem(Client.__init__.__kwdefaults__, "lookup", lambda host, port: ["127.0.0.1"])  # type: ignore[arg-type]


# -- validators --------------------------------------------------------------------------------------------------------
async def test_validators_go_back_byte_for_byte_and_a_304_changes_neither(site: Site, watch: Watch) -> None:
    etag, modified = 'W/"a\\"b, <c>&amp;"', "Thu, 01 Jan 1970 00:00:00 GMT"
    answers = iter([(200, etag, modified), (304, '"other"', "Fri, 02 Jan 1970 00:00:00 GMT"), (304, None, None)])

    async def answer(request: web.Request) -> web.Response:
        status, tag, date = next(answers)
        headers = {name: value for name, value in (("ETag", tag), ("Last-Modified", date)) if value}
        return web.Response(status=status, headers=headers, body=RSS.format("").encode() if status == 200 else b"")

    url = site.on("/f.xml", answer)
    watched = await watch(f"{{url: '{url}', name: world}}")
    for _ in range(3):
        await watched.settle(after=POLL)
    asked = [(r.headers.get("If-None-Match"), r.headers.get("If-Modified-Since")) for r in site.seen("/f.xml")]
    assert asked == [(None, None), (etag, modified), (etag, modified)]


async def test_a_200_without_validators_forgets_the_old_ones_and_errors_keep_them(site: Site, watch: Watch) -> None:
    answers = iter([(200, '"1"'), (500, '"2"'), (304, None), (200, None), (200, None)])

    async def answer(request: web.Request) -> web.Response:
        status, tag = next(answers)
        return web.Response(status=status, headers={"ETag": tag} if tag else {}, body=RSS.format("").encode() if status != 304 else b"")

    url = site.on("/f.xml", answer)
    watched = await watch(f"{{url: '{url}', name: world}}")
    for _ in range(5):
        await watched.settle(after=300)
    assert [r.headers.get("If-None-Match") for r in site.seen("/f.xml")] == [None, '"1"', '"1"', '"1"', None]


async def test_no_cookie_comes_back_compression_is_asked_and_the_program_says_who_it_is(site: Site, watch: Watch) -> None:
    feed = site.feed(entries=1)
    feed.headers["Set-Cookie"] = "track=1; Path=/"
    watched = await watch(f"{{url: '{feed.url}', name: world}}", f"{{url: '{site.feed('own').url}', name: own, user_agent: 'desk/1'}}")
    for _ in range(2):
        await watched.settle(after=POLL)
    for request in site.seen(feed.path):
        assert "Cookie" not in request.headers
        assert {"gzip", "deflate", "br", "zstd"} <= {word.strip() for word in request.headers["Accept-Encoding"].split(",")}
        assert request.headers["User-Agent"].startswith("news-monitor/")
    assert site.seen("/feeds/own.xml")[0].headers["User-Agent"] == "desk/1"


# -- what servers ask --------------------------------------------------------------------------------------------------
def _in(seconds: float) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize("status", [429, 503, 301])
@pytest.mark.parametrize("say", [lambda s: str(s), _in], ids=["seconds", "date"])
async def test_retry_after_is_a_floor(site: Site, watch: Watch, status: int, say: Callable[[int], str]) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status, headers={"Retry-After": say(7200), "Location": site.feed(entries=1).url})

    url = site.on("/f.xml", answer)
    watched = await watch(f"{{url: '{url}', name: world}}")
    await watched.settle()
    assert 7198 <= await _wait(watched) <= 7200 * 1.2 + 10


async def test_max_age_is_kept_up_to_an_hour(site: Site, watch: Watch) -> None:
    for name, value in (("day", "max-age=86400"), ("half", "public, max-age=1800"), ("no", "no-cache, max-age=1800")):
        site.feed(name).headers["Cache-Control"] = value
    watched = await watch()
    await watched.settle()
    assert 3600 <= await _wait(watched, "day") <= 3610
    assert 1800 <= await _wait(watched, "half") <= 1810
    assert await _wait(watched, "no") <= 66.1


async def test_what_a_document_asks_binds_auto_alone_and_by_a_quarter_of_an_hour_at_most(site: Site, watch: Watch) -> None:
    head = '<ttl>1440</ttl><sy:updatePeriod xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">hourly</sy:updatePeriod>'
    url = site.put("/f.xml", RSS.format(head), content_type="application/rss+xml")
    later = site.put("/g.xml", RSS.format(""), content_type="application/rss+xml", headers={"Expires": _in(86_400)})
    feeds = [f"{{url: '{url}', name: auto}}", f"{{url: '{url}?fixed', name: fixed, interval: 60s}}", f"{{url: '{later}', name: expires}}"]
    watched = await watch(*feeds, config=AUTO)
    await watched.settle()
    await watched.settle(after=1000)
    assert 0.9 * 900 <= await _wait(watched, "auto") <= 1.1 * 900
    assert 0.9 * 900 <= await _wait(watched, "expires") <= 1.1 * 900
    assert await _wait(watched, "fixed") <= 66.1


async def test_a_retry_after_pauses_a_public_domain_and_a_private_url_alone(site: Site, watch: Watch, names: None) -> None:
    for host in ("a.paper.example.com", "127.0.0.1"):
        site.fail(f"/{host}/sick.xml", status=429, headers={"Retry-After": "3600"})
    hosts = [("a.paper.example.com", "sick"), ("b.paper.example.com", "well"), ("other.example.org", "well"), ("127.0.0.1", "sick")]
    hosts.append(("127.0.0.1", "well"))
    lines = []
    for host, name in hosts:
        path = f"/{host}/{name}.xml"
        site.put(path, RSS.format(""), content_type="application/rss+xml")
        lines.append(f"{{url: 'http://{host}:{site.port}{path}', name: {host}-{name}}}")
    watched = await watch(*lines)
    for _ in range(6):
        await watched.settle(after=POLL)

    def asked(host: str, name: str = "well") -> int:
        return len(site.seen(f"/{host}/{name}.xml"))

    assert asked("a.paper.example.com", "sick") == asked("127.0.0.1", "sick") == 1
    assert asked("b.paper.example.com") <= 1
    assert asked("other.example.org") == asked("127.0.0.1") == 6
    site.heal()
    await watched.settle(after=3600)
    await watched.settle(after=POLL)
    assert asked("b.paper.example.com") >= 1


# -- moves -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("status", "remembered"), [(301, True), (308, True), (302, False), (303, False), (307, False)])
async def test_only_redirects_for_good_are_remembered(
    site: Site, webhook_sink: WebhookSink, watch: Watch, status: int, remembered: bool
) -> None:
    feed = site.feed(entries=1)
    site.fail("/old.xml", "redirect", status=status, location=feed.url)
    watched = await watch(f"{{url: '{site.url}/old.xml', name: world}}")
    for _ in range(5):
        await watched.settle(after=POLL)
    assert len(site.seen("/old.xml")) == (3 if remembered else 5)
    assert notices(webhook_sink) == ([("feed world", "moved")] if remembered else [])


async def test_a_new_address_that_is_lost_leads_back_to_the_configured_one(site: Site, watch: Watch) -> None:
    feed = site.feed(entries=1)
    site.fail("/old.xml", "redirect", status=301, location=feed.url)
    watched = await watch(f"{{url: '{site.url}/old.xml', name: world}}")
    for _ in range(4):
        await watched.settle(after=POLL)
    site.put("/old.xml", feed.document(), content_type="application/rss+xml")
    site.heal()
    site.fail(feed.path, status=410)
    await watched.settle(after=POLL)
    await watched.settle(after=1000)
    row = await _feed(watched)
    assert (row.polled_url, row.state, row.last_status) == (f"{site.url}/old.xml", "ok", 200)


def test_secrets_stay_with_the_configured_origin() -> None:
    wish = FeedWish({"Authorization": "Bearer t", "X-Key": "k"}, user_agent="desk/1")
    whole_ = {"Authorization": "Bearer t", "X-Key": "k", "User-Agent": "desk/1"}
    assert headers_for("https://a.example/f", "https://a.example/f", wish) == whole_
    assert headers_for("https://a.example/f", "https://a.example/new", wish) == whole_
    for other in ("http://a.example/f", "https://a.example:8443/f", "https://b.example/f", "https://www.a.example/f"):
        assert headers_for("https://a.example/f", other, wish) == {"User-Agent": "desk/1"}
    named = headers_for("https://me:pw@a.example/f", "https://a.example/new", FeedWish())
    assert named == {"Authorization": "Basic bWU6cHc="}
    assert headers_for("https://me:pw@a.example/f", "https://b.example/new", FeedWish()) == {}


async def test_a_moved_feed_keeps_its_password_on_its_own_origin(site: Site, watch: Watch) -> None:
    feed = site.feed(entries=1)
    site.fail("/old.xml", "redirect", status=301, location=feed.url)
    watched = await watch(f"{{url: '{site.url}/old.xml', name: world, auth: {{basic: 'me:pw'}}, cookie: 'a=b'}}")
    for _ in range(5):
        await watched.settle(after=POLL)
    assert len(site.seen(feed.path)) == 5
    assert all(r.headers["Authorization"] == "Basic bWU6cHc=" and r.headers["Cookie"] == "a=b" for r in site.seen(feed.path))


# -- back-off ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("status", "cap"), [(404, 86_400), (403, 86_400), (503, 1_800), (504, 1_800)])
async def test_no_feed_is_given_up_and_the_first_success_restores_its_interval(site: Site, watch: Watch, status: int, cap: float) -> None:
    feed = site.feed(entries=1)
    site.fail(feed.path, status=status)
    watched = await watch()
    for _ in range(14):
        await watched.settle(after=110_000)
    assert len(site.seen(feed.path)) == 14
    assert cap <= await _wait(watched) <= 1.2 * cap + 1
    site.heal()
    await watched.settle(after=110_000)
    assert 60 <= await _wait(watched) <= 66.1


@pytest.mark.parametrize("kind", ["reset", "garbage", "truncated"])
async def test_broken_answers_back_off_too(site: Site, watch: Watch, kind: str) -> None:
    feed = site.feed(entries=1)
    watched = await watch(f"{{url: '{feed.url}', name: world}}", f"{{url: '{site.feed('well').url}', name: well}}")
    await watched.settle()
    site.fail(feed.path, kind)
    await watched.settle(after=POLL)
    row = await _feed(watched)
    assert row.state == "failing" or kind == "garbage"  # what can be recovered from garbage is
    assert row.state == "ok" or row.due_at - row.last_poll_at >= 120


async def test_a_wall_is_named(site: Site, watch: Watch) -> None:
    page = "<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>"
    site.put("/a.xml", page, status=403, headers={"cf-mitigated": "challenge"})
    site.put("/b.xml", page.replace("Just a moment...", "Access"), status=403, headers={"x-datadome": "protected"})
    form = "<!DOCTYPE html><html><body><form><input name=u><input type='password'></form></body></html>"
    site.put("/c.xml", form)
    watched = await watch(*(f"{{url: '{site.url}/{name}.xml', name: {name}}}" for name in "abc"))
    await watched.settle()
    for name, word in (("a", "Cloudflare"), ("b", "DataDome"), ("c", "sign-in")):
        assert word in (await _feed(watched, name)).error_text


# -- starting ----------------------------------------------------------------------------------------------------------
async def test_a_restart_polls_nothing_that_is_not_due(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, site: Site) -> None:
    names_ = [f"f{number}" for number in range(5)]
    lines = "\n".join(f"  - {{url: '{site.feed(name, entries=1).url}', name: {name}}}" for name in names_)
    config = CONFIG.format(feeds=lines, hook="http://127.0.0.1:9/", network="")
    for _ in range(3):
        async with whole(monkeypatch, tmp_path, config) as watched:
            await watched.settle()
    assert all(len(site.seen(site.feeds[name].path)) == 1 for name in names_)


async def test_first_polls_start_at_once_and_later_ones_of_auto_are_spread_by_host(site: Site, watch: Watch, names: None) -> None:
    lines = []
    for number in range(120):
        path = site.put(f"/{number}.xml", RSS.format(""), content_type="application/rss+xml").removeprefix(site.url)
        lines.append(f"{{url: 'http://site{number % 40}.example{number % 40}.com:{site.port}{path}', name: n{number}}}")
    watched = await watch(*lines, config=AUTO)
    await watched.settle()
    rows = await watched.rows(t.feeds)
    assert all(row.polls == 1 for row in rows)
    waits = sorted(row.due_at - row.last_poll_at for row in rows)
    assert waits[0] >= 440
    assert waits[-1] <= 910
    assert waits[-1] - waits[0] > 300, "what started together does not stay together"
    due: dict[str, set[float]] = {}
    for row in rows:
        due.setdefault(row.host, set()).add(round(row.due_at))
    assert sum(len(times) == 1 for times in due.values()) >= 36, "a domain's feeds go in one wave"


# -- parts -------------------------------------------------------------------------------------------------------------
def test_feeds_of_a_host_take_the_moment_of_the_first_where_their_windows_allow_it() -> None:
    waves = Waves(Random(1))
    first = waves.moment("a", 100.0, 110.0)
    assert waves.moment("a", 95.0, first) == first
    assert waves.moment("b", 100.0, 110.0) != first
    assert 200.0 <= waves.moment("a", 200.0, 220.0) <= 220.0


def test_a_budget_is_spent_and_fills_again() -> None:
    now = [0.0]
    budget = Budget(60, lambda: now[0])
    assert budget.room(100) == 10
    budget.spend(10)
    assert budget.room(100) == 0
    now[0] = 3.0
    assert budget.room(100) == 3
    assert budget.room(2) == 2
    assert Budget(None).room(100) == 100


async def test_a_budget_holds_for_all_feeds_together(site: Site, watch: Watch) -> None:
    for number in range(30):
        site.feed(f"f{number}")
    watched = await watch(network=", requests_per_minute: 60")
    assert watched.daemon.poll.budget.rate == 1.0
    taken = await watched.daemon.poll.claim("here.1.1", 100)
    assert watched.daemon.poll.budget.room(100) == 10 - len(taken)
    watched.daemon.poll.budget.spend(10 - len(taken))
    assert await watched.daemon.poll.claim("here.1.2", 100) == []


def test_pauses_end_and_do_not_outlive_a_clock_that_is_set_back() -> None:
    pauses = Pauses()
    pauses.put("a", 100.0)
    pauses.put("a", 50.0)
    pauses.learn({"a": 70.0, "c": 20.0})
    assert (pauses.until("a", 10.0), pauses.until("c", 10.0), pauses.until("b", 10.0)) == (100.0, 20.0, None)
    assert pauses.until("a", 100.0) is None
    pauses.put("a", 1e9)
    assert pauses.until("a", 10.0) is None


@pytest.mark.parametrize(
    ("url", "public"),
    [
        ("https://news.example.com/f", True),
        ("http://8.8.8.8/f", True),
        ("http://127.0.0.1:8000/f", False),
        ("http://[::1]/f", False),
        ("http://10.1.2.3/f", False),
        ("http://intranet/f", False),
        ("http://paper.internal/f", False),
    ],
)
def test_whose_domain_is_public(url: str, public: bool) -> None:
    assert is_public(url) is public
    assert domain_pause(url, 429, 60.0) == (60.0 if public else None)
    assert domain_pause(url, 503, 1e9) == (86_400.0 if public else None)
    assert domain_pause(url, 500, 60.0) is None
    assert domain_pause(url, 429, None) is None
