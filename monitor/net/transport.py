"""aiohttp sessions behind the guard: what every request of the program goes out through."""

from __future__ import annotations

import asyncio
import socket
import ssl
from functools import partial
from pathlib import Path
from typing import Any, Literal, cast

import aiohttp
from aiohttp.client_proto import ResponseHandler
from yarl import URL

from monitor.errors import ConfigError, FetchError
from monitor.net.certificates import Certificates
from monitor.net.decode import ACCEPT_ENCODING
from monitor.net.guard import AddressGuard
from monitor.net.names import GuardedResolver, Names, Refused
from monitor.net.wire import BoundedHandler

# Ways out: fetching, fetching through a proxy that one feed names, sending, sending to private addresses.
Way = Literal["fetch", "detour", "send", "private"]

_MAX_HEADERS = 128
_MAX_HEADER_SIZE = 16_384  # bytes of a line; some honest Content-Security-Policies are over 8 kB
_DNS_TTL = 60  # seconds
_NO_TIMEOUT = aiohttp.ClientTimeout(total=None, connect=None, sock_connect=None, sock_read=None)


def tls_context(ca_file: str | None) -> ssl.SSLContext | bool:
    """What certificates are checked against: the system's authorities, and those of `ca_file` too.

    Raises ConfigError where the file can't be used.
    """
    if ca_file is None:
        return True
    context = ssl.create_default_context()
    context.set_alpn_protocols(("http/1.1",))
    try:
        context.load_verify_locations(cafile=str(Path(ca_file)))
    except (OSError, ssl.SSLError) as exc:
        raise ConfigError(f"network.ca_file: {ca_file} can't be used: {exc}", remedy="it must hold certificates in PEM form") from None
    return context


def parse_proxy(proxy: str | None) -> URL | None:
    """The proxy's URL. Raises ConfigError where it is none, its password not in the text."""
    if proxy is None:
        return None
    try:
        url = URL(proxy)
        usable = url.scheme in ("http", "https") and bool(url.host) and bool(url.port)
    except ValueError:
        usable = False
    if not usable:
        raise ConfigError("network.proxy is no URL of an HTTP proxy", remedy='write it like "http://proxy.example.org:3128"')
    return url


class Transport:
    """One session for each way out, made at first use.

    They are apart so that feeds never take a webhook's connections, and so that what one channel may reach is reached
    through no connection of others.
    """

    def __init__(
        self, guard: AddressGuard, names: Names, *, user_agent: str, per_host: int, proxy: URL | None, tls: ssl.SSLContext | bool
    ) -> None:
        self._guards: dict[Way, AddressGuard] = {"fetch": guard, "detour": guard, "send": guard, "private": guard.with_private()}
        self._names = names
        self._headers = {"User-Agent": user_agent, "Accept-Encoding": ACCEPT_ENCODING}
        self._per_host = per_host
        self._proxy = proxy
        self._tls = tls
        self._sessions: dict[Way, aiohttp.ClientSession] = {}
        self.certificates = Certificates()

    def guard(self, way: Way) -> AddressGuard:
        """The guard of `way`."""
        return self._guards[way]

    def proxied(self, way: Way) -> bool:
        """Whether a proxy stands on `way`, so that names are resolved elsewhere.

        None stands on the way to private addresses: it would ask from outside.
        """
        return way == "detour" or (self._proxy is not None and way != "private")

    def session(self, way: Way) -> aiohttp.ClientSession:
        """The session of `way`."""
        session = self._sessions.get(way)
        if session is None:
            session = self._sessions[way] = self._open(way)
        return session

    async def close(self) -> None:
        """Close all sessions and their connections."""
        sessions = list(self._sessions.values())
        self._sessions.clear()
        for session in sessions:
            await session.close()

    def _open(self, way: Way) -> aiohttp.ClientSession:
        # Behind the operator's proxy every connection goes to the proxy, which may stand inside. A proxy that one feed
        # names is reached like anything else that comes from outside.
        trusted = self.proxied(way) and way != "detour"
        guard = None if trusted else self._guards[way]
        connector = aiohttp.TCPConnector(
            limit=0,  # turns and stages bound what is under way
            limit_per_host=self._per_host if way in ("fetch", "detour") else 0,  # for callers that ask without a turn
            ttl_dns_cache=_DNS_TTL,
            ssl=self._tls,
            # A server that closes an idle connection just as a POST goes out would cost a try; most wait 5 s or longer.
            keepalive_timeout=15 if way in ("fetch", "detour") else 4,
            resolver=GuardedResolver(self._names, guard),
            socket_factory=None if guard is None else SocketFactory(guard),
        )
        connector._factory = cast("partial[ResponseHandler]", partial(BoundedHandler, asyncio.get_running_loop(), self.certificates))
        return aiohttp.ClientSession(
            connector=connector,
            headers=self._headers,
            proxy=self._proxy if trusted else None,
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            timeout=_NO_TIMEOUT,
            auto_decompress=False,
            max_line_size=_MAX_HEADER_SIZE,
            max_field_size=_MAX_HEADER_SIZE,
            max_headers=_MAX_HEADERS,
        )


class SocketFactory:
    """The last wall: no socket is made for an address that the guard refuses, however it got there."""

    def __init__(self, guard: AddressGuard) -> None:
        self._guard = guard

    def __call__(self, info: tuple[Any, ...]) -> socket.socket:
        family, kind, proto, _, address = info
        try:
            self._guard.check_address(address[0], address[1])
        except FetchError as exc:
            raise Refused(exc) from None
        return socket.socket(family=family, type=kind, proto=proto)
