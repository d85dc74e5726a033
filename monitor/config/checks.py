"""What no single key can tell: how the parts of a configuration stand to each other."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as AnyMapping

from yarl import URL

from monitor.config.includes import Document
from monitor.config.keys.web import WebKeys, is_loopback
from monitor.config.nodes import Mapping, Node, Scalar, Sequence
from monitor.config.problems import Place, Problem, Report
from monitor.config.settings import Channel
from monitor.rules import Entities


def fence(web: WebKeys, node: Node | None) -> Problem | None:
    """The error of a dashboard that anybody could open: reached from beyond loopback, and nobody has to sign in (interface, section 5)."""
    if web.users or web.tokens or web.proxy:
        return None
    if not web.listen.loopback:
        key, what = "listen", f"the dashboard listens on {web.listen}, beyond this machine"
    elif web.base_url and not is_loopback(URL(web.base_url).host or ""):
        key, what = "base_url", "the dashboard is reached from beyond this machine"
    else:
        return None
    place = node.key_place(key) if isinstance(node, Mapping) else None
    report = Report()
    report.error(
        "open-dashboard",
        f"{what}, and has no users, tokens or proxy",
        place,
        expected="web.users (`monitor password`), tokens or proxy; or listen: 127.0.0.1:8642 and no base_url beyond it",
        suggestion="anybody could read and change it",
    )
    return report.problems[0]


def warn_web(web: WebKeys, node: Node | None, report: Report) -> None:
    """Users whose passwords would go over the network in clear; a sign-in that nobody can pass."""
    place = node.place if node else None
    if isinstance(node, Mapping):
        place = node.key_place("users" if web.users else "auth") if node.keys else node.place
    secure = web.base_url is not None and URL(web.base_url).scheme == "https"
    if web.users and not web.listen.loopback and not secure:
        report.warn(
            "plain-http",
            "users sign in over plain HTTP, beyond this machine",
            place,
            suggestion="put a proxy with https before it, and set base_url",
        )
    if web.auth == "required" and not (web.users or web.tokens or web.proxy):
        report.warn("no-users", "sign-in is required, and there is nobody who could", place, suggestion="add users:")


def warn_unused(document: Document, channels: AnyMapping[str, Channel], report: Report) -> None:
    """Channels that nothing sends to."""
    used: set[str] = set()
    for node in document.lists["rules"]:
        used.update(_words(node, "notify"))
    used.update(item.text for item in document.lists["operations"] if isinstance(item, Scalar))
    for channel in channels.values():
        used.update(channel.escalate.to if channel.escalate else ())
    for name, (key, _) in document.named["channels"].items():
        if name not in used:
            report.warn("unused", f"channel '{name}' is used by no rule", key.place)


def warn_aliases(document: Document, entities: Entities, report: Report) -> None:
    """Aliases that two entities share: both are found by it, which is seldom meant."""
    owners: dict[str, tuple[str, Place]] = {}
    for name, (key, node) in document.named["entities"].items():
        if name not in entities.names:
            continue
        found = [(name, key), *((item.text, item) for item in _items(node, "aliases"))]
        for alias, item in found:
            folded = alias.strip().removeprefix("=").casefold()
            first = owners.setdefault(folded, (name, item.place))
            if first[0] != name:
                report.warn(
                    "shared-alias",
                    f"'{alias[:80]}' stands for entity '{name}' and for '{first[0]}'",
                    item.place,
                    expected=f"the other is at {first[1]}",
                )


def _items(node: Node, key: str) -> Iterable[Scalar]:
    found = node.items.get(key) if isinstance(node, Mapping) else None
    return [item for item in found.items if isinstance(item, Scalar)] if isinstance(found, Sequence) else []


def _words(node: Node, key: str) -> Iterable[str]:
    return [item.text for item in _items(node, key)]
