"""check, schema."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from monitor.cli.context import ColorOption, ConfigOption, JsonOption, colour, config_path


def register(app: typer.Typer) -> None:
    app.command()(check)
    app.command()(schema)


def check(
    config: ConfigOption = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit status 2 on warnings, too.")] = False,
    json_: JsonOption = False,
    color: ColorOption = "auto",
) -> None:
    """Check the configuration: all errors at once, with place and remedy.

    \b
    Examples:
      monitor check
      monitor check --config my.yaml --strict
    """
    from monitor.cli.output import json_out, out
    from monitor.config import as_json, load, render

    loaded = load(config_path(config))
    if json_:
        json_out(as_json(loaded))
    else:
        out(render(loaded, color=colour(sys.stdout, color)))
    if loaded.config is None or loaded.fence is not None or (strict and loaded.warnings):
        raise typer.Exit(2)


def schema() -> None:
    """Print the JSON schema of the configuration, for editors.

    \b
    Examples:
      monitor schema > config/monitor.schema.json
    """
    from monitor.config.json_schema import schema_text

    sys.stdout.write(schema_text())
