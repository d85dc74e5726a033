"""What the stages work by right now: one configuration, swapped as a whole between batches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from monitor.alerts.channels.base import Channel
from monitor.model import Article, RuleMatch, Severity
from monitor.pipeline.holding import Policies
from monitor.pipeline.sources import FEED, Source

if TYPE_CHECKING:
    from monitor.rules import RuleSet


@dataclass(frozen=True, slots=True)
class FeedWish:
    """What the configuration asks of a feed and the store does not hold: secrets among it."""

    headers: Mapping[str, str] = field(default_factory=dict)
    user_agent: str | None = None
    proxy: str | None = None
    max_age: float | None = None
    source: Source = FEED


PLAIN = FeedWish()  # what most feeds want


@dataclass(frozen=True, slots=True)
class RuleWish:
    query: str
    severity: Severity
    notify: tuple[str, ...]
    again: str = "never"
    throttle: tuple[int, float] | None = None  # alerts in seconds


@dataclass(frozen=True, slots=True)
class Rules:
    """One set of rules. An article is matched against one set, whole."""

    set: RuleSet
    by_name: Mapping[str, RuleWish]
    uses_carriers: bool  # some rule asks for feed: or tag:

    def match(self, article: Article) -> list[RuleMatch]:
        return self.set.match(article)


@dataclass(slots=True)
class Live:
    """The running configuration as the stages see it. Reload replaces the fields between two batches."""

    rules: Rules
    feeds: Mapping[str, FeedWish]
    channels: Mapping[str, Channel]
    zone: ZoneInfo
    base_url: str | None = None
    policies: Policies | None = None
    wordings: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)  # channel -> templates of title and text
    generation: int = 0
