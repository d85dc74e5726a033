"""monitor rules test, diff, lint, explain: what rules bring, tried on what is stored."""

from __future__ import annotations

import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.context import ConfigOption, JsonOption, StateOption, config_path, load_config, missing, owned_state, run
from monitor.cli.moments import SinceOption, back
from monitor.errors import ConfigError

if TYPE_CHECKING:
    from monitor.config.settings import Config
    from monitor.pipeline.backtest import Backtest
    from monitor.rules.query import Query
    from monitor.store.database import Store
    from monitor.workers import Workers

SAMPLES = 5  # articles that are shown, unless --all
_TRIED = 500  # articles that a query's cost is measured on


def register(app: typer.Typer) -> None:
    for name, command in (("test", try_stored), ("diff", diff), ("lint", lint), ("explain", explain)):
        app.command(name)(command)


def try_stored(
    name: Annotated[str | None, typer.Argument(metavar="[RULE]", help="A rule of the configuration.")] = None,
    query: Annotated[
        str | None, typer.Option("--query", metavar="QUERY", help="This query in place of a rule.", show_default=False)
    ] = None,
    since: SinceOption = "30d",
    compare: Annotated[
        str | None, typer.Option("--compare", metavar="RULE", help="Show what this rule's query matches beside.", show_default=False)
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="Show every article that matches.")] = False,
    config: ConfigOption = None,
    state: StateOption = None,
    json_: JsonOption = False,
) -> None:
    """Try a rule, or a query, on the stored articles: what it would have brought.

    \b
    Examples:
      monitor rules test ffvd --since 30d
      monitor rules test --query 'sanctions NEAR/5 exempt*' --since 7d --all
      monitor rules test ffvd --query 'entity:FFVD NOT site:kcna.kp' --compare ffvd
    """
    from monitor.actions.trying import trial_of
    from monitor.cli.testing_output import show_test
    from monitor.rules import parse

    if name is None and query is None:
        raise typer.BadParameter("name a rule, or write a query with --query", param_hint="RULE")
    settings = _settings(config, state, needed=name is not None or compare is not None)
    named = {rule.name: rule.query for rule in settings.rules} if settings is not None else {}
    for one in (name, compare):
        if one is not None and one not in named:
            raise missing("rule", one, "'monitor rules list' shows those there are")
    asked = parse(query, settings.entities if settings is not None else None) if query is not None else named[name or ""]
    queries = [asked] if compare is None else [asked, named[compare]]
    zone = _zone(settings)
    now = time.time()
    begin = back(since, now, zone, "--since")

    async def work() -> dict[str, Any]:
        async with _opened(config, state, settings) as (store, workers):
            ran = await _backtest(store, queries, begin, workers)
            about = {"rule": name if query is None else None, "query": asked.text, "compare": compare}
            return await trial_of(store, ran, queries, about, now, zone, None if all_ else SAMPLES)

    answer = run(work())
    show_test(answer, zone, json_=json_)


def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The configuration as it was.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The configuration as it shall be.")],
    since: SinceOption = "30d",
    config: ConfigOption = None,
    state: StateOption = None,
    json_: JsonOption = False,
) -> None:
    """Compare two versions of the rules: alerts gained and lost on the stored articles. Exit status 1 where some are lost.

    \b
    Examples:
      monitor rules diff config/monitor.yaml new.yaml --since 30d
      monitor rules diff old.yaml new.yaml --since 7d --json
    """
    from monitor.actions.trying import alerting
    from monitor.cli.testing_output import show_difference
    from monitor.pipeline.backtest import difference

    sections = ("rules", "entities", "defaults")
    before, after = (load_config(path, sections=sections, added=False) for path in (old, new))
    zone = after.defaults.timezone
    bounds = _bounds(back(since, time.time(), zone, "--since"))

    async def work() -> dict[str, Any]:
        async with _opened(config, state, after) as (store, workers):
            rules = [{rule.name: rule.query for rule in one.rules} for one in (before, after)]
            found = await difference(store, rules[0], rules[1], bounds, workers, progress=_progress())
            return {
                "changed": found.changed,
                "articles": found.run.articles if found.run is not None else 0,
                "took_s": round(found.run.took, 3) if found.run is not None else 0,
                "gained": await alerting(store, found.gained),
                "lost": await alerting(store, found.lost),
            }

    answer = run(work())
    show_difference(answer, zone, json_=json_)
    if answer["lost"]:
        raise typer.Exit(1)


