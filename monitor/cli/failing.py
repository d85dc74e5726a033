"""From an exception to what a person reads on stderr and the exit status."""

from __future__ import annotations

import errno
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from typer.exceptions import Abort, Exit, TyperException

from monitor.errors import ConfigError, MonitorError, QueryError, StoreError

FAILED = 1
WRONG = 2
INTERRUPTED = 130

# What a machine denies, and no fault of the program's: told in a line, without where it happened.
_DENIED = {
    errno.EACCES: "run the command as the owner of it, or as root",
    errno.EPERM: "run the command as the owner of it, or as root",
    errno.ENOSPC: "make room",
    errno.EDQUOT: "make room",
    errno.EROFS: "it is on a file system that can't be written",
}


_AWAY = (ConnectionError, TimeoutError, socket.gaierror)  # what a server that is not there raises


@contextmanager
def told() -> Iterator[None]:
    """Tells an error of ours and ends with its status; others are bugs and show where they happened."""
    try:
        yield
    except (ConfigError, QueryError) as error:
        say(error)
        sys.exit(WRONG)
    except MonitorError as error:
        say(error)
        sys.exit(FAILED)
    except Exit as ended:
        sys.exit(ended.exit_code)
    except (Abort, KeyboardInterrupt):
        sys.exit(INTERRUPTED)
    except TyperException as error:
        _usage(error)
        sys.exit(WRONG)
    except BrokenPipeError:
        _gone()
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _DENIED:
            name = f"{error.filename}: " if error.filename else ""
            say(MonitorError(f"{name}{error.strerror}", remedy=_DENIED[error.errno]))
            sys.exit(FAILED)
        why = _of_the_store(error)
        if why is None:
            raise
        say(why)
        sys.exit(FAILED)


def _of_the_store(error: Exception) -> StoreError | None:
    """What a database itself refuses: a damaged file, a server that is not there or went away. Other errors are bugs of ours."""
    if "sqlalchemy.exc" not in sys.modules:
        return None
    from sqlalchemy import exc

    # asyncpg lets the errors of a connection that fails through as they are.
    if "asyncpg" in sys.modules and (isinstance(error, _AWAY) or type(error).__module__ == "asyncpg.exceptions"):
        why = getattr(error, "strerror", None) or str(error) or type(error).__name__
        return StoreError(f"PostgreSQL can't be reached: {why}", remedy="see 'database' in the configuration, and whether its server runs")
    if type(error) not in (exc.DatabaseError, exc.OperationalError, exc.InterfaceError):
        return None
    cause = getattr(error, "orig", None) or error
    return StoreError(
        f"the store can't be used: {cause}", remedy="'monitor doctor' looks at it; 'monitor restore FILE' puts a backup in its place"
    )


def _gone() -> None:
    """Whoever read our output has gone away: that is no failure of ours, and nobody is left to tell."""
    # The interpreter flushes stdout once more at its end, and would complain.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(FAILED)


def _usage(error: TyperException) -> None:
    """Wrong usage: how the command is called, and what was wrong."""
    from monitor.cli.context import wants_json

    if wants_json():
        from monitor.store.sql import dump

        detail = error.format_message() if hasattr(error, "format_message") else str(error)
        sys.stderr.write(dump({"type": "urn:monitor:problem:usage", "title": "wrong usage", "status": 400, "detail": detail}) + "\n")
    elif hasattr(error, "show"):
        error.show()
    else:
        typer.echo(f"Error: {error}", err=True)


def say(error: MonitorError) -> None:
    """`error: what and where`, then what to do next; as problem+json where the command writes JSON."""
    from monitor.cli.context import wants_json

    text = str(error)
    if wants_json():
        _say_json(error, text)
        return
    from monitor.cli.output import clean, harmless

    # Lines and spaces are kept, as the places of a configuration's errors need them; what a terminal would obey is not.
    shown = "\n".join(map(harmless, text.splitlines()))
    sys.stderr.write(f"{shown}\n" if shown.startswith(("error: ", "warning: ")) else f"error: {shown}\n")
    if isinstance(error, QueryError) and error.query:
        _point(error, error.query)
    if error.remedy and error.remedy not in text:
        sys.stderr.write(f"  = {clean(error.remedy)}\n")


def _point(error: QueryError, query: str) -> None:
    """The query and carets under the fault, as `check` shows them."""
    from monitor.cli.context import width_of
    from monitor.config.rendering import pointed

    line, before, carets = pointed(query, error.start, error.end - error.start, (width_of(sys.stderr) or 160) - 5)
    sys.stderr.write(f"  |\n1 | {line}\n  | {before}{carets}\n")


def _say_json(error: MonitorError, text: str) -> None:
    from monitor.store.sql import dump

    wrong = isinstance(error, QueryError | ConfigError)
    problem: dict[str, object] = {
        "type": "about:blank",
        "title": type(error).__name__,
        "status": 422 if wrong else 500,
        "detail": text,
    }
    if error.remedy:
        problem["remedy"] = error.remedy
    if isinstance(error, QueryError):
        problem["type"] = "urn:monitor:problem:query"
        problem["errors"] = [
            {"pointer": "/query", "start": error.start, "end": error.end, "detail": error.text, "suggestion": error.suggestion}
        ]
    sys.stderr.write(dump(problem) + "\n")
