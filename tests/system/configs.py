"""The configuration that tests of the real daemon share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.support.site import Site

NEWS = "The envoy spoke of FFVD again."


def config(
    site: Site | None,
    channels: Mapping[str, str],
    *,
    notify: Sequence[str] | None = None,
    database: str = "",
    feeds: Sequence[str] = (),
    operations: Sequence[str] = (),
    more: str = "",
) -> str:
    """Watches every feed of the site (and `feeds`, lines of YAML) each second for FFVD. `channels`: name -> its keys in YAML."""
    lines = [f"database: {database}"] if database else []
    lines += ["network: {allow: [127.0.0.0/8]}", "defaults: {interval: 1s}", "feeds:"]
    lines += [f"  - {{url: '{feed.url}', name: '{name}'}}" for name, feed in (site.feeds if site else {}).items()]
    lines += [f"  - {line}" for line in feeds]
    lines += ["rules:", f"  - {{name: ffvd, any: [FFVD], notify: [{', '.join(notify if notify is not None else channels)}]}}", "channels:"]
    lines += [f"  {name}: {{{keys}}}" for name, keys in channels.items()]
    lines += [f"operations: [{', '.join(operations)}]"] if operations else []
    return "\n".join([*lines, more, ""])


def hook(url: str) -> str:
    """The keys of a webhook channel."""
    return f"type: webhook, url: '{url}'"
