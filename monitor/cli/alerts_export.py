"""monitor alerts export, preview: alerts as files for others, and what a channel would have sent."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.completing import channel_names, rule_names
from monitor.cli.context import ConfigOption, JsonOption, StateOption, StatesOption, load_config, split_states, with_store
from monitor.errors import StoreError

if TYPE_CHECKING:
    from monitor.config.settings import Config
    from monitor.store.database import Store

_PAGE = 500
_STATES = ("open", "acked", "dismissed")
_COLUMNS = (
    "id", "created_at", "rule", "severity", "state", "reason", "assignee", "changed_at", "changed_by", "muted", "title", "url", "site",
    "language", "published_at", "story_id", "query", "deliveries", "notes",
)  # fmt: skip


def register(app: typer.Typer) -> None:
    app.command()(export)
    app.command()(preview)


def export(
    format_: Annotated[str, typer.Option("--format", metavar="FORMAT", help="csv or jsonl.")] = "jsonl",
    since: Annotated[str | None, typer.Option("--since", metavar="TIME", help="Made since: 7d ago, or a date.")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="TIME", help="Made before: 1d ago, or a date.")] = None,
    rule: Annotated[str | None, typer.Option("--rule", metavar="NAME", help="Only those of a rule.", autocompletion=rule_names)] = None,
    config: ConfigOption = None,
    state: StatesOption = None,
) -> None:
    """Write alerts with what was decided, by whom and when, oldest first: CSV or JSON lines.

    \b
    Examples:
      monitor alerts export --since 30d > alerts.jsonl
      monitor alerts export --format csv --since 2026-01-01 --state acked > acked.csv
    """
    if format_ not in ("csv", "jsonl"):
        raise typer.BadParameter("csv or jsonl", param_hint="--format")
    only, folder = split_states(state, _STATES)
    chosen: dict[str, Any] = {"state": only, "rule": rule, **_period(since, until, config)}
    write = _csv() if format_ == "csv" else _lines

    async def work(store: Store) -> None:
        from monitor.store import listing, triage

        after = 0
        while True:
            page, after = await store.read(listing.export_alerts, after, _PAGE, **chosen)
            notes = await store.read(triage.notes_of, [item["id"] for item in page])
            for item in page:
                write({**item, "notes": [_note(one) for one in notes.get(item["id"], ())]})
            if not after:
                return

    with_store(config, folder, work)


def _note(note: dict[str, Any]) -> dict[str, Any]:
    from monitor.store.listing import stamp

    return {**note, "at": stamp(note["at"])}


def _period(since: str | None, until: str | None, config: Any) -> dict[str, float | None]:
    import time

    from monitor.cli.moments import back

    if since is None and until is None:
        return {"since": None, "until": None}
    zone, now = zone_of(config), time.time()
    return {"since": back(since, now, zone), "until": back(until, now, zone, "--until")}


def zone_of(config: Any) -> Any:
    """The zone of the configuration; UTC where there is none to be had."""
    from zoneinfo import ZoneInfo

    from monitor.cli.context import config_path
    from monitor.config import load
    from monitor.errors import ConfigError

    try:
        path = config_path(config)
    except ConfigError:
        return ZoneInfo("UTC")
    loaded = load(path, sections=("defaults",))
    return ZoneInfo("UTC") if loaded.config is None else loaded.config.defaults.timezone


def _lines(item: dict[str, Any]) -> None:
    from monitor.cli.output import json_out

    json_out({key: item[key] for key in _COLUMNS})


def _csv() -> Callable[[dict[str, Any]], None]:
    import csv

    writer = csv.writer(sys.stdout, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    return lambda item: writer.writerow([_cell(item[key]) for key in _COLUMNS])


def _cell(value: Any) -> str:
    """A cell as text. One that a spreadsheet would take for a formula is kept from that by an apostrophe."""
    from monitor.cli.output import clean

    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        value = ", ".join(f"{key}: {each}" for key, each in value.items())
    if isinstance(value, list):
        value = " | ".join(f"{note['at']} {note['by']}: {note['text']}" for note in value)
    text = clean(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def preview(
    channel: Annotated[str, typer.Option("--channel", metavar="NAME", help="The channel.", autocompletion=channel_names)],
    since: Annotated[str, typer.Option("--since", metavar="TIME", help="From when on: 7d ago, or a date.")] = "7d",
    config: ConfigOption = None,
    state: StateOption = None,
    json_: JsonOption = False,
) -> None:
    """Show what a channel would have sent in a period, by the configuration as it is now. Nothing is sent.

    \b
    Examples:
      monitor alerts preview --channel desk --since 7d
    """
    import time

    from monitor.cli.moments import back
    from monitor.cli.output import Column, counted, json_lines, note, table
    from monitor.store.listing import stamp

    loaded = load_config(config)
    if channel not in loaded.channels:
        known = ", ".join(sorted(loaded.channels)) or "none is configured"
        raise StoreError(f"there is no channel '{channel}'", remedy=f"there are: {known}")
    begin = back(since, time.time(), loaded.defaults.timezone) or 0.0
    messages, kept = with_store(config, state, lambda store: _would(store, loaded, channel, begin))
    items = [
        {
            "at": stamp(message.at),
            "kind": message.kind,
            "count": len(message.alerts),
            "alerts": [{key: item[key] for key in ("id", "rule", "severity", "title", "url", "story_id")} for item in message.alerts],
            "title": message.alerts[0]["title"] + (f" and {len(message.alerts) - 1} more" if len(message.alerts) > 1 else ""),
        }
        for message in messages
    ]
    if json_:
        json_lines(items)
    else:
        table(items, [Column("at", "WHEN"), Column("kind", "KIND"), Column("count", "ALERTS"), Column("title", "TITLE", wide=True)])
    told = "".join(f", {number} kept back: {reason}" for reason, number in sorted(kept.items()))
    alerts = sum(len(message.alerts) for message in messages)
    note(f"{counted(len(messages), 'message')} of {counted(alerts, 'alert')}{told}")


async def _would(store: Store, config: Config, name: str, since: float) -> Any:
    from datetime import datetime

    from monitor.actions.assemble import policies_of
    from monitor.alerts.channels import is_human
    from monitor.pipeline import preview as previewing
    from monitor.pipeline.deliver import next_digest
    from monitor.store import listing

    keys = config.channels[name]
    rules = {rule.name for rule in config.rules if name in rule.notify}
    zone, cron = config.defaults.timezone, keys.digest
    wanted = previewing.Wanted(
        name, is_human(keys.type), keys.min_severity, (lambda after: next_digest(cron, zone, after)) if cron else None
    )
    alerts: list[tuple[float, dict[str, Any]]] = []
    after = 0
    while True:
        page, after = await store.read(listing.export_alerts, after, _PAGE, since=since)
        alerts += [(datetime.fromisoformat(item["created_at"]).timestamp(), item) for item in page if item["rule"] in rules]
        if not after:
            break
    return previewing.preview(alerts, wanted, policies_of(config))
