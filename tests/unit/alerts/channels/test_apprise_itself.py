"""apprise with the library itself, against a real server: taken, refused, redirected, and never answered."""

from __future__ import annotations

import asyncio

import pytest

from monitor.alerts.channels import Channel, Services, build
from monitor.model import Outcome
from tests.unit.alerts.conftest import NOW
from tests.unit.alerts.example import SEOUL, TITLE, pair
from tests.unit.alerts.hostile import TITLES
from tests.unit.alerts.service import Service

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


def channel(port: int, more: str = "", **keys: object) -> Channel:
    given = {"type": "apprise", "url": f"json://user:s3cret@127.0.0.1:{port}/path{more}", **keys}
    return build("tail", given, Services(client=None))  # type: ignore[arg-type]


async def send(made: Channel, title: str = TITLE) -> Outcome:
    return await made.send(made.compose(pair(title=title), now=NOW, zone=SEOUL, base_url=None))


async def test_it_arrives_as_plain_text() -> None:
    async with Service() as service:
        outcome = await send(channel(service.port))
    assert (outcome.delivered, outcome.unknown) == (True, False)
    (asked,) = service.asked
    assert asked.json["title"] == TITLE
    assert "«sanctions exemptions»" in asked.json["message"]


@pytest.mark.parametrize("answer", [(500, "oops"), (404, "gone"), (302, "", {"Location": "/elsewhere"})])
async def test_a_refusal_is_tried_again_and_no_redirect_is_followed(answer: tuple[int, str]) -> None:
    async with Service() as service:
        service.plan = [answer]
        outcome = await send(channel(service.port))
    assert (outcome.delivered, outcome.final, outcome.unknown) == (False, False, False)
    assert [asked.path for asked in service.asked] == ["/path"]
    assert "s3cret" not in outcome.text


async def test_a_server_that_is_not_there_has_not_got_it() -> None:
    async with Service() as service:
        gone = service.port
    outcome = await send(channel(gone))
    assert (outcome.delivered, outcome.unknown) == (False, False)


@pytest.mark.parametrize("more", ["", "?", "?:key=value"])
async def test_of_silence_nobody_knows(more: str) -> None:
    asked, end = asyncio.Event(), asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        asked.set()
        await end.wait()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    async with server:
        outcome = await send(channel(server.sockets[0].getsockname()[1], more, timeout=5.0))
        assert asked.is_set()
        end.set()
    assert (outcome.delivered, outcome.final, outcome.unknown) == (False, False, True)
    assert "may have arrived" in outcome.text


async def test_hostile_titles_arrive_as_text() -> None:
    async with Service() as service:
        made = channel(service.port)
        for title in TITLES:
            assert (await send(made, title)).delivered
    assert len(service.asked) == len(TITLES)
    for asked in service.asked:
        assert set(asked.json) == {"version", "title", "message", "attachments", "type"}
        assert not any(ord(char) < 32 and char != "\n" for char in asked.json["title"] + asked.json["message"])
