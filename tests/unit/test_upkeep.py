"""Upkeep: steps of the clock, a full disk, signs of life only while every stage goes round."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from monitor import upkeep
from monitor.config.keys.web import Listen
from monitor.store import tables as t
from monitor.web.front import Front
from tests.support.sinks import WebhookSink
from tests.support.site import Site
from tests.support.waiting import until
from tests.support.whole import Whole, whole
from tests.system.configs import NEWS, config, hook

ROOM, LITTLE = (10**12, 10**12), (10**6, 10**12)


@pytest.fixture
async def watched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, site: Site, webhook_sink: WebhookSink) -> AsyncIterator[Whole]:
    site.feed()
    channels = {"archive": hook(webhook_sink.url), "ops": hook(webhook_sink.url + "/ops")}
    async with whole(monkeypatch, tmp_path, config(site, channels, notify=["archive"], operations=["ops"])) as opened:
        yield opened


async def told(watched: Whole) -> list[tuple[str, str]]:
    return [(row.subject, row.state) for row in await watched.rows(t.notices)]


async def test_a_step_of_the_clock_is_told_and_shortens_waits(watched: Whole) -> None:
    await watched.settle()
    keeping = upkeep.Upkeep(watched.daemon, free=lambda: ROOM)
    await keeping.look()
    watched.move(-30 * 86400)
    await keeping.look()
    assert await told(watched) == [("the clock", "stepped")]
    (feed,) = await watched.rows(t.feeds)
    assert feed.due_at <= watched.daemon.clock(), "what would have waited a month is due"
    watched.move(2)
    await keeping.look()
    assert len(await told(watched)) == 1


async def test_a_step_that_could_not_be_told_is_told_later(watched: Whole, monkeypatch: pytest.MonkeyPatch) -> None:
    keeping = upkeep.Upkeep(watched.daemon, free=lambda: ROOM)
    writing = watched.store.write

    async def away(*_: Any) -> None:
        raise ConnectionRefusedError

    watched.move(100)
    monkeypatch.setattr(watched.store, "write", away)
    with pytest.raises(ConnectionRefusedError):
        await keeping.look()
    monkeypatch.setattr(watched.store, "write", writing)
    await keeping.look()
    assert await told(watched) == [("the clock", "stepped")]


async def test_an_address_that_is_taken_is_told_to_operators_and_its_end_too(watched: Whole) -> None:
    await watched.settle()
    keeping = upkeep.Upkeep(watched.daemon, free=lambda: ROOM)
    await keeping.look()
    front = Front(Listen("127.0.0.1", 8642), "", base_url=lambda: None, stuck=list, routes=[], on_served=lambda: None)
    watched.daemon.front = front
    for front.refused in (None, "Address already in use", "Address already in use", None):
        await keeping.look()
    assert await told(watched) == [("the server", "refused"), ("the server", "ok")]
    first, _ = await watched.rows(t.notices)
    assert first.cause == "127.0.0.1:8642: Address already in use; feeds are watched all the same"
    assert first.remedy == "free it, or change web.listen"


async def test_a_full_disk_stops_polling_goes_on_delivering_and_loses_nothing(
    watched: Whole, site: Site, webhook_sink: WebhookSink
) -> None:
    await watched.settle()
    room = [ROOM]
    keeping = upkeep.Upkeep(watched.daemon, free=lambda: room[0])
    await keeping.look()
    await keeping.look()
    reserve = watched.daemon.folder.path / "reserve"
    assert reserve.stat().st_size > 0, "room for the marks is kept"
    room[0] = LITTLE
    await keeping.look()
    site.feed().publish("A title", NEWS, path="/story.html")
    polled = len(site.seen(site.feed().path))
    await watched.settle(after=1.2)
    assert len(site.seen(site.feed().path)) == polled
    assert await told(watched) == [("storage", "full")]
    assert [r.path for r in webhook_sink.accepted] == ["/hook/ops"], "the notice of it is delivered"
    room[0] = ROOM
    await keeping.look()
    await watched.settle(after=1.2)
    assert await told(watched) == [("storage", "full"), ("storage", "ok")]
    assert [r.path for r in webhook_sink.accepted if r.path == "/hook"] == ["/hook"]


async def test_after_a_start_a_trouble_of_the_run_before_is_ended(watched: Whole) -> None:
    before = upkeep.Upkeep(watched.daemon, free=lambda: LITTLE)
    await before.look()
    after = upkeep.Upkeep(watched.daemon, free=lambda: ROOM)
    await after.look()
    assert await told(watched) == [("storage", "full"), ("storage", "ok")]


async def test_a_database_that_is_full_is_ridden_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, site: Site, webhook_sink: WebhookSink
) -> None:
    feed = site.feed()
    async with whole(monkeypatch, tmp_path, config(site, {"archive": hook(webhook_sink.url)}), started=True) as running:
        await until(lambda: len(site.seen(feed.path)) > 1, what="its first good poll")

        def bound(conn: sa.Connection, now: float, pages: int | None) -> None:
            most = pages or conn.exec_driver_sql("PRAGMA page_count").scalar_one()
            conn.exec_driver_sql(f"PRAGMA max_page_count={most}")

        troubles: list[BaseException] = []
        running.daemon.read.on_trouble = troubles.append
        # SQLite itself says "database or disk is full" to whatever needs another page: the page's text does.
        await running.store.write(bound, None)
        words = (f"w{number}" for number in range(60_000))
        feed.publish("A title", [" ".join(words), NEWS], path="/story.html")
        await until(lambda: site.seen("/story.html") and troubles, what="the database full", seconds=60)
        assert "full" in str(troubles[0])
        assert webhook_sink.accepted == []
        await running.store.write(bound, 10**6)
        running.move(70)  # its lease runs out
        await until(lambda: len(webhook_sink.accepted) == 1, what="what the full disk held up", seconds=60)
        assert await running.leaks() == []


async def test_signs_of_life_come_only_while_every_stage_goes_round(
    watched: Whole, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(tmp_path / "ear"))
        ear.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "ear"))
        monkeypatch.setenv("WATCHDOG_USEC", "1")
        keeping = upkeep.Upkeep(watched.daemon, free=lambda: ROOM)
        await keeping.look()
        assert ear.recv(4096) == b"WATCHDOG=1"
        watched.daemon.read.last_round -= upkeep.STALE + 1
        assert upkeep.stuck(watched.daemon.stages) == ["read"]
        await keeping.look()
        with pytest.raises(BlockingIOError):
            ear.recv(4096)


async def test_texts_of_a_store_older_than_its_index_are_found_again_after_a_start(
    watched: Whole, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        site.feed().publish(f"Title {number}", NEWS, path=f"/story{number}.html")
    await watched.settle()
    indexed = {row.article_id for row in await watched.rows(t.docs)}
    assert len(indexed) == 3

    def forget(conn: sa.Connection, now: float) -> None:
        conn.execute(sa.delete(t.docs))

    await watched.store.write(forget)
    monkeypatch.setattr(upkeep, "_INDEX_AT_ONCE", 1)
    keeping = upkeep.Upkeep(watched.daemon, free=lambda: ROOM)
    await keeping.look()
    assert len(await watched.rows(t.docs)) == 1, "some at each look, so that nothing else waits"
    for _ in range(len(indexed)):
        await keeping.look()
    assert {row.article_id for row in await watched.rows(t.docs)} == indexed
