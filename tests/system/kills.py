"""Kills by the thousand: each life of the daemon ends at another point, and nothing may be lost or doubled for it.

    python -m tests.system.kills [COUNT] [--database sqlite|postgresql] [--seed N]

A real site publishes, a real receiver takes the alerts, and the daemon is killed (SIGKILL) in each of its lives: before or
after the n-th SQL statement, around the n-th commit, at the n-th step of a task; n goes up from 1, so that every point of
claim, work and commit is met. After each kill the sums must come out (`audit`), and no message may have come twice but the
last one of the life that was killed. Every few kills a life is left alone, and then every alert that is due must have come,
under one id.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from monitor.store import audit
from monitor.store.database import Store
from tests.support.daemon import clean_environment
from tests.support.sinks import WebhookSink
from tests.support.site import Site
from tests.support.waiting import until
from tests.system.lives import KINDS

CHECK_EVERY = 12  # kills between two lives that are left alone
STEP = 400.0  # seconds by which the clock moves on between lives: leases, back-offs and the first waits of pages are over then
HOSTS = ("127.0.0.1", "127.0.0.2", "127.0.0.3")
CONFIG = """\
database: {database}
network: {{allow: [127.0.0.0/8]}}
defaults: {{interval: 60s}}
feeds:
  - {{url: '{a}/feeds/world.xml', name: World}}
  - {{url: '{b}/feeds/wire.xml', name: Wire, tags: [wire]}}
  - {{url: '{c}/feeds/fresh.json', name: Fresh, backlog: alert}}
rules:
  - {{name: ffvd, any: [FFVD], notify: [hook, paper]}}
  - {{name: exemptions, any: [sanctions exemptions], severity: high, notify: [hook, second, paper]}}
  - {{name: of-the-wire, query: 'tag:wire AND FFVD', notify: [second]}}
channels:
  hook: {{type: webhook, url: '{hook}/hook'}}
  second: {{type: webhook, url: '{hook}/second'}}
  ops: {{type: webhook, url: '{hook}/ops'}}
  paper: {{type: console}}
