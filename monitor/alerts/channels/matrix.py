"""matrix: a bot's message to a room; a repeated one is the same event, by its transaction id.

Source: Matrix client-server API 1.11, "Sending events to a room" (PUT with txnId), "m.room.message", "m.mentions" (an empty one
pings nobody), "Rate limiting" (retry_after_ms), "Size limits" (65,536 bytes).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import Any
from urllib.parse import quote

from pydantic import Field, SecretStr

from monitor.alerts.channels.base import Answer, NetOptions, Services
from monitor.alerts.chat import Chat, Line, Note, fit
from monitor.alerts.clean import cut
from monitor.alerts.http import HttpUrl, Poster, Secrets
from monitor.alerts.lanes import Rate
from monitor.alerts.mail.write import atom
from monitor.errors import FetchError
from monitor.model import Message, Outcome

_TEXT = 12_000  # code points of each form: two of them stay far below 65,536 bytes
_GONE = frozenset({"M_FORBIDDEN", "M_UNKNOWN_TOKEN", "M_MISSING_TOKEN", "M_USER_DEACTIVATED", "M_GUEST_ACCESS_FORBIDDEN"})


class Options(NetOptions):
    url: HttpUrl
    """The homeserver's address."""
    token: SecretStr = Field(min_length=1)
    """The access token of the bot's account."""
    room: str = Field(pattern=r"^!.+", max_length=255)
    """The room's id, such as !abc:example.org; the bot must have joined it."""


class Matrix(Chat):
    type = "matrix"
    rate: Rate | None = Rate(burst=10, per_second=0.5)

    def __init__(self, name: str, options: Options, services: Services) -> None:
        token = options.token.get_secret_value()
        self.name = name
        self._url = f"{options.url.rstrip('/')}/_matrix/client/v3/rooms/{quote(options.room, safe='')}/send/m.room.message/"
        self._headers = {"Authorization": f"Bearer {token}"}
        self.target = f"{options.url.rstrip('/')} {options.room}"
        self._poster = Poster(services, Secrets(token), allow_private=options.allow_private)

    def pack(self, note: Note) -> tuple[Any, Any]:
        plain = {"msgtype": "m.notice", "m.mentions": {}, "body": cut("\n".join(note.plain), _TEXT)}
        html = {"format": "org.matrix.custom.html", "formatted_body": fit(note, html_line, _TEXT)}
        return {**plain, **html}, plain

    async def send(self, message: Message, previous: Mapping[str, str] | None = None) -> Outcome:
        try:
            answer = await self._put(message.id, message.payload)
            if answer.status in (400, 413) and _error(answer)[0] not in _GONE:
                answer = await self._put(f"{message.id}-plain", message.fallback)
                return self._poster.judge(answer, final=answer.status in (400, 413))
        except FetchError as error:
            return self._poster.failed(error)
        code, wait = _error(answer)
        gone = answer.status in (401, 403) and code in _GONE
        judged = self._poster.judge(answer, final=gone, off=gone)
        return judged if wait is None else Outcome(False, judged.text, judged.status, retry_after=wait)

    async def _put(self, transaction: str, payload: Any) -> Answer:
        return await self._poster.post_json(self._url + quote(atom(transaction), safe=""), payload, self._headers, method="PUT")


def _error(answer: Answer) -> tuple[str, float | None]:
    """Matrix's name of the error and the seconds it asks to wait."""
    if answer.status < 400:
        return "", None
    try:
        value = json.loads(answer.body)
    except ValueError:
        return "", None
    if not isinstance(value, dict):
        return "", None
    wait = value.get("retry_after_ms")
    return str(value.get("errcode", "")), wait / 1000 if isinstance(wait, int | float) else None


def html_line(line: Line) -> str:
    """A line in the HTML that Matrix's clients show."""
    parts: list[str] = []
    for run in line.runs:
        text = f"<b>{escape(run.text)}</b>" if run.bold else escape(run.text)
        parts.append(f'<a href="{escape(run.url)}">{text}</a>' if run.url else text)
    inner = "".join(parts)
    return f"<blockquote>{inner}</blockquote>" if line.kind == "quote" else f"• {inner}<br>" if line.kind == "item" else f"{inner}<br>"
