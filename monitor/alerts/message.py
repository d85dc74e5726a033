"""One wording for all channels: what a message says of the alerts of one story, cleaned and within its limits.

Channels only dress it. Order everywhere: severity and rules, title, where-who-when, snippets, counts, links (interface, section 7).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from urllib.parse import quote
from zoneinfo import ZoneInfo

import yarl

from monitor.alerts.clean import clean, cut
from monitor.alerts.snippet import Snippet, gather, snippets
from monitor.alerts.times import language_name, long_time, short_time
from monitor.model import AlertView, Severity, Wording

TITLE = 300  # code points
NAME = 80  # of a site, an author, a feed
NOTE = 300
LINES = 20  # of a channel's own text
HEAD = 300  # of the line with severity and rules
UNTITLED = "(no title)"
_HOST = re.compile(r"(?<![\w@.-])(?:[\w-]{1,63}\.)+[^\W\d_]{2,24}(?![\w-])")


@dataclass(frozen=True, slots=True)
class Link:
    text: str
    url: str


class RulePart:
    """What one rule found: its name, severity, and the number of its matches in title and body."""

    def __init__(self, alert: AlertView) -> None:
        pairs = [(alert.rule, span) for span in alert.spans]
        self._text = alert.body
        self._spans = gather(pairs)
        self.name = cut(clean(alert.rule), 100)
        self.severity = alert.severity
        self.matches = len(self._spans) + len(gather(pairs, "title")) or len(pairs)

    @cached_property
    def snippets(self) -> tuple[Snippet, ...]:
        """Up to two of its own."""
        return tuple(snippets(self._text, self._spans, 2))

    @property
    def more(self) -> int:
        """Matches in the body that these leave unsaid."""
        return _unsaid(self._spans, self.snippets)


@dataclass(frozen=True, slots=True)
class Told:
    """The alerts of one story as text for people. `more` counts the matches in the body that no snippet shows."""

    severity: Severity
    rules: tuple[RulePart, ...]
    title: str
    url: str | None
    host: str  # the link's real host, where the title names another; else empty
    places: tuple[str, ...]  # site, author, time
    places_long: tuple[str, ...]  # the same with the language
    language: str | None
    snippets: tuple[Snippet, ...]
    more: int
    articles: int
    feeds: tuple[str, ...]
    links: tuple[Link, ...]
    test: bool
    notes: tuple[str, ...] = ()  # a mute that ended, that nobody has taken it
    worded: tuple[str, ...] = ()  # lines of the channel's own template, in place of the snippets

    @property
    def where(self) -> str:
        """The Korea Herald · Ock Hyun-ju · 29 Oct 2018 15:41 KST."""
        return " · ".join(self.places)

    @property
    def rule_names(self) -> str:
        return ", ".join(rule.name for rule in self.rules)

    @property
    def head(self) -> str:
        """◆ high · rule, rule."""
        return cut(f"{'test · ' if self.test else ''}{self.severity.mark} {self.severity} · {self.rule_names}", HEAD)

    @property
    def counts(self) -> tuple[str, ...]:
        """+3 more matches · 3 articles in 2 feeds; what is one and only goes without saying."""
        parts = [f"+{self.more} more {'match' if self.more == 1 else 'matches'}"] if self.more else []
        if self.articles > 1 or len(self.feeds) > 1:
            parts.append(f"{plural(self.articles, 'article')} in {plural(max(len(self.feeds), 1), 'feed')}")
        return (*parts, *self.notes)


def plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun[:-1]}ies" if noun.endswith("y") else f"{count:,} {noun}s"


def by_story(alerts: Sequence[AlertView]) -> list[list[AlertView]]:
    """The alerts of each story together, the severest story first, then the order in which they come."""
    stories: dict[str, list[AlertView]] = {}
    for alert in alerts:
        stories.setdefault(alert.story_id, []).append(alert)
    ordered = [sorted(story, key=lambda alert: alert.severity.rank) for story in stories.values()]
    return sorted(ordered, key=lambda story: story[0].severity.rank)


def tell(alerts: Sequence[AlertView], zone: ZoneInfo, base_url: str | None) -> Told:
    """What to say of alerts of one story (at least one); the first of the severest gives title and place."""
    ordered = sorted(alerts, key=lambda alert: alert.severity.rank)
    first = ordered[0]
    same_text = [alert for alert in ordered if alert.body == first.body]  # rules may have alerted on other members of the story
    spans = gather([(alert.rule, span) for alert in same_text for span in alert.spans])
    shown = snippets(first.body, spans, max(2, min(3, len({rule for span in spans for rule in span.rules}))))
    title = cut(clean((first.wording and first.wording.title) or first.title), TITLE) or UNTITLED
    lines = worded_lines(first.wording)
    if lines:
        shown = [Snippet(((line, False),), 0, 0, frozenset()) for line in lines]
    url = link_target(first.url)
    short, long = places(first, zone)
    return Told(
        severity=first.severity,
        rules=tuple(map(RulePart, ordered)),
        title=title,
        url=url,
        host=foreign_host(title, url),
        places=short,
        places_long=long,
        language=clean(first.language) or None,
        snippets=tuple(shown),
        more=0 if lines else _unsaid(spans, shown),
        articles=max(alert.story_articles for alert in ordered),
        feeds=_feeds(ordered),
        links=alert_links(first.id, base_url),
        test=first.test,
        notes=tuple(dict.fromkeys(filter(None, map(note, ordered)))),
        worded=lines,
    )


def note(alert: AlertView) -> str:
    """What the alert's messages say besides, fit to be shown."""
    return cut(clean(alert.note), NOTE)


