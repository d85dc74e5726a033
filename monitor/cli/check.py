"""check, schema."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.context import ColorOption, ConfigOption, JsonOption, StateOption, colour, config_path, load_all, run, state_path, width_of

if TYPE_CHECKING:
    from monitor.config import Loaded
    from monitor.config.settings import Config


def register(app: typer.Typer) -> None:
    app.command()(check)
    app.command()(schema)


def check(
    config: ConfigOption = None,
    state: StateOption = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit status 2 on warnings, too.")] = False,
    online: Annotated[
        bool, typer.Option("--online", help="Poll each feed and greet each channel, too; nothing is stored or sent.")
    ] = False,
    drop: Annotated[bool, typer.Option("--drop", help="What waits for channels that are taken out is to be given up.")] = False,
    json_: JsonOption = False,
    color: ColorOption = "auto",
) -> None:
    """Check the configuration: all errors at once, with place and remedy.

    \b
    Examples:
      monitor check
      monitor check --config my.yaml --strict
      monitor check --online
    """
    from monitor.cli.output import json_out, out
    from monitor.config import as_json, render

    loaded = load_all(config_path(config), state)
    if not drop:
        loaded = _with_orphans(loaded, state)
    asked = run(_asked(loaded.config)) if online and loaded.config is not None else []
    failed = [one for one in asked if one["error"]]
    if json_:
        answer = as_json(loaded)
        json_out({**answer, "online": asked} if online else answer)
    else:
        out(render(loaded, color=colour(sys.stdout, color), width=width_of(sys.stdout)))
        _print_online(asked)
    if loaded.config is None or loaded.fence is not None or (strict and loaded.warnings):
        raise typer.Exit(2)
    if failed:
        raise typer.Exit(1)


def _with_orphans(loaded: Loaded, state: Path | None) -> Loaded:
    """Deliveries that wait for a channel which is no longer there are an error, as they are for a reload."""
    import time

    from sqlalchemy.exc import SQLAlchemyError

    from monitor.config import Level, Problem
    from monitor.errors import StoreError
    from monitor.store import loading
    from monitor.store.database import Store

    settings = loaded.config
    if settings is None:
        return loaded

    async def waiting() -> dict[str, int]:
        store = Store(settings.database, state_path(state), clock=time.time)
        await store.open(create=False)
        try:
            return await store.read(loading.orphans, sorted(settings.channels))
        finally:
            await store.close()

    try:
        orphans = run(waiting())
    except (StoreError, SQLAlchemyError, OSError):
        return loaded  # no store yet, or none that can be asked: nothing is known to wait
    problems = tuple(
        Problem(
            Level.ERROR,
            "channel-gone",
            f"{number} deliveries wait for channel '{name}', which is not in the configuration",
            file=str(settings.path),
            suggestion="keep the channel until they are delivered, or check and reload with --drop",
        )
        for name, number in orphans.items()
    )
    return replace(loaded, config=None, problems=loaded.problems + problems) if problems else loaded


async def _asked(settings: Config) -> list[dict[str, Any]]:
    from monitor.actions.greeting import greet
    from monitor.cli.clients import looking

    async with looking(settings) as (client, workers):
        return await greet(settings, client, workers)


def _print_online(asked: list[dict[str, Any]]) -> None:
    from monitor.cli.output import clean, out

    for one in asked:
        if one["error"]:
            out(f"✗ {one['kind']:<8} {clean(one['name'])}: {clean(one['error'])}")
    if asked:
        good = sum(not one["error"] for one in asked)
        out(f"online: {good} of {len(asked)} feeds and channels answered")


def schema() -> None:
    """Print the JSON schema of the configuration, for editors.

    \b
    Examples:
      monitor schema > config/monitor.schema.json
    """
    from monitor.config.json_schema import schema_text

    sys.stdout.write(schema_text())
