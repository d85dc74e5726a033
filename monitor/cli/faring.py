"""What people read of a status."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any

from monitor.cli.output import clean, lasting, sized

_COLOURS = {"ok": "32", "attention": "33", "unwell": "31"}


_WAYS = 62  # the column where ways on stand


def status_lines(item: dict[str, Any], zone: tzinfo, *, painted: bool = False) -> list[str]:
    """What people read of a status."""
    word = f"\x1b[{_COLOURS[item['word']]}m{item['word']}\x1b[0m" if painted else item["word"]
    lines = [f"{word}{' ' * (10 - len(item['word']))}{', '.join(_about(item, zone))}"]
    lines += [f"{'':<10}{clean(cause)}" for cause in item["causes"]]
    lines += [f"{stage:<10}{_stage(item[stage], item['now'])}" for stage in ("poll", "read", "deliver")]
    by_state = ", ".join(f"{number:,} {name}" for name, number in item["feeds"].items() if name != "total")
    feeds = f"{'feeds':<10}{item['feeds']['total']:,}: {by_state or 'none'}"
    lines.append(f"{feeds:<{_WAYS}}  → monitor feeds list --state failing" if item["feeds"].get("failing") else feeds)
    by_severity = ", ".join(f"{number} of them {name}" for name, number in item["alerts"]["by_severity"].items() if name != "normal")
    oldest = f", oldest {_since(item['alerts']['oldest_at'], item['now'])}" if item["alerts"]["oldest_at"] else ""
    alerts = f"{'alerts':<10}{item['alerts']['open']} open" + (f", {by_severity}" if by_severity else "") + oldest
    lines.append(f"{alerts:<{_WAYS}}  → {clean(item['url'])}" if item["url"] else alerts)
    return lines


def _about(item: dict[str, Any], zone: tzinfo) -> list[str]:
    """Version, up or not, engine, size, which configuration."""
    about = []
    if item["instances"]:
        newest = item["instances"][0]
        about.append(clean(newest["version"]) + (f", {len(item['instances'])} daemons" if len(item["instances"]) > 1 else ""))
        if item["running"] and newest["started_at"]:
            about.append(f"up {_since(newest['started_at'], item['now'])}")
    if not item["running"]:
        about.append("not running")
    storage = item["storage"]
    left = f" ({storage['days_left']:,} d left)" if storage["days_left"] is not None else ""
    about += [storage["database"], f"{sized(storage['bytes'])}{left}"]
    if storage["configuration_at"]:
        loaded, now = (datetime.fromisoformat(text).astimezone(zone) for text in (storage["configuration_at"], item["now"]))
        form = "%H:%M" if loaded.date() == now.date() else "%-d %b %H:%M"
        about.append(f"configuration of {loaded.strftime(form)}")
    return about


def _stage(facts: dict[str, Any], now: str) -> str:
    text = f"{facts['last_minute']:<4}in the last minute    {facts['waiting']} waiting"
    if facts["waiting"] and facts["oldest_waiting_s"] is not None and facts["oldest_waiting_s"] > 60:
        text += f", the oldest {lasting(facts['oldest_waiting_s'])}"
    for lane in facts.get("sick", ()):
        when = ""
        if lane["next_try_at"] and not lane["off"]:
            wait = (datetime.fromisoformat(lane["next_try_at"]) - datetime.fromisoformat(now)).total_seconds()
            when = f"retry in {lasting(max(0.0, wait))} "
        text += f", {when}({clean(lane['channel'])}: {clean(lane['cause'])})"
    return text + (f", {facts['dead']} dead" if facts.get("dead") else "")


def _since(then: str, now: str) -> str:
    return lasting((datetime.fromisoformat(now) - datetime.fromisoformat(then)).total_seconds())
