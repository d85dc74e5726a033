"""--since and --until: how far back a command looks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

SinceOption = Annotated[
    str | None, typer.Option("--since", metavar="WHEN", help="Only what came since: 30d, 6h, 2018-10-29, or 'all'.", show_default=False)
]
UntilOption = Annotated[
    str | None, typer.Option("--until", metavar="WHEN", help="Only what came before: 7d, 2018-10-29, 2018-10-29T15:00.", show_default=False)
]


def moment_of(given: str | None, now: float, zone: ZoneInfo, option: str) -> float | None:
    """Seconds since the epoch of a time ago or a date, in `zone` where it names none. Raises BadParameter (exit 2)."""
    if given is None or given == "all":
        return None
    from pydantic_core import PydanticCustomError

    from monitor.config.units import duration

    try:
        return now - duration(given)
    except PydanticCustomError as error:
        wrong = error
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        advice = (wrong.context or {}).get("suggestion") or "write 30d, 6h, or a date: 2018-10-29"
        raise typer.BadParameter(f"{given!r} is neither a duration nor a date: {advice}", param_hint=option) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC).timestamp()


def bars(days: dict[str, int], room: int = 40) -> list[str]:
    """Counts by day as lines: the day, a bar as long as its count, the count."""
    most = max(days.values(), default=0)
    lines = []
    for day in sorted(days):
        date = datetime.fromisoformat(day)
        eighths = max(1, round(days[day] / most * min(room, 18) * 8))
        bar = "█" * (eighths // 8) + (" ▏▎▍▌▋▊▉"[eighths % 8].strip())
        lines.append(f" {date:%d %b} {bar} {days[day]:,}")
    return lines
