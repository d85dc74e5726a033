"""The words of the domain as frozen values. No I/O, and nothing of ours is imported: every other part may import this one.

Times are aware datetimes in UTC unless a name says otherwise; durations are seconds as float.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How much a rule's alerts matter. Compared by `rank`, 0 the gravest."""

    CRITICAL = "critical"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"

    @property
    def rank(self) -> int:
        return _RANKS[self]

    @property
    def mark(self) -> str:
        """The shape that stands beside the word, so that colour is never the only sign."""
        return _MARKS[self]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}
_MARKS = {Severity.CRITICAL: "▲", Severity.HIGH: "◆", Severity.NORMAL: "●", Severity.LOW: "○"}


class Kind(StrEnum):
    """What an entry was when it was first seen."""

    NEW = "new"
    BACKLOG = "backlog"
    DUPLICATE = "duplicate"


class TextState(StrEnum):
    """Where an article's text stands."""

    WAITING = "waiting"
    PAGE = "page"
    FEED_TEXT = "feed-text"


class DeliveryState(StrEnum):
    WAITING = "waiting"
    RETRYING = "retrying"
    DELIVERED = "delivered"
    UNKNOWN = "unknown"
    DEAD = "dead"


class AlertState(StrEnum):
    OPEN = "open"
    ACKED = "acked"
    DISMISSED = "dismissed"


# -- feeds ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One item of a feed's document. Text is plain: entities decoded, markup gone; a missing value is None."""

    guid: str | None  # as written, never resolved against the feed's URL
    url: str | None  # the first http(s) alternate, absolute
    title: str | None = None
    author: str | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    summary: str | None = None
    content: str | None = None


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """What a document of a feed says."""

    format: str  # rss, atom, rdf, json; with a version where it has one: "rss 2.0", "atom 1.0", "json 1.1"
    title: str | None
    link: str | None
    language: str | None
    entries: tuple[FeedEntry, ...]
    warnings: tuple[str, ...] = ()
    reader: str = "feedparser"  # which reader took it: strict, feedparser, json, recovering
    ttl: float | None = None  # seconds; what the document itself asks between two polls, if anything


@dataclass(frozen=True, slots=True)
class Validators:
    """What a conditional request sends back, byte for byte as the last 200 of `url` gave them."""

    url: str
    etag: str | None = None
    last_modified: str | None = None


# -- articles ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PageText:
    """What was read from an article's page."""

    canonical_url: str | None
    title: str | None
    author: str | None
    site: str | None
    language: str | None  # primary subtag, lower case: en, ko
    published_at: datetime | None
    body: str
    warnings: tuple[str, ...] = ()
    furniture: str = ""  # visible text of the page that was cut from the body; lets explain say "only in furniture"
    cut_lines: int = 0
    next_url: str | None = None  # the next page of the same article, where it has several


@dataclass(frozen=True, slots=True)
class Article:
    """What rules look at. `feeds` are names and URLs of the feeds that carried it, `tags` theirs."""

    title: str = ""
    body: str = ""
    author: str | None = None
    site: str | None = None  # the site's name
    url: str | None = None
    language: str | None = None
    published_at: datetime | None = None
    feeds: tuple[tuple[str, str], ...] = ()  # (name, url)
    tags: tuple[str, ...] = ()


# -- rules ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Span:
    """A place where a rule's term stands. Offsets are code points of the stored text of `field`."""

    field: str  # title, body; author, site, … for a term of that field
    start: int
    end: int
    text: str
    term: str  # the term as the rule wrote it
    entity: str | None = None
    lookalike: bool = False


@dataclass(frozen=True, slots=True)
class RuleMatch:
    rule: str
    spans: tuple[Span, ...]


# -- alerts -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wording:
    """A channel's own words for the alerts of one story, as its templates made them; None where the standard form holds."""

    title: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class AlertView:
    """An alert with all that a message may say of it. Text is as stored: whoever shows it cleans it."""

    id: str
    delivery_id: str
    severity: Severity
    rule: str
    query: str
    url: str | None
    title: str
    site: str | None  # the site's name, else its host
    author: str | None
    language: str | None
    published_at: datetime | None
    fetched_at: datetime | None
    summary: str
    body: str
    spans: tuple[Span, ...]
    feeds: tuple[tuple[str, str], ...]  # (name, url)
    story_id: str
    story_articles: int
    created_at: datetime
    host: str | None = None
    test: bool = False  # made by `channels test`, and marked so
    note: str | None = None  # what its messages say besides: that a mute ended, that nobody took it
    wording: Wording | None = None
    thread: str | None = None  # the anchor of its story's thread in the channel that this view is for (`Outcome.anchor`)


@dataclass(frozen=True, slots=True)
class Notice:
    """What operators hear of a feed, a channel or the store: a trouble, or its end."""

    id: str
    subject: str  # "feed The Korea Herald", "channel desk", "storage"
    state: str  # failing, silent, ended, rolled-over, dead, full … ; ok when it is over
    since: datetime
    cause: str
    remedy: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a channel judges what the service answered.

    `delivered`: taken. Else `final` says whether another try can't help; `off` that the channel itself is gone (410);
    `retry_after` is in seconds from now, where the service named it. `unknown`: it may have been taken, and nobody will ever tell.
    `anchor`: what later messages of the same story hang on (Slack's ts, a Message-ID), where this one began a thread.
    """

    delivered: bool
    text: str  # what was answered, for people: "200 ok", "503 Service Unavailable", "connection refused"
    status: int | None = None
    final: bool = False
    off: bool = False
    retry_after: float | None = None
    recipients: dict[str, str] = field(default_factory=dict)  # e-mail: address -> "delivered" | "retry: …" | "refused: …"
    unknown: bool = False
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A composed message: what a channel sends, already within the service's limits."""

    id: str  # the first delivery's id: the idempotency key
    payload: Any  # JSON for HTTP channels, an EmailMessage for mail, text for the console
    fallback: Any = None  # sent once when `payload` is refused as invalid
    warnings: tuple[str, ...] = ()
