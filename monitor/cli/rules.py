"""monitor rules …"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.context import ConfigOption, JsonOption, StateOption, config_path, load_config, reading
from monitor.errors import ConfigError

if TYPE_CHECKING:
    from monitor.rules.entities import Entities

app = typer.Typer(no_args_is_help=True, help="Rules: list, try, test, compare.")


@app.command("list")
def list_(
    cost: Annotated[bool, typer.Option("--cost", help="Measure what each rule costs, on the newest 500 articles.")] = False,
    config: ConfigOption = None,
    state: StateOption = None,
    json_: JsonOption = False,
) -> None:
    """List rules, with what they brought.

    \b
    Examples:
      monitor rules list
      monitor rules list --cost
      monitor rules list --json
    """
    import time

    from monitor.cli.output import Column, json_lines, note, table
    from monitor.errors import StoreError
    from monitor.store import listing

    try:
        items = reading(config, state, listing.rules, time.time())
    except StoreError:
        # Before the first run the configuration alone knows them.
        items = [_item(rule) for rule in load_config(config, state, sections=("rules", "entities", "channels", "defaults")).rules]
    if cost:
        _with_costs(items, config, state)
    if json_:
        json_lines(items)
        return
    if not items:
        note("no rules: add one under 'rules' in the configuration, and try it with 'monitor rules try'")
    table(
        items,
        [
            Column("name", "RULE"),
            Column("severity", "SEVERITY"),
            Column("alerts", "ALERTS"),
            Column("alerts_30d", "30 DAYS"),
            Column("last_match_at", "LAST MATCH", kind="time"),
            *([Column("us_an_article", "µS AN ARTICLE"), Column("share", "SHARE %"), Column("woken", "WOKEN %")] if cost else []),
            *([Column("slow_since", "SLOW SINCE", kind="time")] if any(item["slow_since"] for item in items) else []),
            Column("notify", "CHANNELS", kind="list"),
            Column("query", "QUERY", wide=True),
            Column("origin", "FILE"),
        ],
    )


def _with_costs(items: list[dict[str, Any]], config: Path | None, state: Path | None) -> None:
    """Adds to each rule the microseconds an article that it takes, its share of what all take, and the articles that wake it."""
    from monitor.cli.context import with_store
    from monitor.pipeline.costs import costs
    from monitor.pipeline.search import newest

    rules = {rule.name: rule.query for rule in load_config(config, state, sections=("rules", "entities", "defaults")).rules}
    articles = with_store(config, state, lambda store: newest(store, 500))
    found = costs(rules.items(), articles)
    whole = sum(one.seconds for one in found.values())
    for item in items:
        one = found.get(item["name"])
        if one is not None and articles:
            item["us_an_article"] = round(one.seconds / len(articles) * 1e6, 2)
            item["share"] = round(100 * one.seconds / whole, 1) if whole else 0.0
            item["woken"] = round(100 * one.woken / len(articles), 1)


def _item(rule: Any) -> dict[str, Any]:
    return {
        "name": rule.name,
        "query": rule.query.text,
        "severity": str(rule.severity),
        "notify": list(rule.notify),
        "alerts": 0,
        "alerts_30d": 0,
        "by_day": [0] * 30,
        "last_match_at": None,
        "since": None,
        "changed_at": None,
        "slow_since": None,
        "origin": rule.where,
    }


@app.command("try")
def try_(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="In the language of rules.")],
    against: Annotated[Path, typer.Option("--against", metavar="FILE", help="JSON lines of 'monitor articles export'; - is stdin.")],
    config: ConfigOption = None,
    state: StateOption = None,
    json_: JsonOption = False,
) -> None:
    """Try a query on exported articles; no store and no configuration is needed.

    \b
    Examples:
      monitor rules try "sanctions NEAR/5 exemptions" --against articles.jsonl
      monitor rules try "entity:FFVD" --against - --json
    """
    from monitor.cli.output import clean, counted, json_out, out
    from monitor.rules import parse, try_lines

    parsed = parse(query, _entities(config, state))
    if json_:
        for answer in try_lines(parsed, _lines(against)):
            json_out(answer)
        return
    tried = matched = 0
    for answer in try_lines(parsed, _lines(against)):
        tried += 1
        if answer["matched"]:
            matched += 1
            words = ", ".join(dict.fromkeys(f"«{clean(match['text'])}»" for match in answer["matches"]))
            out(f"{clean(answer['url'] or '–')}  {counted(len(answer['matches']), 'match', 'matches')}: {words}")
    out(f"{matched} of {tried} articles match")


def _entities(config: Path | None, state: Path | None) -> Entities | None:
    """The configuration's entities, where there is one; unset variables in its other parts don't matter here."""
    try:
        config_path(config)
    except ConfigError:
        return None
    return load_config(config, state, sections=("entities",)).entities


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    name = str(file)
    try:
        stream = sys.stdin if name == "-" else file.open(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{file} can't be read: {error.strerror}", remedy="write it with 'monitor articles export'") from error
    with stream:
        for number, line in enumerate(stream, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise ConfigError(
                    f"{name}:{number} is no JSON: {error}", remedy="each line is one article, as 'monitor articles export' writes it"
                ) from error
            if not isinstance(row, dict):
                raise ConfigError(f"{name}:{number} is no article", remedy="each line is a JSON object")
            yield row