def lint(since: SinceOption = "30d", config: ConfigOption = None, state: StateOption = None, json_: JsonOption = False) -> None:
    """Name rules that never matched, that are equal to another or lie inside it, and that flood. Exit status 1 where there are any.

    \b
    Examples:
      monitor rules lint
      monitor rules lint --since 90d --json
    """
    from monitor.cli.output import Column, json_lines, note, table
    from monitor.pipeline.lint import lint as judge

    settings = _settings(config, state, needed=True)
    assert settings is not None
    rules = {rule.name: rule.query for rule in settings.rules}
    now = time.time()
    begin = back(since, now, _zone(settings), "--since")

    async def work() -> Backtest:
        async with _opened(config, state, settings) as (store, workers):
            return await _backtest(store, list(rules.values()), begin, workers)

    ran = run(work())
    items = [{"rule": one.rule, "code": one.code, "text": one.text, "remedy": one.remedy} for one in judge(rules, ran, now)]
    if json_:
        json_lines(items)
    else:
        table(
            items, [Column("rule", "RULE"), Column("code", "WHAT"), Column("text", "WHY", wide=True), Column("remedy", "REMEDY", wide=True)]
        )
        note(f"{len(items)} findings: {len(rules)} rules, {ran.articles:,} articles")
    if items:
        raise typer.Exit(1)


def explain(
    query: Annotated[str, typer.Argument(metavar="QUERY|RULE", help="A query, or the name of a rule.")],
    config: ConfigOption = None,
    state: StateOption = None,
    json_: JsonOption = False,
) -> None:
    """Take a query apart: its tree, the words that wake it, warnings, and what it costs on the newest articles.

    \b
    Examples:
      monitor rules explain 'entity:FFVD AND NOT site:kcna.kp'
      monitor rules explain ffvd
    """
    from monitor.cli.testing_output import show_anatomy
    from monitor.pipeline import anatomy
    from monitor.rules import parse

    settings = _settings(config, state, needed=False)
    named = {rule.name: rule.query for rule in settings.rules} if settings is not None else {}
    asked = named.get(query) or parse(query, settings.entities if settings is not None else None)
    answer: dict[str, Any] = {
        "query": asked.text,
        "canonical": asked.canonical,
        "tree": list(anatomy.tree_lines(asked.tree)),
        "wakes": anatomy.wakes(asked),
        "indexed": anatomy.narrows(asked),
        "warnings": [{"start": one.start, "end": one.end, "text": one.text, "suggestion": one.suggestion} for one in asked.warnings],
        "cost": run(_cost(asked, config, state)),
    }
    show_anatomy(answer, json_=json_)


# -- what they share ----------------------------------------------------------------------------------------------------
def _settings(config: Path | None, state: Path | None, *, needed: bool) -> Config | None:
    try:
        config_path(config)
    except ConfigError:
        if needed:
            raise
        return None
    return load_config(config, state, sections=("rules", "entities", "defaults", "workers"))


def _zone(settings: Config | None) -> Any:
    from zoneinfo import ZoneInfo

    return settings.defaults.timezone if settings is not None else ZoneInfo("UTC")


def _bounds(since: float | None) -> Any:
    from monitor.store.search import Bounds

    return Bounds(since)


@asynccontextmanager
async def _opened(config: Path | None, state: Path | None, settings: Config | None) -> AsyncIterator[tuple[Store, Workers]]:
    from monitor.cli.context import database_url
    from monitor.config.settings import default_workers
    from monitor.store.database import Store
    from monitor.workers import Workers

    store = Store(database_url(config), owned_state(state), clock=time.time)
    await store.open(create=False)
    try:
        async with Workers(settings.workers if settings is not None else default_workers()) as workers:
            yield store, workers
    finally:
        await store.close()


async def _backtest(store: Store, queries: Sequence[Query], since: float | None, workers: Workers) -> Backtest:
    from monitor.pipeline.backtest import backtest

    return await backtest(store, queries, _bounds(since), workers, progress=_progress())


def _progress() -> Any:
    """Draws on stderr how far it is, on a terminal alone."""
    if not sys.stderr.isatty():
        return None

    def draw(done: int, total: int) -> None:
        part = done / total if total else 1.0
        bar = "━" * round(20 * part)
        sys.stderr.write(f"\r{done:,} of {total:,} articles {bar:<20} {part:4.0%}" + ("\r\x1b[K" if done >= total else ""))
        sys.stderr.flush()

    return draw


async def _cost(query: Query, config: Path | None, state: Path | None) -> dict[str, Any] | None:
    """On the newest stored articles; None where there is no store yet."""
    from monitor.cli.context import database_url
    from monitor.errors import StoreError
    from monitor.pipeline.costs import costs
    from monitor.pipeline.search import newest
    from monitor.store.database import Store

    store = Store(database_url(config), owned_state(state), clock=time.time)
    try:
        await store.open(create=False)
    except StoreError:
        return None
    try:
        articles = await newest(store, _TRIED)
    finally:
        await store.close()
    if not articles:
        return None
    cost = costs([("query", query)], articles)["query"]
    return {
        "articles": len(articles),
        "woken": cost.woken,
        "matched": cost.matched,
        "us_an_article": round(cost.seconds / len(articles) * 1e6, 2),
    }
