"""The registry of channel types: one line each; other packages join through the entry-point group `monitor.channels`.

An entry point names a module or object with `Options` (a pydantic model) and `create(name, options, services) -> Channel`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

from monitor.alerts.channels.base import Channel, Options, Services
from monitor.errors import ConfigError

__all__ = ["COMMON_KEYS", "Channel", "ChannelType", "Options", "Services", "build", "is_human", "options_of", "registry"]

_OURS = {
    "apprise": "apprise:Apprise",
    "console": "console:Console",
    "discord": "discord:Discord",
    "email": "email:Email",
    "exec": "exec:Exec",
    "file": "file:File",
    "gotify": "gotify:Gotify",
    "matrix": "matrix:Matrix",
    "mattermost": "mattermost:Mattermost",
    "ntfy": "ntfy:Ntfy",
    "pagerduty": "pagerduty:PagerDuty",
    "slack": "slack:Slack",
    "teams": "teams:Teams",
    "telegram": "telegram:Telegram",
    "webhook": "webhook:Webhook",
}

# Keys of every channel, read by whoever decides what is sent and when; no channel's own.
COMMON_KEYS = frozenset({"type", "min_severity", "digest", "digest_empty", "quiet_hours", "throttle", "escalate", "on_unknown", "template"})


@dataclass(frozen=True, slots=True)
class ChannelType:
    """A kind of channel: the model of its keys and what makes one."""

    options: type[Options]
    create: Callable[[str, Any, Services], Channel]


@cache
def _load(name: str) -> ChannelType:
    if name in _OURS:
        module_name, _, class_name = _OURS[name].partition(":")
        module = import_module(f"monitor.alerts.channels.{module_name}")
        return ChannelType(module.Options, getattr(module, class_name))
    for point in entry_points(group="monitor.channels", name=name):
        made = point.load()
        return ChannelType(made.Options, made.create)
    known = ", ".join(sorted(names()))
    raise ConfigError(f"there is no channel type '{name}'", remedy=f"one of: {known}")


def names() -> frozenset[str]:
    """All types that can be configured, without importing any."""
    return frozenset(_OURS) | {point.name for point in entry_points(group="monitor.channels")}


def options_of(name: str) -> type[Options]:
    """The model of a type's own keys. Raises ConfigError for a type that is not there."""
    return _load(name).options


def is_human(name: str) -> bool:
    """Whether a type's messages are for people: alerts of one story are one message then."""
    return bool(getattr(_load(name).create, "human", True))


def registry() -> dict[str, type[Options]]:
    """Every type and the model of its own keys."""
    return {name: options_of(name) for name in sorted(names())}


def build(name: str, options: Mapping[str, Any], services: Services) -> Channel:
    """The channel `name` from its keys in the configuration, `type` among them; common keys may be there and are left aside.

    Raises ConfigError for an unknown type, pydantic.ValidationError for wrong keys (config shows them with their lines).
    """
    kind = _load(str(options.get("type", "")))
    own = {key: value for key, value in options.items() if key not in COMMON_KEYS}
    return kind.create(name, kind.options.model_validate(own), services)
