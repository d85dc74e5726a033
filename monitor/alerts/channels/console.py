"""console: alerts on the terminal for people, JSON lines where the output is piped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from monitor.alerts import payload
from monitor.alerts.channels.base import Options as BaseOptions
from monitor.alerts.channels.base import Services, notices
from monitor.alerts.clean import clean, cut
from monitor.alerts.digest import gather_digest
from monitor.alerts.http import json_line
from monitor.alerts.lanes import Rate
from monitor.alerts.message import Told, first_id, tell
from monitor.alerts.plain import digest_line, notice_lines, notice_title, notice_url
from monitor.alerts.times import clock_time, day_time
from monitor.model import AlertView, Message, Notice, Outcome, Severity

_INDENT = " " * 10  # under the severity, behind the clock
_STORIES = 100
_COLORS = {Severity.CRITICAL: "1;31", Severity.HIGH: "1;33", Severity.NORMAL: "1", Severity.LOW: "2"}
_MARK_COLOR = "1;36"


class Options(BaseOptions):
    pass


class Console:
    type = "console"
    human = True
    deadline = 5.0
    rate: Rate | None = None
    target = "terminal"

    def __init__(self, name: str, options: Options, services: Services) -> None:
        self.name = name
        self._services = services

    def compose(self, alerts: Sequence[AlertView], *, now: datetime, zone: ZoneInfo, base_url: str | None) -> Message:
        if not self._services.tty:
            return Message(first_id(alerts, None), _lines(payload.alert_event(alert) for alert in alerts))
        told = tell(alerts, zone, base_url)
        time = clock_time(max(alert.created_at for alert in alerts), zone)
        return Message(first_id(alerts, None), "\n".join([self._head(time, told), *(_INDENT + line for line in self._body(told))]) + "\n")

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
        message_id = first_id(alerts, delivery_id)
        if not self._services.tty:
            return Message(message_id, _lines(payload.alert_event(alert) for alert in alerts))
        digest = gather_digest(alerts, zone, base_url, when=day_time(now, zone), limit=_STORIES, reason=reason)
        lines = [f"{clock_time(now, zone)}  {digest.reason.upper()}  {digest.summary}"]
        for told in digest.stories:
            lines.append(_INDENT + digest_line(told))
            lines += [f"{_INDENT}  {told.url}"] if told.url else []
        if rest := digest.rest():
            lines.append(f"{_INDENT}{rest}" + (f": {digest.link}" if digest.link else ""))
        return Message(message_id, "\n".join(lines) + "\n")

    def compose_notice(
        self, notice: Notice | Sequence[Notice], *, now: datetime, zone: ZoneInfo, base_url: str | None, delivery_id: str | None = None
    ) -> Message:
        all_notices = notices(notice)
        message_id = delivery_id or all_notices[0].id
        if not self._services.tty:
            return Message(message_id, _lines(payload.notice_message(one, now, None).payload for one in all_notices))
        lines: list[str] = []
        for one in all_notices:
            url = notice_url(one, base_url)
            lines.append(f"{clock_time(now, zone)}  NOTICE  {notice_title(one)}")
            lines += [_INDENT + line for line in [*notice_lines(one, now, zone), *([url] if url else [])]]
        return Message(message_id, "\n".join(lines) + "\n")

    async def send(self, message: Message, previous: Mapping[str, str] | None = None) -> Outcome:
        try:
            self._services.write(str(message.payload))
        except (OSError, ValueError) as error:  # a closed pipe, a closed file
            return Outcome(delivered=False, text=cut(clean(str(error)), 200))
        return Outcome(delivered=True, text="written")

    def _head(self, time: str, told: Told) -> str:
        severity = self._paint(str(told.severity).upper(), _COLORS[told.severity])
        return f"{time}  {'TEST  ' if told.test else ''}{severity}  {cut(told.rule_names, 300)}"

    def _body(self, told: Told) -> list[str]:
        before, after = ("«", "»") if not self._services.color else (f"\x1b[{_MARK_COLOR}m«", "»\x1b[0m")
        lines = [self._paint(told.title, "1"), told.where, *(snippet.text(before, after) for snippet in told.snippets)]
        if told.counts:
            lines.append(" · ".join(told.counts))
        if told.url:
            lines.append(told.url)
        return lines

    def _paint(self, text: str, color: str) -> str:
        return f"\x1b[{color}m{text}\x1b[0m" if self._services.color else text


def _lines(events: Iterable[Any]) -> str:
    return "".join(map(json_line, events))
