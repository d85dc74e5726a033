"""The one HTTP client: every request for feeds, pages, robots.txt and channels goes through `Client`."""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Self

import aiohttp
from multidict import CIMultiDictProxy
from yarl import URL

from monitor.errors import FetchError
from monitor.model import Validators
from monitor.net.body import read_some, read_whole
from monitor.net.failures import Trip, explain, timed_out
from monitor.net.guard import MAX_URL, AddressGuard
from monitor.net.names import Lookup, Names, Refused, check_all, system_lookup
from monitor.net.transport import Transport, parse_proxy, tls_context
from monitor.net.turns import Seat, Turns, host_key

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SECRET_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization"})
_ERROR_BODY = 64_000  # bytes read of an answer whose body is only for people

BeforeHop = Callable[[URL], Awaitable[None]]


@dataclass(slots=True)
class Response:
    """An answer, whatever its status. `body` is decoded from its content coding, `wire_bytes` is its size before that.

    `url` is the one that gave it, without user, password and fragment; `history` has each redirect on the way, as (status,
    the URL that answered it). `took` is in seconds, all hops and waits included.
    """

    status: int
    headers: CIMultiDictProxy[str]
    body: bytes
    url: str
    history: tuple[tuple[int, str], ...]
    took: float
    wire_bytes: int


class Client:
    """Requests behind the address guard, within time and size limits, without cookies and the environment's proxies.

    Nothing but FetchError (and CancelledError) comes out of its methods. `proxy` is the URL of an HTTP proxy that all
    requests take, but those to private addresses; `ca_file` holds further authorities. Raises ConfigError if one of the
    two can't be used. To be entered once, in the event loop that it serves.
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
    ) -> Response:
        """Fetch `url`, following redirects, each hop checked anew.

        `headers` that are credentials (Authorization, Cookie, those in `secret_headers`, a user in the URL) are sent to the
        first URL's origin alone; `validators` to their own URL alone. With `take_turn=False` the caller holds a turn of the
        first host. `before_hop` is awaited before each hop, the first included, within the deadline; what FetchError it
        raises passes. The body of a status of 400 or more is read up to 64 kB, as far as it comes.
        """
        trip = Trip("the host", deadline)
        seat: Seat | None = None
        try:
            async with asyncio.timeout(deadline):
                target = self._guard.check_url(url)
                trip.host = _place(target)
                seat = Seat(self._turns, None if take_turn else host_key(target))
                return await self._follow(
                    _Errand(target, headers, secret_headers, validators), seat, trip, limit=limit, most=max_redirects, before_hop=before_hop
                )
        except FetchError:
            raise
        except TimeoutError:
            raise timed_out(trip) from None
        except Exception as exc:  # noqa: BLE001 - whatever a hostile answer provokes is told as what it is
            raise explain(exc, trip) from None
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
    ) -> Response:
        """Send `body` to `url` once. What answers counts as soon as its status is there: its body is read up to `limit` bytes,
        as far as it comes.

        Raises FetchError(`redirected`) on a redirect: a POST that is followed arrives as an empty GET. `allow_private` opens
        private networks to this request alone.
        """
        way = "private" if allow_private else "send"
        trip = Trip("the host", deadline)
        start = time.monotonic()
        try:
            async with asyncio.timeout(deadline) as clock:
                target = self._transport.guard(way).check_url(url)
                trip.host = _place(target)
                errand = _Errand(target, headers, (), None)
                await self._check_behind_proxy(way, errand.url)
                answer = await self._transport.session(way).post(errand.url, data=body, headers=errand.headers(), allow_redirects=False)
                try:
                    if answer.status in _REDIRECTS:
                        raise _redirected(answer, trip)
                    text, wire = await read_some(answer, limit, clock.when())
                finally:
                    answer.release()
                return Response(answer.status, answer.headers, text, str(errand.url), (), time.monotonic() - start, wire)
        except FetchError:
            raise
        except TimeoutError:
            raise timed_out(trip) from None
        except Exception as exc:  # noqa: BLE001 - whatever a hostile answer provokes is told as what it is
            raise explain(exc, trip) from None

    async def check_host(self, host: str, port: int, *, allow_private: bool = False) -> list[str]:
        """The addresses of `host` that may be connected to, for what is not HTTP; connect to one of these and not to the name.

        Raises FetchError: `dns`, `forbidden-address`, `bad-url` for no possible host.
        """
        guard = self._transport.guard("private" if allow_private else "send")
        host = host.strip().removeprefix("[").removesuffix("]")
        try:
            host = host.encode("idna").decode("ascii") if not host.isascii() else host
            guard.check_host(host, port)
            passed, refusal = check_all(guard, host, port, await self._names.find(host, port))
        except FetchError:
            raise
        except Exception as exc:  # noqa: BLE001 - whatever a hostile answer provokes is told as what it is
            raise explain(exc, Trip(host[:80], 0)) from None
        if not passed and refusal is not None:
            raise refusal
        return passed

    async def _follow(self, errand: _Errand, seat: Seat, trip: Trip, *, limit: int, most: int, before_hop: BeforeHop | None) -> Response:
        start = time.monotonic()
        session = self._transport.session("fetch")
        history: list[tuple[int, str]] = []
        while True:
            trip.stage = "turn"
            await seat.move(host_key(errand.url))
            trip.stage = "answer"
            if before_hop is not None:
                await before_hop(errand.url)
            await self._check_behind_proxy("fetch", errand.url)
            answer = await session.get(errand.url, headers=errand.headers(), allow_redirects=False)
            try:
                if answer.status not in _REDIRECTS:
                    if answer.status < 400:
                        body, wire = await read_whole(answer, limit, trip)
                    else:
                        body, wire = await read_some(answer, min(limit, _ERROR_BODY), None)
                    return Response(answer.status, answer.headers, body, str(errand.url), tuple(history), time.monotonic() - start, wire)
                history.append((answer.status, str(errand.url)))
                location = answer.headers.get("Location", "").strip()
            finally:
                answer.release()
            if len(history) > most:
                raise FetchError(
                    "redirects", f"{_place(errand.first)} redirects more than {most} times", remedy="Check where the URL leads in a browser"
                )
            self._turn_to(errand, location, history)
            trip.host = _place(errand.url)

    def _turn_to(self, errand: _Errand, location: str, history: list[tuple[int, str]]) -> None:
        """Point `errand` at the redirect's target, checked like any URL."""
        here = _place(errand.url)
        if not location:
            raise FetchError("redirects", f"{here} redirects without saying where")
        if len(location) > MAX_URL:
            raise FetchError("bad-url", f"{here} redirects to a URL of over {MAX_URL:,} characters", permanent=True)
        try:
            target = self._guard.check_url(errand.url.join(URL(location)).with_user(None).with_fragment(None))
        except FetchError as exc:
            raise FetchError(exc.code, f"{here} redirects, and {exc.text}", permanent=exc.permanent, remedy=exc.remedy) from None
        except ValueError:
            raise FetchError("bad-url", f"{here} redirects to a URL that can't be read", permanent=True) from None
        if any(url == str(target) for _, url in history):
            raise FetchError("redirects", f"{here} redirects in a circle", remedy="Sites that insist on cookies do so; they can't be read")
        errand.go(target)

    async def _check_behind_proxy(self, way: str, url: URL) -> None:
        """What the proxy will resolve is resolved here first: none of its addresses may be forbidden, the proxy may take any.

        A name that only the proxy can resolve passes if it looks like one of the public internet.
        """
        if not self._transport.proxied(way):
            return
        host, port = url.raw_host or "", url.port or 0
        try:
            addresses = await self._names.find(host, port)
        except OSError:
            if "." not in host.rstrip(".") or host.rstrip(".").endswith((".localhost", ".local", ".internal", ".lan", ".home.arpa")):
                raise FetchError("forbidden-address", f"{host} is a name of a local network", permanent=True) from None
            return
        _, refusal = check_all(self._transport.guard(way), host, port, addresses)
        if refusal is not None:
            raise Refused(refusal)


