"""monitor feeds discover, import, export: feeds by the list."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.context import ConfigOption, JsonOption, StateOption, reading
from monitor.cli.feeds_edit import TagOption, ToOption, discovered, store_feeds


def register(app: typer.Typer) -> None:
    app.command()(discover)
    app.command("import")(import_)
    app.command()(export)


def discover(
    address: Annotated[str, typer.Argument(metavar="URL", help="A feed's address or a site's.")],
    config: ConfigOption = None,
    state: StateOption = None,
    json_: JsonOption = False,
) -> None:
    """Find the feeds of a site, and last the sitemaps that its robots.txt names; store nothing.

    \b
    Examples:
      monitor feeds discover koreaherald.com
      monitor feeds discover https://www.38north.org/ --json
    """
    from monitor.cli.output import Column, json_lines, table

    items = [feed.as_json() for feed in discovered(config, state, address, sitemaps=True)]
    if json_:
        json_lines(items)
        return
    table(
        items,
        [
            Column("title", "FEED", wide=True),
            Column("format", "FORMAT"),
            Column("language", "LANG"),
            Column("entries", "ENTRIES"),
            Column("url", "URL", wide=True),
        ],
    )


def import_(
    file: Annotated[Path, typer.Argument(metavar="OPML", help="A file that a feed reader exported.")],
    tag: TagOption = None,
    to: ToOption = None,
    config: ConfigOption = None,
    state: StateOption = None,
    json_: JsonOption = False,
) -> None:
    """Add all feeds of an OPML file; its folders become tags. Those that are watched already are left as they are.

    \b
    Examples:
      monitor feeds import feeds.opml
      monitor feeds import feeds.opml --tag imported --to config/feeds.yaml
    """
    from monitor.actions import opml

    wanted = [{**feed, "tags": list(dict.fromkeys([*feed["tags"], *(tag or [])]))} for feed in opml.read(file)]
    store_feeds(wanted, to, config, state, json_, skip_known=True)


def export(config: ConfigOption = None, state: StateOption = None) -> None:
    """Write all feeds as OPML, for feed readers. A feed with several tags stands in the folder of each.

    \b
    Examples:
      monitor feeds export > feeds.opml
    """
    from monitor.actions import opml
    from monitor.store import listing

    text = opml.write(reading(config, state, listing.feeds))
    sys.stdout.write(text.decode("utf-8"))
