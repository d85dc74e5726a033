"""check, schema."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.check_store import with_store_problems
from monitor.cli.context import ColorOption, ConfigOption, JsonOption, StateOption, colour, config_path, load_all, run, state_path, width_of

if TYPE_CHECKING:
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
    loaded = with_store_problems(loaded, state_path(state), orphans=not drop)
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
