"""What Slack gets: one rich_text block of literal text, links and bold, and its escaped fallback as `text`.

Limits: 20 blocks, 3,000 code points of text in all (interface, section 7); every element holds at least one character.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from monitor.alerts.clean import cut
from monitor.alerts.digest import CHAT_STORIES, gather_digest
from monitor.alerts.message import Told, tell
from monitor.alerts.plain import digest_line, digest_title, notice_lines, notice_title, notice_url, notices_head, story_lines
from monitor.alerts.times import day_time
from monitor.model import AlertView, Notice

TEXT = 3_000  # code points of a message
_ROOM_FOR_REST = 60
_NOTICES = 10  # told one by one in a message
_WALL = re.compile(r"<(?=[!@#])|(?<![\w@])@(?=(?:channel|here|everyone|group)\b)", re.IGNORECASE)

Payload = dict[str, Any]


def wall(text: str) -> str:
    """Outside text with U+2060 behind what begins a mention: a second wall, should a client ever read literal text as more."""
    return _WALL.sub(lambda found: found[0] + "\u2060", text)


def escape(text: str) -> str:
    """The three characters that mean something in `text` (Slack, "Escaping text")."""
    return wall(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _text(text: str, *, bold: bool = False) -> dict[str, Any]:
    element: dict[str, Any] = {"type": "text", "text": wall(text)}
    return element | {"style": {"bold": True}} if bold else element


def _link(text: str, url: str, *, bold: bool = False) -> dict[str, Any]:
    element: dict[str, Any] = {"type": "link", "url": url, "text": wall(text)}
    return element | {"style": {"bold": True}} if bold else element


def _title(told: Told, text: str, *, bold: bool = True) -> list[dict[str, Any]]:
    elements = [_link(text, told.url, bold=bold) if told.url else _text(text, bold=bold)]
    return [*elements, _text(f" ({told.host})")] if told.host else elements


def _section(elements: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": elements}


def _payload(elements: list[dict[str, Any]], lines: Sequence[str]) -> tuple[Payload, Payload]:
    """The message and the plain one that is sent should Slack refuse it."""
    plain = plain_payload(lines)
    return {**plain, "blocks": [{"type": "rich_text", "elements": elements}]}, plain


def plain_payload(lines: Sequence[str]) -> Payload:
    """A message of text alone, escaped, without formatting and previews."""
    whole = "\n".join(lines)
    text, limit = escape(whole), TEXT
    while len(text) > TEXT:  # what is escaped grows
        limit = limit * 3 // 4
        text = escape(cut(whole, limit))
    return {"text": text, "mrkdwn": False, "unfurl_links": False, "unfurl_media": False}


def story_payload(alerts: Sequence[AlertView], zone: ZoneInfo, base_url: str | None) -> tuple[Payload, Payload]:
    """The alerts of one story."""
    told = tell(alerts, zone, base_url)
    head = [_text(told.head + "\n"), *_title(told, told.title), _text("\n" + told.where)]
    quotes = [
        {"type": "rich_text_quote", "elements": [_text(text, bold=marked) for text, marked in snippet.pieces]} for snippet in told.snippets
    ]
    foot: list[dict[str, Any]] = [_text(" · ".join(told.counts))] if told.counts else []
    for link in told.links:
        foot += [*([_text(" · ")] if foot else []), _link(link.text, link.url)]
    if not quotes and foot:
        return _payload([_section([*head, _text("\n"), *foot])], story_lines(told))
    return _payload([_section(head), *quotes, *([_section(foot)] if foot else [])], story_lines(told))


def digest_payload(
    alerts: Sequence[AlertView], now: datetime, zone: ZoneInfo, base_url: str | None, reason: str
) -> tuple[Payload, Payload]:
    """One line a story, the severest first, as many as fit; then how many more there are, with the link."""
    digest = gather_digest(alerts, zone, base_url, when=day_time(now, zone), limit=CHAT_STORIES, reason=reason)
    title = cut(digest_title(digest), 400) + f" ({digest.when})"
    items: list[dict[str, Any]] = []
    lines = [title]
    room = TEXT - len(title) - _ROOM_FOR_REST
    for told in digest.stories:
        name, place, rules = cut(told.title, 120), cut(told.where, 100), cut(told.rule_names, 80)
        mark, tail = f"{told.severity.mark} {told.severity} · ", f" · {place} · {rules}"
        room -= len(mark) + len(name) + len(tail) + len(told.host) + 8
        if room < 0:
            break
        items.append(_section([_text(mark), *_title(told, name), _text(tail)]))
        lines.append(digest_line(told))
    elements = [_section([_text(title, bold=True)])]
    if items:
        elements.append({"type": "rich_text_list", "style": "bullet", "elements": items})
    if rest := digest.rest(len(items)):
        elements.append(_section([_link(rest, digest.link) if digest.link else _text(rest)]))
        lines.append(rest)
    return _payload(elements, lines)


def notice_payload(notices: Sequence[Notice], now: datetime, zone: ZoneInfo, base_url: str | None) -> tuple[Payload, Payload]:
    """A trouble or its end; more than one are one message, the first ten of them told."""
    lines: list[str] = []
    elements: list[dict[str, Any]] = []
    if len(notices) > 1:
        lines.append(notices_head(notices))
        elements.append(_section([_text(lines[0], bold=True)]))
    details = len(notices) == 1
    for notice in notices[:_NOTICES]:
        title, url = notice_title(notice), notice_url(notice, base_url)
        body = notice_lines(notice, now, zone) if details else notice_lines(notice, now, zone)[1:2]
        body = [cut(line, 500 if details else 120) for line in body]
        lines += [title, *body, *([url] if url else [])]
        parts = (
            [_link(title, url, bold=True) if url else _text(title, bold=True), _text("\n" + "\n".join(body))]
            if body
            else [_text(title, bold=True)]
        )
        elements.append(_section(parts))
    if len(notices) > _NOTICES:
        lines.append(f"and {len(notices) - _NOTICES:,} more")
        elements.append(_section([_text(lines[-1])]))
    return _payload(elements, lines)
