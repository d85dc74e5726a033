"""The one HTTP client: every request for feeds, pages, robots.txt and channels goes through `Client`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Literal, Self

import aiohttp
from multidict import CIMultiDictProxy
from yarl import URL

from monitor.errors import FetchError
from monitor.model import Validators
from monitor.net.body import read_some, read_whole
from monitor.net.certificates import Shown
from monitor.net.errand import REDIRECTS, Errand, place
from monitor.net.failures import Trip, explain, timed_out
from monitor.net.guard import AddressGuard
from monitor.net.names import Lookup, Names, check_all, system_lookup
from monitor.net.transport import Transport, Way, parse_proxy, tls_context
from monitor.net.turns import Seat, Turns, host_key

_ERROR_BODY = 64_000  # bytes read of an answer whose body is only for people

BeforeHop = Callable[[URL], Awaitable[None]]


@dataclass(slots=True)
class Response:
    """An answer, whatever its status. `body` is decoded from its content coding, `wire_bytes` is its size before that.

    `url` is the one that gave it, without user, password and fragment; `history` has each redirect on the way, as (status,
    the URL that answered it). `took` is in seconds, all hops and waits included. `asked_on_way` has the Retry-After headers
    of the redirects, as written.
    """

    status: int
    headers: CIMultiDictProxy[str]
    body: bytes
    url: str
    history: tuple[tuple[int, str], ...]
    took: float
    wire_bytes: int
    asked_on_way: tuple[str, ...] = ()


class Client:
    """Requests behind the address guard, within time and size limits, without cookies and the environment's proxies.

    Nothing but FetchError (and CancelledError) comes out of its methods. `proxy` is the URL of an HTTP proxy that all
    requests take, but those to private addresses; `ca_file` holds further authorities. Raises ConfigError if one of the
    two can't be used. To be entered once, in the event loop that it serves. `lookup` stands in for the system's resolver.
    """

    def __init__(
        self,
        *,
        guard: AddressGuard,
        turns: Turns,
        user_agent: str,
        per_host: int = 2,
        proxy: str | None = None,
        ca_file: str | None = None,
        lookup: Lookup = system_lookup,
    ) -> None:
        self._guard = guard
        self._turns = turns
        self._names = Names(lookup)
        self._transport = Transport(
            guard, self._names, user_agent=user_agent, per_host=per_host, proxy=parse_proxy(proxy), tls=tls_context(ca_file)
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._transport.close()
        self._names.close()

    async def get(
        self,
        url: str | URL,
        *,
        headers: Mapping[str, str] | None = None,
        secret_headers: Collection[str] = (),
        validators: Validators | None = None,
        limit: int = 10_000_000,
        deadline: float = 30.0,
        take_turn: bool = True,
        max_redirects: int = 5,
        before_hop: BeforeHop | None = None,
        proxy: str | None = None,
    ) -> Response:
        """Fetch `url`, following redirects, each hop checked anew.

        `headers` that are credentials (Authorization, Cookie, those in `secret_headers`, a user in the URL) are sent to the
        first URL's origin alone; `validators` to their own URL alone. With `take_turn=False` the caller holds a turn of the
        first host. `before_hop` is awaited before each hop, the first included, within the deadline; what FetchError it
        raises passes. The body of a status of 400 or more is read up to 64 kB, as far as it comes. `limit` holds for the body
        on the wire and decoded, and is 30 MB at most. `proxy` is one of this request's own, whose address is checked like any
        other.
        """
        trip = Trip(None, deadline)
        seat: Seat | None = None
        asked: tuple[str, ...] = ()
        start = time.monotonic()
        try:
            async with asyncio.timeout(deadline) as clock:
                trip.url = target = self._guard.check_url(url)
                errand = Errand(target, headers, secret_headers, validators)
                seat = Seat(self._turns, None if take_turn else host_key(target))
                way: Way = "fetch" if proxy is None else "detour"
                detour = None if proxy is None else self._guard.check_url(proxy)
                while True:
                    trip.stage = "turn"
                    await seat.move(host_key(errand.url))
                    trip.stage = "answer"
                    if before_hop is not None:
                        await before_hop(errand.url)
                    answer = await self._ask(way, errand, detour)
                    try:
                        if answer.status not in REDIRECTS:
                            trip.stage, trip.stream = "body", answer.content
                            body, wire = await _body(answer, limit, clock.when())
                            took = time.monotonic() - start
                            return Response(answer.status, answer.headers, body, str(errand.url), errand.history, took, wire, asked)
                    finally:
                        answer.release()
                    if "Retry-After" in answer.headers:
                        asked = (*asked, answer.headers["Retry-After"])
                    errand.redirect(answer.status, answer.headers.get("Location"), self._guard, max_redirects)
                    trip.url = errand.url
        except Exception as exc:  # noqa: BLE001 - whatever a hostile answer provokes is told as what it is
            raise _told(exc, trip) from None
        finally:
            if seat is not None:
                seat.leave()

    async def post(
        self,
        url: str | URL,
        *,
        body: bytes,
        headers: Mapping[str, str] | None = None,
        deadline: float = 15.0,
        limit: int = _ERROR_BODY,
        allow_private: bool = False,
        method: Literal["POST", "PUT"] = "POST",
    ) -> Response:
        """Send `body` to `url` once. What answers counts as soon as its status is there: its body is read up to `limit` bytes,
        as far as it comes.

        Raises FetchError(`redirected`) on a redirect: a POST that is followed arrives as an empty GET. `allow_private` opens
        private networks to this request alone.
        """
        way: Way = "private" if allow_private else "send"
        trip = Trip(None, deadline)
        start = time.monotonic()
        try:
            async with asyncio.timeout(deadline) as clock:
                trip.url = target = self._transport.guard(way).check_url(url)
                errand = Errand(target, headers)
                if self._transport.proxied(way):
                    await self._check_behind_proxy(way, errand.url)
                answer = await self._transport.session(way).request(
                    method, errand.url, data=body, headers=errand.headers(), allow_redirects=False
                )
                try:
                    if answer.status in REDIRECTS:
                        raise _redirected(answer)
                    text, wire = await read_some(answer, limit, clock.when())
                finally:
                    answer.release()
                return Response(answer.status, answer.headers, text, str(errand.url), (), time.monotonic() - start, wire)
        except Exception as exc:  # noqa: BLE001 - whatever a hostile answer provokes is told as what it is
            raise _told(exc, trip) from None

    async def check_host(self, host: str, port: int, *, allow_private: bool = False) -> list[str]:
        """The addresses of `host` that may be connected to, for what is not HTTP; connect to one of these and not to the name.

        Raises FetchError: `dns`, `forbidden-address`, `bad-url` for no possible host.
        """
        guard = self._transport.guard("private" if allow_private else "send")
        try:
            name = URL.build(scheme="http", host=host.strip().removeprefix("[").removesuffix("]")).raw_host or ""
            guard.check_host(name, port)
            passed, refusal = check_all(guard, name, port, await self._names.find(name, port))
        except Exception as exc:  # noqa: BLE001 - whatever a hostile answer provokes is told as what it is
            raise _told(exc, Trip(None, 0.0, name=host[:100])) from None
        if not passed and refusal is not None:
            raise refusal
        return passed

    def certificate(self, host: str) -> Shown | None:
        """The validity of the certificate that `host` showed at the last connection."""
        return self._transport.certificates.of(host)

    async def _ask(self, way: Way, errand: Errand, proxy: URL | None) -> aiohttp.ClientResponse:
        if self._transport.proxied(way):
            await self._check_behind_proxy(way, errand.url)
        return await self._transport.session(way).get(errand.url, headers=errand.headers(), allow_redirects=False, proxy=proxy)

    async def _check_behind_proxy(self, way: Way, url: URL) -> None:
        """What the proxy will resolve is resolved here first: none of its addresses may be forbidden, the proxy may take any.

        A name that only the proxy can resolve passes if it looks like one of the public internet.
        """
        host, port = url.raw_host or "", url.port or 0
        try:
            addresses = await self._names.find(host, port)
        except OSError:
            name = host.rstrip(".")
            if "." not in name or name.endswith((".localhost", ".local", ".internal", ".lan", ".home.arpa")):
                raise FetchError("forbidden-address", f"{host} is a name of a local network", permanent=True) from None
            return
        _, refusal = check_all(self._transport.guard(way), host, port, addresses)
        if refusal is not None:
            raise refusal


async def _body(answer: aiohttp.ClientResponse, limit: int, until: float | None) -> tuple[bytes, int]:
    if answer.status < 400:
        return await read_whole(answer, limit)
    return await read_some(answer, min(limit, _ERROR_BODY), until)


def _told(exc: Exception, trip: Trip) -> FetchError:
    # asyncio's own time-outs have no errno, the system's ETIMEDOUT has.
    if isinstance(exc, TimeoutError) and exc.errno is None:
        return timed_out(trip)
    if isinstance(exc, FetchError) and exc.text.startswith("the answer "):
        text = f"the answer of {trip.host} {exc.text.removeprefix('the answer ')}"
        return FetchError(exc.code, text, permanent=exc.permanent, remedy=exc.remedy)
    return explain(exc, trip)


def _redirected(answer: aiohttp.ClientResponse) -> FetchError:
    try:
        target = URL(answer.headers.get("Location", ""))
        where = f"points to {place(target)}" if target.host else "points elsewhere"
    except ValueError:
        where = "points elsewhere"
    return FetchError(
        "redirected",
        f"{place(answer.url)} answered {answer.status} and {where}; a POST is never redirected",
        status=answer.status,
        remedy="Set the channel's URL to the final address",
    )
