"""Templates on the way out: bounded in a real worker, and a failing one costs the words alone, never the alert."""

from __future__ import annotations

import pytest

from monitor.alerts.wording import WordingError, render_bounded
from monitor.pipeline.wordings import fill
from monitor.store import tables as t
from monitor.workers import Workers
from tests.unit.pipeline.deliver.desk import Desk
from tests.unit.store.helpers import rows


async def test_a_failing_template_sends_the_standard_form_and_is_told_once_and_its_end_too(desk: Desk) -> None:
    channel = desk.channel(human=True)
    ops = desk.channel("ops")
    desk.operations = ("ops",)
    await desk.start()
    desk.stage.live.wordings = {"desk": ("{{ rules[7] }}", None)}
    await desk.alert(2, notify=["desk"])
    await desk.now()
    assert channel.titles == ["story 1", "story 2"]
    desk.stage.live.wordings = {"desk": ("{{ rule }}", None)}
    await desk.alert(2, notify=["desk"])
    await desk.now()
    assert len(channel.titles) == 4
    assert [title for title in ops.titles if "template" in title] == ["template of channel desk: failing", "template of channel desk: ok"]
    assert [row.state for row in await rows(desk.store, t.notices) if row.kind == "template"] == ["failing", "ok"]


@pytest.mark.parametrize(
    "source",
    [
        "{% for a in snippets %}" * 18 + "{% if 0 %}x{% endif %}" + "{% endfor %}" * 18,
        "{% set a = rule %}" + "{% set a = a ~ a %}" * 60 + "{{ a }}",
    ],
)
async def test_what_has_no_end_is_ended(source: str) -> None:
    async with Workers(1) as workers:
        with pytest.raises(WordingError):
            await fill(workers, None, source, {"snippets": ["a", "b", "c"], "rule": "ffvd"})
        assert (await workers.run(render_bounded, "{{ rule }}", None, {"rule": "ffvd"})).title == "ffvd"
