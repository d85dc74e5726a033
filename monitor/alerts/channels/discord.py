"""discord: an incoming webhook, the story as an embed, mentions switched off.

Source: Discord's "Execute Webhook", "Embed Limits" (title 256, description 4,096, all 6,000), "Rate Limits", and its JSON error codes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from monitor.alerts.channels.base import Answer, NetOptions, Services
from monitor.alerts.chat import Chat, Note, fit, markdown, markdown_line, without
from monitor.alerts.clean import cut
from monitor.alerts.http import Poster, Secrets, SecretUrl, redacted_url, url_secrets
from monitor.alerts.lanes import Rate
from monitor.errors import FetchError
from monitor.model import Message, Outcome, Severity

_CONTENT, _TITLE, _DESCRIPTION = 2_000, 256, 4_000
_COLORS = {Severity.CRITICAL: 0xD32F2F, Severity.HIGH: 0xF57C00, Severity.NORMAL: 0x1976D2, Severity.LOW: 0x757575}
_GONE = frozenset({10003, 10015, 50001, 50013, 50027})  # channel, webhook, access, permission, token of the webhook
_SILENT: dict[str, Any] = {"allowed_mentions": {"parse": []}}


class Options(NetOptions):
    webhook_url: SecretUrl
    """The address of a channel's webhook; it is its own password."""


class Discord(Chat):
    type = "discord"
    rate: Rate | None = Rate(burst=5, per_second=0.5)

    def __init__(self, name: str, options: Options, services: Services) -> None:
        self.name = name
        self._url = options.webhook_url.get_secret_value()
        self.target = redacted_url(self._url)
        self._poster = Poster(services, Secrets(*url_secrets(self._url)), allow_private=options.allow_private)

    def pack(self, note: Note) -> tuple[Any, Any]:
        plain = {**_SILENT, "content": cut(markdown("\n".join(note.plain)), _CONTENT), "flags": 1 << 2}
        embed: dict[str, Any] = {"title": cut(markdown(note.title), _TITLE)}
        body = fit(without(note, "head", "title") if len(note.lines) > 1 else note, markdown_line, _DESCRIPTION)
        if body:
            embed["description"] = body
        if note.url:
            embed["url"] = note.url
        if note.severity is not None:
            embed["color"] = _COLORS[note.severity]
        payload: dict[str, Any] = {**_SILENT, "embeds": [embed]}
        head = next((line for line in note.lines if line.kind == "head"), None)
        if head is not None and head.text != note.title:
            payload["content"] = cut(markdown_line(head), _CONTENT)
        return payload, plain

    async def send(self, message: Message, previous: Mapping[str, str] | None = None) -> Outcome:
        try:
            answer = await self._poster.post_json(self._url, message.payload)
            if answer.status == 400 and _code(answer) not in _GONE:
                # Our own fault, most likely: a message without its form is better than none.
                answer = await self._poster.post_json(self._url, message.fallback)
                return self._poster.judge(answer, final=answer.status == 400)
        except FetchError as error:
            return self._poster.failed(error)
        gone = answer.status in (401, 403, 404) and _code(answer) in _GONE
        return self._poster.judge(answer, final=gone, off=gone)


def _code(answer: Answer) -> int | None:
    try:
        value = json.loads(answer.body)
    except ValueError:
        return None
    code = value.get("code") if isinstance(value, dict) else None
    return code if isinstance(code, int) else None
