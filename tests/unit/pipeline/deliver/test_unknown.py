"""A message of which nobody knows whether it arrived: sent again under its id, or held, as the channel wishes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from structlog.testing import capture_logs

from monitor.model import Outcome, Severity
from monitor.store import audit, deliveries
from monitor.store import tables as t
from tests.unit.pipeline.deliver.desk import DOWN, OK, Desk
from tests.unit.store.helpers import rows

LOST = Outcome(delivered=False, text="no answer in time: it may have arrived", unknown=True)


async def states(desk: Desk) -> list[str]:
    return [row.state for row in await rows(desk.store, t.deliveries)]


async def test_it_is_sent_again_under_its_id_where_the_channel_does_not_mind(desk: Desk) -> None:
    channel = desk.channel()
    await desk.start()
    channel.answer = lambda message: LOST
    await desk.alert(2)
    await desk.now()
    assert await states(desk) == ["unknown", "waiting"]
    channel.answer = lambda message: OK
    await desk.later(10)
    assert channel.titles == ["story 1", "story 2"]
    assert len({sent.id for sent in channel.tried if sent.told == ("story 1",)}) == 1
    assert (await desk.store.read(audit.audit)).leaks == []


async def test_it_is_held_where_the_channel_says_so_and_what_follows_goes_on(desk: Desk) -> None:
    channel = desk.channel(on_unknown="hold")
    await desk.start()
    channel.answer = lambda message: LOST if "story 1" in message.payload[1] else OK
    await desk.alert(3)
    await desk.later(3600)
    assert channel.titles == ["story 2", "story 3"]
    assert len(channel.tried) == 3
    assert await states(desk) == ["unknown", "delivered", "delivered"]
    assert (await desk.store.read(audit.audit)).leaks == []
    (held, *_) = await rows(desk.store, t.deliveries)
    channel.answer = lambda message: OK
    await desk.store.write(deliveries.retry, [held.uid], "me")
    await desk.now()
    assert channel.titles == ["story 2", "story 3", "story 1"]


async def test_a_channel_that_never_answers_is_not_stormed(desk: Desk) -> None:
    channel = desk.channel(on_unknown="hold")
    await desk.start()
    channel.answer = lambda message: LOST
    await desk.alert(30)
    await desk.later(3600)
    assert len(channel.tried) <= 12  # the ladder
    assert (await states(desk)).count("unknown") == len(channel.tried)


@pytest.mark.parametrize(
    ("answer", "event", "level"),
    [
        (OK, "delivery.delivered", "info"),
        (DOWN, "delivery.retrying", "warning"),
        (LOST, "delivery.unknown", "warning"),
        (Outcome(False, "400 no", 400, final=True), "delivery.dead", "error"),
        (Outcome(False, "410 gone", 410, final=True, off=True), "delivery.waiting", "error"),
    ],
)
async def test_the_log_names_rule_and_title(desk: Desk, answer: Outcome, event: str, level: str) -> None:
    channel = desk.channel(human=True)
    await desk.start()
    channel.answer = lambda message: answer
    await desk.alert(1, rules=["ffvd", "exemptions"], severity=Severity.HIGH)
    with capture_logs() as lines:
        await desk.now()
    (line,) = [line for line in lines if line["event"].startswith("delivery.")]
    (first, _) = await rows(desk.store, t.deliveries)
    facts = {"delivery": first.uid, "channel": "desk", "rule": "exemptions, ffvd", "attempt": 1, "title": "story 1"}
    assert {key: line[key] for key in facts} == facts
    assert (line["event"], line["log_level"]) == (event, level)
    assert isinstance(line["took_s"], float)


async def test_the_log_tells_of_digests_and_notices_too(desk: Desk) -> None:
    desk.channel(digest="0 7 * * *")
    ops = desk.channel("ops")
    desk.operations = ("ops",)
    await desk.start()
    ops.answer = lambda message: OK
    desk.channels["desk"].answer = lambda message: DOWN
    await desk.alert(2, notify=["desk"])
    with capture_logs() as lines:
        await desk.later(86400)
    told: list[Any] = [(line["channel"], line["rule"], line["title"]) for line in lines if line["event"].startswith("delivery.")]
    assert told[0] == ("desk", None, "2 alerts in 2 stories: ffvd 2")
    assert ("ops", None, "⚠ channel desk: failing") in told
    assert json.dumps(told)
