"""From an exception to what a person reads on stderr and the exit status."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from monitor.errors import ConfigError, MonitorError, QueryError

FAILED = 1
WRONG = 2
INTERRUPTED = 130


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
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has gone away; that is no failure of ours.
        sys.stderr.close()
        sys.exit(FAILED)


def say(error: MonitorError) -> None:
    """`error: what and where`, then what to do next; as problem+json where the command writes JSON."""
    from monitor.cli.context import wants_json

    text = str(error)
    if wants_json():
        from monitor.store.sql import dump

        status = 422 if isinstance(error, QueryError) else 500
        problem: dict[str, object] = {"type": "about:blank", "title": type(error).__name__, "status": status, "detail": text}
        if isinstance(error, QueryError):
            problem["type"] = "urn:monitor:problem:query"
            problem["errors"] = [
                {"pointer": "/query", "start": error.start, "end": error.end, "detail": error.text, "suggestion": error.suggestion}
            ]
        sys.stderr.write(dump(problem) + "\n")
        return
    sys.stderr.write(f"error: {text}\n")
    if error.remedy and error.remedy not in text:
        sys.stderr.write(f"  = {error.remedy}\n")
