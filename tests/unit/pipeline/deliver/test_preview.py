"""What a channel would have sent: the same decisions as in earnest, over alerts that were."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from monitor.model import Severity
from monitor.pipeline.deliver import next_digest
from monitor.pipeline.holding import Policies, Wishes
from monitor.pipeline.preview import Wanted, preview
from monitor.store import listing
from tests.unit.pipeline.deliver.desk import Desk
from tests.unit.pipeline.deliver.test_policies import NIGHTS, at
from tests.unit.store.helpers import Ticks

ZONE = ZoneInfo("UTC")
HOUR = 3600.0


def item(number: int, severity: str = "normal", *, story: int | None = None, muted: bool = False) -> dict[str, Any]:
    return {"id": str(number), "severity": severity, "story_id": str(story or number), "muted": muted, "title": f"story {number}"}


def shape(messages: list[Any]) -> list[tuple[str, list[str]]]:
    return [(message.kind, [alert["id"] for alert in message.alerts]) for message in messages]


def test_floor_mute_quiet_hours_and_groups() -> None:
    night = at("2018-10-29T23:00")
    alerts = [
        (night, item(1)),
        (night + 1, item(2, "critical")),
        (night + 2, item(3, "low")),
        (night + 3, item(4, muted=True)),
        (night + 4, item(5)),
        (at("2018-10-30T09:00"), item(6)),
        (at("2018-10-30T09:00"), item(7, story=6)),
    ]
    policies = Policies(ZONE, {"desk": Wishes(quiet=NIGHTS)})
    messages, kept = preview(alerts, Wanted("desk", True, Severity.NORMAL), policies)
    assert shape(messages) == [("alert", ["2"]), ("quiet-hours", ["1", "5"]), ("alert", ["6", "7"])]
    assert kept == {"severity-floor": 1, "muted": 1}
    programs, _ = preview(alerts, Wanted("desk", False, Severity.NORMAL), policies)
    assert shape(programs)[2:] == [("alert", ["6"]), ("alert", ["7"])]


def test_a_digest_takes_everything() -> None:
    start = at("2018-10-29T06:00")
    wanted = Wanted("desk", True, Severity.LOW, lambda after: next_digest("0 7 * * *", ZONE, after))
    messages, _ = preview([(start + n * 12 * HOUR, item(n)) for n in range(4)], wanted, Policies(ZONE))
    assert shape(messages) == [("digest", ["0"]), ("digest", ["1", "2"]), ("digest", ["3"])]
    assert datetime.fromtimestamp(messages[0].at, UTC).hour == 7


async def test_it_is_what_really_went(desk: Desk, ticks: Ticks) -> None:
    wishes = Wishes(throttle=(2, HOUR))
    people = desk.channel(human=True, wishes=wishes)
    await desk.start()
    for _ in range(6):
        await desk.alert(1)
        await desk.later(600)
    await desk.later(3 * HOUR)
    page, after = await desk.store.read(listing.export_alerts, 0, 100)
    assert after == 0
    alerts = [(datetime.fromisoformat(one["created_at"]).timestamp(), one) for one in page]
    messages, _ = preview(alerts, Wanted("desk", True, Severity.LOW), desk.policies)
    assert [tuple(alert["title"] for alert in message.alerts) for message in messages] == [sent.told for sent in people.taken]
