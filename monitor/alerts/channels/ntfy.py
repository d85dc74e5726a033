"""ntfy: a push notification, plain text.

Source: ntfy's "Publish as JSON" (posted to the server's root; 4,096 bytes of message), its priorities, and its error codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yarl
from pydantic import SecretStr, field_validator

from monitor.alerts.channels.base import NetOptions, Services
from monitor.alerts.chat import Chat, Line, Note, fit, without
from monitor.alerts.clean import cut
from monitor.alerts.http import Poster, Secrets, SecretUrl, fingerprint
from monitor.alerts.lanes import Rate
from monitor.alerts.mail.write import atom
from monitor.errors import FetchError
from monitor.model import Message, Outcome, Severity

_BYTES = 4_000  # a longer message would become an attachment
_PRIORITIES = {Severity.CRITICAL: 5, Severity.HIGH: 4, Severity.NORMAL: 3, Severity.LOW: 2}


class Options(NetOptions):
    url: SecretUrl
    """The topic's address, such as https://ntfy.sh/TOPIC; who knows the topic can read it."""
    token: SecretStr | None = None
    """An access token, for a topic that is protected."""

    @field_validator("url")
    @classmethod
    def _names_a_topic(cls, value: SecretStr) -> SecretStr:
        if not yarl.URL(value.get_secret_value()).name:
            raise ValueError("the URL ends with a topic: https://ntfy.sh/TOPIC")
        return value


class Ntfy(Chat):
    type = "ntfy"
    rate: Rate | None = Rate(burst=30, per_second=0.2)

    def __init__(self, name: str, options: Options, services: Services) -> None:
        url = yarl.URL(options.url.get_secret_value())
        token = options.token.get_secret_value() if options.token else None
        self.name = name
        self._topic = url.name
        self._root = str(url.with_path(url.path.rpartition("/")[0] or "/").with_query(None))
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.target = f"{url.scheme}://{url.authority.rpartition('@')[2]}/*** {fingerprint(str(url))}"
        self._poster = Poster(services, Secrets(self._topic, token or ""), allow_private=options.allow_private)

    def pack(self, note: Note) -> tuple[Any, Any]:
        head = note.facts.get("head", "")
        body = without(note, "head", "title") if note.severity is not None and len(note.lines) > 1 else note
        payload: dict[str, Any] = {
            "topic": self._topic,
            "title": cut(f"{head}: {note.title}" if note.links or note.severity else note.title, 250),
            "message": fit(body, plain_line, _BYTES, measure=lambda text: len(text.encode("utf-8", "replace"))) or note.title,
            "priority": _PRIORITIES[note.severity] if note.severity else 3 if note.over else 4,
            "sequence_id": atom(note.id).replace(".", "-"),  # a repeated one replaces the notification that is there
        }
        if note.url:
            payload["click"] = note.url
        if note.links:
            payload["actions"] = [{"action": "view", "label": link.text, "url": link.url} for link in note.links]
        return payload, None

    async def send(self, message: Message, previous: Mapping[str, str] | None = None) -> Outcome:
        try:
            answer = await self._poster.post_json(self._root, message.payload, self._headers)
        except FetchError as error:
            return self._poster.failed(error)
        gone = answer.status in (401, 403)
        return self._poster.judge(answer, final=gone or answer.status in (400, 413), off=gone)


def plain_line(line: Line) -> str:
    """A line without markup, matches between « and »."""
    text = "".join(f"«{run.text}»" if run.bold and line.kind == "quote" else run.text for run in line.runs)
    return f"• {text}" if line.kind == "item" else text
