"""PostgreSQL goes away, has no room, takes no writes; two daemons share one, and one of them dies. Nothing is lost or doubled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.support.daemon import Daemon
from tests.support.postgres import Server
from tests.support.sinks import WebhookSink
from tests.support.site import Feed, Site
from tests.support.waiting import until
from tests.system.configs import NEWS, config, hook


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server of this module's own, which may be stopped."""
    server = Server()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def url(server: Server) -> Iterator[str]:
    """A database that belongs to a user whose rights a test may cut."""
    made = server.create()
    name = urlsplit(made).path.removeprefix("/")
    role = f"of_{name}"
    server.execute(f"CREATE ROLE {role} LOGIN", f"ALTER DATABASE {name} OWNER TO {role}")
    parts = urlsplit(made)
    yield urlunsplit(parts._replace(netloc=f"{role}@{parts.hostname}:{parts.port}"))
    server.drop(made)
    server.execute(f"DROP ROLE {role}")


def _role(url: str) -> str:
    return str(urlsplit(url).username)


def _cut(server: Server, url: str) -> None:
    """Ends all sessions of the database's user."""
    server.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{_role(url)}'")


def _publish(feed: Feed, number: int) -> None:
    feed.publish(f"Title {number}", [f"{NEWS} " + " ".join(f"w{number}x{word}" for word in range(80))], path=f"/{feed.name}-{number}.html")


async def _all(sink: WebhookSink, count: int) -> None:
    await until(lambda: len(set(sink.pairs())) == count, what=f"{count} alerts", seconds=90)


async def test_a_server_that_goes_away_is_ridden_out(
    site: Site, webhook_sink: WebhookSink, make_daemon: Callable[..., Daemon], server: Server, url: str
) -> None:
    feed = site.feed()
    async with make_daemon(config(site, {"archive": hook(webhook_sink.url)}, database=url)) as daemon:
        await until(lambda: len(site.seen(feed.path)) > 1, what="its first good poll")
        _publish(feed, 1)
        await _all(webhook_sink, 1)

        server.halt(signal="kill")
        _publish(feed, 2)
        await daemon.logged("store.trouble")
        server.launch()
        await _all(webhook_sink, 2)

        server.execute(f"ALTER ROLE {_role(url)} CONNECTION LIMIT 0")
        _cut(server, url)
        told = len(daemon.log("store.trouble"))
        _publish(feed, 3)
        await until(lambda: any("too many connections" in line["error"] for line in daemon.log("store.trouble")[told:]), what="53300")
        server.execute(f"ALTER ROLE {_role(url)} CONNECTION LIMIT -1")
        await _all(webhook_sink, 3)

        server.execute(f"ALTER ROLE {_role(url)} SET default_transaction_read_only = on")
        _cut(server, url)
        _publish(feed, 4)
        await until(lambda: any("read-only" in line["error"] for line in daemon.log("store.trouble")), what="25006")
        server.execute(f"ALTER ROLE {_role(url)} SET default_transaction_read_only = off")
        _cut(server, url)
        await _all(webhook_sink, 4)
        assert len({received.id for received in webhook_sink.accepted}) == len(webhook_sink.accepted) == 4

        # It ends in time even while the server is gone.
        server.halt()
        try:
            assert await daemon.stop(45.0) == 0
        finally:
            server.launch()


async def test_two_daemons_share_one_database_and_one_of_them_dies(
    site: Site, webhook_sink: WebhookSink, make_daemon: Callable[..., Daemon], url: str
) -> None:
    feeds = [site.feed(name) for name in ("one", "two", "three", "four")]
    text = config(site, {"archive": hook(webhook_sink.url)}, database=url)
    first, second = make_daemon(text, name="first"), make_daemon(text, name="second")
    first.start()
    second.start()  # both make the schema of an empty database at once
    await first.ready()
    await second.ready()
    await until(lambda: all(len(site.seen(feed.path)) > 1 for feed in feeds))
    count = 0
    for round_ in range(3):
        for feed in feeds:
            count += 1
            _publish(feed, count)
        if round_ == 1:
            # What it has in hand it keeps for a lease: it dies between two pieces of work of its own.
            await _all(webhook_sink, count)
            first.kill()
            first.start()
            await first.ready()
        await _all(webhook_sink, count)
    assert len({received.id for received in webhook_sink.accepted}) == count
    assert len(webhook_sink.accepted) <= count + 1, "the answer in flight, and nothing wider"
    assert (await second.command("audit")).status == 0
