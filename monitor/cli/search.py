"""search: the query language over all stored articles."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.context import ConfigOption, JsonOption, StateOption, config_path, load_config, owned_state, run
from monitor.cli.moments import SinceOption, UntilOption, back
from monitor.errors import ConfigError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from monitor.pipeline.clues import Clue
    from monitor.pipeline.search import Found, Result, Wish

BUDGET = 20.0  # seconds of looking, unless --all


def register(app: typer.Typer) -> None:
    app.command()(search)


def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="A query, as rules have it.")],
    since: SinceOption = None,
    until: UntilOption = None,
    feed: Annotated[str | None, typer.Option("--feed", metavar="NAME|URL", help="Only what this feed carried.", show_default=False)] = None,
    order: Annotated[str, typer.Option("--order", metavar="ORDER", help="time, or hits: those with most matches first.")] = "time",
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, max=10_000, help="At most so many.")] = 20,
    by_day: Annotated[bool, typer.Option("--by-day", help="Counts by day, of all that match.")] = False,
    all_: Annotated[bool, typer.Option("--all", help="Look at everything, however long it takes.")] = False,
    config: ConfigOption = None,
    state: StateOption = None,
    json_: JsonOption = False,
) -> None:
    """Search all stored articles in the query language of the rules.

    \b
    Examples:
      monitor search '"sanctions exemptions" NOT site:kcna.kp' --since 30d
      monitor search 'entity:FFVD NEAR/10 waiver*' --order hits --limit 5
      monitor search '제재 NEAR/5 면제' --by-day
      monitor search 'title:summit' --feed 'Yonhap' --json
    """
    from dataclasses import replace

    from monitor.cli.output import json_lines

    if order not in ("time", "hits"):
        raise typer.BadParameter("write time or hits", param_hint="--order")
    budget = None if all_ else BUDGET
    wish = replace(_wish(query, config, state, since, until, feed), order=order, limit=limit, days=by_day, budget=budget)
    result, found = run(_search(wish, config, state))
    if json_:
        json_lines(
            [{"day": day, "count": result.days[day]} for day in sorted(result.days)] if by_day else [one.item() for one in result.found]
        )
        _tell(result, wish)
        return
    if by_day:
        from monitor.cli.testing_output import bars

        for line in bars(dict(result.days)):
            _out(line)
    for one in result.found:
        _show(one, wish.zone)
    if not result.found:
        _explain_nothing(found)
    _tell(result, wish)


def entities_and_zone(config: Path | None, state: Path | None) -> tuple[Any, ZoneInfo]:
    """What the configuration knows for reading a query; nothing where there is none."""
    from zoneinfo import ZoneInfo

    try:
        config_path(config)
    except ConfigError:
        return None, ZoneInfo("UTC")
    settings = load_config(config, state, sections=("entities", "defaults"))
    return settings.entities, settings.defaults.timezone


def _wish(query: str, config: Path | None, state: Path | None, since: str | None, until: str | None, feed: str | None) -> Wish:
    from monitor.pipeline.search import Wish
    from monitor.rules import parse
    from monitor.store.search import Bounds

    entities, zone = entities_and_zone(config, state)
    now = time.time()
    bounds = Bounds(back(since, now, zone, "--since"), back(until, now, zone, "--until"), feed)
    return Wish(parse(query, entities), bounds, zone=zone)


async def _search(wish: Wish, config: Path | None, state: Path | None) -> tuple[Result, list[Clue]]:
    from monitor.cli.context import database_url
    from monitor.pipeline.clues import clues
    from monitor.pipeline.search import search
    from monitor.store.database import Store

    store = Store(database_url(config), owned_state(state), clock=time.time)
    await store.open(create=False)
    try:
        result = await search(store, wish)
        return result, [] if result.count or not result.exact else await clues(store, wish)
    finally:
        await store.close()


def _out(text: str) -> None:
    from monitor.cli.output import out

    out(text)


def _show(found: Found, zone: ZoneInfo) -> None:
    """One article: in a terminal two or three lines, into a pipe one with tabs."""
    import sys
    from datetime import UTC, datetime

    from monitor.cli.output import clean, cut, terminal_width
    from monitor.cli.testing_output import around_mark

    at = datetime.fromtimestamp(found.doc.at, UTC).astimezone(zone)
    site, title = clean(found.row.site or found.row.host or "–"), clean(found.row.title or "(no title)")
    snippets = [clean(text) for text in found.snippets()]
    if not sys.stdout.isatty():
        _out("\t".join([f"{at:%Y-%m-%d %H:%M}", site, title, str(len(found.spans)), clean(found.row.url or ""), " ".join(snippets)]))
        return
    room = terminal_width()
    host = clean(found.row.host or site)
    _out(cut(f" {at:%Y-%m-%d %H:%M}  {host}  {title}", room))
    for text in snippets:
        _out(" " * 19 + around_mark(text, room - 19))
    if found.row.url:
        _out(" " * 19 + clean(found.row.url))


def _explain_nothing(found: list[Clue]) -> None:
    from monitor.cli.output import clean, note
    from monitor.cli.testing_output import many

    note("nothing found")
    for clue in found:
        count = "is excluded" if clue.count is None else f"{'' if clue.exact else 'at least '}{many(clue.count, 'article')}"
        left = ""
        if len(found) > 1 and clue.without:
            left = f"; without it the query finds {clue.without}{'' if clue.without < 50 else ' or more'}"
        note(f"  {clean(clue.text)}: {count}{left}")


def _tell(result: Result, wish: Wish) -> None:
    """On stderr what was and what was not looked at."""
    from datetime import UTC, datetime

    from monitor.cli.output import note
    from monitor.cli.testing_output import many

    if not result.narrowed:
        note("no word of this query can be looked up: each article was read")
    if result.until is not None:
        moment = datetime.fromtimestamp(result.until, UTC).astimezone(wish.zone)
        note(f"looked at the newest {result.looked:,} articles alone, back to {moment:%Y-%m-%d %H:%M %Z}: --all looks at the rest")
    if result.count:
        shown = len(result.found)
        whole = f"{'' if result.exact else 'at least '}{many(result.count, 'article')}"
        stories = f" in {many(result.stories, 'story', 'stories')}" if result.exact else ""
        more = "" if result.exact and shown == result.count else f"; {shown:,} shown, --limit shows more"
        note(f"{whole}{stories}{more}")
