"""From a configuration to what the store and the stages need of it."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from monitor import __version__
from monitor.alerts.channels import Channel, Services, build
from monitor.config.settings import Channel as ChannelKeys
from monitor.config.settings import Config, Feed, Rule
from monitor.net import Client, host_key
from monitor.pipeline.deliver import next_digest
from monitor.pipeline.holding import Policies, Wishes
from monitor.pipeline.live import PLAIN, FeedWish, Live, Rules, RuleWish
from monitor.pipeline.sources import Source
from monitor.rules import RuleSet
from monitor.store import loading, sql

USER_AGENT = f"news-monitor/{__version__} (feed monitor; contact: the operator of this installation)"


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where console channels write, and whether a person reads there."""

    write: Callable[[str], None]
    tty: bool = False
    color: bool = False


def rules_of(config: Config, previous: Rules | None = None) -> Rules:
    """Compiles the rules: everything that matches is decided by what this answers. What `previous` has already is kept."""
    known = previous.set if previous is not None else None
    compiled = RuleSet.compile([(rule.name, rule.query) for rule in config.rules], config.entities, previous=known)
    wishes = {rule.name: _rule(rule) for rule in config.rules}
    return Rules(compiled, wishes, bool(compiled.uses("feed") | compiled.uses("tag")))


def _rule(rule: Rule) -> RuleWish:
    throttle = (rule.throttle.count, rule.throttle.seconds) if rule.throttle is not None else None
    return RuleWish(rule.query.text, rule.severity, rule.notify, rule.again, throttle)


def policies_of(config: Config) -> Policies:
    """What channels want beyond what their lanes' rows hold."""
    wishes = {
        name: Wishes(
            quiet=channel.quiet_hours,
            throttle=(channel.throttle.count, channel.throttle.seconds) if channel.throttle is not None else None,
            escalate=(channel.escalate.after, channel.escalate.to) if channel.escalate is not None else None,
        )
        for name, channel in config.channels.items()
    }
    return Policies(config.defaults.timezone, wishes, config.entities)


def channels_of(config: Config, client: Client, terminal: Terminal, clock: Callable[[], float]) -> dict[str, Channel]:
    services = Services(
        client=client,
        zone=config.defaults.timezone,
        base_url=config.web.base_url,
        write=terminal.write,
        tty=terminal.tty,
        color=terminal.color,
        ca_file=config.network.ca_file,
        clock=lambda: datetime.fromtimestamp(clock(), UTC),
        user_agent=config.network.user_agent or USER_AGENT,
    )
    return {name: build(name, channel.options, services) for name, channel in config.channels.items()}


def live_of(config: Config, rules: Rules, channels: Mapping[str, Channel], generation: int = 0) -> Live:
    return Live(
        rules=rules,
        feeds={feed.url: wish for feed in config.feeds if (wish := _wish(feed)) != PLAIN},
        channels=channels,
        zone=config.defaults.timezone,
        base_url=config.web.base_url,
        policies=policies_of(config),
        wordings={name: (keys.template.title, keys.template.text) for name, keys in config.channels.items() if keys.template is not None},
        generation=generation,
    )


def digests_of(config: Config) -> dict[str, str]:
    """Channels that send digests, with their cron lines."""
    return {name: channel.digest for name, channel in config.channels.items() if channel.digest}


def plan_of(config: Config, channels: Mapping[str, Channel], now: float) -> loading.Plan:
    """What the store takes in."""
    return loading.Plan(
        fingerprint=config.fingerprint,
        feeds=[
            loading.FeedRow(
                url=feed.url,
                name=feed.name,
                host=host_key(feed.url),
                tags=tuple(feed.tags),
                interval=feed.interval,
                backlog=feed.backlog,
                body=feed.body,
                origin=feed.where,
            )
            for feed in config.feeds
        ],
        rules=[loading.RuleRow(rule.name, rule.query.text, rule.severity, tuple(rule.notify), rule.where) for rule in config.rules],
        lanes=[_lane(channel, channels[name], config, now) for name, channel in config.channels.items()],
        operations=config.operations,
    )


def _lane(keys: ChannelKeys, channel: Channel, config: Config, now: float) -> loading.LaneRow:
    # The hash alone is stored: the options may hold secrets.
    options = sql.digest(keys.type, *(f"{key}={value}" for key, value in sorted(keys.options.items()))).hex()
    return loading.LaneRow(
        channel=keys.name,
        type=keys.type,
        target=channel.target,
        human=channel.human,
        options_hash=options,
        min_severity=str(keys.min_severity),
        digest=keys.digest,
        digest_empty=keys.digest_empty,
        on_unknown=keys.on_unknown,
        digest_at=next_digest(keys.digest, config.defaults.timezone, now) if keys.digest else None,
    )


def _wish(feed: Feed) -> FeedWish:
    headers = dict(feed.headers)
    if feed.cookie:
        headers["Cookie"] = feed.cookie
    if feed.auth is not None:
        if feed.auth.basic is not None:
            headers["Authorization"] = "Basic " + base64.b64encode(feed.auth.basic.encode()).decode()
        elif feed.auth.bearer is not None:
            headers["Authorization"] = f"Bearer {feed.auth.bearer}"
    return FeedWish(headers=headers, user_agent=feed.user_agent, proxy=feed.proxy, max_age=feed.max_age, source=source_of(feed))


def source_of(feed: Feed) -> Source:
    """What the feed's address gives, as configured."""
    select = feed.select
    return Source(feed.type) if select is None else Source(feed.type, select.item, select.link, select.title, select.time)
