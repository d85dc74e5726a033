"""status, audit: how it fares, and whether the sums come out."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.context import ColorOption, ConfigOption, JsonOption, StateOption, colour, config_path, reading, state_path, with_store
from monitor.cli.output import clean, lasting, note, out, out_wrapped, sized
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

    from monitor.actions.status import status as judged
    from monitor.cli.output import json_out
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


_COLOURS = {"ok": "32", "attention": "33", "unwell": "31"}


_WAYS = 62  # the column where ways on stand


def status_lines(item: dict[str, Any], zone: tzinfo, *, painted: bool = False) -> list[str]:
    """What people read of a status."""
    word = f"\x1b[{_COLOURS[item['word']]}m{item['word']}\x1b[0m" if painted else item["word"]
    lines = [f"{word}{' ' * (10 - len(item['word']))}{', '.join(_about(item, zone))}"]
    lines += [f"{'':<10}{clean(cause)}" for cause in item["causes"]]
    lines += [f"{stage:<10}{_stage(item[stage], item['now'])}" for stage in ("poll", "read", "deliver")]
    by_state = ", ".join(f"{number:,} {name}" for name, number in item["feeds"].items() if name != "total")
    feeds = f"{'feeds':<10}{item['feeds']['total']:,}: {by_state or 'none'}"
    lines.append(f"{feeds:<{_WAYS}}  → monitor feeds list --state failing" if item["feeds"].get("failing") else feeds)
    by_severity = ", ".join(f"{number} of them {name}" for name, number in item["alerts"]["by_severity"].items() if name != "normal")
    oldest = f", oldest {_since(item['alerts']['oldest_at'], item['now'])}" if item["alerts"]["oldest_at"] else ""
    alerts = f"{'alerts':<10}{item['alerts']['open']} open" + (f", {by_severity}" if by_severity else "") + oldest
    lines.append(f"{alerts:<{_WAYS}}  → {clean(item['url'])}" if item["url"] else alerts)
    return lines


def _about(item: dict[str, Any], zone: tzinfo) -> list[str]:
    """Version, up or not, engine, size, which configuration."""
    about = []
    if item["instances"]:
        newest = item["instances"][0]
        about.append(clean(newest["version"]) + (f", {len(item['instances'])} daemons" if len(item["instances"]) > 1 else ""))
        if item["running"] and newest["started_at"]:
            about.append(f"up {_since(newest['started_at'], item['now'])}")
    if not item["running"]:
        about.append("not running")
    storage = item["storage"]
    left = f" ({storage['days_left']:,} d left)" if storage["days_left"] is not None else ""
    about += [storage["database"], f"{sized(storage['bytes'])}{left}"]
    if storage["configuration_at"]:
        loaded, now = (datetime.fromisoformat(text).astimezone(zone) for text in (storage["configuration_at"], item["now"]))
        form = "%H:%M" if loaded.date() == now.date() else "%-d %b %H:%M"
        about.append(f"configuration of {loaded.strftime(form)}")
    return about


def _stage(facts: dict[str, Any], now: str) -> str:
    text = f"{facts['last_minute']:<4}in the last minute    {facts['waiting']} waiting"
    if facts["waiting"] and facts["oldest_waiting_s"] is not None and facts["oldest_waiting_s"] > 60:
        text += f", the oldest {lasting(facts['oldest_waiting_s'])}"
    for lane in facts.get("sick", ()):
        when = ""
        if lane["next_try_at"] and not lane["off"]:
            wait = (datetime.fromisoformat(lane["next_try_at"]) - datetime.fromisoformat(now)).total_seconds()
            when = f"retry in {lasting(max(0.0, wait))} "
        text += f", {when}({clean(lane['channel'])}: {clean(lane['cause'])})"
    return text + (f", {facts['dead']} dead" if facts.get("dead") else "")


def _since(then: str, now: str) -> str:
    return lasting((datetime.fromisoformat(now) - datetime.fromisoformat(then)).total_seconds())


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