def worded_lines(wording: Wording | None) -> tuple[str, ...]:
    """The lines of a channel's own text, those with words in them."""
    listed = [clean(line) for line in ((wording and wording.text) or "").splitlines()]
    return tuple(line for line in listed if line)[:LINES]


def _unsaid(spans: Sequence[object], shown: Sequence[Snippet]) -> int:
    return max(len(spans) - sum(sum(marked for _, marked in snippet.pieces) for snippet in shown), 0)


def _feeds(alerts: Sequence[AlertView]) -> tuple[str, ...]:
    feeds = dict.fromkeys(feed for alert in alerts for feed in alert.feeds)
    return tuple(cut(clean(name) or link_host(url), NAME) for name, url in feeds)


def places(alert: AlertView, zone: ZoneInfo) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Where, who, when, in the short form and in the long one that adds the language; what is unknown is left out."""
    site = cut(clean(alert.site) or clean(alert.host) or link_host(alert.url), NAME)
    author = cut(clean(alert.author), NAME)
    moment, seen = (alert.published_at, "") if alert.published_at else (alert.fetched_at or alert.created_at, "seen ")
    short = (site, author, seen + short_time(moment, zone))
    long = (site, author, seen + long_time(moment, zone), clean(language_name(alert.language)))
    return tuple(filter(None, short)), tuple(filter(None, long))


def link_target(url: str | None) -> str | None:
    """A URL that may be shown as a link: http or https, parsable, without control characters or sign-in; else None."""
    if not url or len(url) > 2048 or clean(url) != url or " " in url:
        return None
    try:
        parsed = yarl.URL(url)
    except ValueError:
        return None
    return url if parsed.scheme in ("http", "https") and parsed.host and parsed.user is None and parsed.password is None else None


def link_host(url: str | None) -> str:
    """The host of a URL without "www."; empty where there is none."""
    try:
        return (yarl.URL(url or "").host or "").removeprefix("www.")
    except ValueError:
        return ""


def foreign_host(title: str, url: str | None) -> str:
    """The link's real host, if the title names a host that is not the link's."""
    host = link_host(url)
    named = (found[0].casefold().removeprefix("www.") for found in _HOST.finditer(title))
    return host if host and any(name != host and not host.endswith("." + name) for name in named) else ""


def alert_links(alert_id: str, base_url: str | None) -> tuple[Link, ...]:
    """Links to the dashboard. They only read: a mail scanner follows every one."""
    if not base_url:
        return ()
    page = f"{base_url.rstrip('/')}/alerts/{quote(alert_id, safe='')}"
    return Link("Open alert", page), Link("Why", f"{page}#why"), Link("Mute…", f"{page}#mute")


def now_link(base_url: str | None) -> str | None:
    """All open alerts in the dashboard."""
    return f"{base_url.rstrip('/')}/" if base_url else None


def summary_of_rules(alerts: Sequence[AlertView]) -> str:
    """7 alerts in 5 stories: sanctions-exemptions 5, ffvd 2."""
    counts: dict[str, int] = {}
    for alert in alerts:
        counts[alert.rule] = counts.get(alert.rule, 0) + 1
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    named = ", ".join(f"{clean(rule)} {count:,}" for rule, count in ordered[:5]) + (
        f", {len(ordered) - 5} more" if len(ordered) > 5 else ""
    )
    return f"{plural(len(alerts), 'alert')} in {plural(len({alert.story_id for alert in alerts}), 'story')}" + (
        f": {named}" if named else ""
    )


def first_id(alerts: Sequence[AlertView], delivery_id: str | None) -> str:
    """The id that names a message: the digest's own, else the first delivery's. Raises ValueError without either."""
    if delivery_id:
        return delivery_id
    if not alerts:
        raise ValueError("a message of nothing needs a delivery's id")
    return alerts[0].delivery_id


def since(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """29 Oct 2018 15:41 KST, 9 h ago."""
    seconds = max((now - moment).total_seconds(), 0.0)
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size * (2 if unit == "d" else 1):
            return f"{short_time(moment, zone)}, {int(seconds // size)} {unit} ago"
    return f"{short_time(moment, zone)}, {int(seconds)} s ago"
