"""`init`: a first configuration, written with comments that say what stands where and what may be added."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from monitor.actions.managed import quoted
from monitor.errors import ConfigError
from monitor.rules import from_lists, try_lines


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person wants: feeds as (URL, name), words to watch, and where to send: console, slack or email."""

    feeds: Sequence[tuple[str, str | None]]
    words: Sequence[str]
    send: str = "console"
    slack_env: str = "SLACK_WEBHOOK_URL"
    smtp: str = ""
    address: str = ""
    zone: str = "UTC"
    allow: Sequence[str] = ()  # private ranges

    @property
    def channel(self) -> str:
        return {"console": "terminal", "slack": "desk", "email": "mail"}[self.send]


def rule_name(words: Sequence[str]) -> str:
    """A rule's name made of the first words: `Sanctions exemptions` is `sanctions-exemptions`."""
    text = "".join(char.lower() if char.isalnum() else "-" for char in words[0]) if words else ""
    return "-".join(part for part in text.split("-") if part)[:60] or "watch"


def count(words: Sequence[str], texts: Iterable[str]) -> int:
    """How many of these texts a rule of the words would match. Raises QueryError for words that are no terms."""
    query = from_lists(list(words), [], [])
    return sum(answer["matched"] for answer in try_lines(query, ({"body": text} for text in texts)))


def text_of(wish: Wish) -> str:
    """The configuration's text. Raises QueryError for words that are no terms."""
    from_lists(list(wish.words), [], [])
    feeds = "".join(f"  - {{url: {_flow(url)}{f', name: {_flow(name)}' if name else ''}}}\n" for url, name in wish.feeds)
    terms = ", ".join(_flow(words) for words in wish.words)
    return f"""\
# Written by 'monitor init'. Try a change with 'monitor check', take it up with 'monitor reload'.
# Secrets are no part of a file: write "${{NAME}}" for an environment variable.

defaults:
  interval: auto                          # time between two polls of a feed; auto learns it from the feed's habit
  timezone: {wish.zone:<30}# zone of times shown, of digests and of quiet hours
{_network(wish)}
feeds:                                    # 'monitor feeds add URL' adds one without an edit
{feeds}
rules:                                    # 'monitor rules try QUERY' tries one on stored articles
  - name: {quoted(rule_name(wish.words))}
    any: [{terms}]
    severity: normal                      # critical, high, normal, low
    notify: [{wish.channel}]

channels:                                 # 'monitor channels test {wish.channel}' sends a test alert
{_channel(wish)}
operations: [{wish.channel}]{" " * max(1, 28 - len(wish.channel))}# who hears of feeds, channels and storage in trouble
"""


def _network(wish: Wish) -> str:
    return f"\nnetwork: {{allow: [{', '.join(wish.allow)}]}}\n" if wish.allow else ""


def _channel(wish: Wish) -> str:
    if wish.send == "slack":
        return f'  desk: {{type: slack, webhook_url: "${{{wish.slack_env}}}"}}\n'
    if wish.send == "email":
        return (
            f"  mail: {{type: email, smtp: {json.dumps(wish.smtp)}, from: {json.dumps(wish.address)}, to: [{json.dumps(wish.address)}]}}\n"
        )
    return "  terminal: {type: console}\n"


def _flow(text: str) -> str:
    """A text inside brackets, always in quotes where it is not plain words."""
    made = quoted(text)
    return made if made == text and "://" not in text else json.dumps(text.replace("${", "$${"), ensure_ascii=False)


def write(path: Path, text: str) -> None:
    """Makes the file, never over one that is there. Raises ConfigError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644), "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
    except FileExistsError as error:
        raise ConfigError(f"{path} is there already, and is not overwritten", remedy="edit it, or name another with --config") from error
    except OSError as error:
        raise ConfigError(f"{path} can't be written: {error.strerror}", remedy="name another with --config") from error
