"""password, token: what goes into web.users and web.tokens."""

from __future__ import annotations

import sys

import typer

from monitor.cli.context import JsonOption
from monitor.errors import ConfigError


def register(app: typer.Typer) -> None:
    app.command()(password)
    app.command()(token)


def password() -> None:
    """Ask for a password and print its hash for web.users. Without a terminal it is stdin's first line.

    \b
    Examples:
      monitor password
      monitor password < password.txt
    """
    from monitor.actions.keys import hash_password
    from monitor.cli.output import out

    out(hash_password(_asked()))


def _asked() -> str:
    if not sys.stdin.isatty():
        first = sys.stdin.readline().rstrip("\r\n")
        if not first:
            raise ConfigError("stdin holds no password", remedy="write it on the first line, or run this on a terminal")
        return first

    import getpass

    first = getpass.getpass("Password: ", stream=sys.stderr)
    if not first:
        raise ConfigError("a password can't be empty")
    if getpass.getpass("Once more: ", stream=sys.stderr) != first:
        raise ConfigError("the two are not the same", remedy="try again")
    return first


def token(json_: JsonOption = False) -> None:
    """Make a token for a program. It is shown once; the configuration keeps its hash alone, under web.tokens.

    \b
    Examples:
      monitor token
    """
    from monitor.actions.keys import hash_token, new_token
    from monitor.cli.output import json_out, note, out

    made = new_token()
    if json_:
        json_out({"token": made, "hash": hash_token(made)})
        return
    out(made)
    out(hash_token(made))
    note("the first line is the token, shown only now; the second goes into web.tokens, as {role: viewer, token: …}")
