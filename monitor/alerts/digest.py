"""What a message of many alerts says: one line a story, the severest first, and how many are left for the dashboard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from monitor.alerts.clean import clean
from monitor.alerts.message import Told, by_story, now_link, summary_of_rules, tell
from monitor.model import AlertView

MAIL_STORIES = 100
CHAT_STORIES = 40


@dataclass(frozen=True, slots=True)
class Digest:
    """`stories` holds as many as were asked for, `left` counts the rest, `link` shows all of them."""

    reason: str  # digest, quiet hours, throttled …
    summary: str  # 7 alerts in 5 stories: sanctions-exemptions 5, ffvd 2
    when: str  # 30 Oct, 07:00 KST
    stories: tuple[Told, ...]
    left: int
    link: str | None

    @property
    def subject(self) -> str:
        return f"[{self.reason}] {self.summary} ({self.when})"

    def rest(self, shown: int | None = None) -> str:
        """The last line, "and 23 more", where only the first `shown` stories were told; empty if all are."""
        left = self.left + (len(self.stories) - shown if shown is not None else 0)
        return f"and {left:,} more" if left else ""


def gather_digest(alerts: Sequence[AlertView], zone: ZoneInfo, base_url: str | None, *, when: str, limit: int, reason: str) -> Digest:
    """The stories of a digest, at most `limit` of them told."""
    stories = by_story(alerts)
    told = tuple(tell(story, zone, base_url) for story in stories[:limit])
    return Digest(clean(reason), summary_of_rules(alerts), when, told, max(len(stories) - limit, 0), now_link(base_url))
