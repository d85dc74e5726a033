"""monitor entities …"""

from __future__ import annotations

from typing import Any

import typer

from monitor.cli.context import ConfigOption, JsonOption, StateOption, load_config

app = typer.Typer(no_args_is_help=True, help="Entities: the names that rules watch.")


@app.command("list")
def list_(config: ConfigOption = None, state: StateOption = None, json_: JsonOption = False) -> None:
    """List entities with their aliases.

    \b
    Examples:
      monitor entities list
      monitor entities list --json
    """
    from monitor.cli.output import Column, json_lines, note, table
    from monitor.config.settings import origin
    from monitor.rules.check import nodes
    from monitor.rules.tree import Entity

    settings = load_config(config, state, sections=("entities", "rules", "defaults"))
    users: dict[str, list[str]] = {}
    for rule in settings.rules:
        for node in nodes(rule.query.tree):
            for named in node.names if isinstance(node, Entity) else ():
                if rule.name not in users.setdefault(named.name, []):
                    users[named.name].append(rule.name)
    items: list[dict[str, Any]] = []
    for name in settings.entities.names:
        entity = settings.entities.definition(name)
        assert entity is not None
        place = settings.entity_places[name]
        items.append(
            {
                "name": name,
                "type": entity.type,
                "aliases": list(entity.aliases),
                "not": list(entity.not_),
                "members": list(entity.members),
                "rules": users.get(name, []),
                "origin": origin(place.file, place.line),
            }
        )
    if json_:
        json_lines(items)
        return
    if not items:
        note("no entities: add one under 'entities' in the configuration")
    table(
        items,
        [
            Column("name", "ENTITY", wide=True),
            Column("type", "TYPE"),
            Column("aliases", "ALIASES", kind="list", wide=True),
            Column("rules", "RULES", kind="list", wide=True),
            Column("origin", "FILE"),
        ],
    )