class _Errand:
    """What is asked for, and with which headers, from hop to hop."""

    __slots__ = ("_headers", "_secret", "_validators", "first", "url")

    def __init__(self, url: URL, headers: Mapping[str, str] | None, secret: Collection[str], validators: Validators | None) -> None:
        self._headers = dict(headers) if headers else None
        self._secret = secret
        self._validators = validators
        if url.raw_user is not None or url.raw_password is not None:
            # As a header of ours it is dropped by the same rule as every other credential, and never stands in a URL again.
            token = base64.b64encode(f"{url.user or ''}:{url.password or ''}".encode()).decode()
            self._headers = {"Authorization": f"Basic {token}", **(self._headers or {})}
            url = url.with_user(None)
        self.first = self.url = url.with_fragment(None) if url.raw_fragment else url

    def headers(self) -> dict[str, str] | None:
        """The headers for the hop at hand."""
        validators = self._validators
        if validators is None or validators.url != str(self.url):
            return self._headers
        headers = dict(self._headers or {})
        if validators.etag is not None:
            headers["If-None-Match"] = validators.etag
        if validators.last_modified is not None:
            headers["If-Modified-Since"] = validators.last_modified
        return headers

    def go(self, target: URL) -> None:
        """Go on to `target`; on another origin (scheme, host, port) the credentials stay behind for good."""
        if self._headers and target.origin() != self.url.origin():
            secret = _SECRET_HEADERS.union(name.lower() for name in self._secret)
            self._headers = {name: value for name, value in self._headers.items() if name.lower() not in secret}
        self.url = target


def _redirected(answer: aiohttp.ClientResponse, trip: Trip) -> FetchError:
    try:
        host = URL(answer.headers.get("Location", "")).host
    except ValueError:
        host = None
    where = f" to {host[:100]}" if host else ""
    return FetchError(
        "redirected",
        f"{trip.host} answered {answer.status} and points{where} elsewhere; a POST is never redirected"
        if not where
        else f"{trip.host} answered {answer.status} and points{where}; a POST is never redirected",
        status=answer.status,
        remedy="Set the channel's URL to the final address",
    )


def _place(url: URL) -> str:
    """Host, and port unless it is the scheme's own, for people."""
    host = url.host or ""
    if ":" in host:
        host = f"[{host}]"
    return host if url.explicit_port is None or url.is_default_port() else f"{host}:{url.port}"
