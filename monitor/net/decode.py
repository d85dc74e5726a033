"""Content codings undone while the bytes stream in, within a hard limit of output: a bomb costs no more than the limit.

gzip and deflate (RFC 1952, 1950, 1951), br (RFC 7932), zstd (RFC 8878, window of 8 MB at most). One layer only: nothing
honest is coded twice.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterable
from typing import Any, Protocol

import brotli

from monitor.errors import FetchError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPT_ENCODING = "gzip, deflate, br, zstd"

_SLICE = 262_144  # bytes of output made at a time
_MAX_MEMBERS = 1_000  # concatenated members or frames; honest files have one or a few
_WINDOW_LOG = 23  # RFC 8878, section 7.2, and RFC 9659: 8 MB

# Values seen where nothing is coded at all: a charset, or a word for "none".
_UNCODED = frozenset({"", "identity", "none", "utf-8", "utf8", "binary", "8bit"})


def coding_of(values: Iterable[str]) -> str | None:
    """The one content coding that the `Content-Encoding` lines name; None if the body is uncoded.

    Raises FetchError(`encoding`) for more than one layer or a coding that is not known.
    """
    names = [name for value in values for name in (part.strip().lower() for part in value.split(",")) if name not in _UNCODED]
    if not names:
        return None
    if len(names) > 1:
        raise _failure(f"the answer is coded {len(names)} times ({', '.join(names)[:60]}), one layer is taken")
    name = names[0].removeprefix("x-")
    if name not in _MAKERS:
        raise _failure(f"the answer is coded as {name[:40]!r}, which was not asked for")
    return name


class Inflow:
    """Gathers a body: `feed` what arrives, `finish` when it is whole. `coding` as `coding_of` tells it, or None.

    Both the bytes that arrive and those that come out are held to `limit`. Raises FetchError: `too-large`, or `encoding`
    where the coding is broken or ends too early.
    """

    def __init__(self, coding: str | None, limit: int) -> None:
        self._coding = coding
        self._limit = limit
        self._body: bytes | bytearray = b""
        self._member: _Member | None = None
        self._members = 0
        self._head = b""
        self.wire_bytes = 0

    @property
    def so_far(self) -> bytes:
        """What has come out by now."""
        return bytes(self._body)

    def feed(self, data: bytes) -> None:
        """Take bytes as they arrive."""
        self.wire_bytes += len(data)
        if self.wire_bytes > self._limit:
            raise too_large(self._limit)
        if self._coding is None:
            self._keep(data)
            return
        try:
            self._decode(data)
        except (zlib.error, brotli.error, zstd.ZstdError, ValueError) as exc:
            raise _failure(f"the answer says it is coded as {self._coding}, and is not: {str(exc)[:100]}") from None

    def finish(self) -> bytes:
        """The whole body, at the end of the stream."""
        if self._head or (self._member is not None and not self._member.ended):
            raise _failure(f"the answer is cut short: its {self._coding} coding has no end")
        return bytes(self._body)

    def _keep(self, data: bytes) -> None:
        if len(self._body) + len(data) > self._limit:
            raise too_large(self._limit)
        if not self._body:
            self._body = data  # most bodies come in one piece, and are never copied
        elif isinstance(self._body, bytearray):
            self._body += data
        else:
            self._body = bytearray(self._body) + data

    def _decode(self, data: bytes) -> None:
        while data:
            if self._member is None or self._member.ended:
                data = self._head + data
                self._head = b""
                if self._members and not _begins_member(self._coding, data):
                    return  # padding after the end is common, and every client passes over it
                if self._coding == "deflate" and len(data) < 2:
                    self._head = data
                    return
                self._members += 1
                if self._members > _MAX_MEMBERS:
                    raise ValueError(f"more than {_MAX_MEMBERS:,} parts")
                self._member = _MAKERS[self._coding or ""](data)
            data = self._drain(self._member, data)

    def _drain(self, member: _Member, data: bytes) -> bytes:
        """Run one member over `data`; what is left lies beyond its end."""
        # One byte over the limit is enough to know that it is passed.
        self._keep(member.run(data, min(_SLICE, self._limit - len(self._body) + 1)))
        while member.more:
            self._keep(member.run(b"", min(_SLICE, self._limit - len(self._body) + 1)))
        return member.rest


def too_large(limit: int) -> FetchError:
    """The error for a body over `limit` bytes."""
    text = f"the answer is larger than {limit / 1_000_000:g} MB" if limit >= 1_000_000 else f"the answer is larger than {limit:,} bytes"
    return FetchError("too-large", text, remedy="Nothing that is read as news is so large; check the URL")


def _failure(text: str) -> FetchError:
    return FetchError("encoding", text, remedy="The server sends a broken or unusual compression; its operator should know")


class _Member(Protocol):
    """One compressed member: `run` gives at most `limit` bytes and `more` says that there are others for b""."""

    ended: bool
    more: bool
    rest: bytes

    def run(self, data: bytes, limit: int) -> bytes: ...


class _Zlib:
    def __init__(self, wbits: int) -> None:
        self._inner = zlib.decompressobj(wbits)
        self.ended = self.more = False
        self.rest = b""

    def run(self, data: bytes, limit: int) -> bytes:
        out = self._inner.decompress(self._inner.unconsumed_tail + data if self.more else data, limit)
        self.ended = self._inner.eof
        self.more = bool(self._inner.unconsumed_tail) and not self.ended
        # A full slice with nothing left to read may still have output waiting inside.
        if not self.ended and not self.more and len(out) == limit:
            self.more = True
        self.rest = self._inner.unused_data
        return out


class _Brotli:
    def __init__(self) -> None:
        self._inner: Any = brotli.Decompressor()
        self.ended = self.more = False
        self.rest = b""  # the library refuses bytes after the end, so there is never a rest

    def run(self, data: bytes, limit: int) -> bytes:
        out: bytes = self._inner.process(data, output_buffer_limit=limit)
        self.ended = self._inner.is_finished()
        # All input may be taken in and output still be waiting: a full slice may have more behind it.
        self.more = not self.ended and (len(out) >= limit or not self._inner.can_accept_more_data())
        return out


class _Zstd:
    def __init__(self) -> None:
        self._inner: Any = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _WINDOW_LOG})
        self.ended = self.more = False
        self.rest = b""

    def run(self, data: bytes, limit: int) -> bytes:
        out: bytes = self._inner.decompress(data, limit)
        self.ended = self._inner.eof
        self.more = not self.ended and not self._inner.needs_input
        self.rest = self._inner.unused_data if self.ended else b""
        return out


def _gzip(data: bytes) -> _Member:
    return _Zlib(16 + zlib.MAX_WBITS)


def _deflate(data: bytes) -> _Member:
    # Servers send both zlib's form, as RFC 9110 says, and the bare stream: a valid zlib header tells them apart.
    zlib_header = data[0] & 0x0F == 8 and ((data[0] << 8) | data[1]) % 31 == 0
    return _Zlib(zlib.MAX_WBITS if zlib_header else -zlib.MAX_WBITS)


def _br(data: bytes) -> _Member:
    return _Brotli()


def _zst(data: bytes) -> _Member:
    return _Zstd()


_MAKERS = {"gzip": _gzip, "deflate": _deflate, "br": _br, "zstd": _zst}


def _begins_member(coding: str | None, data: bytes) -> bool:
    """Whether bytes after a member's end are another one (RFC 1952, section 2.2; RFC 8878, section 3)."""
    if coding == "gzip":
        return data[:2] == b"\x1f\x8b"
    return coding == "zstd" and data[:4] == b"\x28\xb5\x2f\xfd"
