"""Lives of the daemon, each a forked process that kills itself with SIGKILL at the n-th point that was asked for.

Points are: before and after each SQL statement, before each COMMIT, after each transaction of SQLite's writer, and each step
of each task (where it goes on after an await, or where it stops at one). A forked child is as dead as a daemon can be:
sockets, locks and threads go with it. The process that forks has everything imported and no threads, so a life costs
some 20 ms beyond its work. Run as `python -m tests.system.lives`; orders come as JSON lines on stdin, answers on stdout.
"""

from __future__ import annotations

import asyncio
import collections.abc
import json
import os
import signal
import sys
import time
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

import sqlalchemy as sa

KINDS = ("before", "after", "commit", "committed", "resume", "await")
_OURS = str(Path(__file__).parents[2] / "monitor") + os.sep
LONGEST = 20.0  # seconds that a life may last


class Points:
    """Counts the points of each kind, and kills this process at the n-th of the kind that was asked for."""

    def __init__(self, kind: str, at: int, out: int, tasks: str = "") -> None:
        self.kind, self.at, self.out = kind, at, out
        self.tasks = tasks  # how the names of the tasks begin whose steps count, with those they make; nothing counts before them
        self.begun = not tasks
        self.counts: Counter[str] = Counter()

    def pass_(self, kind: str, where: str | None = None, frame: FrameType | None = None) -> None:
        if not self.begun:
            return
        self.counts[kind] += 1
        if kind == self.kind and self.counts[kind] == self.at:
            self.tell(where or _place(frame))
            os.kill(os.getpid(), signal.SIGKILL)

    def tell(self, where: str | None) -> None:
        os.write(self.out, json.dumps({"where": where, "counts": self.counts}).encode() + b"\n")


def _place(frame: FrameType | None) -> str:
    """The nearest line of ours in a stack, those that all statements share left out."""
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith(_OURS) and not name.endswith(("/store/sql.py", "/store/database.py", "/store/writer.py")):
            return f"{name.removeprefix(_OURS)}:{frame.f_lineno}"
        frame = frame.f_back
    return "elsewhere"


def _awaiting(coroutine: Any) -> str:
    """The line of a stage, and the deepest line of ours, at which a coroutine waits."""
    found: list[str] = []
    while coroutine is not None:
        frame = getattr(coroutine, "cr_frame", None) or getattr(coroutine, "ag_frame", None) or getattr(coroutine, "gi_frame", None)
        if frame is not None and frame.f_code.co_filename.startswith(_OURS):
            found.append(f"{frame.f_code.co_filename.removeprefix(_OURS)}:{frame.f_lineno}")
        coroutine = getattr(coroutine, "cr_await", None) or getattr(coroutine, "gi_yieldfrom", None)
    outer = [place for place in found if not place.startswith("pipeline/stage.py")] or found
    return " > ".join(dict.fromkeys([outer[0], found[-1]])) if found else "elsewhere"


def _task() -> asyncio.Task[Any] | None:
    try:
        return asyncio.current_task()
    except RuntimeError:
        return None


class Stepped(collections.abc.Coroutine[Any, Any, Any]):
    """A coroutine whose every step passes a point."""

    def __init__(self, inner: Any, points: Points) -> None:
        self.inner, self.points = inner, points
        maker = _task()
        self.counts = maker is not None and isinstance(coroutine := maker.get_coro(), Stepped) and coroutine.counts

    def _point(self, kind: str) -> None:
        if not self.counts:
            task = _task()
            if task is None or not task.get_name().startswith(self.points.tasks):
                return
            self.counts = self.points.begun = True
        if kind == self.points.kind and self.points.counts[kind] + 1 == self.points.at:
            self.points.pass_(kind, _awaiting(self.inner))
        else:
            self.points.pass_(kind, "")

    def send(self, value: Any) -> Any:
        self._point("resume")
        answer = self.inner.send(value)
        self._point("await")
        return answer

    def throw(self, *error: Any) -> Any:
        return self.inner.throw(*error)

    def close(self) -> None:
        self.inner.close()

    def __await__(self) -> Any:
        return self.inner.__await__()


class InThread:
    """Stands in for the worker processes: a life is too short for a fork server of its own."""

    def __init__(self, count: int) -> None:
        self.count = count

    async def __aenter__(self) -> InThread:
        return self

    async def __aexit__(self, *error: object) -> None:
        return

    async def run(self, fn: Any, *args: Any, timeout: float = 10.0) -> Any:
        return await asyncio.to_thread(fn, *args)


