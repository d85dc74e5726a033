"""What the configuration wants of channels, rules and mutes, put to the store: `alerts.policy` decides, the store writes it down."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from monitor.alerts import policy
from monitor.alerts.when import quiet_until
from monitor.errors import QueryError
from monitor.model import AlertView, Article, Severity
from monitor.rules import Entities, RuleSet
from monitor.store import holding, mutes

_QUERIES = 256  # mutes' queries kept compiled


@dataclass(frozen=True, slots=True)
class Wishes:
    """What one channel wants beyond its lane's row. `escalate`: seconds, and the channels that hear then."""

    quiet: tuple[policy.Stretch, ...] = ()
    throttle: tuple[int, float] | None = None
    escalate: tuple[float, tuple[str, ...]] | None = None


@dataclass(slots=True)
class Policies:
    """`holding.Policies` over a configuration. Reload makes a new one."""

    zone: ZoneInfo
    channels: Mapping[str, Wishes] = field(default_factory=dict)
    entities: Entities | None = None
    _queries: dict[str, Callable[[Article], bool]] = field(default_factory=dict)

    def throttle(self, channel: str) -> tuple[int, float] | None:
        wishes = self.channels.get(channel)
        return None if wishes is None else wishes.throttle

    def escalation(self, channel: str) -> tuple[float, tuple[str, ...]] | None:
        wishes = self.channels.get(channel)
        return None if wishes is None else wishes.escalate

    @property
    def escalates(self) -> bool:
        return any(wishes.escalate is not None for wishes in self.channels.values())

    def hold(self, channel: str, severity: Severity, now: float, sent: Sequence[float], not_before: float | None) -> holding.Hold | None:
        wishes = self.channels.get(channel, Wishes())
        wanted = policy.Policy(self.zone, quiet=wishes.quiet, throttle=_throttle(wishes.throttle))
        decision = policy.decide(severity, wanted, now=_moment(now), sent=[_moment(at) for at in sent])
        until = decision.until.timestamp() if decision.until is not None else None
        reason = decision.code
        if not_before is not None and not_before > max(until or 0.0, now):
            until, reason = not_before, reason or "throttled"
        if until is None or reason is None:
            return None
        if severity is not Severity.CRITICAL and (end := quiet_until(wishes.quiet, _moment(until), self.zone)) is not None:
            until = end.timestamp()  # what a throttle holds into the night waits for the morning
        return holding.Hold(reason, until)

    def free_at(self, limit: tuple[int, float], sent: Sequence[float], now: float) -> float | None:
        free = policy.throttled_until(policy.Throttle(*limit), [_moment(at) for at in sent], _moment(now))
        return None if free is None else free.timestamp()

    def mute(self, listed: Sequence[mutes.Mute], about: holding.About, now: float) -> tuple[mutes.Mute | None, mutes.Mute | None]:
        """The mute that keeps the alert back, the one that lasts longest if several do; else the one that ended last."""
        by_id = {mute.uid: mute for mute in listed}
        wanted = [as_policy(mute) for mute in listed]
        view, moment = _view(about), _moment(now)

        def matches(query: str, _: AlertView) -> bool:
            return self.matches(query, about.article)

        held = policy.muted_by(view, wanted, moment, matches)
        if held is not None:
            return by_id[held.id], None
        ended = policy.ended_mute(view, wanted, moment, matches)
        return None, None if ended is None else by_id[ended.id]

    def matches(self, query: str, article: Article) -> bool:
        """Whether a mute's query matches; one that can't be read any more (an entity is gone) mutes nothing."""
        found = self._queries.get(query)
        if found is None:
            found = matcher(query, self.entities)
            if len(self._queries) >= _QUERIES:
                self._queries.clear()
            self._queries[query] = found
        return found(article)


def matcher(query: str, entities: Entities | None) -> Callable[[Article], bool]:
    """Whether articles match a query; never, if it can't be read."""
    from monitor.rules import parse  # the grammar is loaded with the first query that is read

    try:
        compiled = RuleSet.compile([("mute", parse(query, entities))], entities or Entities({}))
    except QueryError:
        return lambda article: False
    return lambda article: bool(compiled.match(article))


def as_policy(mute: mutes.Mute) -> policy.Mute:
    scope = mute.scope
    return policy.Mute(
        id=mute.uid,
        by=mute.actor,
        why=mute.reason,
        until=None if mute.over is None else _moment(mute.over),
        rule=scope.get("rule"),
        site=scope.get("site"),
        feed=scope.get("feed"),
        story=scope.get("story"),
        query=scope.get("query"),
    )


def _throttle(limit: tuple[int, float] | None) -> policy.Throttle | None:
    return None if limit is None else policy.Throttle(*limit)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _view(about: holding.About) -> AlertView:
    """The alert that is about to be made, as far as mutes look at it."""
    article = about.article
    return AlertView(
        id="",
        delivery_id="",
        severity=Severity.NORMAL,
        rule=about.rule,
        query="",
        url=article.url,
        title=article.title,
        site=article.site,
        author=article.author,
        language=article.language,
        published_at=article.published_at,
        fetched_at=None,
        summary="",
        body=article.body,
        spans=(),
        feeds=article.feeds,
        story_id=about.story_id,
        story_articles=1,
        created_at=datetime.fromtimestamp(0, UTC),
        host=about.host or None,
    )


def view_of_past(past: mutes.Past) -> tuple[AlertView, Article]:
    """An alert that was, as a mute looks at it: for counting what a mute would have kept back."""
    article = Article(past.title, past.body, past.author, past.site, past.url, past.language, None, past.feeds, past.tags)
    return _view(holding.About(past.rule, past.story_id, past.host, article)), article
