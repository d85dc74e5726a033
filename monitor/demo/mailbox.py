"""A mailbox on 127.0.0.1 that takes every letter and shows its subject: the part of RFC 5321 that a sender needs, and no more."""

from __future__ import annotations

import asyncio
import email.policy
import re
from collections.abc import Callable
from dataclasses import dataclass
from email.parser import BytesParser
from types import TracebackType
from typing import Self

MAX_LETTER = 1_000_000  # bytes; StreamReader's limit, too
ADDRESS = re.compile(rb"<([^<>]*)>")


@dataclass(frozen=True)
class Letter:
    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @property
    def subject(self) -> str:
        return str(BytesParser(policy=email.policy.default).parsebytes(self.raw, headersonly=True)["Subject"] or "(no subject)")


class Mailbox:
    """`async with Mailbox(take) as mailbox:` listens on `mailbox.port`; `take` gets each letter."""

    def __init__(self, take: Callable[[Letter], None]) -> None:
        self._take = take
        self._server: asyncio.Server | None = None
        self._sessions: set[asyncio.Task[None]] = set()
        self.port = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._session, "127.0.0.1", 0, limit=MAX_LETTER)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._server is not None:
            self._server.close()
        for session in self._sessions:
            session.cancel()
        await asyncio.gather(*self._sessions, return_exceptions=True)

    async def _session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._sessions.add(task)
            task.add_done_callback(self._sessions.discard)
        try:
            await self._speak(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # the sender left in the middle: it has kept the letter
        finally:
            writer.close()

    async def _speak(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def say(line: str) -> None:
            writer.write(line.encode() + b"\r\n")
            await writer.drain()

        sender, recipients = "", list[str]()
        await say("220 demo.invalid takes every letter")
        while True:
            line = await reader.readuntil(b"\r\n")
            verb = line[:4].upper().decode("ascii", "replace")
            found = ADDRESS.search(line)
            address = found[1].decode("ascii", "replace") if found else ""
            match verb:
                case "EHLO" | "HELO" | "NOOP":
                    await say("250 demo.invalid")
                case "MAIL":
                    sender, recipients = address, []
                    await say("250 OK")
                case "RCPT":
                    recipients.append(address)
                    await say("250 OK")
                case "RSET":
                    sender, recipients = "", []
                    await say("250 OK")
                case "DATA":
                    await say("354 end with a dot")
                    raw = await reader.readuntil(b"\r\n.\r\n")
                    self._take(Letter(sender, tuple(recipients), raw[:-3].replace(b"\r\n..", b"\r\n.")))
                    await say("250 taken")
                case "QUIT":
                    await say("221 goodbye")
                    return
                case _:
                    await say("502 this mailbox does not know that")
