"""The address guard: which URLs and addresses the program may reach.

It speaks three times: over the URL as written (scheme, length, literal addresses), over every address that a name
resolves to, and over the address that a socket is about to connect to. The last is the wall, the first two give clear
words and hold behind a proxy, where the connection goes elsewhere.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv6Address, ip_network

from yarl import URL

from monitor.errors import ConfigError, FetchError
from monitor.net.ranges import PRIVATE, Address, Network, parse_address, parse_ipv4_any, unmapped, why_forbidden

MAX_URL = 2048
_HOST_NAME = re.compile(r"(?=.{1,254}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.?", re.ASCII)
_ALLOW_REMEDY = "If this is meant, add its network to network.allow in the configuration"
_OWN_REMEDY = "The program never asks itself; check the address"

# A feed's URL is asked again and again, and what yarl finds out about it stays with the object.
_parsed = lru_cache(maxsize=2048)(URL)


class AddressGuard:
    """Refuses addresses that are not public.

    `allow` are networks that may be reached nevertheless ("10.1.0.0/16"), `own` the (address, port) pairs that the
    program itself listens on, refused whatever `allow` says. Raises ConfigError for a network that can't be read.
    """

    def __init__(self, allow: Sequence[str] = (), own: Sequence[tuple[str, int]] = ()) -> None:
        networks: list[Network] = []
        for text in allow:
            try:
                networks.append(ip_network(text, strict=False))
            except ValueError:
                raise ConfigError(f"network.allow: {text!r} is no network", remedy='write it like "10.1.0.0/16"') from None
        self._allow: tuple[Network, ...] = tuple(networks)
        self._own = tuple(own)
        # The same hosts are asked again and again. Only those that pass are remembered, and every connection is checked anew.
        self._passes = lru_cache(maxsize=4096)(self._judge_host)

    def with_private(self) -> AddressGuard:
        """A guard that lets private networks pass too: for the one request whose channel says `allow_private`."""
        return AddressGuard([str(network) for network in self._allow + PRIVATE], self._own)

    def check_url(self, url: str | URL) -> URL:
        """`url` parsed, once and for all: what comes back is what must be connected to.

        Raises FetchError: `bad-url` where it can't be parsed, is not http(s), is longer than 2,048 characters or names
        no host; `forbidden-address` where its host is an address, in any spelling, that is not to be reached.
        """
        if isinstance(url, str):
            if len(url) > MAX_URL:
                raise _bad(f"the URL is longer than {MAX_URL:,} characters")
            try:
                url = _parsed(url)
            except (ValueError, TypeError) as exc:
                raise _bad(f"the URL can't be read: {_short(exc)}") from None
        elif len(str(url)) > MAX_URL:
            raise _bad(f"the URL is longer than {MAX_URL:,} characters")
        if url.scheme not in ("http", "https"):
            raise _bad(
                f"the scheme {url.scheme[:20]!r} is not http or https" if url.scheme else "the URL has no scheme (http:// or https://)"
            )
        host, port = url.raw_host, url.port
        if not host:
            raise _bad("the URL names no host")
        if not port:
            raise _bad("port 0 can't be reached")
        self.check_host(host, port)
        return url

    def check_host(self, host: str, port: int) -> None:
        """Refuse `host` if it is an address, in any spelling, that is not to be reached, or no possible host at all.

        A name passes: where it leads shows when it is resolved. Raises FetchError as `check_url`.
        """
        self._passes(host, port)

    def _judge_host(self, host: str, port: int) -> None:
        if ":" in host:
            if parse_address(host.replace("%25", "%")) is None:
                raise _bad(f"{host[:60]!r} is no IPv6 address")
            self.check_address(host.replace("%25", "%"), port)
            return
        if _HOST_NAME.fullmatch(host.lower()) is None:
            raise _bad(f"{host[:60]!r} is no host name")
        try:
            address = parse_ipv4_any(host)
        except ValueError:
            raise _bad(f"{host[:60]!r} is no IPv4 address") from None
        if address is not None:
            self._check(address, port, host)

    def check_address(self, ip: str, port: int) -> None:
        """Refuse the address `ip` unless it is public or allowed. Raises FetchError(`forbidden-address`)."""
        address = parse_address(ip)
        if address is None:
            raise FetchError("forbidden-address", f"{ip[:60]!r} is no address", permanent=True)
        self._check(address, port, ip)

    def _check(self, address: Address, port: int, spelling: str) -> None:
        address = unmapped(address)
        if self._is_own(address, port):
            text = f"{_named(spelling, address)} port {port} is where the program itself listens"
            raise FetchError("forbidden-address", text, permanent=True, remedy=_OWN_REMEDY)
        reason = why_forbidden(address)
        if reason is not None and not self._is_allowed(address):
            text = f"{_named(spelling, address)} is not to be reached: {reason}"
            raise FetchError("forbidden-address", text, permanent=True, remedy=_ALLOW_REMEDY)

    def _is_allowed(self, address: Address) -> bool:
        if isinstance(address, IPv6Address) and address.scope_id is not None:
            address = IPv6Address(int(address))
        return any(address in network for network in self._allow)

    def _is_own(self, address: Address, port: int) -> bool:
        for host, own_port in self._own:
            if port != own_port:
                continue
            if host == "localhost":
                if address.is_loopback or address.is_unspecified:
                    return True
                continue
            own = parse_address(host)
            if own is None:
                continue
            # Connecting to 0.0.0.0 reaches loopback, and a listener on 0.0.0.0 answers on every address of the machine.
            if address == unmapped(own) or address.is_unspecified or (own.is_unspecified and _is_local(address)):
                return True
        return False


def _is_local(address: Address) -> bool:
    """Whether `address` is one of this machine's: only such can be bound."""
    family = socket.AF_INET6 if isinstance(address, IPv6Address) else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((str(address), 0))
    except OSError:
        return False
    return True


def _named(spelling: str, address: Address) -> str:
    plain = str(address)
    return plain if spelling == plain else f"{plain} (written {spelling[:60]})"


def _bad(text: str) -> FetchError:
    return FetchError("bad-url", text, permanent=True, remedy="Check the URL")


def _short(exc: Exception) -> str:
    # The library's words repeat what is wrong with the authority; anything after an @ sign may be a password's neighbour.
    text = str(exc)
    return "it is malformed" if "@" in text else text[:120]
