"""init: from nothing to a configuration that works, by questions or by options."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.context import ConfigOption, run
from monitor.errors import ConfigError, FetchError, MonitorError, QueryError

if TYPE_CHECKING:
    from monitor.actions.adding import Found
    from monitor.actions.founding import Wish

_DEFAULT = Path("config/monitor.yaml")


def register(app: typer.Typer) -> None:
    app.command()(init)


def init(
    feed: Annotated[list[str] | None, typer.Option("--feed", metavar="URL", help="A feed's or a site's address; may be repeated.")] = None,
    watch: Annotated[list[str] | None, typer.Option("--watch", metavar="WORDS", help="A word or phrase; may be repeated.")] = None,
    slack_env: Annotated[
        str | None, typer.Option("--slack-env", metavar="NAME", help="Send to Slack, by the webhook URL in this environment variable.")
    ] = None,
    email: Annotated[str | None, typer.Option("--email", metavar="ADDRESS", help="Send by e-mail to this address.")] = None,
    smtp: Annotated[
        str, typer.Option("--smtp", metavar="URL", help='With --email: the server, as "smtp://user:${SMTP_PASSWORD}@mail.example.org:587".')
    ] = "smtp://localhost:25",
    allow: Annotated[
        list[str] | None,
        typer.Option("--allow", metavar="RANGE", help="A private range that feeds may reach, as 10.0.0.0/8; may be repeated."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing: what no option says is left at its default.")] = False,
    config: ConfigOption = None,
) -> None:
    """Write a first configuration: a feed, words to watch, where to send. Never overwrites one.

    \b
    Examples:
      monitor init
      monitor init --feed koreaherald.com --watch "sanctions exemptions" --watch FFVD --yes
      monitor init --feed https://www.38north.org/feed/ --watch FFVD --slack-env SLACK_WEBHOOK_URL --yes
    """
    from monitor.actions import founding
    from monitor.cli.output import out

    path = config or _DEFAULT
    if path.exists():
        raise ConfigError(f"{path} is there already, and is not overwritten", remedy="edit it, or name another file with --config")
    if slack_env and email:
        raise typer.BadParameter("say --slack-env or --email, not both; more channels are added in the file", param_hint="--email")
    asking = not yes and sys.stdin.isatty()
    if not asking and not (feed and watch):
        raise ConfigError("init has nobody to ask", remedy="say --feed URL --watch WORDS --yes, or run it on a terminal")
    found = _feeds(feed, allow or (), asking=asking)
    words = _words(watch, found, asking=asking)
    wish = replace(_wish(found, words, slack_env, email, smtp, asking=asking), allow=tuple(allow or ()))
    founding.write(path, founding.text_of(wish))
    out(f"wrote {path}")
    if not _checked(path, wish):
        raise typer.Exit(2)
    if asking and wish.send != "console":
        _test(path, wish)
    _next("" if path == _DEFAULT else f" --config {path}")


def _next(named: str) -> None:
    from monitor.cli.output import note

    steps = (("run", "watch, and alert"), ("status", "see how it fares"), ("feeds add URL", "watch another feed"))
    lines = [(f"monitor {command}{named}", why) for command, why in steps]
    room = max(len(command) for command, _ in lines)
    note("\nnext:")
    for command, why in lines:
        note(f"  {command:<{room}}  {why}")


def _feeds(given: list[str] | None, allow: Sequence[str], *, asking: bool) -> list[Found]:
    from monitor.cli.output import clean, note

    chosen: list[Found] = []
    for text in given or ():
        chosen += _picked(_discovered(text, allow), asking=asking)
    while asking and not chosen:
        text = typer.prompt("A news site or feed to watch (address)", err=True)
        try:
            chosen += _picked(_discovered(text, allow), asking=asking)
        except MonitorError as error:
            note(f"{clean(error)}" + (f" ({clean(error.remedy)})" if error.remedy else ""))
    for one in chosen:
        note(f"feed: {clean(one.title or one.url)}, {one.entries} entries now")
    return chosen


def _discovered(text: str, allow: Sequence[str]) -> list[Found]:
    from monitor.actions.adding import discover
    from monitor.cli.clients import looking

    async def work() -> list[Found]:
        async with looking(None, allow) as (client, workers):
            return await discover(client, workers, text)

    try:
        return run(work())
    except FetchError as error:
        if error.code != "forbidden-address":
            raise
        raise FetchError(error.code, error.text, remedy="if it is meant, say --allow RANGE, as --allow 10.0.0.0/8") from error


def _picked(found: list[Found], *, asking: bool) -> list[Found]:
    """One of several: the person's choice, else the likeliest."""
    from monitor.cli.feeds_edit import chosen

    return list(chosen(found, all_=False)) if asking else found[:1]


