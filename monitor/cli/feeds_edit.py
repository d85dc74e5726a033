"""monitor feeds add, remove, poll, pause, resume: what a person does to feeds."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.completing import feed_names
from monitor.cli.context import ConfigOption, JsonOption, StateOption, config_path, load_config, reading, run
from monitor.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.actions.adding import Found
    from monitor.store.database import Store

FeedsArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="FEED", help="Names, URLs or ids.", show_default=False, autocompletion=feed_names),
]
FailingOption = Annotated[bool, typer.Option("--failing", help="All that are failing.")]
ToOption = Annotated[
    Path | None, typer.Option("--to", metavar="FILE", help="Write into this YAML file instead of the store.", show_default=False)
]
TagOption = Annotated[list[str] | None, typer.Option("--tag", metavar="TAG", help="A word that rules find by tag:; may be repeated.")]


def register(app: typer.Typer) -> None:
    for command in (add, remove, poll, pause, resume):
        app.command()(command)


def add(
    addresses: Annotated[list[str], typer.Argument(metavar="URL", help="A feed's address, or a site's: its feeds are looked for.")],
    name: Annotated[str | None, typer.Option("--name", metavar="NAME", help="What people call it.")] = None,
    tag: TagOption = None,
    interval: Annotated[str | None, typer.Option("--interval", metavar="TIME", help="Time between polls, as 5m; auto if absent.")] = None,
    backlog: Annotated[
        str | None, typer.Option("--backlog", metavar="WHAT", help="none, read or alert: what its first entries are.")
    ] = None,
    body: Annotated[str | None, typer.Option("--body", metavar="FROM", help="auto, page or feed: where the text comes from.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Where a site names several feeds, add them all.")] = False,
    unseen: Annotated[bool, typer.Option("--unseen", help="Add the address as it stands, without asking it.")] = False,
    to: ToOption = None,
    config: ConfigOption = None,
    state: StateOption = None,
    json_: JsonOption = False,
) -> None:
    """Add feeds by their address, or by their site's. They are polled at once, and live in the store unless --to names a file.

    \b
    Examples:
      monitor feeds add koreaherald.com
      monitor feeds add https://www.koreaherald.com/rss/newsAll --name "The Korea Herald" --tag korea
      monitor feeds add https://www.38north.org/feed/ --to config/monitor.yaml
    """
    from monitor.actions.adding import address

    if name is not None and len(addresses) > 1:
        raise typer.BadParameter("one name is for one feed", param_hint="--name")
    keys = {"name": name, "tags": tag or [], "interval": interval, "backlog": backlog, "body": body}
    if unseen:
        wanted = [{"url": address(text), **keys} for text in addresses]
    else:
        found = [feed for text in addresses for feed in chosen(discovered(config, state, text), all_=all_)]
        wanted = [{"url": feed.url, **keys, "name": name or _name(feed)} for feed in found]
    if name is not None and len(wanted) > 1:
        raise typer.BadParameter("one name is for one feed", param_hint="--name")
    store_feeds(wanted, to, config, state, json_, skip_known=False)


def _name(feed: Found) -> str | None:
    """The feed's own title as a name of ours."""
    from monitor.config.opml import clean

    return clean(feed.title or "") or None


def discovered(config: Path | None, state: Path | None, text: str, *, sitemaps: bool = False) -> list[Found]:
    from monitor.actions.adding import discover
    from monitor.cli.clients import looking

    settings = _network(config, state)

    async def work() -> list[Found]:
        async with looking(settings) as (client, workers):
            return await discover(client, workers, text, sitemaps=sitemaps)

    return run(work())


def _network(config: Path | None, state: Path | None) -> Any:
    """The configuration's network, where there is a configuration."""
    try:
        config_path(config)
    except ConfigError:
        return None
    return load_config(config, state, sections=("network",), added=False)


def chosen(found: Sequence[Found], *, all_: bool) -> Sequence[Found]:
    """One of several feeds, as the person at the terminal says; all with --all."""
    from monitor.cli.output import clean, note

    if len(found) == 1 or all_:
        return found
    for number, feed in enumerate(found, 1):
        note(f"{number:>3}  {clean(feed.title or 'no title')}   {clean(feed.url)}   {feed.entries} entries")
    if not sys.stdin.isatty():
        raise ConfigError(f"{len(found)} feeds are named there", remedy="give the address of one of them, or say --all")
    number = typer.prompt("which one", default=1, type=int, err=True)
    if not 1 <= number <= len(found):
        raise typer.BadParameter(f"there is no feed {number} in the list")
    return [found[number - 1]]


