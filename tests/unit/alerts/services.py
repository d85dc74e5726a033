"""The chats, pushers and pagers of the world as far as our messages meet them: what each takes, and how it answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from monitor.alerts.http import to_json
from tests.unit.alerts.service import Answered, Asked

SECRET = "s3cret-p4th-of-it"
TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


def discord_rules(asked: Asked) -> Answered | None:
    body = asked.json
    embeds = body.get("embeds", [])
    total = sum(len(embed.get(key, "")) for embed in embeds for key in ("title", "description"))
    fine = (
        (body.get("content") or embeds)
        and len(body.get("content", "")) <= 2000
        and len(embeds) <= 10
        and total <= 6000
        and all(len(e.get("title", "")) <= 256 and len(e.get("description", "")) <= 4096 for e in embeds)
        and body.get("allowed_mentions") == {"parse": []}
    )
    return None if fine else (400, {"code": 50035, "message": "Invalid Form Body"})


class _Telegram(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text = ""
        self.links: list[str] = []
        self.wrong = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]
        if tag not in ("b", "a", "blockquote"):
            self.wrong = tag

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong = f"/{tag}"

    def handle_data(self, data: str) -> None:
        self.text += data


def telegram_read(text: str) -> _Telegram:
    reader = _Telegram()
    reader.feed(text)
    reader.close()
    return reader


def telegram_rules(asked: Asked) -> Answered | None:
    text = asked.json["text"]
    if asked.json.get("parse_mode") == "HTML":
        reader = telegram_read(text)
        if reader.wrong or reader.open:
            return (400, {"ok": False, "error_code": 400, "description": "Bad Request: can't parse entities"})
        text = reader.text
    if not text.strip():
        return (400, {"ok": False, "error_code": 400, "description": "Bad Request: message text is empty"})
    if len(text.encode("utf-16-le")) // 2 > 4096:
        return (400, {"ok": False, "error_code": 400, "description": "Bad Request: message is too long"})
    return None


def mattermost_rules(asked: Asked) -> Answered | None:
    return None if 0 < len(asked.json["text"]) <= 4000 else (400, {"id": "web.incoming_webhook.text.app_error", "message": "too long"})


def teams_rules(asked: Asked) -> Answered | None:
    (attachment,) = asked.json["attachments"]
    card = attachment["content"]
    fine = (
        asked.json["type"] == "message"
        and attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
        and card["type"] == "AdaptiveCard"
        and len(to_json(asked.json)) <= 28_000
        and all(run["text"] for run in teams_runs(card))
    )
    return None if fine else (413, "Payload Too Large")


def teams_runs(card: dict[str, Any]) -> list[dict[str, Any]]:
    blocks = [inner for block in card["body"] for inner in (block["items"] if block["type"] == "Container" else [block])]
    assert {block["type"] for block in blocks} == {"RichTextBlock"}
    return [run for block in blocks for run in block["inlines"]]


def ntfy_rules(asked: Asked) -> Answered | None:
    body = asked.json
    fine = (
        asked.path == "/"
        and 0 < len(body["message"].encode()) <= 4096
        and len(body["title"]) <= 250
        and 1 <= body["priority"] <= 5
        and len(body.get("actions", [])) <= 3
        and re.fullmatch(r"[-_A-Za-z0-9]{1,64}", body["topic"])
        and re.fullmatch(r"[-_A-Za-z0-9]{1,64}", body["sequence_id"])
    )
    return None if fine else (400, {"code": 40018, "error": "invalid request"})


def gotify_rules(asked: Asked) -> Answered | None:
    return None if asked.json["message"] and asked.headers.get("X-Gotify-Key") == SECRET else (401, {"error": "Unauthorized"})


def pagerduty_rules(asked: Asked) -> Answered | None:
    body = asked.json
    event = body["payload"]
    fine = (
        body["event_action"] in ("trigger", "resolve")
        and 0 < len(event["summary"]) <= 1024
        and event["source"]
        and event["severity"] in ("critical", "error", "warning", "info")
        and len(body["dedup_key"]) <= 255
        and len(to_json(body)) <= 512_000
    )
    return None if fine else (400, {"status": "invalid event", "errors": ["something"]})


def matrix_rules(asked: Asked) -> Answered | None:
    body = asked.json
    fine = body["msgtype"] == "m.notice" and body["m.mentions"] == {} and body["body"] and len(to_json(body)) <= 60_000
    return None if fine else (413, {"errcode": "M_TOO_LARGE"})


@dataclass(frozen=True)
class Kind:
    """How a channel is made, what its service says when all is well, and how its answers are judged."""

    name: str
    keys: Callable[[str], dict[str, Any]]
    usual: Answered
    rules: Callable[[Asked], Answered | None]
    gone: tuple[Answered, ...]
    final: tuple[Answered, ...]  # for this message alone, the plain form refused too
    again: tuple[tuple[Answered, float | None], ...]
    fallback: bool = False
    secrets: tuple[str, ...] = field(default=(SECRET,))


BUSY: Answered = (429, "slow down", {"Retry-After": "7"})
OOPS: Answered = (500, "oops")
KINDS = [
    Kind(
        "discord",
        lambda url: {"webhook_url": f"{url}/api/webhooks/1/{SECRET}"},
        (204, ""),
        discord_rules,
        gone=((404, {"code": 10015, "message": "Unknown Webhook"}), (401, {"code": 50027}), (403, {"code": 50013})),
        final=((400, {"code": 50035}),),
        again=((BUSY, 7.0), (OOPS, None), ((404, "<html>"), None), ((429, {"retry_after": 0.5}, {"Retry-After": "0.5"}), 0.5)),
        fallback=True,
    ),
    Kind(
        "telegram",
        lambda url: {"token": TOKEN, "chat": -100123, "thread": 7, "api_url": url},
        (200, {"ok": True, "result": {}}),
        telegram_rules,
        gone=(
            (401, {"ok": False, "description": "Unauthorized"}),
            (403, {"ok": False, "description": "Forbidden: bot was kicked from the group chat"}),
            (400, {"ok": False, "description": "Bad Request: chat not found"}),
        ),
        final=((400, {"ok": False, "description": "Bad Request: can't parse entities"}),),
        again=(((429, {"ok": False, "description": "Too Many Requests", "parameters": {"retry_after": 12}}), 12.0), (OOPS, None)),
        fallback=True,
        secrets=(TOKEN, "AAHdqTcv"),
    ),
    Kind(
        "mattermost",
        lambda url: {"webhook_url": f"{url}/hooks/{SECRET}", "channel": "desk"},
        (200, "ok"),
        mattermost_rules,
        gone=(
            (400, {"id": "web.incoming_webhook.invalid.app_error", "message": "Invalid webhook."}),
            (404, {"id": "web.incoming_webhook.channel.app_error", "message": "Couldn't find the channel."}),
        ),
        final=((400, {"id": "web.incoming_webhook.text.app_error"}),),
        again=((BUSY, 7.0), (OOPS, None), ((404, "not here"), None)),
        fallback=True,
    ),
    Kind(
        "matrix",
        lambda url: {"url": url, "token": SECRET, "room": "!desk:example.org"},
        (200, {"event_id": "$1"}),
        matrix_rules,
        gone=((403, {"errcode": "M_FORBIDDEN"}), (401, {"errcode": "M_UNKNOWN_TOKEN"})),
        final=((400, {"errcode": "M_BAD_JSON"}),),
        again=(((429, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 2500}), 2.5), (OOPS, None), ((404, "proxy"), None)),
        fallback=True,
    ),
    Kind(
        "teams",
        lambda url: {"webhook_url": f"{url}/workflows/{SECRET}/triggers/manual/paths/invoke?sig={SECRET}"},
        (202, ""),
        teams_rules,
        gone=(
            (404, {"error": {"code": "WorkflowNotFound", "message": "gone"}}),
            (400, {"error": {"code": "WorkflowTriggerIsNotEnabled", "message": "off"}}),
            (401, {"error": {"code": "DirectApiAuthorizationRequired", "message": "x"}}),
        ),
        final=((413, "Payload Too Large"),),
        again=((BUSY, 7.0), (OOPS, None), ((200, "Webhook message delivery failed with error: 429"), None), ((404, "x"), None)),
    ),
    Kind(
        "ntfy",
        lambda url: {"url": f"{url}/{SECRET}", "token": "tk_4711abcd"},
        (200, {"id": "x"}),
        ntfy_rules,
        gone=((401, {"code": 40101}), (403, {"code": 40301})),
        final=((413, {"code": 41301}),),
        again=((BUSY, 7.0), (OOPS, None), ((507, "full"), None)),
        secrets=(SECRET, "tk_4711"),
    ),
    Kind(
        "gotify",
        lambda url: {"url": url, "token": SECRET},
        (200, {"id": 1}),
        gotify_rules,
        gone=((401, {"error": "Unauthorized"}), (403, {"error": "Forbidden"})),
        final=((400, {"error": "Bad Request"}),),
        again=((BUSY, 7.0), (OOPS, None), ((404, "proxy"), None)),
    ),
    Kind(
        "pagerduty",
        lambda url: {"routing_key": SECRET, "api_url": url},
        (202, {"status": "success"}),
        pagerduty_rules,
        gone=((400, {"status": "invalid event", "errors": ["'routing_key' is invalid"]}), (403, "no")),
        final=((400, {"status": "invalid event", "errors": ["summary is missing"]}),),
        again=((BUSY, 7.0), (OOPS, None), ((404, "x"), None)),
    ),
]
