"""When the certificates that hosts show run out: looked at when a connection is made, so that it costs no other."""

from __future__ import annotations

import asyncio
import ssl
import time
from dataclasses import dataclass

_AGAIN = 3_600.0  # seconds until a host's certificate is looked at again
_MOST = 50_000


@dataclass(frozen=True, slots=True)
class Shown:
    """A certificate's validity (RFC 5280, section 4.1.2.5), in seconds since the epoch."""

    since: float
    until: float


class Certificates:
    """What each host showed last, by the name that it was asked for."""

    def __init__(self) -> None:
        self._shown: dict[str, tuple[float, Shown]] = {}

    def look(self, transport: asyncio.BaseTransport) -> None:
        """Notes what the other end of a new connection showed; nothing where it is not TLS, or was looked at just now."""
        tls = transport.get_extra_info("ssl_object")
        host = getattr(tls, "server_hostname", None)
        if tls is None or not host:
            return
        now = time.monotonic()
        known = self._shown.get(host)
        if known is not None and now - known[0] < _AGAIN:
            return
        found = tls.getpeercert() or {}
        try:
            shown = Shown(ssl.cert_time_to_seconds(found["notBefore"]), ssl.cert_time_to_seconds(found["notAfter"]))
        except (KeyError, ValueError):
            return
        if len(self._shown) >= _MOST:
            self._shown.clear()
        self._shown[host] = now, shown

    def of(self, host: str) -> Shown | None:
        """What `host` showed last, if it was asked since the start."""
        known = self._shown.get(host)
        return None if known is None else known[1]
