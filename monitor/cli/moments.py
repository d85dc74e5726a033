"""Times as people type them: a length of time back or ahead, a date, a moment."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

FOREVER = ("forever", "ever", "always")


def back(text: str, now: float, zone: ZoneInfo, option: str = "--since") -> float:
    """`7d` ago, or a date or moment. Raises typer.BadParameter."""
    return _moment(text, now, zone, option, -1)


def ahead(text: str, now: float, zone: ZoneInfo, option: str = "--until") -> float | None:
    """In `8h`, on a date, or None for "forever". Raises typer.BadParameter."""
    return None if text.strip().lower() in FOREVER else _moment(text, now, zone, option, 1)


def _moment(text: str, now: float, zone: ZoneInfo, option: str, way: int) -> float:
    from pydantic_core import PydanticCustomError

    from monitor.config.units import duration

    written = text.strip()
    try:
        return now + way * duration(written)
    except PydanticCustomError:
        pass
    try:
        moment = datetime.fromisoformat(written.replace("Z", "+00:00"))
    except ValueError:
        raise typer.BadParameter(f"{written!r} is no time: write 8h, 7d, 2026-12-01 or 2026-12-01T08:00", param_hint=option) from None
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)).timestamp()
