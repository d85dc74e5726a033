"""reload, config export: the configuration of a running daemon, and what the store holds beside its files."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from monitor.cli.context import ConfigOption, JsonOption, StateOption, reading, run, state_path
from monitor.errors import StoreError

config_app = typer.Typer(no_args_is_help=True, help="The configuration: what was added to the store.")


def register(app: typer.Typer) -> None:
    app.command()(reload)
    app.add_typer(config_app, name="config")


def reload(
    drop: Annotated[bool, typer.Option("--drop", help="Give up what waits for channels that were taken out.")] = False,
    config: ConfigOption = None,
    state: StateOption = None,
    json_: JsonOption = False,
) -> None:
    """Let the running daemon take up its configuration anew: all of it, or nothing and the reason.

    \b
    Examples:
      monitor reload
      monitor reload --drop
    """
    from monitor.cli.acting import actor, ask
    from monitor.cli.output import counted, json_out, note, out
    from monitor.store.state import is_held

    folder = state_path(state)
    if not is_held(folder) or not (folder / "control.sock").exists():
        raise StoreError(
            f"no daemon runs on {folder}",
            remedy="it takes up its configuration when it starts: 'monitor run'; or name its folder with --state",
        )
    answer = run(ask(folder / "control.sock", "/api/v1/reload", {"drop": drop, "actor": actor()}))
    if json_:
        json_out(answer)
        return
    held = ", ".join(counted(answer[what], what.removesuffix("s")) for what in ("feeds", "rules", "channels"))
    out(f"reloaded: {held}")
    for key in answer["later"]:
        note(f"'{key}' has changed too, and takes effect at the next start")


@config_app.command("export")
def export(config: ConfigOption = None, state: StateOption = None, json_: JsonOption = False) -> None:
    """Print all feeds, rules and entities that were added to the store, as YAML to be moved into files.

    \b
    Examples:
      monitor config export > config/added.yaml
    """
    from monitor.actions import managed as editing
    from monitor.cli.output import json_lines, note
    from monitor.store import managed
    from monitor.store.listing import stamp

    entries = reading(config, state, managed.entries)
    if json_:
        json_lines(
            {"kind": one.kind, "name": one.name, "version": one.version, "actor": one.actor, "at": stamp(one.at), "yaml": one.yaml}
            for one in entries
        )
        return
    if not entries:
        note("nothing was added: all that is watched stands in files")
    sys.stdout.write(editing.export(entries))


@config_app.command("remove")
def remove(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="feed, rule or entity.")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="A feed's URL, a rule's or an entity's name.")],
    config: ConfigOption = None,
    state: StateOption = None,
    json_: JsonOption = False,
) -> None:
    """Take an entry out of the store, as a daemon that refuses to start over it would ask.

    \b
    Examples:
      monitor config remove rule ffvd
    """
    from monitor.actions import managed as editing
    from monitor.cli.acting import act, actor
    from monitor.cli.context import config_path
    from monitor.cli.output import clean, json_out, out
    from monitor.store import managed
    from monitor.store.database import Store

    if kind not in managed.KINDS:
        raise typer.BadParameter(f"'{kind}' is none of {', '.join(managed.KINDS)}", param_hint="KIND")
    path = config_path(config)

    async def offline(store: Store) -> dict[str, str]:
        await editing.remove(store, path, kind, name, actor())
        return {"kind": kind, "name": name}

    answer = act(config, state, "/api/v1/managed/remove", {"kind": kind, "name": name, "actor": actor()}, offline)
    if json_:
        json_out(answer)
        return
    out(f"removed {kind} {clean(name)}")
