"""run, once, demo."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.context import ColorOption, ConfigOption, StateOption, colour, config_path, load_config, owned_state, run
from monitor.cli.failing import INTERRUPTED

if TYPE_CHECKING:
    from monitor.actions.assemble import Terminal
    from monitor.config import Config

_MODES = ("auto", "human", "json")
_LEVELS = ("debug", "info", "warning", "error")


def _one_of(known: tuple[str, ...]) -> Callable[[str], str]:
    def checked(said: str) -> str:
        if said.lower() not in known:
            raise typer.BadParameter(f"say {', '.join(known[:-1])} or {known[-1]}")
        return said.lower()

    return checked


LogOption = Annotated[
    str, typer.Option("--log", metavar="MODE", callback=_one_of(_MODES), help="auto, human or json; auto is human on a terminal.")
]
LevelOption = Annotated[str, typer.Option("--level", metavar="LEVEL", callback=_one_of(_LEVELS), help="debug, info, warning or error.")]


def register(app: typer.Typer) -> None:
    app.command("run")(run_)
    app.command()(once)
    app.command()(demo)


def _terminal(log: str, color: str) -> Terminal:
    from monitor.actions.assemble import Terminal

    def write(text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()

    return Terminal(write, tty=log == "human" or (log == "auto" and sys.stdout.isatty()), color=colour(sys.stdout, color))


def run_(
    config: ConfigOption = None,
    state: StateOption = None,
    log: LogOption = "auto",
    level: LevelOption = "info",
    color: ColorOption = "auto",
) -> None:
    """Run the daemon until it is stopped.

    \b
    Examples:
      monitor run
      monitor run --config /etc/monitor/monitor.yaml --state /var/lib/monitor
    """
    from monitor import memory
    from monitor.config.apart import Apart

    memory.spare()
    reading = Apart(config_path(config))
    with memory.without("rich"):  # structlog would load it for tracebacks on terminals, which nothing here asks for
        from monitor import daemon, logs

    interrupted: list[bool] = []

    async def work(settings: Config) -> None:
        logs.set_up(log, level=level, zone=settings.defaults.timezone)
        async with daemon.opened(settings, owned_state(state), _terminal(log, color)) as opened:
            del settings  # the daemon keeps of it what it needs
            daemon.on_signals(opened)
            _on_interrupt(interrupted, opened.stop)
            await opened.run()

    run(work(reading.config() or load_config(config, fenced=True, added=False)))
    if interrupted:
        raise typer.Exit(INTERRUPTED)


def _on_interrupt(told: list[bool], stop: Callable[[], None]) -> None:
    """Ctrl-C ends the daemon in order, as SIGTERM does; the status tells the two apart."""
    import asyncio
    import signal

    def act() -> None:
        told.append(True)
        stop()

    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, act)


def once(
    config: ConfigOption = None,
    state: StateOption = None,
    log: LogOption = "auto",
    level: LevelOption = "info",
    color: ColorOption = "auto",
) -> None:
    """Poll what is due, read and deliver all that is due, and end. On a new store it only fills the backlog.

    \b
    Examples:
      monitor once
      monitor once --config my.yaml --state ./state
    """
    from monitor import daemon, logs

    settings = load_config(config, added=False)  # the daemon itself lays the store's entries beside
    logs.set_up(log, level=level, zone=settings.defaults.timezone)

    async def work() -> None:
        async with daemon.opened(settings, owned_state(state), _terminal(log, color)) as opened:
            await opened.once()

    run(work())


def demo(
    seconds: Annotated[float | None, typer.Option("--seconds", metavar="N", min=5, help="End by itself after so many seconds.")] = None,
) -> None:
    """Play the whole way on this machine alone: news sites, the real daemon, alerts on this terminal.

    \b
    Examples:
      monitor demo
      monitor demo --seconds 30
    """
    from monitor.demo.run import run_demo

    raise typer.Exit(run(run_demo(seconds=seconds)))
