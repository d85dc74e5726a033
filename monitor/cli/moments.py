"""Times as people type them: a length of time back or ahead, a date, a moment; and the options that take them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

SinceOption = Annotated[
    str | None, typer.Option("--since", metavar="WHEN", help="Only what came since: 30d, 6h, 2018-10-29, or 'all'.", show_default=False)
]
UntilOption = Annotated[
    str | None, typer.Option("--until", metavar="WHEN", help="Only what came before: 7d, 2018-10-29, 2018-10-29T15:00.", show_default=False)
]
_FOREVER = ("forever", "ever", "always")


def back(text: str | None, now: float, zone: ZoneInfo, option: str = "--since") -> float | None:
    """`7d` ago, or a date or moment, in `zone` where it names none; None for "all". Raises typer.BadParameter (exit 2)."""
    return None if text is None or text.strip().lower() == "all" else _moment(text.strip(), now, zone, option, -1)


def ahead(text: str, now: float, zone: ZoneInfo, option: str = "--until") -> float | None:
    """In `8h`, or on a date; None for "forever". Raises typer.BadParameter (exit 2)."""
    return None if text.strip().lower() in _FOREVER else _moment(text.strip(), now, zone, option, 1)


def _moment(written: str, now: float, zone: ZoneInfo, option: str, way: int) -> float:
    from pydantic_core import PydanticCustomError

    from monitor.config.units import duration

    try:
        return now + way * duration(written)
    except PydanticCustomError as error:
        wrong = error
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        advice = (wrong.context or {}).get("suggestion") or "write 30d, 6h, 2018-10-29, or 2018-10-29T15:00"
        raise typer.BadParameter(f"{written!r} is neither a duration nor a date: {advice}", param_hint=option) from None
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)).timestamp()
