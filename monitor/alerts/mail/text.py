"""The text part of mails (interface, section 7 "E-mail")."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from monitor.alerts.clean import cut
from monitor.alerts.digest import Digest
from monitor.alerts.message import RulePart, Told, plural
from monitor.alerts.plain import notice_lines, notice_title, notice_url
from monitor.model import Notice

_FEEDS = 3  # named in a mail


def story_subject(told: Told) -> str:
    """[high] title."""
    return f"[{'test' if told.test else told.severity}] {told.title}"


def why(rule: RulePart) -> str:
    """sanctions-exemptions (high), 5 matches."""
    return f"{rule.name} ({rule.severity}), {rule.matches:,} {'match' if rule.matches == 1 else 'matches'}"


def more(rule: RulePart) -> str:
    return f"and {rule.more:,} more" if rule.more else ""


def story_line(told: Told) -> str:
    """Story of 3 articles · in: The Korea Herald, all news; empty where nothing is known."""
    named = " · ".join(told.feeds[:_FEEDS]) + (f" and {len(told.feeds) - _FEEDS:,} more" if len(told.feeds) > _FEEDS else "")
    if told.articles > 1:
        parts = [f"Story of {plural(told.articles, 'article')}", *([f"in: {named}"] if named else [])]
    else:
        parts = [f"In: {named}"] if named else []
    return " · ".join([*parts, *told.notes])


def reason(told: Told, channel: str) -> str:
    """Which channel and rules brought the mail."""
    names = ", ".join(f"'{rule.name}'" for rule in told.rules)
    return f"You get this as channel '{channel}' of {'rule' if len(told.rules) == 1 else 'rules'} {names}."


def digest_reason(digest: Digest, channel: str) -> str:
    return f"You get this as the {digest.reason} of channel '{channel}'."


def notice_reason(channel: str) -> str:
    return f"You get this as channel '{channel}' under operations."


def story_text(told: Told, channel: str) -> str:
    lines = [told.title, *([told.url] if told.url else []), " · ".join(told.places_long)]
    lines += told.worded
    for rule in told.rules if not told.worded else ():
        lines.append(f"Why: {why(rule)}")
        quotes = [f"  {snippet.text('[', ']')}" for snippet in rule.snippets]
        if rule.more:
            quotes = [*quotes[:-1], f"{quotes[-1]}   {more(rule)}"] if quotes else [f"  {more(rule)}"]
        lines += quotes
    lines += [line] if (line := story_line(told)) else []
    alert = f"Alert: {told.links[0].url}    " if told.links else ""
    return "\n".join([*lines, alert + reason(told, channel)]) + "\n"


def digest_text(digest: Digest, channel: str, shown: int) -> str:
    """The first `shown` stories under their severities and rules."""
    lines = [f"{digest.summary} ({digest.when})"]
    heading = ""
    for told in digest.stories[:shown]:
        if (new := f"{told.severity.mark} {told.severity} · {told.rules[0].name}") != heading:
            heading = new
            lines += ["", heading]
        lines += ["", f"  {told.title}", "  " + " · ".join(told.places) + also(told)]
        lines += [f"  {snippet.text('[', ']')}" for snippet in told.snippets[:1]]
        lines += [f"  {told.url}"] if told.url else []
    if rest := digest.rest(shown):
        lines += ["", rest + (f": {digest.link}" if digest.link else "")]
    return "\n".join([*lines, "", digest_reason(digest, channel)]) + "\n"


def also(told: Told) -> str:
    """The other rules of a story that stands under its first."""
    return " · also " + cut(", ".join(rule.name for rule in told.rules[1:]), 200) if len(told.rules) > 1 else ""


def notices_text(notices: Sequence[Notice], channel: str, now: datetime, zone: ZoneInfo, base_url: str | None) -> str:
    lines: list[str] = []
    for notice in notices:
        url = notice_url(notice, base_url)
        lines += [notice_title(notice), *(f"  {line}" for line in notice_lines(notice, now, zone)), *([f"  {url}"] if url else []), ""]
    return "\n".join([*lines, notice_reason(channel)]) + "\n"
