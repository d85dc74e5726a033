"""bell: one line of text a story, posted to a server of your own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import SecretStr

from monitor.alerts.channels.base import NetOptions, Services
from monitor.alerts.chat import Chat, Note
from monitor.alerts.http import HttpUrl, Poster, Secrets
from monitor.alerts.lanes import Rate
from monitor.errors import FetchError
from monitor.model import Message, Outcome


class Options(NetOptions):
    url: HttpUrl
    """Where the bell is rung."""
    token: SecretStr
    """Who may ring it."""


class Bell(Chat):
    """`Chat` composes for people: stories, digests and notices come as a `Note`, and `pack` makes the payload of it."""

    type = "bell"
    rate: Rate | None = Rate(burst=5, per_second=1.0)

    def __init__(self, name: str, options: Options, services: Services) -> None:
        token = options.token.get_secret_value()
        self.name = name
        self.target = options.url
        self._url = options.url
        self._headers = {"Authorization": f"Bearer {token}"}
        self._poster = Poster(services, Secrets(token), allow_private=options.allow_private)

    def pack(self, note: Note) -> tuple[Any, Any]:
        return {"text": " · ".join(note.plain)[:500], "url": note.url}, None

    async def send(self, message: Message, previous: Mapping[str, str] | None = None) -> Outcome:
        try:
            answer = await self._poster.post_json(self._url, {"id": message.id, **message.payload}, self._headers)
        except FetchError as error:
            return self._poster.failed(error)
        gone = answer.status in (401, 403, 410)
        return self._poster.judge(answer, final=gone, off=gone)


def create(name: str, options: Options, services: Services) -> Bell:
    return Bell(name, options, services)
