"""Messages in a channel's own words: its templates filled in where they can be ended; one that fails is told."""

from __future__ import annotations

import asyncio

import sqlalchemy as sa
import structlog

from monitor.alerts.wording import SECONDS, WordingError, context, render, render_bounded, worded
from monitor.errors import WorkerKilled
from monitor.model import AlertView, Wording
from monitor.pipeline.live import Live
from monitor.store import changes, notices
from monitor.store.database import Store
from monitor.workers import Workers

log = structlog.get_logger("monitor")


class Wordings:
    """Remembers which channels' templates fail, so that each change is told once."""

    def __init__(self, store: Store, live: Live, workers: Workers | None) -> None:
        self._store = store
        self._live = live
        self._workers = workers
        self._well: dict[str, bool] = {}

    async def worded(self, channel: str, alerts: list[AlertView]) -> list[AlertView]:
        """The alerts of one story with the channel's wording; as they are where its template fails."""
        title, text = self._live.wordings[channel]
        try:
            values = context(alerts, self._live.zone, self._live.base_url)
            wording = await fill(self._workers, title, text, values)
        except WordingError as error:
            log.warning("template.failed", channel=channel, cause=str(error))
            await self._tell(
                channel, "failing", str(error), "mend 'template' of the channel; until then its messages have the standard form"
            )
            return alerts
        await self._tell(channel, notices.OK, "its template works again", "nothing to do")
        return worded(alerts, wording)

    async def _tell(self, channel: str, state: str, cause: str, remedy: str) -> None:
        well = state == notices.OK
        if self._well.get(channel) is well:
            return
        self._well[channel] = well
        await self._store.write(_tell, notices.Told("template", channel, f"template of channel {channel}", state, cause, remedy))


def _tell(conn: sa.Connection, now: float, told: notices.Told) -> None:
    made: list[changes.Change] = []
    notices.tell(conn, now, told, made)
    changes.log(conn, now, made)


async def fill(workers: Workers | None, title: str | None, text: str | None, values: dict[str, object]) -> Wording:
    """Fills templates in, in a worker that is ended after 2 s; without workers (a test message) in a thread. Raises WordingError."""
    try:
        if workers is None:
            async with asyncio.timeout(SECONDS):
                return await asyncio.to_thread(render, title, text, values)
        wording: Wording = await workers.run(render_bounded, title, text, values, timeout=SECONDS)
    except (WorkerKilled, TimeoutError) as error:
        raise WordingError(f"the template took more than {SECONDS:g} s, or too much memory") from error
    return wording
