"""Everything that can go wrong on the way to an answer, told as FetchError: what, where, and what to do next.

Texts name the host and never the path: a webhook's path is its password. What a library says is quoted only redacted.
"""

from __future__ import annotations

import errno
import socket
import ssl
from dataclasses import dataclass

import aiohttp
from aiohttp import http_exceptions
from yarl import URL

from monitor.errors import FetchError
from monitor.net.errand import place
from monitor.net.names import Refused, was_refused
from monitor.net.redact import redact

_LATER = "It is tried again by itself"

_SYSTEM_WORDS = {
    errno.ECONNREFUSED: "refuses the connection",
    errno.ECONNRESET: "reset the connection",
    errno.EPIPE: "closed the connection",
    errno.ECONNABORTED: "closed the connection",
    errno.EHOSTUNREACH: "can't be reached (no route to the host)",
    errno.ENETUNREACH: "can't be reached (no route to its network)",
    errno.ETIMEDOUT: "does not take the connection (timed out)",
    errno.EADDRNOTAVAIL: "can't be reached from this machine's addresses",
    errno.EACCES: "may not be reached (the system forbids it)",
    errno.EPERM: "may not be reached (the system forbids it)",
}
_RENEW = "Whoever runs the site must mend it; it is tried again by itself"
_OWN = "If it is your own authority's, name its file in network.ca_file; else whoever runs the site must mend it"
# By the code of OpenSSL's verification (x509_vfy.h).
_CERTIFICATES = {
    9: ("that is not valid yet", "Check this machine's clock; else whoever runs the site must mend it"),
    10: ("that has run out", "Whoever runs the site must renew it; it is tried again by itself"),
    18: ("that it has signed itself", _OWN),
    19: ("of an authority that nobody vouches for", _OWN),
    20: ("of an authority that is not known here", _OWN),
    21: ("whose chain is not whole", _OWN),
    23: ("that was revoked", _RENEW),
    62: ("of another name", "Check the URL's host; else whoever runs the site must mend it"),
    64: ("of another address", "Use the site's name in the URL; else whoever runs the site must mend it"),
}
_LOCAL_TROUBLE = {
    errno.EMFILE: ("too many files are open", "Raise the limit of open files (LimitNOFILE)"),
    errno.ENFILE: ("too many files are open on this machine", "Raise fs.file-max"),
    errno.ENOBUFS: ("the system has no memory left for connections", None),
    errno.ENOMEM: ("the system has no memory left for connections", None),
}


@dataclass(slots=True)
class Trip:
    """Where a request stands, for the words of an error."""

    url: URL | None
    deadline: float  # seconds
    stage: str = "answer"  # turn, answer, body
    stream: aiohttp.StreamReader | None = None
    name: str | None = None  # what is asked, where it is no URL

    @property
    def host(self) -> str:
        return self.name or ("the host" if self.url is None else place(self.url))

    @property
    def got(self) -> int:
        """Bytes of the body that came."""
        return 0 if self.stream is None else self.stream.total_bytes


def timed_out(trip: Trip) -> FetchError:
    """The error for a passed deadline."""
    seconds = f"{trip.deadline:g} s"
    if trip.stage == "turn":
        text = f"no turn at {trip.host} came free within {seconds}"
        remedy = "Others are waiting at the same host; raise network.per_host if it allows more"
    elif trip.stage == "body":
        text, remedy = f"{trip.host} sent {_size(trip.got)} but not the whole answer within {seconds}", _LATER
    else:
        text, remedy = f"{trip.host} did not answer within {seconds}", _LATER
    return FetchError("timeout", text, remedy=remedy)


def explain(exc: BaseException, trip: Trip) -> FetchError:
    """`exc`, as a client raised it on the way of `trip`, as FetchError."""
    if isinstance(exc, FetchError):
        return exc
    if isinstance(exc, aiohttp.ClientConnectorError):
        return _from_connector(exc, trip)
    if isinstance(exc, aiohttp.ServerDisconnectedError):
        return FetchError("connect", f"{trip.host} closed the connection without an answer", remedy=_LATER)
    if isinstance(exc, aiohttp.ClientPayloadError | http_exceptions.PayloadEncodingError):
        return _from_payload(exc, trip)
    if isinstance(exc, aiohttp.ClientHttpProxyError):
        return FetchError(
            "connect", f"the proxy does not lead to {trip.host}: {exc.status} {_one_line(exc.message)}", remedy="Check network.proxy"
        )
    if isinstance(exc, aiohttp.ClientResponseError | http_exceptions.HttpProcessingError):
        return FetchError(
            "protocol",
            f"{trip.host} does not answer in HTTP as it is spoken: {_one_line(exc.message)}",
            remedy="Check that the URL belongs to a web server",
        )
    if isinstance(exc, aiohttp.InvalidURL | aiohttp.NonHttpUrlClientError):
        return FetchError("bad-url", "the URL can't be read", permanent=True, remedy="Check the URL")
    if isinstance(exc, ssl.SSLError):
        return _from_tls(exc, trip)
    if isinstance(exc, socket.gaierror):
        return _from_lookup(exc, trip)
    if isinstance(exc, OSError):
        return _from_system(exc, trip)
    if isinstance(exc, aiohttp.ClientConnectionError):
        return FetchError("connect", f"the connection to {trip.host} was lost: {_one_line(exc)}", remedy=_LATER)
    if isinstance(exc, UnicodeError | ValueError):
        return FetchError(
            "bad-url", f"the request to {trip.host} can't be written: {_one_line(exc)}", permanent=True, remedy="Check URL and headers"
        )
    return FetchError("protocol", f"the request to {trip.host} failed: {type(exc).__name__}: {_one_line(exc)}", remedy=_LATER)


