"""A channel's own wording: title and text in sandboxed Jinja2, over a small context, bounded in time, memory and length.

What a template makes is plain text like any from outside: each channel escapes it in its own way. A template is checked
when the configuration is read; `render` runs in a worker that is ended when it takes too long.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from monitor.alerts.clean import clean, cut
from monitor.alerts.message import Told, tell, worded_lines
from monitor.errors import MonitorError
from monitor.model import AlertView, Wording

if TYPE_CHECKING:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

SECONDS = 2.0  # that both templates of a channel may take
TITLE = 300  # code points
TEXT = 3000
SOURCE = 4000  # code points of a template
_MEMORY = 64 * 2**20  # bytes beyond what the worker has
_PRODUCT = 10_000  # characters that a multiplication may make
_FILTERS = frozenset(
    [
        "abs",
        "capitalize",
        "default",
        "d",
        "e",
        "escape",
        "first",
        "float",
        "int",
        "join",
        "last",
        "length",
        "count",
        "list",
        "lower",
        "max",
        "min",
        "reject",
        "replace",
        "reverse",
        "round",
        "select",
        "sort",
        "string",
        "striptags",
        "sum",
        "title",
        "trim",
        "truncate",
        "unique",
        "upper",
        "wordcount",
    ]
)
_TESTS = frozenset(
    [
        "defined",
        "undefined",
        "none",
        "number",
        "string",
        "equalto",
        "eq",
        "ne",
        "lt",
        "gt",
        "le",
        "ge",
        "in",
        "odd",
        "even",
        "true",
        "false",
    ]
)
_NAMES = """
severity rule rules title url site author language when where published_at created_at snippets matches articles feeds note story test link
"""
_FAILURES = (SyntaxError, ArithmeticError, TypeError, ValueError, LookupError, AttributeError, RecursionError, MemoryError)
NAMES = tuple(_NAMES.split())  # what a template may name


class WordingError(MonitorError):
    """A template that can't be used; `str()` says why and where."""


def worded(alerts: Sequence[AlertView], wording: Wording) -> list[AlertView]:
    """The alerts of one story, with the words that their message shall have."""
    return [replace(alert, wording=wording) for alert in alerts]


def context(alerts: Sequence[AlertView], zone: ZoneInfo, base_url: str | None) -> dict[str, Any]:
    """What a template sees of the alerts of one story: text, numbers and lists of text."""
    told: Told = tell(alerts, zone, base_url)
    first = min(alerts, key=lambda alert: alert.severity.rank)
    published = first.published_at.astimezone(zone).isoformat(timespec="seconds") if first.published_at else None
    return {
        "severity": str(told.severity),
        "rule": told.rules[0].name,
        "rules": [rule.name for rule in told.rules],
        "title": told.title,
        "url": told.url,
        "site": clean(first.site) or told.host or None,
        "author": clean(first.author) or None,
        "language": told.language,
        "when": told.places[-1] if told.places else "",
        "where": told.where,
        "published_at": published,
        "created_at": first.created_at.astimezone(zone).isoformat(timespec="seconds"),
        "snippets": [snippet.text("«", "»") for snippet in told.snippets],
        "matches": sum(rule.matches for rule in told.rules),
        "articles": told.articles,
        "feeds": list(told.feeds),
        "note": " · ".join(told.notes) or None,
        "story": first.story_id,
        "test": told.test,
        "link": told.links[0].url if told.links else None,
    }


def check(source: str) -> None:
    """Raises WordingError for a template that can't be read, or names what there is not."""
    from jinja2 import TemplateError, meta

    if len(source) > SOURCE:
        raise WordingError(f"the template is longer than {SOURCE:,} characters")
    environment = _environment()
    try:
        tree = environment.parse(source)
        environment.compile(source)
        unknown = sorted(meta.find_undeclared_variables(tree) - set(NAMES))
    except (TemplateError, RecursionError, SyntaxError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        raise WordingError(f"the template can't be read: {error}" + (f" (line {line})" if line else "")) from error
    if unknown:
        raise WordingError(f"the template names '{unknown[0]}', which there is not", remedy=f"there are: {', '.join(NAMES)}")


def render(title: str | None, text: str | None, values: Mapping[str, Any]) -> Wording:
    """Fills both templates in. To be run where it can be ended. Raises WordingError."""
    made = Wording(_fill(title, values, TITLE), _fill(text, values, TEXT))
    words = None if made.title is None else " ".join(clean(made.title).split())
    if words == "" or (text is not None and not worded_lines(made)):
        raise WordingError("the template made an empty " + ("title" if words == "" else "text"))
    return Wording(words, made.text)


def render_bounded(title: str | None, text: str | None, values: Mapping[str, Any]) -> Wording:
    """`render` for a worker of its own: memory is bounded too, since a template of few words can double a text without end."""
    import resource
    from pathlib import Path

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    try:
        resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + _MEMORY, hard))
    except (OSError, ValueError):
        return render(title, text, values)  # a service that may set no limits: the time limit holds alone
    try:
        return render(title, text, values)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _fill(source: str | None, values: Mapping[str, Any], limit: int) -> str | None:
    from jinja2 import TemplateError

    if source is None:
        return None
    parts, size = [], 0
    try:
        for part in _environment().from_string(source).generate(**values):
            parts.append(part)
            size += len(part)
            if size > 4 * limit:
                break
    except (*_FAILURES, TemplateError) as error:
        raise WordingError(f"the template failed: {type(error).__name__}: {error}"[:300]) from error
    return cut("".join(parts), limit)


@lru_cache(maxsize=1)
def _environment() -> ImmutableSandboxedEnvironment:
    from jinja2 import StrictUndefined
    from jinja2.exceptions import SecurityError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Sandbox(ImmutableSandboxedEnvironment):
        """No method, no attribute, no global: names, filters, tests and the words of the language."""

        intercepted_binops = frozenset(["*", "**", "%"])

        def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
            return False

        def is_safe_callable(self, obj: Any) -> bool:
            return False

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
            numbers = isinstance(left, int | float) and isinstance(right, int | float)
            if operator == "**" or not numbers or max(abs(left), abs(right)) > _PRODUCT:
                raise SecurityError(f"{operator} is for small numbers")
            return super().call_binop(context, operator, left, right)

    environment = Sandbox(undefined=StrictUndefined, autoescape=False, cache_size=64)
    environment.globals = {}
    environment.filters = {name: made for name, made in environment.filters.items() if name in _FILTERS}
    environment.tests = {name: made for name, made in environment.tests.items() if name in _TESTS}
    return environment
