"""gotify: a push message to one's own server, plain text.

Source: Gotify's REST API, "create a message", and its message extras.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field, SecretStr

from monitor.alerts.channels.base import NetOptions, Services
from monitor.alerts.channels.ntfy import plain_line
from monitor.alerts.chat import Chat, Note, fit
from monitor.alerts.http import HttpUrl, Poster, Secrets, fingerprint
from monitor.errors import FetchError
from monitor.model import Message, Outcome, Severity

_TEXT = 8_000  # code points; the service has no limit of its own
_PRIORITIES = {Severity.CRITICAL: 10, Severity.HIGH: 7, Severity.NORMAL: 5, Severity.LOW: 2}


class Options(NetOptions):
    url: HttpUrl
    """The server's address."""
    token: SecretStr = Field(min_length=1)
    """The application's token."""


class Gotify(Chat):
    type = "gotify"

    def __init__(self, name: str, options: Options, services: Services) -> None:
        token = options.token.get_secret_value()
        self.name = name
        self._url = f"{options.url.rstrip('/')}/message"
        self._headers = {"X-Gotify-Key": token}
        self.target = f"{options.url.rstrip('/')} {fingerprint(token)}"
        self._poster = Poster(services, Secrets(token), allow_private=options.allow_private)

    def pack(self, note: Note) -> tuple[Any, Any]:
        extras: dict[str, Any] = {"client::display": {"contentType": "text/plain"}}
        if note.url:
            extras["client::notification"] = {"click": {"url": note.url}}
        priority = _PRIORITIES[note.severity] if note.severity else 5 if note.over else 7
        return {"title": note.title, "message": fit(note, plain_line, _TEXT), "priority": priority, "extras": extras}, None

    async def send(self, message: Message, previous: Mapping[str, str] | None = None) -> Outcome:
        try:
            answer = await self._poster.post_json(self._url, message.payload, self._headers)
        except FetchError as error:
            return self._poster.failed(error)
        gone = answer.status in (401, 403)
        return self._poster.judge(answer, final=gone or answer.status in (400, 413), off=gone)
