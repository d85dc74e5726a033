"""slack: by incoming webhook, or by a bot's token with a thread for each story.

Sources: Slack's "Incoming webhooks" (answers as text, errors by name), "chat.postMessage", Block Kit's rich_text and its limits.
Outside text goes into literal text and link elements only, which can neither mention nor format.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, model_validator

from monitor.alerts.channels.base import HTTP_DEADLINE, Answer, NetOptions, Services, notices
from monitor.alerts.http import HttpUrl, Poster, Secrets, SecretUrl, redacted_url, url_secrets
from monitor.alerts.lanes import Rate
from monitor.alerts.message import first_id
from monitor.alerts.slack_blocks import digest_payload, notice_payload, plain_payload, story_payload
from monitor.errors import FetchError
from monitor.model import AlertView, Message, Notice, Outcome

_INVALID_NAMES = """
invalid_payload invalid_blocks invalid_blocks_format invalid_attachments msg_too_long msg_blocks_too_long no_text invalid_arguments
"""
_GONE_NAMES = """
user_not_found action_prohibited channel_not_found no_service no_service_id no_team team_disabled channel_is_archived is_archived
invalid_token no_active_hooks posting_to_general_channel_denied not_in_channel invalid_auth not_authed account_inactive token_revoked
token_expired missing_scope no_permission restricted_action access_denied
"""
_INVALID = frozenset(_INVALID_NAMES.split())  # the message is at fault: once more as plain text, and if that is refused too, never again
_GONE = frozenset(_GONE_NAMES.split())  # the channel is at fault, until somebody changes it or the configuration
_NO_THREAD = frozenset({"cannot_reply_to_message", "thread_not_found", "thread_locked", "message_not_found"})  # somebody took it away


class Options(NetOptions):
    webhook_url: SecretUrl | None = None
    """The address of an incoming webhook; it is its own password."""
    token: SecretStr | None = Field(default=None, min_length=1)
    """A bot's token (xoxb-…) with the scope chat:write; needs `channel`."""
    channel: str | None = Field(default=None, min_length=1, max_length=100)
    """Where the bot posts: a channel's id or name."""
    api_url: HttpUrl = "https://slack.com/api"
    """Slack's API; another for GovSlack."""

    @model_validator(mode="after")
    def _one_way(self) -> Options:
        if (self.webhook_url is None) == (self.token is None):
            raise ValueError("slack takes either webhook_url, or token and channel")
        if (self.token is None) != (self.channel is None):
            raise ValueError("token and channel go together")
        return self


class Slack:
    type = "slack"
    human = True
    deadline = 2 * HTTP_DEADLINE  # a refused payload is followed by its plain form
    rate: Rate | None = Rate(burst=30, per_second=1.0)

    def __init__(self, name: str, options: Options, services: Services) -> None:
        self.name = name
        self._channel = options.channel
        self._token = options.token.get_secret_value() if options.token else None
        if options.webhook_url is not None:
            self._url = options.webhook_url.get_secret_value()
            self.target = redacted_url(self._url)
            secrets = Secrets(*url_secrets(self._url))
        else:
            self._url = f"{options.api_url.rstrip('/')}/chat.postMessage"
            self.target = f"{options.api_url.rstrip('/')} {options.channel}"
            secrets = Secrets(self._token or "")
        self._poster = Poster(services, secrets, allow_private=options.allow_private)
        self.threads = self._token is not None

    def compose(self, alerts: Sequence[AlertView], *, now: datetime, zone: ZoneInfo, base_url: str | None) -> Message:
        payload, fallback = story_payload(alerts, zone, base_url)
        return self._message(first_id(alerts, None), payload, fallback, of=alerts[0])

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
        return self._message(first_id(alerts, delivery_id), *digest_payload(alerts, now, zone, base_url, reason))

    def compose_notice(
        self, notice: Notice | Sequence[Notice], *, now: datetime, zone: ZoneInfo, base_url: str | None, delivery_id: str | None = None
    ) -> Message:
        all_notices = notices(notice)
        return self._message(delivery_id or all_notices[0].id, *notice_payload(all_notices, now, zone, base_url))

    def _message(self, message_id: str, payload: dict[str, Any], fallback: dict[str, Any], of: AlertView | None = None) -> Message:
        if self._channel is not None:
            to: dict[str, Any] = {"channel": self._channel}
            if of is not None:
                to["metadata"] = {"event_type": "news_monitor_alert", "event_payload": {"delivery": message_id, "story": of.story_id}}
                to |= {"thread_ts": of.thread} if of.thread else {}
            payload, fallback = {**to, **payload}, {**to, **fallback}
        return Message(message_id, payload, fallback)

    async def send(self, message: Message, previous: Mapping[str, str] | None = None) -> Outcome:
        payload, fallback = message.payload, message.fallback or plain_payload([str(message.payload.get("text", ""))])
        outcome, code = await self._post(payload)
        if code in _NO_THREAD and "thread_ts" in payload:
            payload, fallback = ({key: value for key, value in one.items() if key != "thread_ts"} for one in (payload, fallback))
            outcome, code = await self._post(payload)
        if code not in _INVALID:
            return outcome
        plain, second = await self._post(fallback)
        if plain.delivered:
            return replace(plain, text=f"{plain.text} (as plain text: {code})")
        if second in _INVALID:
            return Outcome(delivered=False, text=plain.text, status=plain.status, final=True)
        return plain

    async def _post(self, payload: dict[str, Any]) -> tuple[Outcome, str | None]:
        """Posts once; answers the judgement and Slack's name of the error, if it gave one."""
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        try:
            answer = await self._poster.post_json(self._url, payload, headers)
        except FetchError as error:
            return self._poster.failed(error), None
        code, ts = self._read(answer)
        if code is None:
            begins = "metadata" in payload and "thread_ts" not in payload
            return replace(self._poster.judge(answer), anchor=ts if begins else None), None
        gone = code in _GONE
        judged = self._poster.judge(answer, final=gone, off=gone)
        if judged.delivered:  # the API answers errors with 200
            judged = Outcome(False, f"{answer.status} {code}", answer.status, final=gone, off=gone, retry_after=judged.retry_after)
        return judged, code

    def _read(self, answer: Answer) -> tuple[str | None, str | None]:
        """The name of the error (None where there is none) and the message's ts."""
        text = answer.body.decode("utf-8", "replace").strip()
        if not self._token:
            return (text if 400 <= answer.status < 500 and answer.status != 429 else None), None
        try:
            value = json.loads(text)
        except ValueError:
            value = None
        if not isinstance(value, dict):
            return ("not_json" if answer.status < 300 else None), None
        if value.get("ok") is True:
            return None, str(value.get("ts") or "") or None
        return (str(value.get("error") or "no_reason_given") if answer.status != 429 else None), None