def store_feeds(
    wanted: list[dict[str, Any]], to: Path | None, config: Path | None, state: Path | None, json_: bool, *, skip_known: bool
) -> None:
    from monitor.cli.output import clean, json_out, note, out

    if to is not None:
        answer = _write(wanted, to, config)
    else:
        from monitor.actions import managed
        from monitor.cli.acting import act, actor

        path = config_path(config)

        async def offline(store: Store) -> dict[str, Any]:
            return await managed.add_feeds(store, path, wanted, actor(), skip_known=skip_known)

        body = {"feeds": wanted, "actor": actor(), "skip_known": skip_known}
        answer = act(config, state, "/api/v1/feeds/add", body, offline, create=True)
    if json_:
        json_out(answer)
        return
    for url in answer["added"]:
        out(f"added {clean(url)}")
    if answer["known"]:
        out(f"{len(answer['known'])} were watched already")
    if to is not None and answer["added"]:
        note("'monitor reload' takes it up where a daemon runs")
    for warning in answer["warnings"]:
        note(f"warning: {clean(warning)}")


def _write(wanted: Sequence[dict[str, Any]], to: Path, config: Path | None) -> dict[str, Any]:
    from monitor.actions.managed import feed_entry
    from monitor.actions.writing import add_to_file

    path = config_path(config)
    entries = [feed_entry(**feed) for feed in wanted]
    part = add_to_file(to, entries, path)
    warnings = [] if part else [f"{to} is no part of {path}: name it there under include"]
    return {"added": [entry.name for entry in entries], "known": [], "file": str(to), "warnings": warnings}


def remove(
    names: FeedsArgument = None,
    config: ConfigOption = None,
    state: StateOption = None,
    json_: JsonOption = False,
) -> None:
    """Take out feeds that were added by 'feeds add'. What was seen of them stays; a file's feeds are taken out of the file.

    \b
    Examples:
      monitor feeds remove "The Korea Herald"
      monitor feeds remove https://www.38north.org/feed/
    """
    from monitor.actions import managed
    from monitor.cli.acting import act, actor
    from monitor.cli.output import clean, json_out, out

    _need(names)
    path = config_path(config)

    async def offline(store: Store) -> dict[str, Any]:
        return await managed.remove_feeds(store, path, names or [], actor())

    answer = act(config, state, "/api/v1/feeds/remove", {"names": names, "actor": actor()}, offline)
    if json_:
        json_out(answer)
        return
    for url in answer["removed"]:
        out(f"removed {clean(url)}")


def _need(names: list[str] | None) -> None:
    if not names:
        raise typer.BadParameter("name feeds by their names, URLs or ids", param_hint="FEED")


def poll(
    names: FeedsArgument = None,
    failing: FailingOption = False,
    config: ConfigOption = None,
    state: StateOption = None,
    json_: JsonOption = False,
) -> None:
    """Poll feeds now, failing and ended ones too. Without a daemon they are due at the next 'once' or 'run'.

    \b
    Examples:
      monitor feeds poll "The Korea Herald"
      monitor feeds poll --failing
    """
    if failing:
        from monitor.store import feed_state

        names = [*(names or []), *reading(config, state, feed_state.with_state, "failing")]
        if not names:
            from monitor.cli.output import json_out, note

            note("no feeds are failing")
            if json_:
                json_out({"feeds": []})
            return
    _do("poll", names, config, state, json_)


def pause(names: FeedsArgument = None, config: ConfigOption = None, state: StateOption = None, json_: JsonOption = False) -> None:
    """Stop polling feeds until 'resume'. The configuration stays as it is.

    \b
    Examples:
      monitor feeds pause "The Korea Herald"
    """
    _do("pause", names, config, state, json_)


def resume(names: FeedsArgument = None, config: ConfigOption = None, state: StateOption = None, json_: JsonOption = False) -> None:
    """Poll paused or ended feeds again, at once.

    \b
    Examples:
      monitor feeds resume "The Korea Herald"
    """
    _do("resume", names, config, state, json_)


_DONE = {"poll": "due now", "pause": "paused", "resume": "resumed"}


def _do(what: str, names: list[str] | None, config: Path | None, state: Path | None, json_: bool) -> None:
    from monitor.actions import feeds
    from monitor.cli.acting import act, actor
    from monitor.cli.output import clean, json_out, out

    _need(names)

    async def offline(store: Store) -> dict[str, Any]:
        return await feeds.do(store, what, names or [], actor())

    answer = act(config, state, f"/api/v1/feeds/{what}", {"names": names, "actor": actor()}, offline)
    if json_:
        json_out(answer)
        return
    for name in answer["feeds"]:
        out(f"{_DONE[what]}: {clean(name)}")
