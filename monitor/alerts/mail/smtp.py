"""One mail transaction with one server: the address that was checked is the one that is connected, the password goes over TLS only.

Sources: RFC 5321 (a reply of 4xx may be tried again, 5xx not), RFC 3207 (STARTTLS), RFC 4954 (AUTH).
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

import aiosmtplib

from monitor.alerts.channels.base import Client
from monitor.alerts.mail.address import Server

CONNECT_TIME = 10.0  # seconds for one of a server's addresses


@dataclass(slots=True)
class Result:
    """What a server said: for each recipient its own refusal, or for all of them one answer. `code` 0: no answer came."""

    taken: list[str] = field(default_factory=list)
    refused: dict[str, tuple[int, str]] = field(default_factory=dict)
    code: int = 0
    text: str = ""


class NoTls(Exception):
    """A password is to be used and the server offers no TLS."""


async def submit(
    client: Client,
    server: Server,
    sender: str,
    recipients: Sequence[str],
    data: bytes,
    *,
    local: str,
    ca_file: str | None,
    allow_private: bool,
) -> Result:
    """Hands one message to the server for `recipients`.

    Raises FetchError (name or address refused by the guard), NoTls, OSError, aiosmtplib.SMTPException other than refusals of recipients.
    """
    addresses = await client.check_host(server.host, server.port, allow_private=allow_private)
    connection = aiosmtplib.SMTP(
        hostname=server.host,
        use_tls=server.implicit_tls,
        start_tls=False if server.implicit_tls else None,
        tls_context=await asyncio.to_thread(_tls, ca_file),
        local_hostname=local,
        timeout=None,
        sock=await _connect(addresses, server.port),
    )
    try:
        await connection.connect()
        if server.user is not None:
            if connection.get_transport_info("sslcontext") is None:
                raise NoTls
            await connection.login(server.user, server.password or "")
        return await _transact(connection, sender, recipients, data)
    finally:
        connection.close()


@cache
def _tls(ca_file: str | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if ca_file:
        context.load_verify_locations(ca_file)
    return context


async def _connect(addresses: Sequence[str], port: int) -> socket.socket:
    """A connected socket to the first address that answers. Raises the last OSError."""
    loop = asyncio.get_running_loop()
    error: OSError = OSError("the server has no address")
    for address in addresses:
        sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
        sock.setblocking(False)
        try:
            async with asyncio.timeout(CONNECT_TIME):
                await loop.sock_connect(sock, (address, port))
        except OSError as failed:  # TimeoutError is one
            sock.close()
            error = failed
        except BaseException:
            sock.close()
            raise
        else:
            return sock
    raise error


async def _transact(connection: aiosmtplib.SMTP, sender: str, recipients: Sequence[str], data: bytes) -> Result:
    try:
        refused, text = await connection.sendmail(sender, list(recipients), data)
    except aiosmtplib.SMTPRecipientsRefused as error:
        answers = {one.recipient: (one.code, one.message) for one in error.recipients}
        return Result(refused=answers, code=next(iter(answers.values()))[0], text="no recipient was taken")
    await _leave(connection)
    answers = {address: (response.code, response.message) for address, response in refused.items()}
    return Result(taken=[address for address in recipients if address not in answers], refused=answers, code=250, text=text)


async def _leave(connection: aiosmtplib.SMTP) -> None:
    """Says QUIT; the message is taken already, whatever comes of it."""
    try:
        async with asyncio.timeout(2.0):
            await connection.quit()
    except (OSError, aiosmtplib.SMTPException):
        connection.close()
