"""monitor feeds …"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.completing import feed_names
from monitor.cli.context import (
    ConfigOption,
    JsonOption,
    LimitOption,
    StateOption,
    StatesOption,
    missing,
    reading,
    run,
    split_states,
    with_store,
)
from monitor.errors import ConfigError

if TYPE_CHECKING:
    from monitor.cli.sources import Document
    from monitor.pipeline.sources import Source as Kind
    from monitor.workers import Workers

app = typer.Typer(no_args_is_help=True, help="Feeds: what is watched, add, remove, poll, pause, look at.")

STATES = ("ok", "failing", "silent", "quarantined", "paused", "ended")

FromOption = Annotated[Path | None, typer.Option("--from", metavar="FILE", help='JSON lines {"path": …, "url": …}: all in one run.')]
SourceArgument = Annotated[list[str] | None, typer.Argument(metavar="SOURCE", help="URLs or files.", show_default=False)]

_EMPTY: dict[str, Any] = {
    "url": None,
    "format": None,
    "feed": {"title": None, "link": None, "language": None},
    "entries": [],
    "warnings": [],
    "error": None,
}


@app.command("list")
def list_(
    config: ConfigOption = None,
    state: StatesOption = None,
    limit: LimitOption = 100_000,
    json_: JsonOption = False,
) -> None:
    """List feeds with their state.

    \b
    Examples:
      monitor feeds list
      monitor feeds list --state failing --json
    """
    from monitor.cli.output import Column, json_lines, note, table
    from monitor.store import listing

    only, folder = split_states(state, STATES)
    items = reading(config, folder, listing.feeds, state=only, limit=limit)
    if json_:
        json_lines(items)
        return
    if not items:
        note(f"no feeds are {only}" if only else _none(config, folder))
    table(
        items,
        [
            Column("name", "FEED", wide=True),
            Column("state", "STATE"),
            Column("since", "SINCE", kind="time"),
            Column("last_good_at", "LAST GOOD", kind="time"),
            Column("next_poll_at", "NEXT", kind="time"),
            Column("entries", "ENTRIES"),
            Column("error", "ERROR", wide=True),
        ],
    )


def _none(config: Path | None, folder: Path | None) -> str:
    """Why the store has no feeds: none is configured, or no daemon has taken up those that are."""
    from monitor.actions import managed
    from monitor.cli.context import config_path
    from monitor.store.database import Store

    async def work(store: Store) -> int:
        return (await managed.configuration(store, config_path(config), sections=("feeds",))).counts.feeds

    try:
        waiting = with_store(config, folder, work)
    except ConfigError:
        waiting = 0
    if not waiting:
        return "no feeds: add one with 'monitor feeds add URL', or under 'feeds' in the configuration"
    return f"no feeds yet: {waiting:,} configured, and taken up by 'monitor run' or 'monitor once'"


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="FEED", help="Its name, URL or id.", autocompletion=feed_names)],
    config: ConfigOption = None,
    state: StateOption = None,
    json_: JsonOption = False,
) -> None:
    """Show a feed: state, last polls, last entries.

    \b
    Examples:
      monitor feeds show "The Korea Herald"
    """
    from monitor.cli.output import ago, clean, counted, json_out, out
    from monitor.pipeline.remedies import remedy
    from monitor.store import listing

    item = reading(config, state, listing.find_feed, name)
    if item is None:
        raise missing("feed", name, "'monitor feeds list' shows those there are")
    item["recent"] = reading(config, state, listing.feed_entries, int(item["id"]))
    item["recent_polls"] = reading(config, state, listing.feed_polls, int(item["id"]))
    item["remedy"] = remedy(item["error_code"], item["status"])
    if json_:
        json_out(item)
        return
    out(f"{clean(item['name'])}   {item['state']}" + (f" since {ago(item['since'])}" if item["since"] else ""))
    out(f"  url        {clean(item['url'])}")
    if item["polled_url"] != item["url"]:
        out(f"  moved to   {clean(item['polled_url'])}")
    tags = ", ".join(map(clean, item["tags"])) or "–"
    out(f"  format     {item['format'] or '–'}, {item['language'] or 'language unknown'}; tags: {tags}")
    for head, key in (
        ("last poll", "last_poll_at"),
        ("last good", "last_good_at"),
        ("last new", "last_new_at"),
        ("next poll", "next_poll_at"),
    ):
        out(f"  {head:<10} {ago(item[key]) if item[key] else '–'}")
    latest = f"{item['new'] or 0} new of {item['total'] or 0}"
    out(f"  entries    {item['entries']:,} in {counted(item['polls'], 'poll')}; last document: {latest}")
    if item["certificate_until"]:
        out(f"  tls        certificate good until {item['certificate_until'][:10]}")
    if item["error"]:
        out(f"  error      {clean(item['error'])}")
        out(f"  remedy     {item['remedy']}")
    for warning in item["warnings"]:
        out(f"  warning    {clean(warning)}")
    _show_habit(item)
    for poll in item["recent_polls"][:10]:
        brought = f"{poll['new']} new of {poll['total']}" if poll["total"] is not None else clean(poll["error"] or "unchanged")
        out(f"    {ago(poll['at']):>12}  {poll['status'] or '–'!s:<9}  {brought}")
    for entry in item["recent"]:
        out(f"    {ago(entry['seen_at']):>12}  {entry['kind']:<9}  {clean(entry['title'] or entry['guid'])}")


_BARS = " ▁▂▃▄▅▆▇█"


def _show_habit(item: dict[str, Any]) -> None:
    """When the feed publishes: a bar for each hour of the day and each day of the week."""
    from monitor.cli.output import ago, lasting, out

    habit = item["habit"]
    if habit is None:
        return

    def bars(counts: list[float]) -> str:
        most = max(counts) or 1.0
        return "".join(_BARS[max(1, round(count / most * 8)) if count else 0] for count in counts)

    posts = f"{item['posts_a_day']:.1f} entries a day; " if item["posts_a_day"] else ""
    out(f"  habit      {posts}by hour (UTC, from 0) |{bars(habit['hours'])}|, by day (from Monday) |{bars(habit['days'])}|")
    if habit["longest_gap_s"] and habit["last_at"]:
        out(f"  gaps       usual longest {lasting(habit['longest_gap_s'])}; the last entry {ago(habit['last_at'])}")


@app.command()
def preview(source: SourceArgument = None, from_: FromOption = None, config: ConfigOption = None, json_: JsonOption = False) -> None:
    """Show what the program would see in feeds, and store nothing. A file is read alone.

    An address that the configuration calls a sitemap or a page is read as that.

    \b
    Examples:
      monitor feeds preview https://www.koreaherald.com/rss/newsAll
      monitor feeds preview feed.xml --json
    """
    from monitor.cli.sources import looked_at, shown, sources
    from monitor.feeds.fetch import ACCEPT

    found = sources(source or (), from_)
    look = partial(_look, kinds=_kinds(config) if any(one.url for one in found) else {})
    run(shown(found, looked_at(found, look, _EMPTY, accept=ACCEPT, config=config), _print, json_))


def _kinds(config: Path | None) -> Mapping[str, Kind]:
    """What the addresses give that a configuration calls sitemaps or pages, if there is one that can be read: a preview needs none."""
    from monitor.actions.assemble import source_of
    from monitor.cli.context import config_path
    from monitor.config import load
    from monitor.errors import ConfigError

    try:
        loaded = load(config_path(config), sections=("feeds",)).config
    except ConfigError:
        return {}
    return {feed.url: source_of(feed) for feed in loaded.feeds if feed.type in ("sitemap", "page")} if loaded else {}


async def _look(document: Document, workers: Workers, *, kinds: Mapping[str, Kind]) -> dict[str, Any]:
    from monitor.feeds import parse_feed
    from monitor.pipeline.sources import read_document

    kind = kinds.get(document.url or "")
    if kind is None:
        parsed = await workers.run(parse_feed, document.body, document.url, document.content_type)
    else:
        parsed = (await workers.run(read_document, document.body, document.url, document.content_type, kind)).feed
    return {
        "url": document.url,
        "format": parsed.format,
        "feed": {"title": parsed.title, "link": parsed.link, "language": parsed.language},
        "entries": [_entry(entry) for entry in parsed.entries],
        "warnings": list(parsed.warnings),
        "error": None,
    }


def _entry(entry: Any) -> dict[str, Any]:
    from monitor.cli.sources import stamp
    from monitor.store.sql import clean

    return {
        "guid": clean(entry.guid),
        "url": clean(entry.url),
        "title": clean(entry.title),
        "author": clean(entry.author),
        "published_at": stamp(entry.published_at),
        "updated_at": stamp(entry.updated_at),
        "summary": clean(entry.summary),
        "content": clean(entry.content),
    }


def _print(item: dict[str, Any], json_: bool) -> None:
    from monitor.cli.output import clean, json_out, note, out

    if json_:
        json_out(item)
        return
    if item["error"]:
        note(f"error: {clean(item['source'])}: {clean(item['error'])}")
        return
    out(f"{clean(item['feed']['title'] or item['source'])}   {item['format']}, {len(item['entries'])} entries")
    for warning in item["warnings"]:
        out(f"  warning: {clean(warning)}")
    for entry in item["entries"]:
        out(f"  {entry['published_at'] or '–':<20}  {clean(entry['title'] or '–')}")
        out(f"  {'':<20}  {clean(entry['url'] or 'no link')}")
