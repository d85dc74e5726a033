"""explain: the whole way of a URL."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.context import ColorOption, ConfigOption, JsonOption, StateOption, colour, config_path, load_all, with_store
from monitor.errors import ConfigError

if TYPE_CHECKING:
    from monitor.config.settings import Config
    from monitor.pipeline.explaining.steps import Explanation
    from monitor.store.database import Store

_MARKS = {"ok": "✓", "no": "✗", "nearly": "◐", "waiting": "○", "not-reached": "·"}
_COLOURS = {"ok": "32", "no": "31", "nearly": "33", "waiting": "36", "not-reached": "2"}
_ASKING = 5.0  # seconds for asking a site's feeds what they list now


def register(app: typer.Typer) -> None:
    app.command()(explain)


def explain(
    url: Annotated[str, typer.Argument(metavar="URL", help="An article's address.")],
    rule: Annotated[str | None, typer.Option("--rule", metavar="NAME", help="About this rule alone.")] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Don't ask the site's feeds about an unknown URL.")] = False,
    config: ConfigOption = None,
    state: StateOption = None,
    json_: JsonOption = False,
    color: ColorOption = "auto",
) -> None:
    """Say why an article did, or did not, alert: feed, entry, page, text, each rule, alert, each delivery.

    \b
    Examples:
      monitor explain https://www.koreaherald.com/view.php?ud=20181029000675
      monitor explain https://example.org/a --rule ffvd --json
    """
    from monitor.cli.output import json_out

    settings = _settings(config, state)
    if rule is not None and settings is not None and rule not in {one.name for one in settings.rules}:
        raise ConfigError(f"there is no rule '{rule}'", remedy="'monitor rules list' shows those there are")

    async def work(store: Store) -> Explanation:
        return await _explained(store, settings, url, rule, offline=offline)

    answer = with_store(config, state, work)
    if json_:
        json_out(answer.as_json())
    else:
        _print(answer, colour(sys.stdout, color))


def _settings(config: Path | None, state: Path | None) -> Config | None:
    """The configuration as far as it holds; a store can be explained without one."""
    try:
        path = config_path(config)
    except ConfigError:
        return None
    return load_all(path, state, sections=("rules", "entities", "defaults", "network", "database")).config


async def _explained(store: Store, settings: Config | None, url: str, rule: str | None, *, offline: bool) -> Explanation:
    from monitor.cli.clients import client_of
    from monitor.pipeline.explain import Knowledge, explain
    from monitor.pipeline.explaining.listed import Asking

    if settings is None:
        return await explain(store, url, Knowledge(), rule=rule)
    known = Knowledge({one.name: one.query for one in settings.rules}, settings.defaults.timezone)
    async with client_of(settings) as client:
        asking = Asking(client, store.clock, _ASKING)
        return await explain(store, url, known, rule=rule, listed=None if offline else asking)


def _print(answer: Explanation, painted: bool) -> None:
    from monitor.cli.output import clean, cut, out, out_wrapped, pad, terminal_width, width

    room = min(max((width(clean(step.name or "")) for step in answer.steps), default=0), 24, terminal_width() // 5)
    for step in answer.steps:
        look = step.state if step.counts or step.state == "nearly" else "not-reached"  # others decide nothing where a rule matched
        mark = _MARKS[look]
        if painted:
            mark = f"\x1b[{_COLOURS[look]}m{mark}\x1b[0m"
        name = pad(cut(clean(step.name or ""), room), room)
        code = f"  [{step.code}]" if step.code and look != "not-reached" else ""
        out_wrapped(f"{mark} {step.step:<11} {name}  {clean(step.text)}{code}".rstrip(), 16 + room)
        if step.remedy and look in ("no", "waiting", "nearly"):
            out_wrapped(f"  {'':<11} {'':<{room}}  → {clean(step.remedy)}", 18 + room)
    out(f"verdict: {answer.verdict}")
