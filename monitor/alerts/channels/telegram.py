"""telegram: a bot's message to a chat, as HTML.

Source: Telegram's Bot API, "sendMessage" (4,096 characters after parsing), "HTML style", ResponseParameters (retry_after,
migrate_to_chat_id); 20 messages a minute to a group.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import escape
from typing import Annotated, Any

from pydantic import AfterValidator, SecretStr

from monitor.alerts.channels.base import Answer, NetOptions, Services
from monitor.alerts.chat import Chat, Line, Note, fit, wall
from monitor.alerts.clean import cut
from monitor.alerts.http import HttpUrl, Poster, Secrets
from monitor.alerts.lanes import Rate
from monitor.errors import FetchError
from monitor.model import Message, Outcome

_TEXT = 4_000  # code points; the service counts UTF-16 units of the parsed text, up to 4,096


def _token(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]+", value.get_secret_value(), re.ASCII):
        raise ValueError("a bot's token is a number, a colon, and letters")
    return value


class Options(NetOptions):
    token: Annotated[SecretStr, AfterValidator(_token)]
    """The bot's token, as @BotFather gave it."""
    chat: str | int
    """The chat's number, or @name of a public channel."""
    thread: int | None = None
    """The topic of a group that has topics."""
    api_url: HttpUrl = "https://api.telegram.org"
    """The Bot API; another for a server of one's own."""


class Telegram(Chat):
    type = "telegram"
    rate: Rate | None = Rate(burst=20, per_second=20 / 60)

    def __init__(self, name: str, options: Options, services: Services) -> None:
        token = options.token.get_secret_value()
        api = options.api_url.rstrip("/")
        self.name = name
        self.target = f"{api} {options.chat}" + (f"/{options.thread}" if options.thread else "")
        self._url = f"{api}/bot{token}/sendMessage"
        self._to: dict[str, Any] = {"chat_id": options.chat} | ({"message_thread_id": options.thread} if options.thread else {})
        self._poster = Poster(services, Secrets(token, f"bot{token}"), allow_private=options.allow_private)

    def pack(self, note: Note) -> tuple[Any, Any]:
        quiet = {**self._to, "link_preview_options": {"is_disabled": True}}
        text = fit(note, html_line, _TEXT, measure=_units)
        return {**quiet, "text": text, "parse_mode": "HTML"}, {**quiet, "text": cut(wall("\n".join(note.plain)), _TEXT // 2)}

    async def send(self, message: Message, previous: Mapping[str, str] | None = None) -> Outcome:
        outcome, why = await self._post(message.payload)
        if why != "message":
            return outcome
        return (await self._post(message.fallback))[0]

    async def _post(self, payload: Any) -> tuple[Outcome, str | None]:
        """Posts once; answers the judgement and what is at fault: the message, the channel, or nothing for good."""
        try:
            answer = await self._poster.post_json(self._url, payload)
        except FetchError as error:
            return self._poster.failed(error), None
        description, wait = _read(answer)
        fault = _fault(answer.status, description)
        judged = self._poster.judge(answer, final=fault is not None, off=fault == "channel")
        if wait is not None and not judged.delivered:
            judged = Outcome(False, judged.text, judged.status, retry_after=wait)
        return judged, fault


def _fault(status: int, description: str) -> str | None:
    if status in (401, 403, 404):
        return "channel"
    if status != 400:
        return None
    # Of the answers with 400 only those about the text are the message's own.
    about_text = ("parse", "too long", "text", "entit")
    return "message" if any(word in description for word in about_text) else "channel"


def _read(answer: Answer) -> tuple[str, float | None]:
    try:
        value = json.loads(answer.body)
    except ValueError:
        return "", None
    if not isinstance(value, dict):
        return "", None
    parameters = value.get("parameters")
    wait = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return str(value.get("description", "")).casefold(), float(wait) if isinstance(wait, int | float) else None


def html_line(line: Line) -> str:
    """A line in Telegram's HTML: only `& < >` and quotes mean something."""
    parts: list[str] = []
    for run in line.runs:
        text = escape(wall(run.text))
        text = f"<b>{text}</b>" if run.bold else text
        parts.append(f'<a href="{escape(run.url)}">{text}</a>' if run.url else text)
    inner = "".join(parts)
    return f"<blockquote>{inner}</blockquote>" if line.kind == "quote" else f"• {inner}" if line.kind == "item" else inner


def _units(html: str) -> int:
    """UTF-16 units, tags included: more than the service counts."""
    return len(html.encode("utf-16-le", "replace")) // 2
