"""pagerduty: one event an alert; a notice opens an incident, and its end resolves it.

Source: PagerDuty's "Send an Event" (Events API v2: summary 1,024 characters, 512 KB, 202 when taken, 400 for an invalid event, 429).
`dedup_key` is the delivery's id, so that a repeated event is no second incident.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr

from monitor.alerts import payload
from monitor.alerts.channels.base import HTTP_DEADLINE, NetOptions, Services, notices
from monitor.alerts.clean import clean, cut
from monitor.alerts.http import HttpUrl, Poster, Secrets, fingerprint
from monitor.alerts.lanes import Rate
from monitor.alerts.message import first_id, link_host, summary_of_rules, tell
from monitor.alerts.plain import notice_title, notice_url
from monitor.alerts.times import stamp
from monitor.errors import FetchError
from monitor.model import AlertView, Message, Notice, Outcome, Severity

_SUMMARY = 1_000
_SEVERITIES = {Severity.CRITICAL: "critical", Severity.HIGH: "error", Severity.NORMAL: "warning", Severity.LOW: "info"}


class Options(NetOptions):
    routing_key: SecretStr = Field(min_length=1)
    """The integration key of a service or an event orchestration."""
    api_url: HttpUrl = "https://events.pagerduty.com"
    """The events' host; https://events.eu.pagerduty.com in Europe."""


class PagerDuty:
    type = "pagerduty"
    human = False
    deadline = HTTP_DEADLINE
    rate: Rate | None = Rate(burst=60, per_second=2.0)

    def __init__(self, name: str, options: Options, services: Services) -> None:
        self.name = name
        self._key = options.routing_key.get_secret_value()
        self._url = f"{options.api_url.rstrip('/')}/v2/enqueue"
        self.target = f"{options.api_url.rstrip('/')} {fingerprint(self._key)}"
        self._poster = Poster(services, Secrets(self._key), allow_private=options.allow_private)

    def compose(self, alerts: Sequence[AlertView], *, now: datetime, zone: ZoneInfo, base_url: str | None) -> Message:
        """The event of exactly one alert. Raises ValueError for several."""
        (alert,) = alerts
        told = tell([alert], zone, base_url)
        links = [*([(told.title, told.url)] if told.url else []), *((link.text, link.url) for link in told.links[:2])]
        details = payload.alert_data(alert)
        return self._event(
            alert.delivery_id,
            summary=f"{'test · ' if told.test else ''}{told.rule_names}: {told.title}",
            source=told.places[0] if len(told.places) > 1 else link_host(alert.url) or "news",
            severity=_SEVERITIES[alert.severity],
            moment=alert.created_at,
            links=links,
            details={"found": [snippet.text("«", "»") for snippet in told.snippets], "alert": details},
        )

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
        worst = min((alert.severity for alert in alerts), key=lambda severity: severity.rank, default=Severity.LOW)
        titles = [cut(clean(alert.title), 200) for alert in alerts[:100]]
        return self._event(
            first_id(alerts, delivery_id),
            summary=f"{clean(reason)} · {summary_of_rules(alerts)}",
            source="news-monitor",
            severity=_SEVERITIES[worst],
            moment=now,
            links=[("Alerts", f"{base_url.rstrip('/')}/")] if base_url else [],
            details={"titles": titles, "total": len(alerts)},
        )

    def compose_notice(
        self, notice: Notice | Sequence[Notice], *, now: datetime, zone: ZoneInfo, base_url: str | None, delivery_id: str | None = None
    ) -> Message:
        """A trouble triggers, its end resolves the same incident. Raises ValueError for several notices."""
        (one,) = notices(notice)
        url = notice_url(one, base_url)
        return self._event(
            delivery_id or one.id,
            summary=notice_title(one),
            source=cut(clean(one.subject), 200) or "news-monitor",
            severity="error",
            moment=now,
            links=[("Open", url)] if url else [],
            details={"cause": cut(clean(one.cause), 1000), "remedy": cut(clean(one.remedy), 1000), "since": stamp(one.since)},
            key=f"news-monitor {fingerprint(one.subject)}",
            action="resolve" if one.state == "ok" else "trigger",
        )

    def _event(
        self,
        message_id: str,
        *,
        summary: str,
        source: str,
        severity: str,
        moment: datetime,
        links: Sequence[tuple[str, str]],
        details: dict[str, Any],
        key: str | None = None,
        action: str = "trigger",
    ) -> Message:
        event = {
            "event_action": action,
            "dedup_key": cut(key or message_id, 255),
            "client": "news-monitor",
            "links": [{"href": url, "text": cut(text, 250)} for text, url in links],
            "payload": {"summary": cut(summary, _SUMMARY), "source": source, "severity": severity, "timestamp": stamp(moment)},
        }
        event["payload"] |= {"custom_details": details}  # type: ignore[operator]
        return Message(message_id, event)

    async def send(self, message: Message, previous: Mapping[str, str] | None = None) -> Outcome:
        try:
            answer = await self._poster.post_json(self._url, {"routing_key": self._key, **message.payload})
        except FetchError as error:
            return self._poster.failed(error)
        # A key that is not known is the channel's fault, any other invalid event the message's own.
        gone = answer.status in (401, 403) or (answer.status == 400 and "routing_key" in _errors(answer.body))
        return self._poster.judge(answer, final=gone or answer.status in (400, 413), off=gone)


def _errors(body: bytes) -> str:
    try:
        value = json.loads(body)
    except ValueError:
        return ""
    return " ".join(map(str, value.get("errors") or [])) if isinstance(value, dict) else ""
