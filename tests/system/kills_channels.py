"""Kills at each step of a delivery, for every type of channel: at each await of compose, send and mark, and at each statement.

    python -m tests.system.kills_channels [CHANNEL …] [--database sqlite|postgresql] [--stride N]

Alerts are put into a store and the daemon has nothing to do but to deliver them, to a server that speaks the service's rules
(a file, a command, a terminal). It is killed at the 1st, 2nd, 3rd … point of its delivery tasks until a life is through with
none left. Nothing may be lost; what came twice must have been the last message of a life that was killed, under the same id;
and a service that takes ids (Matrix, PagerDuty) must have been told one id for each alert.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from monitor.model import Article, Severity, Span
from monitor.store import alerts, articles, audit, changes, sql, stories
from monitor.store import tables as t
from monitor.store.database import Store
from tests.support.waiting import until
from tests.system.kills import STEP, Lives
from tests.system.kills_receivers import NAMES, Receiver, Taken, receiving
from tests.system.lives import KINDS

RULE = "ffvd"


@dataclass
class Result:
    channel: str
    kills: Counter[str] = field(default_factory=Counter)
    places: set[str] = field(default_factory=set)
    lives: int = 0
    due: int = 0
    lost: int = 0
    again: int = 0  # came twice: the answer in flight
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def __str__(self) -> str:
        kinds = ", ".join(f"{kind} {number}" for kind, number in self.kills.items())
        return (
            f"{self.channel:<10} {sum(self.kills.values()):>4} kills ({kinds}) at {len(self.places)} places in {self.lives} lives, "
            f"{self.seconds:.0f} s: {self.due} due, {self.lost} lost, {self.again} again in flight, {len(self.faults)} faults"
        )


def publish(conn: sa.Connection, now: float, number: int) -> None:
    """An article that the rule matches, its alert, and the delivery for the channel, as a read commits them."""
    item = f"item{number:06}x"
    title, body = f"Envoy urges {item} and FFVD", f"They spoke of FFVD and of {item}."
    place = {"url": f"https://a.example/{number}", "host": "a.example", "text_state": "page", "first_seen_at": now, "matched_at": now}
    values = {"key": sql.digest(item), "title": title, "body": body, "fetched_at": now, **place}
    article_id: int = conn.execute(sa.insert(t.articles).values(**values).returning(t.articles.c.id)).scalar_one()
    entry = {"feed_id": 0, "guid": item, "kind": "new", "seen_at": now}  # of a feed that was taken out
    conn.execute(sa.insert(t.entries).values(key=sql.digest("0", item), article_id=article_id, **entry))
    story_id = stories.begin(conn, now, article_id)
    conn.execute(sa.update(t.articles).where(t.articles.c.id == article_id).values(story_id=story_id))
    match = articles.Matched(RULE, "FFVD", Severity.HIGH, ("desk",), (Span("body", 14, 18, "FFVD", "FFVD"),))
    made: list[changes.Change] = []
    where = alerts.Place(article_id, story_id, "a.example", Article(title=title, body=body))
    alerts.store(conn, now, where, [match], articles.ReadReport(), made)
    changes.log(conn, now, made)


class World:
    """A channel, its receiver, a state folder, and what is due."""

    def __init__(self, name: str, receiver: Receiver, lives: Lives, database: str, folder: Path) -> None:
        self.receiver, self.lives, self.folder = receiver, lives, folder
        self.result = Result(name)
        self.shift = 0.0
        self.came: list[tuple[int, Taken]] = []  # life, message
        self.killed: set[int] = set()
        self.config = folder / "monitor.yaml"
        keys = json.dumps({"type": "slack" if name == "slack-bot" else name, **receiver.keys})
        self.config.write_text(
            f"database: {database}\nrules: [{{name: {RULE}, any: [FFVD], notify: [desk]}}]\nchannels: {{desk: {keys}}}\n"
        )
        self.store = Store(database, folder / "state", clock=lambda: time.time() + self.shift, server_time=False)

    async def publish(self) -> None:
        await self.store.write(publish, self.result.due)
        self.result.due += 1

    async def live(self, kind: str, at: int) -> dict[str, Any]:
        self.result.lives += 1
        self.shift += STEP
        paths = {"config": self.config, "state": self.folder / "state", "paper": self.folder / "paper.jsonl", "log": self.folder / "log"}
        order = {"kind": kind, "at": at, "mode": "once", "shift": self.shift, "tasks": "deliver-", **{k: str(v) for k, v in paths.items()}}
        said = await self.lives.live(order)
        if said["status"] == -9:
            self.killed.add(self.result.lives)
            self.result.kills[kind] += 1
            self.result.places.add(f"{said['where']} ({kind})")
        elif said["status"] != 0:
            self.result.faults.append(f"life {self.result.lives} ({kind} {at}) ended with {said['status']}: {said.get('error')}")
        await self._take_in()
        return said

    async def _take_in(self) -> None:
        for _ in range(10):
            await asyncio.sleep(0)  # connections that wait to be taken
        await until(lambda: self.receiver.connections == 0, what="the receiver to have read all")
        self.came += [(self.result.lives, message) for message in self.receiver.taken(len(self.came))]

    async def settle(self) -> None:
        """Lives that are left alone until nothing waits; then all must have come, and what came twice must be excused."""
        for _ in range(3):
            await self.live("none", 0)
            if {item for _, message in self.came for item in message.items} == self._items():
                break
        sums = await self.store.read(audit.audit)
        self.result.faults += [f"{leak.kind} {leak.id}: {leak.text}" for leak in sums.leaks]
        ids: dict[str, set[str | None]] = {}
        for place, (life, message) in enumerate(self.came):
            last = place + 1 == len(self.came) or self.came[place + 1][0] != life
            again = [later for later in self.came[place + 1 :] if set(later[1].items) & set(message.items)]
            if again and not (last and life in self.killed):
                self.result.faults.append(f"doubled beyond the answer in flight: {message}, life {life}")
            self.result.again += bool(again)
            for item in message.items:
                ids.setdefault(item, set()).add(message.id)
        lost = self._items() - set(ids)
        self.result.lost = len(lost)
        self.result.faults += [f"lost: {item}" for item in sorted(lost)]
        self.result.faults += [f"under two ids: {item}: {found}" for item, found in ids.items() if len(found) > 1]
        if self.receiver.idempotent and len({next(iter(found)) for found in ids.values()}) != len(ids):
            self.result.faults.append("two alerts share an id that makes them one")

    def _items(self) -> set[str]:
        return {f"{number:06}" for number in range(self.result.due)}


async def sweep(world: World, stride: int, limit: int | None, chance: random.Random) -> None:
    """Kills at every `stride`-th point of each kind until a life has no more of them; with `limit`, so many kills anywhere."""
    (world.folder / "state").mkdir(exist_ok=True)
    await world.live("none", 0)
    await world.store.open()
    await world.publish()
    points = (await world.live("none", 0))["counts"]
    kinds = [kind for kind in KINDS if points.get(kind)]
    if limit is not None:
        for _ in range(limit):
            kind = chance.choice(kinds)
            await world.publish()
            await world.live(kind, chance.randint(1, points[kind]))
        return
    for kind in kinds:
        at = 1
        while True:
            await world.publish()
            if (await world.live(kind, at))["status"] == 0 or world.result.faults:
                break
            at += stride


async def run(name: str, database: str, folder: Path, lives: Lives, *, stride: int = 1, limit: int | None = None, seed: int = 1) -> Result:
    """Kills on one channel; every point that `stride` meets, or `limit` of them."""
    began = time.monotonic()
    async with receiving(name, folder) as receiver:
        world = World(name, receiver, lives, database, folder)
        try:
            await sweep(world, stride, limit, random.Random(seed))
            await world.settle()
        finally:
            await world.store.close()
    world.result.seconds = time.monotonic() - began
    return world.result


async def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("channel", nargs="*", choices=[[], *NAMES], help="types of channels; all without one")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--stride", type=int, default=1, help="meet every n-th point only")
    wanted = parser.parse_args()
    from tests.support.postgres import Server

    server = Server() if wanted.database == "postgresql" else None
    if server is not None:
        server.start()
    bad = 0
    try:
        async with Lives() as lives:
            for name in wanted.channel or NAMES:
                with tempfile.TemporaryDirectory(prefix="monitor-kills-") as folder:
                    database = server.create() if server is not None else f"sqlite:///{folder}/monitor.db"
                    result = await run(name, database, Path(folder), lives, stride=wanted.stride)
                print(result, flush=True)
                for fault in result.faults[:10]:
                    print(f"  {fault}")
                bad += len(result.faults)
    finally:
        if server is not None:
            server.stop()
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
