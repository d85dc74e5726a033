"""doctor: what must hold on this machine."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from monitor.cli.context import ColorOption, ConfigOption, JsonOption, StateOption, colour, config_path, load_all, run, state_path
from monitor.errors import ConfigError

if TYPE_CHECKING:
    from monitor.actions.doctor import Finding
    from monitor.config.settings import Config

_MARKS = {"ok": ("✓", "32"), "warning": ("◐", "33"), "failed": ("✗", "31")}


def register(app: typer.Typer) -> None:
    app.command()(doctor)


def doctor(config: ConfigOption = None, state: StateOption = None, json_: JsonOption = False, color: ColorOption = "auto") -> None:
    """Look whether all that the daemon needs is there: versions, folder, disk, clock, names, configuration, store, channels.

    \b
    Examples:
      monitor doctor
      monitor doctor --config /etc/monitor/monitor.yaml --state /var/lib/monitor
    """
    from monitor.cli.output import clean, json_lines, out_wrapped, width

    findings = run(_look(config, state_path(state)))
    if json_:
        json_lines(finding.as_json() for finding in findings)
    else:
        painted = colour(sys.stdout, color)
        room = max(width(clean(finding.check)) for finding in findings)
        for finding in findings:
            mark, code = _MARKS[finding.state]
            mark = f"\x1b[{code}m{mark}\x1b[0m" if painted else mark
            name = clean(finding.check)
            out_wrapped(f"{mark} {name}{' ' * (room - width(name))}  {finding.state:<7}  {clean(finding.text)}", room + 13)
            if finding.remedy and finding.state != "ok":
                out_wrapped(f"  {'':<{room}}  {'':<7}  → {clean(finding.remedy)}", room + 15)
    if any(finding.state == "failed" for finding in findings):
        raise typer.Exit(1)


async def _look(config: Path | None, folder: Path) -> list[Finding]:
    import asyncio

    from monitor.actions import doctor as looking
    from monitor.cli.clients import client_of

    # Read in a thread: what the store holds beside the files is read by a loop of its own.
    settings, about = await asyncio.to_thread(_configuration, config, folder)
    sqlite_used = settings is None or settings.database.startswith("sqlite")
    found = [looking.python(), looking.sqlite(used=sqlite_used), looking.state_folder(folder), looking.disk(folder)]
    if settings is None:
        return [*found, await looking.clock(), about]
    async with client_of(settings) as client:
        found.append(await looking.clock(lambda: looking.server_time(settings, client)))
    hosts = [*(_host(feed.url) for feed in settings.feeds), *filter(None, map(looking.channel_host, settings.channels.values()))]
    found += [await looking.names([host for host in dict.fromkeys(hosts) if host]), about]
    return [*found, await looking.database(settings, folder), *await looking.channels(settings)]


def _host(url: str) -> str | None:
    from urllib.parse import urlsplit

    return urlsplit(url).hostname


def _configuration(config: Path | None, folder: Path) -> tuple[Config | None, Finding]:
    from monitor.actions.doctor import Finding
    from monitor.cli.output import counted

    try:
        path = config_path(config)
    except ConfigError as error:
        return None, Finding("configuration", "failed", str(error), error.remedy)
    loaded = load_all(path, folder)
    if loaded.config is None:
        return None, Finding(
            "configuration", "failed", f"{path}: {counted(len(loaded.errors), 'error')}", "'monitor check' shows each with its place"
        )
    if loaded.fence is not None:
        return loaded.config, Finding("configuration", "failed", f"{path}: {loaded.fence.message}", loaded.fence.expected)
    if loaded.warnings:
        return loaded.config, Finding(
            "configuration", "warning", f"{path}: {counted(len(loaded.warnings), 'warning')}", "'monitor check' shows them"
        )
    return loaded.config, Finding(
        "configuration", "ok", f"{path}: {counted(len(loaded.config.feeds), 'feed')}, {counted(len(loaded.config.rules), 'rule')}"
    )
