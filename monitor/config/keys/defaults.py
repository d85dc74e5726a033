"""`defaults`, `retention` and the single values of the top level."""

from __future__ import annotations

from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from monitor.config.keys.base import Age, AutoInterval, Duration, Keys, Size, Zone
from monitor.model import Severity

Body = Literal["auto", "page", "feed"]
Backlog = Literal["none", "read", "alert"]


class Defaults(Keys):
    """What holds for every feed and rule that does not say otherwise."""

    interval: AutoInterval = Field(None, description="Time between two polls of a feed; auto learns it from the feed's habit.")
    timezone: Zone = Field(
        default_factory=lambda: ZoneInfo("UTC"), description="Zone in which times are shown, quiet hours and digests are meant."
    )
    body: Body = Field("auto", description="Where an article's text comes from: its page, the feed, or whichever has it.")
    backlog: Backlog = Field("none", description="What a new feed's first entries are: stored only, also read, or also alerted on.")
    max_age: Age = Field(None, description="Entries that their feed dates older than this are backlog; off by default.")
    severity: Severity = Field(Severity.NORMAL, description="Severity of a rule that names none.")


class Retention(Keys):
    """How long and how much is kept. Without it everything is."""

    articles: Duration | None = Field(None, description="Articles older than this are removed.")
    size: Size | None = Field(None, description="The store is kept below this size, oldest articles first.")