def _from_connector(exc: aiohttp.ClientConnectorError, trip: Trip) -> FetchError:
    cause = exc.os_error
    if isinstance(cause, Refused):
        return cause.failure
    if was_refused(cause):
        return FetchError("forbidden-address", f"{trip.host} leads only to addresses that are not to be reached", permanent=True)
    if isinstance(exc, aiohttp.ClientConnectorCertificateError):
        return _from_tls(exc.certificate_error, trip)
    if isinstance(exc, aiohttp.ClientConnectorSSLError):
        return _from_tls(cause, trip)
    if isinstance(exc, aiohttp.ClientConnectorDNSError):
        return _from_lookup(cause, trip)
    if isinstance(exc, aiohttp.ClientProxyConnectionError):
        inner = _from_system(cause, Trip(None, trip.deadline, name="the proxy"))
        return FetchError("connect", inner.text, remedy="Check network.proxy")
    return _from_system(cause, trip)


def _from_lookup(cause: OSError, trip: Trip) -> FetchError:
    if isinstance(cause, socket.gaierror) and cause.errno in (socket.EAI_AGAIN, socket.EAI_FAIL):
        return FetchError(
            "dns", f"{trip.host} could not be looked up: the name server does not answer", remedy="Check the machine's network"
        )
    if isinstance(cause, socket.gaierror):
        return FetchError("dns", f"the name {trip.host} is not found", remedy="Check its spelling; the site may be gone")
    return _from_system(cause, trip)


def _from_tls(cause: BaseException, trip: Trip) -> FetchError:
    if isinstance(cause, ssl.SSLCertVerificationError):
        words = getattr(cause, "verify_message", None) or str(cause)
        what, remedy = _CERTIFICATES.get(getattr(cause, "verify_code", None) or 0, ("that is not valid", _RENEW))
        return FetchError("certificate", f"{trip.host} shows a certificate {what}: {_one_line(words)}", remedy=remedy)
    words = getattr(cause, "reason", None) or str(cause)
    return FetchError(
        "certificate",
        f"no TLS with {trip.host}: {_one_line(str(words).replace('_', ' ').lower())}",
        remedy="Check that the port speaks https",
    )


def _from_payload(exc: BaseException, trip: Trip) -> FetchError:
    got = _size(trip.got)
    inner = exc.__cause__
    if isinstance(inner, http_exceptions.TransferEncodingError | http_exceptions.ContentLengthError) or "not enough" in str(exc).lower():
        return FetchError("connect", f"{trip.host} broke off after {got} of its answer", remedy=_LATER)
    if isinstance(inner, OSError):
        return FetchError("connect", f"the connection to {trip.host} was lost after {got} of its answer", remedy=_LATER)
    return FetchError("protocol", f"{trip.host} sent a broken answer after {got}: {_one_line(exc)}", remedy=_LATER)


def _from_system(cause: OSError, trip: Trip) -> FetchError:
    code = cause.errno or 0
    if code in _LOCAL_TROUBLE:
        text, remedy = _LOCAL_TROUBLE[code]
        return FetchError("connect", f"no connection to {trip.host}: {text}", remedy=remedy or _LATER)
    if code in _SYSTEM_WORDS:
        return FetchError("connect", f"{trip.host} {_SYSTEM_WORDS[code]}", remedy=_LATER)
    return FetchError("connect", f"no connection to {trip.host}: {_one_line(cause.strerror or cause)}", remedy=_LATER)


def _one_line(words: object) -> str:
    text = redact(" ".join(str(words).split()))
    text = "".join(char if char.isprintable() else "?" for char in text)
    return text if len(text) <= 160 else text[:157] + "…"


def _size(count: int) -> str:
    if count >= 1_000_000:
        return f"{count / 1_000_000:.1f} MB"
    return f"{count / 1_000:.0f} kB" if count >= 1_000 else f"{count} bytes"
