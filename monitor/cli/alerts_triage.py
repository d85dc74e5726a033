"""monitor alerts ack, dismiss, reopen, assign, note: what a person decides about alerts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.context import ConfigOption, JsonOption, StateOption

if TYPE_CHECKING:
    from monitor.store.database import Store

IdsArgument = Annotated[list[str], typer.Argument(metavar="ALERT…", help="Their ids.", show_default=False)]
UndoOption = Annotated[bool, typer.Option("--undo", help="Take the last change of each back.")]
VersionOption = Annotated[
    int | None, typer.Option("--version", metavar="N", help="Only if nobody has changed it since this version.", show_default=False)
]

_WORDS = {
    "stale": "{by} was first: it is {state}{why}",
    "nothing": "there is nothing to undo",
    "missing": "there is no such alert: 'monitor alerts list' shows those there are",
}


def register(app: typer.Typer) -> None:
    for command in (ack, dismiss, reopen, assign, note):
        app.command()(command)


def ack(
    ids: IdsArgument,
    undo: UndoOption = False,
    version: VersionOption = None,
    config: ConfigOption = None,
    state: StateOption = None,
    json_: JsonOption = False,
) -> None:
    """Take alerts: they are relevant, and somebody has them.

    \b
    Examples:
      monitor alerts ack k3v9x2mqe7ap4hct
      monitor alerts ack k3v9x2mqe7ap4hct --undo
    """
    _act(ids, {"undo": True} if undo else {"state": "acked"}, version, config, state, json_)


def dismiss(
    ids: IdsArgument,
    reason: Annotated[str, typer.Option("--reason", metavar="WHY", help="not-relevant, duplicate or known.")] = "not-relevant",
    undo: UndoOption = False,
    version: VersionOption = None,
    config: ConfigOption = None,
    state: StateOption = None,
    json_: JsonOption = False,
) -> None:
    """Put alerts aside, and say why: what is not relevant counts against its rule.

    \b
    Examples:
      monitor alerts dismiss k3v9x2mqe7ap4hct
      monitor alerts dismiss k3v9x2mqe7ap4hct --reason duplicate
    """
    _act(ids, {"undo": True} if undo else {"state": "dismissed", "reason": reason}, version, config, state, json_)


def reopen(
    ids: IdsArgument,
    version: VersionOption = None,
    config: ConfigOption = None,
    state: StateOption = None,
    json_: JsonOption = False,
) -> None:
    """Make alerts open again, whatever was decided.

    \b
    Examples:
      monitor alerts reopen k3v9x2mqe7ap4hct
    """
    _act(ids, {"state": "open"}, version, config, state, json_)


def assign(
    ids: IdsArgument,
    to: Annotated[str, typer.Option("--to", metavar="NAME", help="Who shall look at it; empty for nobody.", show_default=False)],
    version: VersionOption = None,
    config: ConfigOption = None,
    state: StateOption = None,
    json_: JsonOption = False,
) -> None:
    """Say who shall look at alerts.

    \b
    Examples:
      monitor alerts assign k3v9x2mqe7ap4hct --to desk2
      monitor alerts assign k3v9x2mqe7ap4hct --to ''
    """
    _act(ids, {"assignee": to}, version, config, state, json_)


def note(
    id_: Annotated[str, typer.Argument(metavar="ALERT", help="Its id.")],
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What to note.")],
    config: ConfigOption = None,
    state: StateOption = None,
    json_: JsonOption = False,
) -> None:
    """Note something on an alert.

    \b
    Examples:
      monitor alerts note k3v9x2mqe7ap4hct "Called the embassy"
    """
    from monitor.actions import triage
    from monitor.cli.acting import act, actor

    async def offline(store: Store) -> dict[str, Any]:
        return await triage.note(store, id_, text, actor())

    body = {"id": id_, "text": text, "actor": actor()}
    _show(act(config, state, "/api/v1/alerts/notes", body, offline), json_)


def _act(ids: list[str], wish: dict[str, Any], version: int | None, config: Any, state: Any, json_: bool) -> None:
    from monitor.actions import triage
    from monitor.cli.acting import act, actor

    if version is not None and len(ids) != 1:
        raise typer.BadParameter("a version is of one alert", param_hint="--version")
    versions = None if version is None else {ids[0]: version}

    async def offline(store: Store) -> dict[str, Any]:
        if wish.get("undo"):
            return await triage.undo(store, ids, actor(), versions)
        return await triage.change(store, ids, actor(), **wish, versions=versions)

    body = {"ids": ids, **wish, "versions": versions, "actor": actor()}
    _show(act(config, state, "/api/v1/alerts/actions", body, offline), json_)


def _show(answer: dict[str, Any], json_: bool) -> None:
    from monitor.cli.output import clean, json_lines, note, out

    items = answer["items"]
    if json_:
        json_lines(items)
    for item in items:
        why = f" ({item['reason']})" if item["reason"] else ""
        words = _WORDS.get(item["status"])
        if words is not None:
            note(f"{item['id']}: " + words.format(by=clean(item["changed_by"] or "somebody"), state=item["state"], why=why))
        elif not json_:
            to = f", assigned to {clean(item['assignee'])}" if item["assignee"] else ""
            out(f"{item['id']}  {item['state']}{why}{to}" + ("  as it was" if item["status"] == "unchanged" else ""))
    if any(item["status"] in _WORDS for item in items):
        raise typer.Exit(1)
