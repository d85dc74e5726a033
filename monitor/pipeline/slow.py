"""Rules whose patterns pass the time that all patterns have for an article: told once each, in the log and to operators."""

from __future__ import annotations

import sqlalchemy as sa
import structlog

from monitor.pipeline.live import Rules
from monitor.store import changes, notices
from monitor.store.database import Store

log = structlog.get_logger("monitor")


class SlowRules:
    """Remembers which it has told of; the store remembers it over restarts."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._told: set[tuple[str, str]] = set()

    async def tell(self, rules: Rules) -> None:
        for name, seconds in list(rules.set.slow.items()):
            query = rules.by_name[name].query
            if (name, query) not in self._told:
                self._told.add((name, query))
                log.warning("rule.slow", rule=name, took_s=round(seconds, 3), budget_s=rules.set.budget, remedy=REMEDY)
                await self._store.write(_tell, name, query, seconds)


REMEDY = "give its pattern a word that must be there (/sanction.{0,40}waiver/), or narrow what it repeats"


def _tell(conn: sa.Connection, now: float, name: str, query: str, seconds: float) -> None:
    key = notices.rule_key(name, query)
    if notices.known(conn, "rule", key):
        return
    made: list[changes.Change] = []
    cause = f"its pattern has no word that must be there, and took {seconds * 1000:.0f} ms for one article"
    notices.tell(conn, now, notices.Told("rule", key, f"rule {name}", "slow", cause, REMEDY, event=True), made)
    changes.log(conn, now, made)
