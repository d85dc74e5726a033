"""Every exception that one part of the program raises for another to handle.

Each says what went wrong, where, and what to do next; `str()` of one is fit to be shown to a person, secrets already
left out by whoever raised it.
"""

from __future__ import annotations


class MonitorError(Exception):
    """Base of all errors of this program: `text` says what and where, `remedy` what to do next (may be None)."""

    def __init__(self, text: str, *, remedy: str | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.remedy = remedy

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross from worker processes, and keyword arguments do not survive the default pickling.
        return _rebuild, (type(self), self.args, self.__dict__)


def _rebuild(kind: type[MonitorError], args: tuple[object, ...], state: dict[str, object]) -> MonitorError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class ConfigError(MonitorError):
    """A configuration that can't be used; the command ends with status 2."""


class QueryError(MonitorError):
    """A query that is not of the language. `start` and `end` are code points counted from 0 in the query's text.

    `str()` names the place as `query:1:COLUMN` with columns counted from 1 (query-language, decision 8). `query` is the text
    itself, where the error is of a whole query.
    """

    query: str | None = None

    def __init__(self, text: str, start: int, end: int, *, suggestion: str | None = None, replacement: str | None = None) -> None:
        super().__init__(text, remedy=suggestion)
        self.start = start
        self.end = end
        self.suggestion = suggestion
        self.replacement = replacement  # the text that, put at start:end, mends the query; None where nothing can

    def __str__(self) -> str:
        advice = f": {self.suggestion}" if self.suggestion else ""
        return f"query:1:{self.start + 1}: {self.text}{advice}"


class FetchError(MonitorError):
    """A request that brought no usable answer.

    `code` is one of FETCH_CODES; `status` the HTTP status where there was one; `retry_after` seconds from now where the
    server named them; `permanent` whether the same request can't do better soon.
    """

    def __init__(
        self,
        code: str,
        text: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
        permanent: bool = False,
        remedy: str | None = None,
    ) -> None:
        super().__init__(text, remedy=remedy)
        self.code = code
        self.status = status
        self.retry_after = retry_after
        self.permanent = permanent


FETCH_CODES = (
    "forbidden-address",  # the guard refused an address, before or after resolution or at a redirect
    "bad-url",  # can't be parsed, not http(s), or too long
    "dns",  # the name was not found
    "connect",  # refused, reset, unreachable
    "certificate",  # TLS failed
    "timeout",  # the total deadline passed
    "too-large",  # over the limit after decompression
    "redirects",  # more than five, or a loop
    "redirected",  # a POST was redirected: it has failed
    "http",  # a status of 400 or more; `status` has it
    "encoding",  # a content coding that can't be decoded
    "robots",  # robots.txt forbids it
    "protocol",  # not HTTP as it is spoken
)


class ParseError(MonitorError):
    """A document that is no feed. `code`: `html`, `empty`, `not-a-feed`, `too-deep`, `killed` (its worker was ended)."""

    def __init__(self, code: str, text: str, *, remedy: str | None = None) -> None:
        super().__init__(text, remedy=remedy)
        self.code = code


class ExtractError(MonitorError):
    """A page that gives no article. `code`: `not-html`, `page-thin`, `paywall`, `killed`."""

    def __init__(self, code: str, text: str, *, remedy: str | None = None) -> None:
        super().__init__(text, remedy=remedy)
        self.code = code


class WorkerKilled(MonitorError):
    """Work that passed its time limit or took its worker process down with it."""


class StoreError(MonitorError):
    """The store can't be used: locked by another daemon, from a newer version, full, gone."""
