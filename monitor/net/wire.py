"""aiohttp's reader of answers, with the bounds and the words that it lacks."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.streams import EMPTY_PAYLOAD, StreamReader

from monitor.errors import FetchError
from monitor.net.certificates import Certificates

_MOST_RAW = 32_000_000  # bytes of one answer as they come, with headers and the frames of chunks
_MOST_HEAD = 500_000  # bytes before the body begins; honest answers stay under a tenth of it


class BoundedHandler(ResponseHandler):
    """Ends what the size of a body never shows: interim answers, headers and chunk extensions without end.

    It also tells the reader of a body that the rest can't come: aiohttp leaves it waiting where the framing breaks in the
    middle, and calls a body without a length whole when the connection is reset.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, certificates: Certificates | None = None) -> None:
        super().__init__(loop)
        self._seen = 0
        self._past: object = None
        self._certificates = certificates

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if self._certificates is not None:
            self._certificates.look(transport)

    def set_response_params(self, **params: Any) -> None:
        self._seen = 0
        self._past = self._payload
        super().set_response_params(**params)

    def data_received(self, data: bytes) -> None:
        body = self._body_under_way()
        if self._seen > (_MOST_HEAD if body is None else _MOST_RAW):
            most = f"{_MOST_HEAD // 1_000} kB before its body" if body is None else f"{_MOST_RAW // 1_000_000} MB with its framing"
            self.set_exception(FetchError("too-large", f"the answer is larger than {most}"))
        else:
            self._seen += len(data)
            super().data_received(data)
        failure = self.exception()
        if failure is not None and body is not None and not body.is_eof():
            body.set_exception(failure)

    def connection_lost(self, exc: BaseException | None) -> None:
        body = self._body_under_way()
        if exc is not None and body is not None and not body.is_eof():
            error = aiohttp.ClientPayloadError("the connection was lost")
            error.__cause__ = exc
            body.set_exception(error)
        super().connection_lost(exc)

    def _body_under_way(self) -> StreamReader | None:
        """The body of the answer at hand; None before it begins, while the last one's may still hang on."""
        body = self._payload
        return None if body is self._past or body is EMPTY_PAYLOAD else body
