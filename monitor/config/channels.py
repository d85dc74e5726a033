"""`channels` resolved: the keys of every channel here, a type's own by its `Options`."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import BaseModel
from pydantic_core import PydanticCustomError

from monitor.alerts.channels import names, options_of
from monitor.config.cron import next_time
from monitor.config.diagnose import About, Checker, first_key
from monitor.config.entities import checked_name
from monitor.config.keys.base import keys_of
from monitor.config.keys.channels import ChannelKeys
from monitor.config.keys.defaults import Defaults
from monitor.config.nodes import Mapping, Node, Scalar
from monitor.config.rules import known_channels
from monitor.config.secrets import note_declared
from monitor.config.settings import Channel
from monitor.config.spelling import did_you_mean

_FAR = datetime(2024, 1, 1, tzinfo=UTC)  # any day will do to see whether a time ever comes; a leap year


def read_channels(items: dict[str, tuple[Scalar, Node]], defaults: Defaults, checker: Checker) -> dict[str, Channel]:
    """All channels that hold; faults of the others are told."""
    channels: dict[str, Channel] = {}
    for name, (key, node) in items.items():
        if not checked_name(name, key, "a channel's name", checker):
            continue
        channel = _channel(name, key, node, defaults, checker)
        if channel is not None:
            channels[name] = channel
    for name, channel in channels.items():
        if channel.escalate is not None:
            node = items[name][1]
            escalate = node.items["escalate"] if isinstance(node, Mapping) else None
            to = escalate.items.get("to") if isinstance(escalate, Mapping) else None
            known_channels(channel.escalate.to, to, f"'escalate' of channel '{name}'", items, checker.report)
    return channels


def _channel(name: str, key: Scalar, node: Node, defaults: Defaults, checker: Checker) -> Channel | None:
    owner = f"channel '{name}'"
    if not isinstance(node, Mapping):
        checker.report.error("shape", f"{owner} is {node.kind}", node.place, expected="keys and values: {type: console}")
        return None
    options_model = _options_model(node, owner, checker)
    if options_model is None:
        return None
    value = checker.plain(node, owner=owner)
    note_declared(options_model, value, checker.expander)
    shared = frozenset(keys_of(ChannelKeys))
    item = About(owner, f"a channel of type {value['type']}", (*keys_of(ChannelKeys), *keys_of(options_model)))
    keys, keys_whole = checker.partly(ChannelKeys, node, item, {key: each for key, each in value.items() if key in shared})
    own = {key: each for key, each in value.items() if key not in shared}
    _, own_whole = checker.partly(options_model, node, item, own)
    if keys is None or not _good_cron(keys, node, owner, defaults, checker) or not (keys_whole and own_whole):
        return None
    return Channel(
        name=name,
        type=value["type"],
        options={"type": value["type"], **own},
        min_severity=keys.min_severity,
        digest=keys.digest,
        digest_empty=keys.digest_empty,
        quiet_hours=keys.quiet_hours,
        throttle=keys.throttle,
        escalate=keys.escalate,
        on_unknown=keys.on_unknown,
        template=keys.template,
        file=key.source.shown,
        line=key.line,
    )


def _options_model(node: Mapping, owner: str, checker: Checker) -> type[BaseModel] | None:
    written = node.items.get("type")
    known = sorted(names())
    if written is None:
        checker.report.error(
            "missing-key", f"{owner} needs 'type'", first_key(node), expected=f"one of: {', '.join(known)}", suggestion="add type:"
        )
        return None
    if not isinstance(written, Scalar) or written.text not in known:
        word = written.text if isinstance(written, Scalar) else written.kind
        checker.report.error(
            "unknown-type",
            f"{owner} has a type that is not known: '{word[:60]}'",
            written.place,
            expected=f"one of: {', '.join(known)}",
            suggestion=did_you_mean(word, known),
        )
        return None
    return options_of(written.text)


def _good_cron(keys: ChannelKeys, node: Mapping, owner: str, defaults: Defaults, checker: Checker) -> bool:
    if keys.digest is None:
        return True
    try:
        next_time(keys.digest, defaults.timezone, _FAR)
    except PydanticCustomError as error:
        context = error.context or {}
        checker.report.error(
            "value",
            f"'digest' in {owner}: {context.get('message')}",
            node.items["digest"].place,
            expected=context.get("expected"),
            suggestion=context.get("suggestion"),
        )
        return False
    return True
