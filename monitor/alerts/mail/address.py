"""Addresses and servers as the configuration writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.headerregistry import Address
from urllib.parse import unquote

from monitor.alerts.clean import clean, cut

_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_ADDRESS = re.compile(rf"({_LOCAL})@([^\s@<>\"(),:;\\]+)")
_NAMED = re.compile(r"\s*(?:\"([^\"\r\n]*)\"|([^<>\"\r\n]*?))\s*<([^<>\r\n]+)>\s*")
_SERVER = re.compile(r"(smtps?)://(?:(?P<user>.*)@)?(?P<host>\[[0-9A-Fa-f:.]+\]|[^\s:@/\[\]]+)(?::(?P<port>\d{1,5}))?/?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A display name, perhaps empty, and an address in ASCII (its domain as IDNA)."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]

    def header(self) -> Address:
        return Address(display_name=break_encoded(self.name), addr_spec=self.address)


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server. `implicit_tls`: TLS from the first byte; else STARTTLS where it is offered."""

    host: str
    port: int
    implicit_tls: bool
    user: str | None
    password: str | None


def break_encoded(text: str) -> str:
    """One line of outside text for a header: `=?` is parted, or EmailMessage would decode it, line ends included."""
    return clean(text).replace("=?", "=\u2060?")


def parse_mailbox(text: str) -> Mailbox:
    """`a@example.org` or `Desk <a@example.org>`. Raises ValueError for anything else."""
    named = _NAMED.fullmatch(text)
    name, address = (named[1] or named[2] or "", named[3].strip()) if named else ("", text.strip())
    found = _ADDRESS.fullmatch(address)
    if found is None or len(address) > 254:
        raise ValueError(f"'{cut(clean(text), 80)}' is not a mail address")
    try:
        domain = found[2].encode("idna").decode() if not found[2].isascii() else found[2]
    except UnicodeError:
        raise ValueError(f"'{cut(clean(text), 80)}' is not a mail address: its domain can't be used")
    if not re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?", domain) or ".." in domain:
        raise ValueError(f"'{cut(clean(text), 80)}' is not a mail address: its domain can't be used")
    return Mailbox(cut(clean(name), 100), f"{found[1]}@{domain}")


def parse_server(url: str) -> Server:
    """`smtp://user:password@host:587`, `smtps://host`. Raises ValueError, which never shows the password.

    Without a port: 465 for smtps, 587 for smtp with a user, 25 without. User and password may be percent-encoded; the last `@` ends them.
    """
    found = _SERVER.fullmatch(url)
    if found is None:
        raise ValueError("a mail server is written smtp://user:password@host:587 or smtps://host")
    implicit = found[1] == "smtps"
    user, password = None, None
    if found["user"]:
        name, colon, word = found["user"].partition(":")
        user, password = unquote(name), unquote(word) if colon else ""
    port = int(found["port"] or (465 if implicit else 587 if user else 25))
    if not 1 <= port <= 65_535:
        raise ValueError(f"{port} is no port")
    return Server(found["host"].strip("[]"), port, implicit, user, password)