operations: [ops]
"""
CHANNELS = {"ffvd": ("hook", "paper"), "exemptions": ("hook", "second", "paper"), "of-the-wire": ("second",)}


@dataclass
class Result:
    kills: Counter[str] = field(default_factory=Counter)  # by kind
    places: set[str] = field(default_factory=set)
    lives: int = 0
    alerts: int = 0
    again: int = 0  # messages that came twice: the answer in flight
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def __str__(self) -> str:
        kinds = ", ".join(f"{kind} {number}" for kind, number in self.kills.items())
        return (
            f"{sum(self.kills.values())} kills ({kinds}) at {len(self.places)} places in {self.lives} lives, {self.seconds:.0f} s: "
            f"{self.alerts} deliveries due, {self.again} came again with the answer in flight, {len(self.faults)} faults"
        )


class Lives:
    """The process that forks lives."""

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.system.lives",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=clean_environment(),
        )
        return self

    async def __aexit__(self, *error: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()

    async def live(self, order: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        answer: dict[str, Any] = json.loads(await self._process.stdout.readline())
        return answer


class World:
    """A site, a receiver, a state folder, and what is due."""

    def __init__(self, site: Site, sink: WebhookSink, lives: Lives, database: str, folder: Path, chance: random.Random) -> None:
        self.site, self.sink, self.lives, self.chance = site, sink, lives, chance
        self.folder, self.database = folder, database
        self.result = Result()
        self.shift = 0.0
        self.due: set[tuple[str, str, str]] = set()  # channel, rule, URL
        self.came: dict[str, list[tuple[int, str, tuple[str, str, str]]]] = defaultdict(list)  # channel -> (life, id, what)
        self._received = self._lines = 0
        self._number = 0
        self.points: Counter[str] = Counter()  # how many of each kind the last life that was left alone had
        self.config = folder / "monitor.yaml"
        self.paper = folder / "paper.jsonl"
        self.paper.touch()
        places = {letter: f"http://{host}:{site.port}" for letter, host in zip("abc", HOSTS, strict=True)}
        self.config.write_text(CONFIG.format(database=database, hook=f"http://127.0.0.1:{sink.port}", **places))
        self.store = Store(database, folder / "state", clock=time.time)

    # -- news ---------------------------------------------------------------------------------------------------------
    def publish(self) -> None:
        """One to three articles, in one or two feeds, with pages that answer, answer late, or never."""
        for _ in range(self.chance.randint(1, 3)):
            self._publish()
        draw = self.chance.random()
        if draw < 0.15:
            self.sink.answer(self.chance.choice((500, 404, 429)), times=1)
        elif draw < 0.25:
            self.site.fail(f"/feeds/{self.chance.choice(('world.xml', 'wire.xml', 'fresh.json'))}", times=1, status=503)

    def _publish(self) -> None:
        self._number += 1
        name = self.chance.choice(("world", "wire", "fresh"))
        rules = self.chance.choice((("ffvd",), ("exemptions",), ("ffvd", "exemptions"), ()))
        words = " and ".join({"ffvd": "FFVD", "exemptions": "sanctions exemptions"}[rule] for rule in rules)
        path = f"/{name}/news-{self._number}.html"
        how = self.chance.choice(("page", "page", "page", "late", "never"))
        # The feed's own text tells of it only where the page never does.
        summary = f"They spoke of {words}." if how == "never" else "A summary."
        # Words of its own: no two of these articles tell one story.
        text = " ".join(f"{word}{self.chance.randint(100, 10**6)}" for word in ("harbour", "council", "orchestra", "mill") * 30)
        said = [text[: len(text) // 2] + ".", f"They spoke of {words or 'nothing'}.", text[len(text) // 2 :] + "."]
        article = self.site.feed(name).publish(f"News {text[:40]}", said, path=path, summary=summary, guid=f"g{self._number}")
        if how == "late":
            self.site.fail(path, times=1, status=503)
        elif how == "never":
            self.site.fail(path, status=404)
        twice = name != "wire" and self.chance.random() < 0.3
        if twice:
            self.site.feed("wire").publish(article.title, [], url=article.url, guid=f"w{self._number}", summary=summary)
        carried = {*rules, *(("of-the-wire",) if (name == "wire" or twice) and "ffvd" in rules else ())}
        self.due.update((channel, rule, article.url) for rule in carried for channel in CHANNELS[rule])

    # -- lives --------------------------------------------------------------------------------------------------------
    async def live(self, kind: str, at: int, *, mode: str = "run", state: str = "state", config: Path | None = None) -> dict[str, Any]:
        self.result.lives += 1
        self.shift += STEP
        said = await self.lives.live(
            {
                "kind": kind,
                "at": at,
                "mode": mode,
                "shift": self.shift,
                "config": str(config or self.config),
                "state": str(self.folder / state),
                "paper": str(self.paper),
                "log": str(self.folder / "log"),
            }
        )
        if said["status"] == -9:
            self.result.kills[kind] += 1
            self.result.places.add(f"{said['where']} ({kind})")
        elif said["status"] != 0:
            self.result.faults.append(f"life {self.result.lives} ({kind} {at}) ended with {said['status']}: {said.get('error')}")
        await self._calm()
        self._take_in()
        if said["status"] == 0:
            self.points = Counter(said["counts"])
        return said

    async def _calm(self) -> None:
        """Until the receiver has read all that a life had sent when it ended: it would pass for the next one's."""
        for _ in range(10):
            await asyncio.sleep(0)  # connections that wait to be taken
        await until(lambda: self.sink.connections == 0, what="the receiver to have read all")

    def _take_in(self) -> None:
        life = self.result.lives
        for received in self.sink.received[self._received :]:
            channel = received.path.strip("/")
            if not 200 <= received.status < 300:
                continue
            data = received.json["data"]
            what = (channel, data["rule"]["name"], data["article"]["url"]) if channel != "ops" else (channel, "", received.id)
            self.came[channel].append((life, received.id, what))
        self._received = len(self.sink.received)
        lines = self.paper.read_text().splitlines()
        for line in lines[self._lines :]:
            data = json.loads(line)["data"]
            self.came["paper"].append((life, data["id"], ("paper", data["rule"]["name"], data["article"]["url"])))
        self._lines = len(lines)

    # -- judging ------------------------------------------------------------------------------------------------------
    async def audit(self, after: str) -> None:
        sums = await self.store.read(audit.audit)
        self.result.faults += [f"{after}: {leak.kind} {leak.id}: {leak.text}" for leak in sums.leaks]

    def judge(self, *, final: bool) -> None:
        """What came against what was due. A message that came twice must have been the last of a life that was killed."""
        came = {what for all_ in self.came.values() for _, _, what in all_ if what[0] != "ops"}
        if final:
            self.result.faults += [f"lost: {what}" for what in sorted(self.due - came)]
        self.result.faults += [f"never due: {what}" for what in sorted(came - self.due)]
        again = 0
        for channel, all_ in self.came.items():
            ids: dict[tuple[str, str, str], str] = {}
            first: dict[str, int] = {}
            # A person's message holds all alerts of one article: they are in flight together.
            last = {life: (id_, what[2]) for life, id_, what in all_}
            for life, id_, what in all_:
                if ids.setdefault(what, id_) != id_:
                    self.result.faults.append(f"doubled under another id: {what}")
                if id_ in first:
                    again += 1
                    before = first[id_]
                    in_flight = last[before][0] == id_ or (channel == "paper" and last[before][1] == what[2])
                    if before == life or not in_flight:
                        self.result.faults.append(f"doubled beyond the answer in flight: {what}, lives {before} and {life}")
                first[id_] = life
        self.result.alerts, self.result.again = len(self.due), again


