"""monitor entities suggest: names in the stored articles that the entities do not have."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.context import ConfigOption, JsonOption, StateOption, load_config, with_store
from monitor.cli.moments import SinceOption, back

if TYPE_CHECKING:
    from monitor.model import Article
    from monitor.store.database import Store

_MOST = 5_000  # articles


def register(app: typer.Typer) -> None:
    app.command("suggest")(suggest)


def suggest(
    since: SinceOption = "30d",
    check: Annotated[bool, typer.Option("--check", help="Name aliases that are common words, or that two entities share.")] = False,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, max=10_000, help="At most so many.")] = 30,
    config: ConfigOption = None,
    state: StateOption = None,
    json_: JsonOption = False,
) -> None:
    """Propose aliases and new entities from the stored articles, with counts and samples.

    \b
    Examples:
      monitor entities suggest
      monitor entities suggest --since 7d --json
      monitor entities suggest --check
    """
    from monitor.cli.output import Column, json_lines, note, table
    from monitor.pipeline.ambiguous import ambiguous
    from monitor.pipeline.suggest import suggest as find

    settings = load_config(config, state, sections=("entities", "defaults"))
    begin = back(since, time.time(), settings.defaults.timezone, "--since")
    articles = with_store(config, state, lambda store: _articles(store, begin))
    items: list[dict[str, Any]]
    if check:
        doubts = ambiguous(articles, settings.entities)
        items = [{"entity": d.entity, "alias": d.alias, "articles": d.articles, "text": d.text, "remedy": d.remedy} for d in doubts]
        columns = [Column("entity", "ENTITY"), Column("alias", "ALIAS"), Column("articles", "ARTICLES"), Column("text", "WHY", wide=True)]
        columns.append(Column("remedy", "REMEDY", wide=True))
    else:
        found, _ = find(articles, settings.entities)
        items = [
            {
                "entity": one.entity,
                "text": one.text,
                "also": one.also,
                "what": one.what,
                "reason": one.reason,
                "articles": one.articles,
                "samples": one.samples,
            }
            for one in found
        ]
        columns = [Column("entity", "ENTITY"), Column("text", "NAME", wide=True), Column("also", "ALSO"), Column("articles", "ARTICLES")]
        columns += [Column("reason", "WHY"), Column("samples", "SAMPLES", wide=True, kind="list")]
    if json_:
        json_lines(items[:limit])
        return
    table(items[:limit], columns)
    more = f", {len(items) - limit:,} more: --limit" if len(items) > limit else ""
    note(f"{len(items):,} {'doubtful aliases' if check else 'names'} in {len(articles):,} articles{more}")


async def _articles(store: Store, since: float | None) -> list[Article]:
    from monitor.pipeline.search import newest

    return await newest(store, _MOST, since)
