"""What a person may do about deliveries and channels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from monitor.alerts.channels.base import Channel
from monitor.alerts.wording import context, worded
from monitor.errors import StoreError
from monitor.model import AlertView, Severity, Span
from monitor.pipeline.wordings import fill
from monitor.store import deliveries, lanes
from monitor.store.database import Store
from monitor.store.sql import new_uid


async def retry(store: Store, ids: Sequence[str], actor: str) -> dict[str, Any]:
    """Makes dead, held or retrying deliveries due at once, under their own ids. Raises StoreError for one that can't be."""
    done = await store.write(deliveries.retry, ids, actor)
    left = [id_ for id_ in ids if id_ not in done]
    if left and not done:
        raise StoreError(
            f"nothing to retry: {', '.join(left)}", remedy="'monitor deliveries list' shows what waits; a delivered one is not sent again"
        )
    return {"retried": done, "left": left}


async def retry_all(store: Store, channel: str | None, actor: str) -> dict[str, Any]:
    """Makes every dead delivery due again, of one channel or of all."""
    ids = await store.read(deliveries.dead, channel)
    done = await store.write(deliveries.retry, ids, actor) if ids else []
    return {"retried": done, "left": []}


async def drop(store: Store, ids: Sequence[str], actor: str) -> dict[str, Any]:
    """Gives deliveries up: they are dead with the reason `dropped`."""
    done = await store.write(deliveries.drop, ids, actor)
    left = [id_ for id_ in ids if id_ not in done]
    if left and not done:
        raise StoreError(f"nothing to drop: {', '.join(left)}", remedy="'monitor deliveries list' shows what waits")
    return {"dropped": done, "left": left}


async def test_channel(
    store: Store | None,
    channels: Mapping[str, Channel],
    name: str,
    *,
    now: float,
    zone: ZoneInfo,
    base_url: str | None,
    actor: str,
    template: tuple[str | None, str | None] | None = None,  # noqa: PT028  no test of pytest, whatever its name begins with
) -> dict[str, Any]:
    """Sends a marked test alert and says what the service answered. A channel that was off is on again when it passes.

    Raises WordingError where the channel's template fails.
    """
    channel = channels.get(name)
    if channel is None:
        known = ", ".join(sorted(channels)) or "none is configured"
        raise StoreError(f"there is no channel '{name}'", remedy=f"there are: {known}")
    moment = datetime.fromtimestamp(now, UTC)
    alerts: list[AlertView] = [_test_alert(moment)]
    if template is not None:
        alerts = worded(alerts, await fill(None, *template, context(alerts, zone, base_url)))
    message = channel.compose(alerts, now=moment, zone=zone, base_url=base_url)
    outcome = await channel.send(message)
    if outcome.delivered and store is not None:
        await store.write(lanes.switch_on, name, actor)
    return {"channel": name, "delivered": outcome.delivered, "status": outcome.status, "text": outcome.text, "final": outcome.final}


def _test_alert(now: datetime) -> AlertView:
    text = "This is a test alert: FFVD, final, fully verified denuclearization. Nothing has happened; the channel works."
    return AlertView(
        id="test-" + new_uid(),
        delivery_id="test-" + new_uid(),
        severity=Severity.NORMAL,
        rule="test",
        query="FFVD",
        url="https://example.org/test-alert",
        title="Test alert of monitor: the channel works",
        site="monitor",
        author=None,
        language="en",
        published_at=now,
        fetched_at=now,
        summary=text,
        body=text,
        spans=(Span("body", 22, 26, "FFVD", "FFVD"),),
        feeds=(("test", "https://example.org/feed"),),
        story_id="0",
        story_articles=1,
        created_at=now,
        host="example.org",
        test=True,
    )


async def switch_on(store: Store, name: str, actor: str) -> dict[str, Any]:
    """A channel that was off, or backs off, is well again: what waits for it goes at once."""
    return {"on": await store.write(lanes.switch_on, name, actor)}
