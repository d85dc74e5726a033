"""Fixtures that every test may use: a news site, sinks, a clock, PostgreSQL, and the daemon as a process."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from tests.support.clock import Clock
from tests.support.daemon import Daemon
from tests.support.mail import MailSink
from tests.support.postgres import Server
from tests.support.sinks import SlackSink, WebhookSink
from tests.support.site import Site


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with Site() as site:
        yield site


@pytest.fixture
async def webhook_sink() -> AsyncIterator[WebhookSink]:
    async with WebhookSink() as sink:
        yield sink


@pytest.fixture
async def slack_sink() -> AsyncIterator[SlackSink]:
    async with SlackSink() as sink:
        yield sink


@pytest.fixture
async def mail_sink() -> AsyncIterator[MailSink]:
    async with MailSink() as sink:
        yield sink


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    server = Server()
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture
def postgres_url(postgres_server: Server) -> Iterator[str]:
    """The URL of an empty database, dropped after the test."""
    url = postgres_server.create()
    yield url
    postgres_server.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind in turn, for tests that hold on both."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'monitor.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
async def make_daemon(tmp_path: Path) -> AsyncIterator[Callable[..., Daemon]]:
    """Makes daemons over a configuration's text; whatever the test does, none is left running."""
    made: list[Daemon] = []

    def make(config: str, *, name: str = "daemon", **options: object) -> Daemon:
        daemon = Daemon(tmp_path, config, name=name, **options)  # type: ignore[arg-type]
        made.append(daemon)
        return daemon

    yield make
    for daemon in made:
        await daemon.__aexit__(None, None, None)
