"""Names looked up in threads of our own, each address they lead to put before the guard.

getaddrinfo can hang for half a minute and can't be cancelled: the loop's common thread pool (six threads on two cores)
would be held by a few dead domains, and at the end the interpreter would wait for them. These threads are daemons.
"""

from __future__ import annotations

import asyncio
import queue
import socket
import threading
from collections.abc import Callable

from aiohttp.abc import AbstractResolver, ResolveResult

from monitor.errors import FetchError
from monitor.net.guard import AddressGuard

Lookup = Callable[[str, int], list[str]]

_MAX_ADDRESSES = 16  # of one name; a longer list is somebody's play with our time
_REFUSED_ERRNO = -7_301  # none of the system's, so that it can't be mistaken after aiohttp has merged several errors


class Refused(OSError):
    """An address that the guard refused, in a form that connection code passes on: it tries the next address on OSError."""

    def __init__(self, failure: FetchError) -> None:
        super().__init__(_REFUSED_ERRNO, failure.text)
        self.failure = failure


def was_refused(error: BaseException | None) -> bool:
    """Whether `error` is, or was merged from, refusals of the guard."""
    return isinstance(error, OSError) and error.errno == _REFUSED_ERRNO


def system_lookup(host: str, port: int) -> list[str]:
    """Addresses of `host` by the system's resolver. Blocks; raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    return [str(address[0]) for family, _, _, _, address in found if family in (socket.AF_INET, socket.AF_INET6)]


class Names:
    """Looks names up, at most `threads` at a time."""

    def __init__(self, lookup: Lookup = system_lookup, threads: int = 32) -> None:
        self._lookup = lookup
        self._most = threads
        self._jobs: queue.SimpleQueue[tuple[str, int, asyncio.AbstractEventLoop, asyncio.Future[list[str]]] | None] = queue.SimpleQueue()
        self._threads = 0
        self._busy = 0

    async def find(self, host: str, port: int) -> list[str]:
        """Addresses of `host`, each once. Raises OSError, gaierror where there are none."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[list[str]] = loop.create_future()
        self._busy += 1
        if self._threads < min(self._busy, self._most):
            self._threads += 1
            threading.Thread(target=self._work, name="names", daemon=True).start()
        self._jobs.put((host, port, loop, future))
        addresses = list(dict.fromkeys(await future))[:_MAX_ADDRESSES]
        if not addresses:
            raise socket.gaierror(socket.EAI_NONAME, "no address")
        return addresses

    def close(self) -> None:
        """Let the threads end, each after what it is at."""
        for _ in range(self._threads):
            self._jobs.put(None)
        self._threads = 0

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            host, port, loop, future = job
            result: list[str] | OSError
            try:
                result = self._lookup(host, port)
            except (OSError, UnicodeError) as exc:
                result = exc if isinstance(exc, OSError) else socket.gaierror(socket.EAI_NONAME, str(exc))
            try:
                loop.call_soon_threadsafe(self._settle, future, result)
            except RuntimeError:  # the loop was closed meanwhile: nobody waits any more
                return

    def _settle(self, future: asyncio.Future[list[str]], result: list[str] | OSError) -> None:
        # Counted here and not where the caller waits: a cancelled caller leaves a thread that is busy all the same.
        self._busy -= 1
        if future.done():
            return
        if isinstance(result, OSError):
            future.set_exception(result)
        else:
            future.set_result(result)


class GuardedResolver(AbstractResolver):
    """What aiohttp asks for addresses: it gets those that the guard lets pass, and Refused if there are none.

    Without a guard all pass.
    """

    def __init__(self, names: Names, guard: AddressGuard | None) -> None:
        self._names = names
        self._guard = guard

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC) -> list[ResolveResult]:
        passed = await self._names.find(host, port)
        refusal: FetchError | None = None
        if self._guard is not None:
            passed, refusal = check_all(self._guard, host, port, passed)
        if not passed and refusal is not None:
            raise Refused(refusal)
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for address in passed
        ]

    async def close(self) -> None:
        """Nothing is held here: the threads belong to Names."""


def check_all(guard: AddressGuard, host: str, port: int, addresses: list[str]) -> tuple[list[str], FetchError | None]:
    """The addresses of `host` that the guard lets pass, and its first refusal, naming the host."""
    passed: list[str] = []
    refusal: FetchError | None = None
    for address in addresses:
        try:
            guard.check_address(address, port)
        except FetchError as exc:
            if refusal is None:
                text = exc.text if host == address else f"{host} leads to {exc.text}"
                refusal = FetchError(exc.code, text, permanent=exc.permanent, remedy=exc.remedy)
        else:
            passed.append(address)
    return passed, refusal
