"""Until when the certificates of feeds' hosts are good: kept as small facts, so that lists can show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.store import notices, settings

if TYPE_CHECKING:
    import sqlalchemy as sa

    from monitor.store.changes import Change

_PREFIX = "certificate:"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a host showed: `until` in seconds since the epoch, `told` whether it runs out soon or is well."""

    host: str
    until: float
    told: notices.Told


def put(conn: sa.Connection, now: float, seen: Seen, made: list[Change]) -> bool:
    """Answers whether a notice is due."""
    settings.put(conn, f"{_PREFIX}{seen.host}", seen.until)
    return notices.tell(conn, now, seen.told, made)


def until(conn: sa.Connection, host: str) -> float | None:
    """Until when the host's certificate is good, as it was last seen; None where none was."""
    found = settings.get(conn, f"{_PREFIX}{host}")
    return None if found is None else float(found)
