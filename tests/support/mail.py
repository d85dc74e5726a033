"""A real SMTP server for tests: aiosmtpd in the test's own loop, with TLS, sign-in, and the faults of real servers."""

from __future__ import annotations

import asyncio
import email.policy
import ssl
import time
import warnings
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

CERTS = Path(__file__).with_name("certs")
CA_FILE = CERTS / "ca.pem"  # what a client trusts to accept the server's certificate (127.0.0.1, localhost)


def server_tls() -> ssl.SSLContext:
    """A context for servers of tests, with the certificate that CA_FILE vouches for."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTS / "server.pem", CERTS / "server.key")
    return context


@dataclass(frozen=True)
class Mail:
    """One message as the server took it from one client, with the recipients it took it for."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    at: float
    tls: bool
    user: str | None

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=email.policy.default)

    def part(self, kind: str = "plain") -> str:
        """The text of the plain or html part."""
        body = self.message.get_body((kind,))
        return "" if body is None else cast(str, body.get_content()).replace("\r\n", "\n")


class MailSink:
    """`async with MailSink() as sink:` takes mail on 127.0.0.1.

    tls: `none`, `starttls` or `implicit`. `login` is the (user, password) that it wants, over TLS only unless
    `clear_login`. `refuse` maps recipients to the answer at RCPT; `answers` holds answers to the next DATA commands
    (None: take it); `hang` at `connect`, `rcpt` or `data` says nothing until the end; `drop_after_data` takes the
    message and closes without an answer.
    """

    def __init__(self, *, tls: str = "none", login: tuple[str, str] | None = None, clear_login: bool = False) -> None:
        self.tls, self.login, self.clear_login = tls, login, clear_login
        self.mails: list[Mail] = []
        self.refuse: dict[str, str] = {}
        self.answers: list[str | None] = []
        self.hang: str | None = None
        self.drop_after_data = False
        self.sessions = 0
        self.port = 0
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.BaseTransport] = set()
        self._work: set[asyncio.Task[None]] = set()
        self._end = asyncio.Event()

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        context = server_tls() if self.tls == "implicit" else None
        self._server = await loop.create_server(self._session, "127.0.0.1", self.port, ssl=context)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._end.set()
        if self._server is not None:
            self._server.close()
            for transport in list(self._open):
                cast(asyncio.Transport, transport).abort()
            await self._server.wait_closed()
        await asyncio.gather(*self._work, return_exceptions=True)

    @property
    def url(self) -> str:
        scheme = "smtps" if self.tls == "implicit" else "smtp"
        who = f"{self.login[0]}:{self.login[1]}@" if self.login else ""
        return f"{scheme}://{who}127.0.0.1:{self.port}"

    @property
    def connections(self) -> int:
        """How many are open; a message whose client is gone is read to its end first."""
        return len(self._open)

    def _session(self) -> SMTP:
        self.sessions += 1
        with warnings.catch_warnings():
            # aiosmtpd warns of sign-in over a clear connection, which some tests are about.
            warnings.simplefilter("ignore")
            return _Server(
                self,
                hostname="mail.test",
                tls_context=server_tls() if self.tls == "starttls" else None,
                authenticator=self._authenticate if self.login else None,
                auth_required=self.login is not None,
                auth_require_tls=not self.clear_login and self.tls != "implicit",
                timeout=60,
            )

    def _authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        given = (data.login.decode(), data.password.decode())
        return AuthResult(success=given == self.login, auth_data=given[0], handled=False)

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        if self.hang == "rcpt":
            await self._end.wait()
        if (answer := self.refuse.get(address)) is not None:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.hang == "data":
            await self._end.wait()
        if self.answers and (answer := self.answers.pop(0)) is not None:
            return answer
        raw = envelope.original_content or b""
        user = session.auth_data if isinstance(session.auth_data, str) else None
        tls = self.tls == "implicit" or session.ssl is not None
        self.mails.append(Mail(envelope.mail_from or "", tuple(envelope.rcpt_tos), raw, time.monotonic(), tls, user))
        if self.drop_after_data:
            cast(asyncio.Transport, server.transport).abort()
        return "250 OK: taken"


class _Server(SMTP):
    """aiosmtpd's session, whose connection the sink can end, and which can be silent from the start."""

    def __init__(self, sink: MailSink, **options: Any) -> None:
        super().__init__(sink, loop=asyncio.get_running_loop(), **options)
        self._sink = sink
        self._mine: set[asyncio.BaseTransport] = set()  # two after STARTTLS

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._mine.add(transport)
        self._sink._open.add(transport)
        if self._sink.hang != "connect":
            super().connection_made(transport)
            assert self._handler_coroutine is not None
            self._sink._work.add(self._handler_coroutine)

    def connection_lost(self, error: Exception | None) -> None:
        self._sink._open -= self._mine
        if self.session is not None:
            super().connection_lost(error)
