"""monitor channels …"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.completing import channel_names
from monitor.cli.context import ConfigOption, JsonOption, StateOption, colour, load_config, reading, run, state_path

if TYPE_CHECKING:
    from monitor.config.settings import Config

app = typer.Typer(no_args_is_help=True, help="Channels: list, test.")


@app.command("list")
def list_(config: ConfigOption = None, state: StateOption = None, json_: JsonOption = False) -> None:
    """List channels with what waits for them.

    \b
    Examples:
      monitor channels list
    """
    import time

    from monitor.cli.output import Column, json_lines, note, table
    from monitor.store import listing

    items = reading(config, state, listing.channels, time.time())
    if json_:
        json_lines(items)
        return
    if not items:
        note("no channels: alerts are made and seen, and sent nowhere; add one under 'channels' in the configuration")
    table(
        items,
        [
            Column("name", "CHANNEL"),
            Column("type", "TYPE"),
            Column("state", "STATE"),
            Column("waiting", "WAITING"),
            Column("dead", "DEAD"),
            Column("delivered_24h", "24 H"),
            Column("last_ok_at", "LAST OK", kind="time"),
            Column("target", "TARGET", wide=True),
            Column("text", "LAST ANSWER", wide=True),
        ],
    )


@app.command("test")
def try_out(
    name: Annotated[str, typer.Argument(metavar="CHANNEL", help="Its name.", autocompletion=channel_names)],
    config: ConfigOption = None,
    state: StateOption = None,
    json_: JsonOption = False,
) -> None:
    """Send a marked test alert to a channel and show what the service answered.

    \b
    Examples:
      monitor channels test desk
    """
    from monitor.cli.output import clean, json_out, note, out

    settings = load_config(config, added=False)
    answer = run(send_test(settings, name))
    if answer["delivered"]:
        _switch_on(config, state, name)
    if json_:
        json_out(answer)
    elif answer["delivered"]:
        out(f"{clean(name)}: delivered ({clean(answer['text'])})")
    else:
        note(f"{clean(name)}: not delivered: {clean(answer['text'])}")
    if not answer["delivered"]:
        raise typer.Exit(1)


async def send_test(settings: Config, name: str) -> dict[str, Any]:
    """Sends a marked test alert and answers what the service said."""
    import time

    from monitor.actions import assemble, deliver
    from monitor.cli.clients import client_of

    def write(text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()

    async with client_of(settings) as client:
        terminal = assemble.Terminal(write, tty=True, color=colour(sys.stdout))
        channels = assemble.channels_of(settings, client, terminal, time.time)
        own = settings.channels[name].template if name in settings.channels else None
        return await deliver.test_channel(
            None,
            channels,
            name,
            now=time.time(),
            zone=settings.defaults.timezone,
            base_url=settings.web.base_url,
            actor="local",
            template=None if own is None else (own.title, own.text),
        )


def _switch_on(config: ConfigOption, state: StateOption, name: str) -> None:
    """A channel that was off is on again; where there is no store yet there is nothing to switch."""
    from monitor.actions import deliver
    from monitor.cli.acting import act, actor

    if (state_path(state) / "lock").exists():
        act(config, state, "/api/v1/channels/on", {"name": name, "actor": actor()}, lambda store: deliver.switch_on(store, name, actor()))
