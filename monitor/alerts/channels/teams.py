"""teams: a workflow of Microsoft Teams ("When a Teams webhook request is received"), as an adaptive card.

Source: Microsoft's "Create incoming webhooks with Workflows" (28 KB), the Adaptive Card schema 1.5. Text stands in TextRuns, which read no
Markdown. A workflow answers 202 when it has accepted the card; whether it was posted, nobody tells.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from monitor.alerts.channels.base import Answer, NetOptions, Services
from monitor.alerts.chat import Chat, Line, Note, rest_line
from monitor.alerts.http import Poster, Secrets, SecretUrl, redacted_url, to_json, url_secrets
from monitor.alerts.lanes import Rate
from monitor.errors import FetchError
from monitor.model import Message, Outcome

_SIZE = 27_000  # bytes, of the 28 KB that are taken
_ACTIONS = 4
_GONE = ("workflownotfound", "workflowtriggerisnotenabled", "directapiauthorizationrequired", "authorizationfailed", "workflowdisabled")


class Options(NetOptions):
    webhook_url: SecretUrl
    """The address of the workflow; it is its own password."""


class Teams(Chat):
    type = "teams"
    rate: Rate | None = Rate(burst=4, per_second=1.0)

    def __init__(self, name: str, options: Options, services: Services) -> None:
        self.name = name
        self._url = options.webhook_url.get_secret_value()
        self.target = redacted_url(self._url)
        self._poster = Poster(services, Secrets(*url_secrets(self._url)), allow_private=options.allow_private)

    def pack(self, note: Note) -> tuple[Any, Any]:
        lines, left = list(note.lines), note.left
        card = _card(note, lines, left)
        while len(to_json(card)) > _SIZE and len(lines) > 1:
            left += lines.pop().kind == "item"
            card = _card(note, lines, left)
        return card, None

    async def send(self, message: Message, previous: Mapping[str, str] | None = None) -> Outcome:
        try:
            answer = await self._poster.post_json(self._url, message.payload)
        except FetchError as error:
            return self._poster.failed(error)
        gone = 400 <= answer.status < 500 and any(code in _words(answer) for code in _GONE)
        judged = self._poster.judge(answer, final=gone or answer.status == 413, off=gone)
        if judged.delivered and "delivery failed" in _words(answer):  # older connectors say so with 200
            return Outcome(delivered=False, text=judged.text, status=judged.status)
        if judged.status == 202:
            return Outcome(delivered=True, text="202 Accepted by the workflow, which does not say whether it was posted", status=202)
        return judged


def _words(answer: Answer) -> str:
    """The answer's text; of JSON the code and message of its error."""
    text = answer.body[:4_000].decode("utf-8", "replace")
    try:
        value = json.loads(text)
    except ValueError:
        return text.casefold()
    error = value.get("error") if isinstance(value, dict) else None
    return f"{error.get('code', '')} {error.get('message', '')}".casefold() if isinstance(error, dict) else text.casefold()


def _card(note: Note, lines: list[Line], left: int) -> dict[str, Any]:
    shown = [*lines, rest_line(left, note.rest_url)] if left else lines
    links = [("Read the original", note.url)] if note.url and note.links else [("Open", note.url)] if note.url else []
    actions = [*links, *((link.text, link.url) for link in note.links)][:_ACTIONS]
    content: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.5",
        "fallbackText": note.title,
        "msteams": {"width": "Full"},
        "body": [_block(line) for line in shown],
        "actions": [{"type": "Action.OpenUrl", "title": title, "url": url} for title, url in actions],
    }
    return {
        "type": "message",
        "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": content}],
    }


def _block(line: Line) -> dict[str, Any]:
    runs = [_run(run.text, bold=run.bold or line.kind == "title", url=run.url) for run in line.runs]
    block: dict[str, Any] = {"type": "RichTextBlock", "inlines": runs, "spacing": "Small"}
    return {"type": "Container", "style": "emphasis", "spacing": "Small", "items": [block]} if line.kind == "quote" else block


def _run(text: str, *, bold: bool, url: str | None) -> dict[str, Any]:
    run: dict[str, Any] = {"type": "TextRun", "text": text}
    if bold:
        run["weight"] = "Bolder"
    if url:
        run["selectAction"] = {"type": "Action.OpenUrl", "url": url}
    return run