def _listen(points: Points) -> None:
    from monitor.store import writer

    def before(*_: object) -> None:
        points.pass_("before", frame=sys._getframe(1))

    def after(*_: object) -> None:
        points.pass_("after", frame=sys._getframe(1))

    def commit(_: object) -> None:
        points.pass_("commit", "commit")

    sa.event.listen(sa.Engine, "before_cursor_execute", before)
    sa.event.listen(sa.Engine, "after_cursor_execute", after)
    sa.event.listen(sa.Engine, "commit", commit)
    settle = writer._settle

    def settled(*args: Any) -> None:
        points.pass_("committed", "committed")
        settle(*args)

    writer._settle = settled


def _live(order: dict[str, Any], out: int) -> None:
    """One life: the daemon on its state folder, until it is killed or nothing is due any more."""
    from monitor import daemon, logs
    from monitor.actions.assemble import Terminal
    from monitor.config import load
    from monitor.store.database import Store

    signal.setitimer(signal.ITIMER_REAL, LONGEST)
    log = Path(order["log"]).open("a")  # noqa: SIM115 - it is open as long as the life lasts
    logs.set_up("json", stream=log)
    points = Points(order["kind"], order["at"], out, order.get("tasks", ""))
    _listen(points)
    Store.__init__.__kwdefaults__["server_time"] = False  # type: ignore[index]
    daemon.Workers = InThread  # type: ignore[assignment,misc]
    loaded = load(Path(order["config"]))
    assert loaded.config is not None, loaded.problems
    config = loaded.config

    def write(text: str) -> None:
        with Path(order["paper"]).open("a") as paper:
            paper.write(text)

    async def work() -> None:
        asyncio.get_running_loop().set_task_factory(
            lambda loop, coroutine, **more: asyncio.Task(Stepped(coroutine, points), loop=loop, **more)
        )
        shift = order["shift"]
        async with daemon.opened(config, Path(order["state"]), Terminal(write), clock=lambda: time.time() + shift) as opened:
            if order["mode"] == "once":
                await opened.once()
            else:
                running = asyncio.ensure_future(opened.run())
                await _quiet(opened)
                opened.stop()
                await running

    asyncio.run(work())
    points.tell(None)


async def _quiet(opened: Any) -> None:
    """Until no stage has anything in hand or due; looked at often, for as long as the life is young."""
    still = 0
    while still < 3:
        await asyncio.sleep(0.02)
        due = [await opened.store.read(stage.next_due) for stage in opened.stages]
        busy = any(stage.in_hand for stage in opened.stages) or any(at is not None and at <= opened.clock() for at in due)
        still = 0 if busy else still + 1


def _adopt() -> None:
    """What a life leaves behind (a channel's command) becomes a child of this process."""
    import ctypes

    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def _bury() -> None:
    """Until all that a life left behind has ended."""
    while True:
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def serve() -> None:
    # All that a life imports is imported before the first fork.
    import aiosqlite
    import apprise
    import asyncpg
    import trafilatura  # noqa: F401

    from monitor import daemon  # noqa: F401
    from monitor.alerts.channels import registry
    from monitor.articles.page import read_page  # noqa: F401
    from monitor.config import load  # noqa: F401
    from monitor.feeds.parse import parse_feed  # noqa: F401

    del aiosqlite, asyncpg
    registry()
    apprise.Apprise().add("json://127.0.0.1/")  # it reads its 190 plugins now
    _adopt()
    for line in sys.stdin:
        order = json.loads(line)
        reader, out = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reader)
            try:
                _live(order, out)
            except BaseException as error:  # noqa: BLE001 - told to whoever ordered the life
                import traceback

                os.write(out, json.dumps({"where": None, "error": f"{error!r}\n{traceback.format_exc()[-3000:]}"}).encode() + b"\n")
                os._exit(1)
            os._exit(0)
        os.close(out)
        with os.fdopen(reader) as told:
            said = [json.loads(one) for one in told]
        _, status = os.waitpid(child, 0)
        _bury()
        sys.stdout.write(json.dumps({"status": os.waitstatus_to_exitcode(status), **(said[-1] if said else {})}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
