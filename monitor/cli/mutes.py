"""monitor mutes …"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.completing import feed_names, rule_names
from monitor.cli.context import ConfigOption, JsonOption, LimitOption, StateOption, StatesOption, reading, split_states
from monitor.errors import ConfigError

if TYPE_CHECKING:
    from monitor.store.database import Store

app = typer.Typer(no_args_is_help=True, help="Mutes: list, add, end. What is muted is stored and seen, and not sent.")

_STATES = ("on", "ended")


@app.command("list")
def list_(config: ConfigOption = None, state: StatesOption = None, limit: LimitOption = 50, json_: JsonOption = False) -> None:
    """List mutes, newest first: what, who, why, until when, and how many alerts they have kept back.

    \b
    Examples:
      monitor mutes list
      monitor mutes list --state on --json
    """
    import time

    from monitor.cli.output import Column, json_lines, note, table
    from monitor.store import listing

    only, folder = split_states(state, _STATES)
    items = reading(config, folder, listing.mutes, time.time(), state=only, limit=limit)
    if json_:
        json_lines(items)
        return
    if not items:
        note("no mutes" + (f" are {only}" if only else "") + ": 'monitor mutes add' makes one")
    for item in items:
        item["what"] = ", ".join(f"{key} {value}" for key, value in item["scope"].items())
    table(
        items,
        [
            Column("id", "ID"),
            Column("state", "STATE"),
            Column("what", "WHAT", wide=True),
            Column("by", "BY"),
            Column("until", "UNTIL", kind="time"),
            Column("muted", "MUTED"),
            Column("reason", "WHY", wide=True),
        ],
    )


@app.command()
def add(
    rule: Annotated[str | None, typer.Option("--rule", metavar="NAME", help="Alerts of a rule.", autocompletion=rule_names)] = None,
    site: Annotated[str | None, typer.Option("--site", metavar="SITE", help="Articles of a site: its host, or its name.")] = None,
    feed: Annotated[
        str | None, typer.Option("--feed", metavar="FEED", help="Articles of a feed: its name or URL.", autocompletion=feed_names)
    ] = None,
    story: Annotated[str | None, typer.Option("--story", metavar="ID", help="A story, by its id.")] = None,
    query: Annotated[str | None, typer.Option("--query", metavar="QUERY", help="Articles that a query matches.")] = None,
    until: Annotated[str, typer.Option("--until", metavar="TIME", help="How long, as 8h or 7d, until a date, or forever.")] = "1d",
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; needed from 7 days on.")] = "",
    config: ConfigOption = None,
    state: StateOption = None,
    json_: JsonOption = False,
) -> None:
    """Keep alerts from being sent for a while. Several options together mute what all of them name.

    \b
    Examples:
      monitor mutes add --rule ffvd --until 1d --reason "summit today"
      monitor mutes add --site example.org --rule ffvd --until 8h
    """
    import time

    from monitor.actions import mutes
    from monitor.cli.acting import act, actor
    from monitor.cli.alerts_export import zone_of
    from monitor.cli.moments import ahead
    from monitor.cli.output import json_out, out

    scope = {"rule": rule, "site": site, "feed": feed, "story": story, "query": query}
    if not any(scope.values()):
        raise typer.BadParameter("name a rule, a site, a feed, a story, or a query", param_hint="--rule")
    end = ahead(until, time.time(), zone_of(config))
    entities = _read(query, config, state) if query else None

    async def offline(store: Store) -> dict[str, Any]:
        return await mutes.add(store, scope, end, reason, actor(), entities)

    body = {"scope": scope, "until": end, "reason": reason, "actor": actor()}
    answer = act(config, state, "/api/v1/mutes", body, offline)
    if json_:
        json_out(answer)
        return
    out(f"{answer['id']}  {answer['text']}")


def _read(query: str, config: Path | None, state: Path | None) -> Any:
    """The entities that a query may name, None where there is no configuration. Raises QueryError for a query that can't be read."""
    from monitor.cli.context import config_path, load_config
    from monitor.rules import parse

    try:
        config_path(config)
    except ConfigError:
        return None
    entities = load_config(config, state, sections=("entities", "database")).entities
    parse(query, entities)
    return entities


@app.command()
def end(
    id_: Annotated[str, typer.Argument(metavar="MUTE", help="Its id.")],
    config: ConfigOption = None,
    state: StateOption = None,
    json_: JsonOption = False,
) -> None:
    """End a mute now. The first alert that it would have kept back says so.

    \b
    Examples:
      monitor mutes end k3v9x2mqe7ap4hct
    """
    from monitor.actions import mutes
    from monitor.cli.acting import act, actor
    from monitor.cli.output import json_out, out

    async def offline(store: Store) -> dict[str, Any]:
        return await mutes.end(store, id_, actor())

    answer = act(config, state, "/api/v1/mutes/end", {"id": id_, "actor": actor()}, offline)
    if json_:
        json_out(answer)
        return
    out(f"{answer['id']}  ended")
