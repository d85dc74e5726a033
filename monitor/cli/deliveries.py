"""monitor deliveries …"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.context import ConfigOption, JsonOption, LimitOption, StateOption, StatesOption, missing, reading, split_states

if TYPE_CHECKING:
    from monitor.store.database import Store

app = typer.Typer(no_args_is_help=True, help="Deliveries: list, show, retry, drop.")

STATES = ("waiting", "retrying", "delivered", "unknown", "dead")

IdsArgument = Annotated[list[str] | None, typer.Argument(metavar="[DELIVERY]…", help="Their ids.", show_default=False)]


@app.command("list")
def list_(
    config: ConfigOption = None,
    state: StatesOption = None,
    channel: Annotated[str | None, typer.Option("--channel", metavar="NAME", help="Only those of a channel.")] = None,
    limit: LimitOption = 50,
    json_: JsonOption = False,
) -> None:
    """List deliveries, newest first.

    \b
    Examples:
      monitor deliveries list --state dead
      monitor deliveries list --channel desk --json
    """
    from monitor.cli.output import Column, json_lines, note, table
    from monitor.store import listing

    only, folder = split_states(state, STATES)
    items = reading(config, folder, listing.deliveries, state=only, channel=channel, limit=limit)
    if json_:
        json_lines(items)
        return
    if not items:
        note("no deliveries" + (f" are {only}" if only else " yet"))
    table(
        items,
        [
            Column("id", "ID"),
            Column("created_at", "WHEN", kind="time"),
            Column("channel", "CHANNEL"),
            Column("state", "STATE"),
            Column("tries", "TRIES"),
            Column("next_try_at", "NEXT", kind="time"),
            Column("rule", "RULE"),
            Column("text", "ANSWER", wide=True),
            Column("title", "TITLE", wide=True),
        ],
    )


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="DELIVERY", help="Its id.")],
    config: ConfigOption = None,
    state: StateOption = None,
    json_: JsonOption = False,
) -> None:
    """Show a delivery with each try and its answer.

    \b
    Examples:
      monitor deliveries show k3v9x2mqe7ap4hct
    """
    from monitor.cli.output import clean, json_out, out
    from monitor.store import listing

    item = reading(config, state, listing.find_delivery, name)
    if item is None:
        raise missing("delivery", name, "'monitor deliveries list' shows those there are")
    if json_:
        json_out(item)
        return
    out(f"{item['id']}  {clean(item['channel'])}  {item['state']}" + (f" ({item['reason']})" if item["reason"] else ""))
    out(f"  about      {clean(item['title'] or '–')}" + (f"  (alert {item['alert']}, rule {clean(item['rule'])})" if item["alert"] else ""))
    out(f"  created    {item['created_at']}")
    out(f"  next try   {item['next_try_at'] or '–'}")
    for number, attempt in enumerate(item["attempts"], 1):
        took = "" if attempt["took_s"] is None else f" in {attempt['took_s']:.2f} s"
        out(f"  try {number:<6} {attempt['at']}  {'delivered' if attempt['delivered'] else 'failed'}: {clean(attempt['text'])}{took}")
    for recipient, what in (item["recipients"] or {}).items():
        out(f"  recipient  {clean(recipient)}: {clean(what)}")


@app.command()
def retry(
    ids: IdsArgument = None,
    all_dead: Annotated[bool, typer.Option("--all-dead", help="Every dead one.")] = False,
    channel: Annotated[str | None, typer.Option("--channel", metavar="NAME", help="With --all-dead: of this channel alone.")] = None,
    config: ConfigOption = None,
    state: StateOption = None,
    json_: JsonOption = False,
) -> None:
    """Send dead, held or retrying deliveries at once; they keep their ids.

    \b
    Examples:
      monitor deliveries retry k3v9x2mqe7ap4hct
      monitor deliveries retry --all-dead --channel desk
    """
    from monitor.actions import deliver
    from monitor.cli.acting import act, actor

    if bool(ids) == all_dead:
        raise typer.BadParameter("name deliveries by their ids, or say --all-dead", param_hint="DELIVERY")

    async def offline(store: Store) -> dict[str, Any]:
        if all_dead:
            return await deliver.retry_all(store, channel, actor())
        return await deliver.retry(store, ids or [], actor())

    body = {"ids": ids or [], "all_dead": all_dead, "channel": channel, "actor": actor()}
    _done(act(config, state, "/api/v1/deliveries/retry", body, offline), "retried", json_)


@app.command()
def drop(ids: IdsArgument = None, config: ConfigOption = None, state: StateOption = None, json_: JsonOption = False) -> None:
    """Give deliveries up for good; they stay listed as dead.

    \b
    Examples:
      monitor deliveries drop k3v9x2mqe7ap4hct
    """
    from monitor.actions import deliver
    from monitor.cli.acting import act, actor

    if not ids:
        raise typer.BadParameter("name deliveries by their ids", param_hint="DELIVERY")

    async def offline(store: Store) -> dict[str, Any]:
        return await deliver.drop(store, ids, actor())

    _done(act(config, state, "/api/v1/deliveries/drop", {"ids": ids, "actor": actor()}, offline), "dropped", json_)


def _done(answer: dict[str, Any], what: str, json_: bool) -> None:
    from monitor.cli.output import json_out, note, out

    if json_:
        json_out(answer)
        return
    out(f"{len(answer[what])} {what}")
    for name in answer["left"]:
        note(f"left as it is: {name} (unknown, delivered, or being sent right now)")
