"""monitor alerts …"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.context import ConfigOption, JsonOption, LimitOption, StateOption, StatesOption, missing, reading, split_states

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from monitor.model import AlertView

app = typer.Typer(no_args_is_help=True, help="Alerts: list, show, ack, dismiss, reopen, assign, note, export, preview.")

STATES = ("open", "acked", "dismissed")


@app.command("list")
def list_(
    config: ConfigOption = None,
    state: StatesOption = None,
    rule: Annotated[str | None, typer.Option("--rule", metavar="NAME", help="Only those of a rule.")] = None,
    severity: Annotated[str | None, typer.Option("--severity", metavar="SEVERITY", help="critical, high, normal or low.")] = None,
    assignee: Annotated[str | None, typer.Option("--assignee", metavar="NAME", help="Only those assigned to somebody.")] = None,
    muted: Annotated[bool | None, typer.Option("--muted/--not-muted", help="Only those that a mute kept back; or none of them.")] = None,
    limit: LimitOption = 50,
    json_: JsonOption = False,
) -> None:
    """List alerts, newest first.

    \b
    Examples:
      monitor alerts list
      monitor alerts list --state open --rule ffvd --json
    """
    from monitor.cli.output import Column, json_lines, note, table
    from monitor.model import Severity
    from monitor.store import listing

    if severity is not None and severity not in list(Severity):
        raise typer.BadParameter(f"say {', '.join(Severity)}", param_hint="--severity")
    only, folder = split_states(state, STATES)
    items = reading(config, folder, listing.alerts, state=only, rule=rule, severity=severity, assignee=assignee, muted=muted, limit=limit)
    if json_:
        json_lines(items)
        return
    if not items and (only, rule, severity, assignee, muted) != (None,) * 5:
        note("no alerts are as asked for: 'monitor alerts list' shows all")
    elif not items:
        note("no alerts yet: 'monitor status' says what is watched, 'monitor rules try' tries a rule")
    table(
        items,
        [
            Column("id", "ID"),
            Column("created_at", "WHEN", kind="time"),
            Column("severity", "SEVERITY"),
            Column("rule", "RULE"),
            Column("state", "STATE"),
            Column("deliveries", "DELIVERIES", kind="list"),
            Column("site", "SITE"),
            Column("title", "TITLE", wide=True),
        ],
    )


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="ALERT", help="Its id.")],
    config: ConfigOption = None,
    state: StateOption = None,
    json_: JsonOption = False,
) -> None:
    """Show an alert: the rule, the words that matched and their sentences, its deliveries.

    \b
    Examples:
      monitor alerts show k3v9x2mqe7ap4hct
    """
    from monitor.alerts.payload import alert_data
    from monitor.cli.output import json_out

    found = reading(config, state, _found, name)
    if found is None:
        raise missing("alert", name, "'monitor alerts list' shows those there are")
    item, view = found
    if json_:
        keys = ("state", "reason", "assignee", "created_at", "changed_at", "changed_by", "muted", "version", "deliveries", "notes", "log")
        json_out({**alert_data(view), **{key: item[key] for key in keys}})
        return
    _print(item, view)


def _found(conn: Connection, name: str) -> tuple[dict[str, Any], AlertView] | None:
    """An alert with its notes and what people did about it, of one moment."""
    from monitor.store import triage, views
    from monitor.store.listing import stamp

    found = views.alert_by_uid(conn, name)
    if found is None:
        return None
    item, view = found
    item["notes"] = [{**note, "at": stamp(note["at"])} for note in triage.notes_of(conn, [name]).get(name, [])]
    item["log"] = [{**change, "at": stamp(change["at"])} for change in triage.history(conn, name)]
    return item, view


def _print(item: dict[str, Any], view: AlertView) -> None:
    from monitor.alerts.payload import alert_data
    from monitor.cli.output import ago, clean, counted, out

    out(f"{view.severity.mark} {view.severity} · {clean(view.rule)} · {item['state']} · {ago(item['created_at'])}")
    out(clean(view.title))
    out(clean(view.url or "no link"))
    out(" · ".join(clean(part) for part in (view.site, view.author, item["published_at"], view.language) if part))
    out(f"query: {clean(view.query)}")
    for snippet in dict.fromkeys(match["snippet"] for match in alert_data(view)["matches"]):
        out(f"  {clean(snippet)}")
    count = counted(len(view.spans), "match", "matches")
    out(f"{count} · story of {view.story_articles} · in: {', '.join(clean(name) for name, _ in view.feeds)}")
    for channel, state in item["deliveries"].items():
        out(f"delivery  {clean(channel)}  {state}")
    for change in item["log"]:
        out(f"log       {change['at']}  {clean(change['by'])}  {clean(_words(change['after']))}")
    for note in item["notes"]:
        out(f"note      {note['at']}  {clean(note['by'])}  {clean(note['text'])}")


def _words(after: Any) -> str:
    """What a change made of an alert, in short."""
    if isinstance(after, list):
        return f"escalated to {', '.join(after)}"
    words = [after["state"], after["reason"], after["assignee"] and f"assigned to {after['assignee']}"]
    return "noted" if "note" in after else ", ".join(filter(None, words)) + (" (undone)" if after.get("undone") else "")
