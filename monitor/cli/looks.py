"""status, audit: how it fares, and whether the sums come out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.context import ConfigOption, JsonOption, StateOption, reading, state_path

if TYPE_CHECKING:
    from monitor.store.audit import Sums


def register(app: typer.Typer) -> None:
    app.command()(status)
    app.command()(audit)


def status(config: ConfigOption = None, state: StateOption = None, json_: JsonOption = False) -> None:
    """Say how the daemon fares; exit status 1 when it is unwell.

    \b
    Examples:
      monitor status
      monitor status --json
    """
    import time

    from monitor.actions.health import judge
    from monitor.cli.output import json_out
    from monitor.store import listing
    from monitor.store.state import is_held

    item = reading(config, state, listing.status, time.time())
    item["running"] = is_held(state_path(state))
    item["word"], item["causes"] = judge(item)
    if json_:
        json_out(item)
    else:
        _print_status(item)
    if item["word"] == "unwell":
        raise typer.Exit(1)


def _print_status(item: dict[str, Any]) -> None:
    from monitor.cli.output import clean, out

    about = []
    if item["instances"]:
        newest = item["instances"][0]
        about.append(clean(newest["version"]) + (f", {len(item['instances'])} daemons" if len(item["instances"]) > 1 else ""))
        if item["running"] and newest["started_at"]:
            about.append(f"up {_since(newest['started_at'], item['now'])}")
    about.append("running" if item["running"] else "not running")
    out(f"{item['word']:<10}{', '.join(about)}")
    for cause in item["causes"]:
        out(f"{'':<10}{clean(cause)}")
    for stage in ("poll", "read", "deliver"):
        facts = item[stage]
        late = ""
        if facts["waiting"] and facts["oldest_waiting_s"] is not None and facts["oldest_waiting_s"] > 60:
            late = f", the oldest {_span(facts['oldest_waiting_s'])}"
        sick = "".join(f"; {clean(lane['channel'])}: {clean(lane['cause'])}" for lane in facts.get("sick", ()))
        dead = f"; {facts['dead']} dead" if facts.get("dead") else ""
        out(f"{stage:<10}{facts['last_minute']} in the last minute    {facts['waiting']} waiting{late}{dead}{sick}")
    by_state = ", ".join(f"{number} {name}" for name, number in item["feeds"].items() if name != "total")
    out(
        f"{'feeds':<10}{item['feeds']['total']}: {by_state or 'none'}"
        + ("   → monitor feeds list --state failing" if item["feeds"].get("failing") else "")
    )
    by_severity = ", ".join(f"{number} {name}" for name, number in item["alerts"]["by_severity"].items())
    oldest = f", oldest {_since(item['alerts']['oldest_at'], item['now'])}" if item["alerts"]["oldest_at"] else ""
    out(f"{'alerts':<10}{item['alerts']['open']} open" + (f": {by_severity}{oldest}" if by_severity else ""))


def _since(then: str, now: str) -> str:
    from datetime import datetime

    return _span((datetime.fromisoformat(now) - datetime.fromisoformat(then)).total_seconds())


def _span(seconds: float) -> str:
    from monitor.cli.output import lasting

    return lasting(seconds)


def audit(
    config: ConfigOption = None,
    state: StateOption = None,
    by_feed: Annotated[bool, typer.Option("--by-feed", help="The fates of each feed's entries, day by day.")] = False,
    json_: JsonOption = False,
) -> None:
    """Prove the sums: every entry one fate, every match an alert or a reason, every alert its deliveries. Exit status 1 at a leak.

    \b
    Examples:
      monitor audit
      monitor audit --json
    """
    from monitor.cli.output import json_out
    from monitor.store import audit as proving

    sums = reading(config, state, proving.audit)
    if json_:
        json_out(_audit_json(sums, by_feed=by_feed))
    else:
        _print_audit(sums, by_feed=by_feed)
    if not sums.ok:
        raise typer.Exit(1)


def _audit_json(sums: Sums, *, by_feed: bool) -> dict[str, Any]:
    from monitor.store.audit import FATES

    answer: dict[str, Any] = {
        "ok": sums.ok,
        "entries": {fate: sums.entries.get(fate, 0) for fate in FATES},
        "alerts": dict(sums.alerts),
        "deliveries": dict(sums.deliveries),
        "leaks": [{"kind": leak.kind, "id": leak.id, "text": leak.text} for leak in sums.leaks],
    }
    if by_feed:
        answer["days"] = [{"feed": feed, "day": _day(day), **counts} for (feed, day), counts in sorted(sums.by_feed_day.items())]
    return answer


def _print_audit(sums: Sums, *, by_feed: bool) -> None:
    from monitor.cli.output import clean, note, out
    from monitor.store.audit import FATES

    out(f"entries     {sums.entries.total()}: " + ", ".join(f"{sums.entries.get(fate, 0)} {fate}" for fate in FATES))
    out(f"alerts      {sums.alerts.total()}: " + (", ".join(f"{n} {name}" for name, n in sorted(sums.alerts.items())) or "none"))
    out(f"deliveries  {sums.deliveries.total()}: " + (", ".join(f"{n} {name}" for name, n in sorted(sums.deliveries.items())) or "none"))
    if by_feed:
        for (feed, day), counts in sorted(sums.by_feed_day.items()):
            out(f"  {_day(day)}  {clean(feed)}  " + ", ".join(f"{n} {fate}" for fate, n in sorted(counts.items())))
    for leak in sums.leaks:
        note(f"leak: {leak.kind} {leak.id}: {clean(leak.text)}")
    out("the sums come out" if sums.ok else f"{len(sums.leaks)} leaks")


def _day(number: int) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(number * 86400, UTC).strftime("%Y-%m-%d")
