"""What channels for programs share: one alert or notice a message, as the webhook's body has it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from monitor.alerts import payload
from monitor.alerts.channels.base import HTTP_DEADLINE, notices
from monitor.alerts.lanes import Rate
from monitor.model import AlertView, Message, Notice


class Machine:
    """Composes for programs. A subclass sets the attributes and sends."""

    type = ""
    name = ""
    target = ""
    human = False
    deadline = HTTP_DEADLINE
    rate: Rate | None = None

    def compose(self, alerts: Sequence[AlertView], *, now: datetime, zone: ZoneInfo, base_url: str | None) -> Message:
        """The payload of exactly one alert. Raises ValueError for several."""
        (alert,) = alerts
        return Message(alert.delivery_id, payload.alert_event(alert))

    def compose_digest(
        self,
        alerts: Sequence[AlertView],
        *,
        now: datetime,
        zone: ZoneInfo,
        base_url: str | None,
        delivery_id: str | None = None,
        reason: str = "digest",
    ) -> Message:
        return payload.digest_message(alerts, now, delivery_id)

    def compose_notice(
        self, notice: Notice | Sequence[Notice], *, now: datetime, zone: ZoneInfo, base_url: str | None, delivery_id: str | None = None
    ) -> Message:
        """The payload of exactly one notice. Raises ValueError for several."""
        return payload.notice_message(notices(notice), now, delivery_id)
