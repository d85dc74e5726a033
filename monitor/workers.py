"""Killable worker processes for work that a hostile document could make endless: parsing feeds, reading pages.

A worker is ended by the kernel when its task passes the time limit (an interval timer whose signal no code of the
task can keep from acting, holding the interpreter's lock or not), and when the process that started it is gone. It is
forked from a small server process that has the heavy libraries loaded, never from the daemon itself: a process forked
from the daemon would share the wake-up descriptor of its signal handlers, and ending one would stop the daemon.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import gc
import importlib.machinery
import multiprocessing
import os
import pickle
import select
import signal
import sys
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import forkserver
from typing import TYPE_CHECKING, Any, Self

from monitor.errors import MonitorError, WorkerKilled

if TYPE_CHECKING:
    from concurrent.futures import Future
    from multiprocessing.context import ForkServerContext

    from pebble import ProcessPool

# What the server loads before it forks: the libraries, and the modules of the wings that use them.
PRELOAD = ("trafilatura", "feedparser", "monitor.articles.extract", "monitor.feeds.parse")

# A worker ends itself at the limit; the pool's own time limit is for one that is stuck before it could start its timer.
_GRACE = 5.0
# How often a waiting caller looks whether the pool itself still stands, in seconds.
_LOOK = 1.0


class Workers:
    """A pool of `count` worker processes, started at the first `run` and ended with the context.

    Each is replaced after `restart_after` tasks, because the libraries' memory only ever grows.
    """

    def __init__(self, count: int, *, restart_after: int = 300) -> None:
        if count < 1:
            raise ValueError("at least one worker is needed")
        self.count = count
        self._restart_after = restart_after
        self._pool: ProcessPool | None = None
        self._closed = False
        # Callers wait here, in turn, not in the pool: its pipe would hold their documents, and a time limit would run meanwhile.
        self._turns = asyncio.Semaphore(count)
        self._start_lock = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._closed = True
        pool, self._pool = self._pool, None
        if pool is not None:
            await asyncio.to_thread(_end, pool)

    async def run(self, fn: Callable[..., Any], *args: Any, timeout: float = 10.0) -> Any:
        """Answers `fn(*args)`, worked out in a worker process within `timeout` seconds of its start there.

        `fn` is a module-level function; arguments and result are pickled. What it raises is raised here. A caller that is
        cancelled ends the worker that works for it.

        :raises WorkerKilled: the time limit passed, or the worker process ended before it answered
        """
        async with self._turns:
            for _ in range(2):  # a pool may have broken for a reason of its own: an idle worker that was killed from outside
                pool = await self._running_pool()
                try:
                    return await self._answer(pool, _schedule(pool, fn, args, timeout), _name(fn), timeout)
                except (_PoolBroken, BrokenProcessPool):
                    await self._drop(pool)
            raise WorkerKilled(f"the worker processes ended twice while {_name(fn)} ran")

    async def _answer(self, pool: ProcessPool, future: Future[Any], name: str, timeout: float) -> Any:
        from pebble import ProcessExpired

        waiting = asyncio.wrap_future(future)
        try:
            while not (await asyncio.wait({waiting}, timeout=_LOOK))[0]:
                if not pool.active:
                    raise _PoolBroken
            return waiting.result()
        except ProcessExpired as error:
            if error.exitcode == -signal.SIGALRM:
                raise WorkerKilled(f"{name} passed its time limit of {timeout:g} s") from None
            raise WorkerKilled(f"{name} took its worker process down ({_how(error.exitcode)})") from None
        except TimeoutError:
            raise WorkerKilled(f"{name} passed its time limit of {timeout:g} s") from None
        finally:
            waiting.cancel()

    async def _running_pool(self) -> ProcessPool:
        async with self._start_lock:
            if self._closed:
                raise WorkerKilled("the worker processes are stopped")
            if self._pool is None:
                self._pool = await asyncio.to_thread(_start, self.count, self._restart_after)
            return self._pool

    async def _drop(self, pool: ProcessPool) -> None:
        """Ends a pool that broke; the next task starts another."""
        async with self._start_lock:
            if self._pool is pool:
                self._pool = None
                await asyncio.to_thread(_end, pool)


class _PoolBroken(Exception):
    """The pool's own threads have ended."""


# -- in the process that asks -----------------------------------------------------------------------------------------


def _start(count: int, restart_after: int) -> ProcessPool:
    from pebble import ProcessPool

    # lxml frees from another thread's arena than it took from, and with many arenas its memory only grows.
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    _name_main()
    context: ForkServerContext = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(PRELOAD))
    forkserver.ensure_running()
    pool = ProcessPool(max_workers=count, max_tasks=restart_after, initializer=_settle, context=context)
    if not pool.active:  # asking starts it
        raise WorkerKilled("the worker processes could not be started")
    return pool


def _schedule(pool: ProcessPool, fn: Callable[..., Any], args: tuple[Any, ...], timeout: float) -> Future[Any]:
    try:
        return pool.schedule(_call, args=(fn, args, timeout), timeout=timeout + _GRACE)
    except RuntimeError as error:  # it broke, or was stopped, since it was last used
        raise _PoolBroken from error


def _end(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    pool.join()


def _name_main() -> None:
    """Keeps workers from running the program's start script again: a main module that has a package's name is left alone."""
    main = sys.modules["__main__"]
    if getattr(main, "__spec__", None) is None:
        main.__spec__ = importlib.machinery.ModuleSpec("monitor.__main__", None)


def _name(fn: Callable[..., Any]) -> str:
    return getattr(fn, "__name__", repr(fn))


def _how(exitcode: int | None) -> str:
    if exitcode is not None and exitcode < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-exitcode).name
    return f"exit status {exitcode}"


# -- in the worker ----------------------------------------------------------------------------------------------------


def _settle() -> None:
    """Makes a new worker easy to end: by SIGTERM at once, by its time limit, and by its parent's death."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    _die_with_parent()
    # What the server had loaded stays as it is: collections that walk it would copy its shared pages.
    gc.freeze()


def _die_with_parent() -> None:
    """Has the kernel send SIGKILL when the pipe that the parent holds open closes.

    PR_SET_PDEATHSIG would watch the fork server, which lives as long as any worker does. The signal of a descriptor
    (fcntl(2), F_SETSIG) needs neither the interpreter nor its lock.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    pipe = parent.sentinel
    fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(pipe, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(pipe, fcntl.F_SETFL, fcntl.fcntl(pipe, fcntl.F_GETFL) | os.O_ASYNC)
    if select.select([pipe], [], [], 0)[0]:  # it closed before the signal was set
        os.kill(os.getpid(), signal.SIGKILL)


def _call(fn: Callable[..., Any], args: tuple[Any, ...], timeout: float) -> Any:
    signal.setitimer(signal.ITIMER_REAL, timeout)
    try:
        return fn(*args)
    except MonitorError:
        raise
    except Exception as error:  # noqa: BLE001 - it is raised again where the work was asked for
        raise _portable(error) from None
    except BaseException as error:  # noqa: BLE001
        # SystemExit and its like would end the process that asked.
        raise WorkerKilled(f"{_name(fn)} ended with {type(error).__name__}") from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _portable(error: Exception) -> Exception:
    """The error itself if it survives pickling; else one that says the same: a result that can't be read breaks the pool."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - it was made in this process
    except Exception:  # noqa: BLE001 - whatever its own methods raise
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
