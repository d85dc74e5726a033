"""status, audit: how it fares, and whether the sums come out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.context import ColorOption, ConfigOption, JsonOption, StateOption, colour, config_path, reading, state_path, with_store
from monitor.errors import ConfigError

if TYPE_CHECKING:
    from monitor.config.settings import Config
    from monitor.store.audit import Sums
    from monitor.store.database import Store


def register(app: typer.Typer) -> None:
    app.command()(status)
    app.command()(audit)


def status(config: ConfigOption = None, state: StateOption = None, json_: JsonOption = False, color: ColorOption = "auto") -> None:
    """Say how the daemon fares; exit status 1 when it is unwell.

    \b
    Examples:
      monitor status
      monitor status --json
    """
    import time
    from datetime import UTC

    from monitor.actions.status import status as judged
    from monitor.cli.faring import status_lines
    from monitor.cli.output import json_out, out_wrapped
    from monitor.store.state import is_held

    settings = _settings(config)
    running = is_held(state_path(state))
    url = _dashboard(settings) if settings else None

    async def work(store: Store) -> dict[str, Any]:
        return await judged(store, time.time(), running=running, url=url)

    item = with_store(config, state, work)
    if json_:
        json_out(item)
    else:
        for line in status_lines(item, settings.defaults.timezone if settings else UTC, painted=colour(sys.stdout, color)):
            out_wrapped(line, 10)
    if item["word"] == "unwell":
        raise typer.Exit(1)


def _settings(config: Path | None) -> Config | None:
    """What of the configuration status needs, where it can be read."""
    from monitor.config import load

    try:
        return load(config_path(config), sections=("web", "defaults", "database")).config
    except ConfigError:
        return None


def _dashboard(settings: Config) -> str | None:
    """Where the dashboard is, as a person at this machine reaches it; None for a build without one, or behind a Unix socket."""
    from importlib.resources import files

    web = settings.web
    if not files("monitor.web").joinpath("templates").is_dir():
        return None
    if web.base_url:
        return f"{web.base_url}/"
    return None if web.listen.path is not None else f"http://{web.listen}/"


def audit(
    config: ConfigOption = None,
    state: StateOption = None,
    by_feed: Annotated[bool, typer.Option("--by-feed", help="The fates of each feed's entries, day by day.")] = False,
    json_: JsonOption = False,
) -> None:
    """Prove the sums: every entry one fate, every match an alert or a reason, every alert its deliveries. Exit status 1 at a leak.

    \b
    Examples:
      monitor audit
      monitor audit --json
    """
    from monitor.cli.output import json_out
    from monitor.store import audit as proving

    sums = reading(config, state, proving.audit)
    if json_:
        json_out(_audit_json(sums, by_feed=by_feed))
    else:
        _print_audit(sums, by_feed=by_feed)
    if not sums.ok:
        raise typer.Exit(1)


def _audit_json(sums: Sums, *, by_feed: bool) -> dict[str, Any]:
    from monitor.store.audit import FATES

    answer: dict[str, Any] = {
        "ok": sums.ok,
        "entries": {fate: sums.entries.get(fate, 0) for fate in FATES},
        "alerts": dict(sums.alerts),
        "deliveries": dict(sums.deliveries),
        "leaks": [{"kind": leak.kind, "id": leak.id, "text": leak.text} for leak in sums.leaks],
    }
    if by_feed:
        answer["days"] = [{"feed": feed, "day": _day(day), **counts} for (feed, day), counts in sorted(sums.by_feed_day.items())]
    return answer


def _print_audit(sums: Sums, *, by_feed: bool) -> None:
    from monitor.cli.output import clean, note, out
    from monitor.store.audit import FATES

    out(f"entries     {sums.entries.total()}: " + ", ".join(f"{sums.entries.get(fate, 0)} {fate}" for fate in FATES))
    out(f"alerts      {sums.alerts.total()}: " + (", ".join(f"{n} {name}" for name, n in sorted(sums.alerts.items())) or "none"))
    out(f"deliveries  {sums.deliveries.total()}: " + (", ".join(f"{n} {name}" for name, n in sorted(sums.deliveries.items())) or "none"))
    if by_feed:
        for (feed, day), counts in sorted(sums.by_feed_day.items()):
            out(f"  {_day(day)}  {clean(feed)}  " + ", ".join(f"{n} {fate}" for fate, n in sorted(counts.items())))
    for leak in sums.leaks:
        note(f"leak: {leak.kind} {leak.id}: {clean(leak.text)}")
    out("the sums come out" if sums.ok else f"{len(sums.leaks)} leaks")


def _day(number: int) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(number * 86400, UTC).strftime("%Y-%m-%d")
