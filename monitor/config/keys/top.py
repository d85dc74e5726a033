"""The single values of the top level."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema
from yarl import URL

from monitor.config.keys.base import HttpUrl, Keys, Whole, text
from monitor.config.units import wrong

_EXPECTED = "sqlite:///monitor.db (relative to the state folder), sqlite:////path/monitor.db, or postgresql://user@host/db"


def database(value: object) -> str:
    """A URL of SQLite or PostgreSQL."""
    written = text(value).strip()
    scheme, separator, rest = written.partition("://")
    if not separator:
        raise wrong("this is no database URL", expected=_EXPECTED)
    if scheme == "sqlite":
        if not rest.startswith("/") or not rest.strip("/") or "?" in rest or "\x00" in rest:
            raise wrong("a SQLite database needs the path of a file", expected=_EXPECTED)
        if ":memory:" in rest:
            raise wrong("the store can't lie in memory: a restart would lose it", expected=_EXPECTED)
        return written
    if scheme != "postgresql":
        advice = (
            "write postgresql://" if scheme.startswith(("postgres", "pg")) else "write sqlite:///" if scheme.startswith("sqlite") else None
        )
        raise wrong(f"no database of ours is reached by {scheme[:30]}://", expected=_EXPECTED, suggestion=advice)
    try:
        url = URL(written)
        _ = (url.host, url.port, url.user, url.password)
    except ValueError:
        raise wrong("this database URL can't be read", expected=_EXPECTED, suggestion="percent-encode @ : / in the password")
    if not url.path.strip("/"):
        raise wrong("this URL names no database", expected=_EXPECTED)
    return written


_Database = Annotated[
    str,
    BeforeValidator(database),
    WithJsonSchema({"type": "string", "examples": ["sqlite:///monitor.db", "postgresql://monitor@localhost/monitor"]}),
]


class TopKeys(Keys):
    """What stands alone at the top of a configuration."""

    database: _Database = Field("sqlite:///monitor.db", description="The store: SQLite in the state folder, or PostgreSQL.")
    heartbeat: HttpUrl | None = Field(None, description="An address that is asked while all is well; its silence is the alarm.")
    workers: Annotated[int, Whole(1, 256)] | None = Field(None, description="Processes that read pages; by default the cores, at most 4.")
