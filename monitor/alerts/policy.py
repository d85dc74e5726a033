"""Whether an alert goes to a channel now, later, or not at all, and why: plain functions of values.

The words are those of `explain`: severity-floor, muted, digest, quiet-hours, throttled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

from monitor.alerts.message import link_host
from monitor.alerts.when import quiet_until
from monitor.model import AlertView, Severity

SUMMARY_AFTER = 86_400.0  # seconds that a channel was away
SUMMARY_OVER = 50  # alerts that wait


class Stretch(Protocol):
    """Hours of some days: minutes since midnight, local time; `end` at or before `start` is on the next day; Monday is day 0."""

    @property
    def days(self) -> frozenset[int]: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Throttle:
    """At most `count` messages in `seconds`."""

    count: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Policy:
    """What a channel wants: `next_digest` answers the next time of its cron after a moment, None without a digest."""

    zone: ZoneInfo
    min_severity: Severity = Severity.LOW
    next_digest: Callable[[datetime], datetime] | None = None
    quiet: tuple[Stretch, ...] = ()
    throttle: Throttle | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """`send` now, `hold` until a time and then go with others in one message, or `drop`: stored and seen, never sent."""

    action: Literal["send", "hold", "drop"]
    code: str | None = None
    until: datetime | None = None
    text: str = ""


SEND = Decision("send")


def decide(severity: Severity, policy: Policy, *, now: datetime, sent: Sequence[datetime] = (), muted: Mute | None = None) -> Decision:
    """What becomes of one alert for one channel. `sent` are the moments of the channel's latest messages, in any order.

    A digest takes everything; otherwise `critical` passes quiet hours, and nothing passes a throttle: what is held goes as one summary.
    """
    if muted is not None:
        return Decision("drop", "muted", muted.until, muted.told())
    if severity.rank > policy.min_severity.rank:
        return Decision("drop", "severity-floor", None, f"{severity} is below the channel's min_severity {policy.min_severity}")
    if policy.next_digest is not None:
        return Decision("hold", "digest", policy.next_digest(now), "waits for the digest")
    if severity is not Severity.CRITICAL and (end := quiet_until(policy.quiet, now, policy.zone)) is not None:
        return Decision("hold", "quiet-hours", end, "held in quiet hours")
    if policy.throttle is not None and (free := throttled_until(policy.throttle, sent, now)) is not None:
        return Decision("hold", "throttled", free, f"over {policy.throttle.count} messages in {policy.throttle.seconds:g} s")
    return SEND


def throttled_until(throttle: Throttle, sent: Sequence[datetime], now: datetime) -> datetime | None:
    """When the next message may go; None if one may go now. The window slides."""
    window = timedelta(seconds=throttle.seconds)
    recent = sorted(moment for moment in sent if moment > now - window)
    if len(recent) < throttle.count:
        return None
    return recent[-throttle.count] + window


def summarise(*, absent: float, waiting: int, human: bool) -> bool:
    """Whether what waits goes as one summary: a human channel, away for over a day, over 50 alerts waiting (design, section 6)."""
    return human and absent > SUMMARY_AFTER and waiting > SUMMARY_OVER


# -- mutes ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mute:
    """What shall not be delivered. All that is named must hold: rule and site together are "this rule on this site".

    `until` None is for ever. One that names nothing mutes nothing.
    """

    id: str
    by: str
    why: str = ""
    until: datetime | None = None
    rule: str | None = None
    site: str | None = None
    feed: str | None = None
    story: str | None = None
    query: str | None = None

    def holds(self, now: datetime) -> bool:
        return self.until is None or now < self.until

    def covers(self, alert: AlertView, matches: Callable[[str, AlertView], bool]) -> bool:
        """Whether the alert is one of those meant. `matches` says whether a query matches its article."""
        scopes = (self.rule, self.site, self.feed, self.story, self.query)
        if not any(scopes):
            return False
        return (
            self.rule in (None, alert.rule)
            and (self.site is None or _is_site(self.site, alert))
            and (self.feed is None or any(self.feed in feed for feed in alert.feeds))
            and self.story in (None, alert.story_id)
            and (self.query is None or matches(self.query, alert))
        )

    def told(self) -> str:
        return f"muted by {self.by}" + (f": {self.why}" if self.why else "")


def _is_site(site: str, alert: AlertView) -> bool:
    """A host stands for its subdomains too; anything else is a site's name."""
    wanted = site.casefold().removeprefix("www.")
    host = (alert.host or link_host(alert.url)).casefold().removeprefix("www.")
    return host == wanted or host.endswith("." + wanted) or (alert.site or "").casefold() == wanted


def muted_by(alert: AlertView, mutes: Iterable[Mute], now: datetime, matches: Callable[[str, AlertView], bool]) -> Mute | None:
    """The mute that keeps an alert back, the one that lasts longest if there are several."""
    found = [mute for mute in mutes if mute.holds(now) and mute.covers(alert, matches)]
    return max(found, key=lambda mute: (mute.until is None, mute.until.timestamp() if mute.until else 0.0), default=None)


def ended_mute(alert: AlertView, mutes: Iterable[Mute], now: datetime, matches: Callable[[str, AlertView], bool]) -> Mute | None:
    """The mute that covered such alerts and has ended last: the first alert after it says so."""
    found = [mute for mute in mutes if mute.until is not None and not mute.holds(now) and mute.covers(alert, matches)]
    return max(found, key=lambda mute: mute.until.timestamp() if mute.until else 0.0, default=None)
