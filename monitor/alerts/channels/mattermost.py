"""mattermost: an incoming webhook, in Markdown with every outside sign escaped.

Source: Mattermost's "Incoming webhooks" (text up to 16,383 characters; errors as JSON with an id).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import Field

from monitor.alerts.channels.base import Answer, NetOptions, Services
from monitor.alerts.chat import Chat, Note, fit, markdown, markdown_line
from monitor.alerts.clean import cut
from monitor.alerts.http import Poster, Secrets, SecretUrl, redacted_url, url_secrets
from monitor.alerts.lanes import Rate
from monitor.errors import FetchError
from monitor.model import Message, Outcome

_TEXT = 4_000  # of the 16,383 that new servers take, what old ones take too
_GONE = (
    "incoming_webhook.invalid",
    "incoming_webhook.channel",
    "incoming_webhook.permissions",
    "channel_locked",
    "get_by_name",
    "disabled",
)


class Options(NetOptions):
    webhook_url: SecretUrl
    """The address of an incoming webhook; it is its own password."""
    channel: str | None = Field(default=None, min_length=1, max_length=64)
    """Another channel than the webhook's own, where the server allows it."""


class Mattermost(Chat):
    type = "mattermost"
    rate: Rate | None = Rate(burst=10, per_second=10)

    def __init__(self, name: str, options: Options, services: Services) -> None:
        self.name = name
        self._url = options.webhook_url.get_secret_value()
        self._to = {"channel": options.channel} if options.channel else {}
        self.target = redacted_url(self._url) + (f" {options.channel}" if options.channel else "")
        self._poster = Poster(services, Secrets(*url_secrets(self._url)), allow_private=options.allow_private)

    def pack(self, note: Note) -> tuple[Any, Any]:
        return {**self._to, "text": fit(note, markdown_line, _TEXT)}, {**self._to, "text": cut(markdown("\n".join(note.plain)), _TEXT // 2)}

    async def send(self, message: Message, previous: Mapping[str, str] | None = None) -> Outcome:
        try:
            answer = await self._poster.post_json(self._url, message.payload)
            if answer.status in (400, 413) and not _gone(answer):
                answer = await self._poster.post_json(self._url, message.fallback)
                return self._poster.judge(answer, final=answer.status in (400, 413))
        except FetchError as error:
            return self._poster.failed(error)
        gone = _gone(answer)
        return self._poster.judge(answer, final=gone, off=gone)


def _gone(answer: Answer) -> bool:
    """Whether the webhook or its channel is no longer there, by the id of the error."""
    if not 400 <= answer.status < 500:
        return False
    try:
        value = json.loads(answer.body)
    except ValueError:
        return False
    return isinstance(value, dict) and any(part in str(value.get("id", "")) for part in _GONE)
