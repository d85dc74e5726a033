"""The HTML part of mails: the text part's content, no images, no tracking, readable on light and dark ground.

Every outside text is escaped and stands in an element with `dir` and `lang` of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from monitor.alerts.digest import Digest
from monitor.alerts.mail.text import also, digest_reason, more, notice_reason, reason, story_line, why
from monitor.alerts.message import Told
from monitor.alerts.plain import notice_lines, notice_title, notice_url
from monitor.alerts.snippet import Snippet
from monitor.model import Notice

LIMIT = 80_000  # bytes
_ROOM = LIMIT - 2_000  # what frames a digest's stories takes

_HEAD = (
    '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    '<meta name="color-scheme" content="light dark">'
    '<meta name="supported-color-schemes" content="light dark"><title>{title}</title></head>\n'
    '<body style="font-family:system-ui,sans-serif;font-size:16px;line-height:1.5;max-width:42em">\n'
)
_FOOT = "</body></html>\n"
# Colours of both ground and letters, or dark clients would put light letters on the light mark.
_MARK = '<mark style="background-color:#ffe58a;color:#1a1a1a">'
_QUOTE = '<blockquote style="margin:.3em 0;padding:0 0 0 .8em;border-left:3px solid #999" {lang}>'
_SMALL = '<p style="font-size:14px;margin:.6em 0">'


def page(title: str, parts: Sequence[str]) -> str:
    return _HEAD.format(title=escape(title)) + "\n".join(parts) + "\n" + _FOOT


def _attributes(language: str | None) -> str:
    return f'dir="auto" lang="{escape(language)}"' if language else 'dir="auto"'


def _link(text: str, url: str) -> str:
    return f'<a href="{escape(url)}" rel="noopener noreferrer">{text}</a>'


def _quote(snippet: Snippet, language: str | None, tail: str = "") -> str:
    words = "".join(f"{_MARK}{escape(text)}</mark>" if marked else escape(text) for text, marked in snippet.pieces)
    return (
        _QUOTE.format(lang=_attributes(language)) + words + (f' <span dir="ltr" lang="en">{tail}</span>' if tail else "") + "</blockquote>"
    )


def _title(told: Told, tag: str, size: int) -> str:
    words = escape(told.title)
    linked = _link(words, told.url) if told.url else words
    return f'<{tag} style="font-size:{size}px;margin:.2em 0" {_attributes(told.language)}>{linked}</{tag}>'


def _places(places: Sequence[str], tail: str = "") -> str:
    return '<p style="margin:.2em 0">' + " · ".join(f"<bdi>{escape(place)}</bdi>" for place in places) + escape(tail) + "</p>"


def story_html(told: Told, channel: str) -> str:
    parts = [_title(told, "h1", 20)]
    if told.url:
        parts.append(f'{_SMALL}<bdi dir="ltr">{escape(told.url)}</bdi></p>')  # the real address beside whatever the title says
    parts.append(_places(told.places_long))
    parts += [f'<p style="margin:.4em 0" {_attributes(told.language)}>{escape(line)}</p>' for line in told.worded]
    for rule in told.rules if not told.worded else ():
        parts.append(f'<p style="margin:.8em 0 .2em">Why: <b dir="auto">{escape(rule.name)}</b>{escape(why(rule)[len(rule.name) :])}</p>')
        last = len(rule.snippets) - 1
        parts += [_quote(snippet, told.language, more(rule) if index == last else "") for index, snippet in enumerate(rule.snippets)]
        if rule.more and not rule.snippets:
            parts.append(f"<p>{more(rule)}</p>")
    parts += [f'{_SMALL}<span dir="auto">{escape(line)}</span></p>'] if (line := story_line(told)) else []
    parts += [_SMALL + " · ".join(_link(escape(link.text), link.url) for link in told.links) + "</p>"] if told.links else []
    parts.append(f"{_SMALL}{escape(reason(told, channel))}</p>")
    return page(told.title, parts)


def digest_html(digest: Digest, channel: str) -> tuple[str, int]:
    """The page and how many stories fit into it."""
    parts = [f'<h1 style="font-size:20px">{escape(digest.summary)} ({escape(digest.when)})</h1>']
    room = _ROOM - len(parts[0].encode())
    heading = ""
    shown = 0
    for told in digest.stories:
        block = []
        if (new := f"{told.severity.mark} {told.severity} · {told.rules[0].name}") != heading:
            block.append(f'<h2 style="font-size:16px;margin:1.2em 0 .2em" dir="auto">{escape(new)}</h2>')
        block += [
            _title(told, "h3", 16),
            _places(told.places, also(told)),
            *(_quote(snippet, told.language) for snippet in told.snippets[:1]),
        ]
        room -= len("\n".join(block).encode()) + 1
        if room < 0:
            break
        heading, shown = new, shown + 1
        parts += block
    if rest := digest.rest(shown):
        parts.append(f"<p>{_link(rest, digest.link) if digest.link else rest}</p>")
    parts.append(f"{_SMALL}{escape(digest_reason(digest, channel))}</p>")
    return page(digest.summary, parts), shown


def notices_html(notices: Sequence[Notice], channel: str, now: datetime, zone: ZoneInfo, base_url: str | None) -> str:
    parts: list[str] = []
    for notice in notices:
        title, url = escape(notice_title(notice)), notice_url(notice, base_url)
        parts.append(f'<h1 style="font-size:18px" dir="auto">{_link(title, url) if url else title}</h1>')
        parts += [f'<p dir="auto" style="margin:.2em 0">{escape(line)}</p>' for line in notice_lines(notice, now, zone)]
    parts.append(f"{_SMALL}{escape(notice_reason(channel))}</p>")
    return page(notice_title(notices[0]), parts)
