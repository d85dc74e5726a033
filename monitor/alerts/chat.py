"""What chats and push services share: a message as lines of runs, fitted into a limit, and the frame of such a channel.

A channel says how a line is written in its markup and how lines become a payload; the words are the same everywhere.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from monitor.alerts.channels.base import HTTP_DEADLINE, notices
from monitor.alerts.clean import cut
from monitor.alerts.digest import CHAT_STORIES, Digest, gather_digest
from monitor.alerts.lanes import Rate
from monitor.alerts.message import Link, Told, first_id, tell
from monitor.alerts.plain import digest_line, digest_title, notice_lines, notice_title, notice_url, notices_head, story_lines
from monitor.alerts.times import day_time
from monitor.model import AlertView, Message, Notice, Severity

_NOTICES = 10  # told one by one in a message
_MARKDOWN = re.compile(r"[\\`*_~|\[\]()<>#&$^{}]|^\s*(?:[-+](?=\s)|[-=]+(?=\s*$)|\d+(?=[.)]\s))", re.MULTILINE)
_MENTION = re.compile(r"(?<=[@＠])(?=[\w\[{])|(?<=:)(?=//|[\w+-]{1,40}:)")

Kind = Literal["head", "title", "text", "quote", "item", "foot"]


@dataclass(frozen=True, slots=True)
class Run:
    """Clean text, not yet escaped."""

    text: str
    bold: bool = False
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    kind: Kind
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Note:
    """A message for a chat: `title` and `url` name it, `plain` is the same without markup, `left` the stories that no line tells."""

    id: str
    title: str
    lines: tuple[Line, ...]
    plain: tuple[str, ...]
    url: str | None = None
    severity: Severity | None = None
    links: tuple[Link, ...] = ()
    left: int = 0
    rest_url: str | None = None
    over: bool = False  # a notice that says all is well again
    facts: dict[str, str] = field(default_factory=dict)


Render = Callable[[Line], str]


def rest_line(count: int, url: str | None) -> Line:
    return Line("foot", (Run(f"and {count:,} more", url=url),))


def fit(note: Note, render: Render, limit: int, *, measure: Callable[[str], int] = len) -> str:
    """The note's lines as one text within `limit`: where it is too long, quotes go first, then stories from the end, which are counted."""
    lines, left = list(note.lines), note.left
    while True:
        shown = [*lines, rest_line(left, note.rest_url)] if left else lines
        text = "\n".join(map(render, shown))
        if measure(text) <= limit or not lines:
            return text
        for kind in ("quote", "item", "foot", "text", "title", "head"):
            places = [index for index, line in enumerate(lines) if line.kind == kind]
            if places:
                left += kind == "item"
                del lines[places[-1]]
                break


def story_note(alerts: Sequence[AlertView], zone: ZoneInfo, base_url: str | None) -> Note:
    """The alerts of one story, in the order of all messages."""
    told = tell(alerts, zone, base_url)
    lines = [
        Line("head", (Run(told.head),)),
        _title(told, "title", told.title),
        Line("text", (Run(told.where),)),
        *(Line("quote", tuple(Run(text, bold=marked) for text, marked in snippet.pieces)) for snippet in told.snippets),
    ]
    foot = [Run(" · ".join(told.counts))] if told.counts else []
    for link in told.links:
        foot += [*([Run(" · ")] if foot else []), Run(link.text, url=link.url)]
    if foot:
        lines.append(Line("foot", tuple(foot)))
    plain = tuple(story_lines(told))
    return Note(first_id(alerts, None), told.title, tuple(lines), plain, told.url, told.severity, told.links, facts={"head": told.head})


def _title(told: Told, kind: Kind, text: str) -> Line:
    host = (Run(f" ({told.host})"),) if told.host else ()
    return Line(kind, (Run(text, bold=kind == "title", url=told.url), *host))


def digest_note(
    alerts: Sequence[AlertView], now: datetime, zone: ZoneInfo, base_url: str | None, delivery_id: str | None, reason: str
) -> Note:
    """A line a story, the severest first."""
    digest = gather_digest(alerts, zone, base_url, when=day_time(now, zone), limit=CHAT_STORIES, reason=reason)
    title = cut(digest_title(digest), 300) + f" ({digest.when})"
    lines = [Line("head", (Run(title, bold=True),)), *(_item(told) for told in digest.stories)]
    severity = digest.stories[0].severity if digest.stories else None
    return Note(
        first_id(alerts, delivery_id),
        title,
        tuple(lines),
        _plain_digest(title, digest),
        digest.link,
        severity,
        left=digest.left,
        rest_url=digest.link,
        facts={"head": digest.reason},
    )