async def sweep(world: World, count: int, deadline: float | None = None) -> None:
    """Lives that are killed at point 1, 2, 3 … of each kind, until `count` kills are made (or the deadline has passed)."""
    await world.live("none", 0, mode="once")
    await world.store.open(create=False)
    # Where each kind's count begins is left to chance, so that short runs meet all of a life as well.
    at = Counter({kind: world.chance.randint(0, world.points[kind]) for kind in KINDS})
    while sum(world.result.kills.values()) < count and not world.result.faults:
        if deadline is not None and time.monotonic() > deadline:
            break
        # The points of one kind are met in turn, in strides: they are many.
        kind = world.chance.choices(KINDS, weights=(2, 3, 1, 1 if world.store.dialect == "sqlite" else 0, 4, 4))[0]
        at[kind] += world.chance.randint(1, 6 if kind in ("resume", "await") else 2)
        world.publish()
        said = await world.live(kind, at[kind], mode=world.chance.choice(("run", "run", "once")))
        if said["status"] == 0:
            at[kind] = 0
        await world.audit(f"after {kind} {at[kind]} at {said.get('where')}")
        if world.result.lives % CHECK_EVERY == 0:
            await settle(world)
    await settle(world)


async def settle(world: World) -> None:
    """Lives that are left alone, until all that waits for a later try is through; then everything due must have come."""
    for _ in range(3):
        await world.live("none", 0, mode="once")
    await world.audit("at rest")
    world.judge(final=True)


async def births(world: World, count: int, database: Any) -> None:
    """Kills between an empty folder and the first alerts: schema, configuration, first polls."""
    at = 0
    while count > 0 and not world.result.faults:
        at += world.chance.randint(1, 4)
        url = database()
        name = f"birth-{world.result.lives}"
        config = world.folder / f"{name}.yaml"
        config.write_text(world.config.read_text().replace(world.database, url))
        kind = world.chance.choice(KINDS)
        said = await world.live(kind, at, state=name, config=config)
        if said["status"] == 0:
            at = 0
            continue
        count -= 1
        said = await world.live("none", 0, state=name, config=config, mode="once")
        store = Store(url, world.folder / name, clock=time.time)
        await store.open(create=False)
        sums = await store.read(audit.audit)
        await store.close()
        world.result.faults += [f"{name} ({kind} {at}): {leak.text}" for leak in sums.leaks]


async def run(
    count: int, database: str, folder: Path, *, seed: int = 1, deadline: float | None = None, empty: Any = None, first: int = 0
) -> Result:
    """`count` kills on `database`; `first` of them between an empty store (of `empty()`) and its first alerts."""
    began = time.monotonic()
    async with Site(hosts=HOSTS) as site, WebhookSink() as sink, Lives() as lives:
        world = World(site, sink, lives, database, folder, random.Random(seed))
        site.feed("world", entries=2)
        site.feed("wire", "atom", entries=2)
        site.feed("fresh", "json")
        if first:
            world.publish()
            await births(world, first, empty)
            world.due.clear()
            world.came.clear()
            for feed in site.feeds.values():
                feed.articles.clear()
        try:
            await sweep(world, count, deadline)
        finally:
            await world.store.close()
    world.result.seconds = time.monotonic() - began
    return world.result


async def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int, nargs="?", default=2000, help="kills in all, over the databases asked for")
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    wanted = parser.parse_args()
    kinds = ["sqlite", "postgresql"] if wanted.database == "both" else [wanted.database]
    bad = 0
    for kind in kinds:
        with tempfile.TemporaryDirectory(prefix="monitor-kills-") as name:
            result = await _on(kind, wanted.count // len(kinds), Path(name), wanted.seed)
        print(f"{kind}, seed {wanted.seed}: {result}", flush=True)
        for fault in result.faults[:20]:
            print(f"  {fault}")
        bad += len(result.faults)
    return 1 if bad else 0


async def _on(kind: str, count: int, folder: Path, seed: int) -> Result:
    first = count // 8
    if kind == "sqlite":
        return await run(count, f"sqlite:///{folder / 'monitor.db'}", folder, seed=seed, first=first, empty=lambda: "sqlite:///born.db")
    from tests.support.postgres import Server

    server = Server()
    server.start()
    try:
        return await run(count, server.create(), folder, seed=seed, first=first, empty=server.create)
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