def _words(given: list[str] | None, found: list[Found], *, asking: bool) -> list[str]:
    from monitor.actions.founding import count
    from monitor.cli.output import clean, note

    texts = [text for one in found for text in one.texts]
    words = [word.strip() for word in given or () if word.strip()]
    while True:
        while asking and not words:
            words = [word.strip() for word in typer.prompt("Words to watch, separated by commas", err=True).split(",") if word.strip()]
        if not words:
            raise ConfigError("there are no words to watch", remedy="say --watch WORDS")
        try:
            for word in words:
                note(f"words: {clean(word)}: in {count([word], texts)} of {len(texts)} entries now")
        except QueryError as error:
            if not asking:
                raise
            note(clean(error))
        else:
            if not asking or given or typer.confirm("Watch these", default=True, err=True):
                return words
        words = []


def _wish(found: list[Found], words: list[str], slack_env: str | None, email: str | None, smtp: str, *, asking: bool) -> Wish:
    from monitor.actions.founding import Wish

    send = "slack" if slack_env else "email" if email else "console"
    if asking and send == "console":
        number = typer.prompt("Send alerts to (1) this terminal (2) Slack (3) e-mail", default=1, type=int, err=True)
        send = {2: "slack", 3: "email"}.get(number, "console")
        if send == "slack":
            slack_env = typer.prompt("Environment variable that holds the webhook's URL", default="SLACK_WEBHOOK_URL", err=True)
        if send == "email":
            email = typer.prompt("Address", err=True)
            smtp = typer.prompt("Mail server", default=smtp, err=True)
    feeds = [(one.url, _name(one)) for one in found]
    return Wish(feeds, words, send, slack_env or "SLACK_WEBHOOK_URL", smtp, email or "", _zone())


def _name(found: Found) -> str | None:
    from monitor.config.opml import clean

    return clean(found.title or "") or None


def _zone() -> str:
    """This machine's time zone by its name; UTC where that is not known."""
    from zoneinfo import available_timezones

    known = os.environ.get("TZ", "").removeprefix(":")
    if not known:
        try:
            known = str(Path("/etc/localtime").resolve()).partition("/zoneinfo/")[2]
        except OSError:
            known = ""
    return known if known in available_timezones() else "UTC"


def _checked(path: Path, wish: Wish) -> bool:
    """Runs `check`; a Slack variable that is not set yet is told instead of failing."""
    from monitor.cli.output import note, out
    from monitor.config import load, render

    missing = wish.send == "slack" and not os.environ.get(wish.slack_env)
    stand_in = {wish.slack_env: "https://hooks.slack.com/services/T00/B00/xxx"} if missing else {}
    loaded = load(path, env={**stand_in, **os.environ})
    out(render(loaded))
    if missing:
        note(f"set {wish.slack_env} to the webhook's URL before the start: export {wish.slack_env}=https://hooks.slack.com/services/…")
    return loaded.config is not None


def _test(path: Path, wish: Wish) -> None:
    """Sends a test message where a person may say whether it came."""
    from monitor.cli.channels import send_test
    from monitor.cli.context import load_config
    from monitor.cli.output import clean, note

    if wish.send == "slack" and not os.environ.get(wish.slack_env):
        return
    if not typer.confirm("Send a test message now", default=True, err=True):
        return
    answer = run(send_test(load_config(path, added=False), wish.channel))
    if not answer["delivered"]:
        note(f"it was not taken: {clean(answer['text'])}")
    elif not typer.confirm("It was taken. Did it arrive", default=True, err=True):
        note(f"look whether the channel or mailbox is the right one, then 'monitor channels test {wish.channel}'")
