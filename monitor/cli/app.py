"""All commands in one place, one file a group."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor import __version__
from monitor.cli import (
    alerts,
    alerts_export,
    alerts_triage,
    articles,
    channels,
    check,
    deliveries,
    doctoring,
    entities,
    entities_suggest,
    explaining,
    feeds,
    feeds_edit,
    feeds_lists,
    keeping,
    looks,
    mutes,
    reloading,
    rules,
    rules_testing,
    running,
    search,
    signing,
    starting,
)
from monitor.cli.helping import dress

app = typer.Typer(
    name="monitor",
    help="Watches news feeds, reads the articles, and alerts people. Never silent about a miss.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"monitor {__version__}")
        raise typer.Exit


@app.callback()
def top(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and end.")] = False,
) -> None:
    """Watches news feeds, reads the articles, and alerts people. Never silent about a miss."""


feeds_edit.register(feeds.app)
feeds_lists.register(feeds.app)
alerts_triage.register(alerts.app)
alerts_export.register(alerts.app)
rules_testing.register(rules.app)
entities_suggest.register(entities.app)
for module in (running, starting, check, reloading, looks, explaining, search, keeping, doctoring, signing):
    module.register(app)
for name, group in (
    ("feeds", feeds.app),
    ("articles", articles.app),
    ("rules", rules.app),
    ("entities", entities.app),
    ("alerts", alerts.app),
    ("mutes", mutes.app),
    ("deliveries", deliveries.app),
    ("channels", channels.app),
):
    app.add_typer(group, name=name)
dress(app)
