"""The composition root: opens everything, runs the stages, and ends them."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import structlog

from monitor import __version__, memory, systemd
from monitor.actions import assemble, reload
from monitor.actions.quiet import collections_paused, let_go
from monitor.commands import commands
from monitor.config.settings import Config
from monitor.errors import MonitorError
from monitor.logs import SECRETS
from monitor.net import AddressGuard, Client, Robots, Turns
from monitor.pipeline.deliver import DeliverStage
from monitor.pipeline.live import Live, Rules
from monitor.pipeline.politeness import Pauses
from monitor.pipeline.poll import PollStage
from monitor.pipeline.read import ReadStage
from monitor.pipeline.stage import Owners, Stage
from monitor.pipeline.websub_server import WebSub
from monitor.store import loading, pauses
from monitor.store import managed as stored
from monitor.store.database import Store, is_away, is_full
from monitor.store.sql import new_uid
from monitor.store.state import StateFolder
from monitor.upkeep import Upkeep, stuck
from monitor.web import control
from monitor.web.front import Front, front_of
from monitor.workers import Workers

log = structlog.get_logger("monitor")

TICK = 1.0  # seconds
GRACE = 5.0  # seconds that work in hand has to end by itself after SIGTERM
FINISH = 2.5  # seconds that the last transactions have after that


class Daemon:
    """Everything that runs, opened. Made by `opened`; `run` until stopped, or `once` through all that is due."""

    def __init__(self, config: Config, folder: StateFolder, terminal: assemble.Terminal, clock: Callable[[], float]) -> None:
        self.config = config
        self.folder = folder
        self.terminal = terminal
        self.clock = clock
        self.user_agent = config.network.user_agent or assemble.USER_AGENT
        self.store = Store(config.database, folder.path, clock=clock)
        self.owners = Owners(folder.instance, new_uid()[:6])
        self.turns = Turns(config.network.per_host)
        self.pauses = Pauses()
        self.client = self._client(config)
        self.workers = Workers(config.workers)
        self.stopping = asyncio.Event()
        self.feeds = 0  # how many are configured
        self.added = 0  # the version of the store's own entries that is loaded, or was last tried
        self.live: Live
        self._reloading = asyncio.Lock()
        self._asked: set[asyncio.Task[None]] = set()
        self.poll: PollStage
        self.read: ReadStage
        self.deliver: DeliverStage
        self.websub: WebSub
        self.front: Front | None = None

    def _client(self, config: Config) -> Client:
        network = config.network
        guard = AddressGuard([str(range_) for range_ in network.allow])
        return Client(
            guard=guard,
            turns=self.turns,
            user_agent=self.user_agent,
            per_host=network.per_host,
            proxy=network.proxy,
            ca_file=network.ca_file,
        )

    @property
    def stages(self) -> tuple[Stage[Any], ...]:
        return self.poll, self.read, self.deliver

    async def start(self) -> None:
        """Takes the configuration into the store and builds the stages; nothing is claimed yet."""
        folder = self.folder
        freed = await self.store.write(loading.start, folder.instance, host=socket.gethostname(), pid=os.getpid(), version=__version__)
        if freed:
            log.info("store.freed", rows=freed)
        self.added = await self.store.read(stored.version)
        self.config = config = await reload.with_added(self.store, self.config)
        with collections_paused():
            self.live = live = await self._take_up(config)
        self.config = config = self._kept(config)
        robots = Robots(self.client, self.user_agent) if config.network.robots else None
        per_host = config.network.per_host
        self.pauses.learn(await self.store.read(pauses.all_))
        self.poll = PollStage(
            self.store,
            self.owners,
            live,
            self.client,
            self.turns,
            self.workers,
            per_host=per_host,
            requests_per_minute=config.network.requests_per_minute,
            quiet=self.pauses,
        )
        self.read = ReadStage(
            self.store, self.owners, live, self.client, self.turns, robots, self.workers, per_host=per_host, quiet=self.pauses
        )
        self.deliver = DeliverStage(self.store, self.owners, live, digests=assemble.digests_of(config), workers=self.workers)
        self.poll.after = [self.read, self.deliver]
        self.poll.websub = self.websub = WebSub(self.store, self.client, live, self.poll.wake.set)
        self.read.after = [self.deliver]
        self.turns.on_free = self._turn_free

    def _kept(self, config: Config) -> Config:
        """What is kept of a configuration that is taken up: its feeds are in the store now, and thousands are much to hold."""
        self.feeds = len(config.feeds)
        return replace(config, feeds=())

    async def _take_up(self, config: Config, previous: Rules | None = None) -> Live:
        """Compiles a configuration and takes it into the store: all that can fail comes before the transaction."""
        SECRETS.texts = SECRETS.texts | config.secrets
        channels = assemble.channels_of(config, self.client, self.terminal, self.clock)
        rules = await asyncio.to_thread(assemble.rules_of, config, previous)
        plan = assemble.plan_of(config, channels, self.clock())
        loaded = await self.store.write(loading.load, plan, self.folder.instance)
        for channel, waiting in loaded.orphans.items():
            log.warning("channel.gone", channel=channel, deliveries=waiting, remedy="they are dead; put the channel back and retry them")
        log.info(
            "config.loaded",
            feeds=len(config.feeds),
            rules=len(config.rules),
            channels=len(config.channels),
            file=str(config.path),
            feeds_added=loaded.feeds_added,
            feeds_removed=loaded.feeds_removed,
            rules_changed=loaded.rules_changed,
        )
        return assemble.live_of(config, rules, channels)

    async def reload(self, *, drop: bool = False) -> dict[str, Any]:
        """All or nothing. Raises ConfigError where the new configuration can't be taken up; the old one runs on."""
        async with self._reloading:
            systemd.notify("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")
            try:
                self.added = await self.store.read(stored.version)
                with collections_paused():
                    read = await reload.read(self.store, self.config.path, self.config)
                    await reload.refuse_orphans(self.store, read.config, drop=drop)
                    live = await self._take_up(read.config, self.live.rules)
            except MonitorError as error:
                log.error("config.refused", cause=str(error), remedy=error.remedy)
                await self.store.write(loading.refused, self.folder.instance, str(error))
                raise
            finally:
                systemd.notify("READY=1")
            old, self.live.rules, self.live.feeds, self.live.channels = self.live.rules, live.rules, live.feeds, live.channels
            self.live.zone, self.live.base_url = live.zone, live.base_url
            self.live.policies, self.live.wordings = live.policies, live.wordings
            self.live.generation += 1
            self.deliver.digests = assemble.digests_of(read.config)
            self.config = self._kept(read.config)
            for key in read.later:
                log.warning("config.later", key=key, remedy="its change takes effect at the next start")
            self.wake()
            letting_go = asyncio.get_running_loop().create_task(let_go(old, live.rules))
            del old
            self._asked.add(letting_go)
            letting_go.add_done_callback(self._asked.discard)
            return {
                "feeds": len(read.config.feeds),
                "rules": len(read.config.rules),
                "channels": len(read.config.channels),
                "later": list(read.later),
            }

    async def follow(self) -> None:
        """Takes up what was added to the store or taken out of it since, by whichever daemon or command."""
        if await self.store.read(stored.version) == self.added or self._reloading.locked():
            return
        with suppress(MonitorError):  # told in the log and in the store; the same entries are not tried again
            await self.reload()

    async def edit(self, doing: Awaitable[dict[str, Any]]) -> dict[str, Any]:
        """An edit of the store's entries, taken up here before it is answered."""
        answer = await doing
        await self.follow()
        return answer

    def _turn_free(self) -> None:
        for stage in (self.poll, self.read):
            if stage.starved:
                stage.wake.set()

    # -- two ways to run -----------------------------------------------------------------------------------------------
    async def run(self) -> None:
        """Runs until `stop`."""
        scheduler = self._scheduler()
        # Before the first poll: the hubs that it finds are noted only where a server is wanted.
        front = self.front = front_of(self.config.web, self.live, self.websub, lambda: stuck(self.stages))
        scheduler.start()
        try:
            async with control.served(self.folder.socket, commands(self)), asyncio.TaskGroup() as group:
                running = [group.create_task(stage.run(), name=stage.name) for stage in self.stages]
                beside = [group.create_task(Upkeep(self).run(), name="upkeep")]
                if front is not None:
                    beside.append(group.create_task(front.run(), name="web"))
                systemd.notify("READY=1", f"STATUS=watching {self.feeds} feeds")
                memory.settled()
                log.info("daemon.ready", version=__version__, instance=self.folder.instance)
                await self._stopped(running)
                systemd.notify("STOPPING=1")
                log.info("daemon.stopping")
                await self._end(running)
                for task in beside:
                    task.cancel()
        finally:
            scheduler.shutdown(wait=False)

    async def _stopped(self, running: list[asyncio.Task[None]]) -> None:
        """Until somebody asks for the end; a stage that fails ends the group by itself."""
        stop = asyncio.ensure_future(self.stopping.wait())
        try:
            await asyncio.wait([stop, *running], return_when=asyncio.FIRST_COMPLETED)
        finally:
            stop.cancel()

    async def _end(self, running: list[asyncio.Task[None]]) -> None:
        for stage in self.stages:
            stage.stop()
        _, late = await asyncio.wait(running, timeout=GRACE)
        for task in late:
            task.cancel()

    async def once(self) -> None:
        """Polls what is due, reads and delivers all that is due, and ends."""
        self.poll.once = set()
        busy = True
        while busy:
            busy = False
            for stage in self.stages:
                busy = await stage.drain() or busy

    async def finish(self) -> None:
        """Commits what is gathered and frees what was in hand, so that a next start need not wait for a lease.

        A store that is away costs no more than the leases: it is not waited for.
        """
        try:
            async with asyncio.timeout(FINISH):
                await self.websub.close()
                await self.poll.close()
                await self.read.close()
                await self.store.write(loading.free, self.folder.instance)
        except Exception as error:
            if not isinstance(error, TimeoutError) and not is_away(error) and not is_full(error):
                raise
            log.warning("store.trouble", stage="stop", error=str(getattr(error, "orig", None) or error) or "no answer in time")

    def stop(self) -> None:
        self.stopping.set()

    def ask_reload(self) -> None:
        """For SIGHUP: a handler of a signal can't wait for what it starts."""
        task = asyncio.get_running_loop().create_task(self._reload_by_signal())
        self._asked.add(task)
        task.add_done_callback(self._asked.discard)

    async def _reload_by_signal(self) -> None:
        try:
            await self.reload()
        except MonitorError:  # told in the log and in the store, by whoever raised it
            return
        except Exception:  # a bug, or a store that is away: the old configuration runs on
            log.exception("config.failed")

    # -- ticks ---------------------------------------------------------------------------------------------------------
    def _scheduler(self) -> Any:
        from apscheduler.schedulers.asyncio import AsyncIOScheduler

        scheduler = AsyncIOScheduler(timezone="UTC", job_defaults={"coalesce": True, "misfire_grace_time": None})
        scheduler.add_job(self._tick, "interval", seconds=TICK)
        return scheduler

    def _tick(self) -> None:
        """The net below the wake-ups: jobs of the scheduler set events and nothing else."""
        self.wake()

    def wake(self) -> None:
        for stage in self.stages:
            stage.wake.set()


@asynccontextmanager
async def opened(
    config: Config, state: Path, terminal: assemble.Terminal, *, clock: Callable[[], float] = time.time, wait: float = 10.0
) -> AsyncIterator[Daemon]:
    """A daemon on a state folder of its own, its store open and its configuration loaded."""
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(StateFolder(state, wait=wait))
        daemon = Daemon(config, folder, terminal, clock)
        del config
        await daemon.store.open()
        stack.push_async_callback(daemon.store.close)
        await stack.enter_async_context(daemon.workers)
        await stack.enter_async_context(daemon.client)
        await daemon.start()
        stack.push_async_callback(daemon.finish)
        yield daemon


def on_signals(daemon: Daemon) -> None:
    """SIGTERM and SIGINT end it, SIGHUP loads the configuration anew."""
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGHUP, daemon.ask_reload)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, daemon.stop)