def _item(told: Told) -> Line:
    name = _title(told, "item", cut(told.title, 120))
    tail = Run(f" · {cut(told.where, 100)} · {cut(told.rule_names, 80)}")
    return Line("item", (Run(f"{told.severity.mark} {told.severity} · "), *name.runs, tail))


def _plain_digest(title: str, digest: Digest) -> tuple[str, ...]:
    rest = digest.rest()
    return (title, *(digest_line(told) for told in digest.stories), *([rest] if rest else []))


def notice_note(given: Sequence[Notice], now: datetime, zone: ZoneInfo, base_url: str | None, delivery_id: str | None) -> Note:
    """Troubles and their ends; the first ten of many."""
    lines: list[Line] = []
    plain: list[str] = []
    if len(given) > 1:
        lines.append(Line("head", (Run(notices_head(given), bold=True),)))
    for notice in given[:_NOTICES]:
        url = notice_url(notice, base_url)
        body = notice_lines(notice, now, zone)
        lines.append(Line("title", (Run(notice_title(notice), bold=True, url=url),)))
        lines += [Line("text", (Run(line),)) for line in body]
        plain += [notice_title(notice), *body, *([url] if url else [])]
    if len(given) > _NOTICES:
        lines.append(rest_line(len(given) - _NOTICES, None))
        plain.append(lines[-1].text)
    over = all(notice.state == "ok" for notice in given)
    url = notice_url(given[0], base_url)
    return Note(delivery_id or given[0].id, notices_head(given), tuple(lines), tuple(plain), url, over=over, facts={"head": "notice"})


class Chat(ABC):
    """A human channel over HTTP. A subclass sets the attributes and gives `pack`, and sends what `pack` made."""

    type = ""
    name = ""
    target = ""
    human = True
    deadline = HTTP_DEADLINE
    rate: Rate | None = None

    @abstractmethod
    def pack(self, note: Note) -> tuple[Any, Any]:
        """The payload, and another to be sent should the first be refused (or None)."""

    def compose(self, alerts: Sequence[AlertView], *, now: datetime, zone: ZoneInfo, base_url: str | None) -> Message:
        return self._message(story_note(alerts, zone, base_url))

    def compose_digest(
        self,
        alerts: Sequence[AlertView],
        *,
        now: datetime,
        zone: ZoneInfo,
        base_url: str | None,
        delivery_id: str | None = None,
        reason: str = "digest",
    ) -> Message:
        return self._message(digest_note(alerts, now, zone, base_url, delivery_id, reason))

    def compose_notice(
        self, notice: Notice | Sequence[Notice], *, now: datetime, zone: ZoneInfo, base_url: str | None, delivery_id: str | None = None
    ) -> Message:
        return self._message(notice_note(notices(notice), now, zone, base_url, delivery_id))

    def _message(self, note: Note) -> Message:
        payload, fallback = self.pack(note)
        return Message(note.id, payload, fallback)


def wall(text: str) -> str:
    """U+2060 after what would begin a mention, a picture name or an address that a client links by itself."""
    return _MENTION.sub("\u2060", text)


def markdown(text: str) -> str:
    """Outside text for a service that reads Markdown: every sign that means something behind a backslash."""
    return _MARKDOWN.sub(_escaped, wall(text))


def _escaped(found: re.Match[str]) -> str:
    sign = found[0]
    return f"{sign}\\" if sign[-1].isdigit() else f"{sign[:-1]}\\{sign[-1]}"


def markdown_url(url: str) -> str:
    """A URL for the brackets of a Markdown link."""
    return url.replace("(", "%28").replace(")", "%29").replace("<", "%3C").replace(">", "%3E").replace("\\", "%5C").replace("|", "%7C")


def markdown_line(line: Line) -> str:
    """A line in the Markdown that Discord and Mattermost share."""
    parts: list[str] = []
    for index, run in enumerate(line.runs):
        text = markdown(run.text) if index == 0 or not run.text[:1].isspace() else run.text[0] + markdown(run.text[1:])
        inner = text.strip()
        if run.bold and inner:
            text = text.replace(inner, f"**{inner}**", 1)
        parts.append(f"[{text}]({markdown_url(run.url)})" if run.url else text)
    prefix = {"quote": "> ", "item": "- "}.get(line.kind, "")
    return prefix + "".join(parts)


def without(note: Note, *kinds: Kind) -> Note:
    """The note without its lines of some kinds, for a service that has other places for them."""
    return replace(note, lines=tuple(line for line in note.lines if line.kind not in kinds))
