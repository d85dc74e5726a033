"""`web`: dashboard, API and metrics."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema
from yarl import URL

from monitor.config.keys.base import Flag, HeaderName, Keys, Name, Network, http_url, text
from monitor.config.units import wrong

Role = Literal["viewer", "editor"]


@dataclass(frozen=True, slots=True)
class Listen:
    """Where the dashboard listens: `host` and `port`, or `path` of a Unix socket."""

    host: str | None = None
    port: int = 0
    path: str | None = None

    @property
    def loopback(self) -> bool:
        return self.path is not None or is_loopback(self.host or "")

    def __str__(self) -> str:
        if self.path is not None:
            return f"unix:{self.path}"
        return f"[{self.host}]:{self.port}" if ":" in (self.host or "") else f"{self.host}:{self.port}"


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower().rstrip(".") in ("localhost", "localhost.localdomain") or host.lower().rstrip(".").endswith(".localhost")


def listen(value: object) -> Listen:
    """`host:port`, `[::1]:port`, or `unix:/path`."""
    written = text(value).strip()
    expected = "host:port, as 127.0.0.1:8642, or unix:/run/monitor/web.sock"
    if written.startswith("unix:"):
        path = written.removeprefix("unix:")
        if not path.startswith("/") or len(path.encode()) > 100:
            raise wrong("the path of a Unix socket begins with / and has at most 100 bytes", expected=expected)
        return Listen(path=path)
    match = re.fullmatch(r"(?:\[([0-9A-Fa-f:.]+(?:%\w+)?)\]|([^:/\s\[\]]+)):([0-9]{1,5})", written, re.ASCII)
    if match is None or int(match[3]) > 65535:
        advice = f"write 127.0.0.1:{written.lstrip(':')}" if re.fullmatch(r":?[0-9]{1,5}", written, re.ASCII) else None
        raise wrong(f"{written!r} is no address to listen on", expected=expected, suggestion=advice)
    return Listen(match[1] or match[2], int(match[3]))


def base_url(value: object) -> str:
    """How others reach the dashboard: without a slash at the end, query or fragment."""
    written = http_url(value)
    url = URL(written)
    if url.query_string or url.fragment or url.user:
        raise wrong("a base URL is scheme, host and path alone", expected="such as https://watch.example.org/news")
    return written.rstrip("/")


def _password(value: object) -> str:
    written = text(value)
    if not re.fullmatch(r"scrypt:[\x21-\x7e]{20,400}", written):
        raise wrong("this is no hash of a password", expected='"scrypt:…", as `monitor password` prints it')
    return written


def _token(value: object) -> str:
    written = text(value)
    if not re.fullmatch(r"sha256:[0-9a-f]{64}", written):
        raise wrong("this is no hash of a token", expected='"sha256:…", as `monitor token` prints it')
    return written


_Listen = Annotated[
    Listen, BeforeValidator(listen), WithJsonSchema({"type": "string", "examples": ["127.0.0.1:8642", "unix:/run/monitor/web.sock"]})
]
_BaseUrl = Annotated[str, BeforeValidator(base_url), WithJsonSchema({"type": "string", "examples": ["https://watch.example.org/news"]})]
_Password = Annotated[str, BeforeValidator(_password), WithJsonSchema({"type": "string"})]
_Token = Annotated[str, BeforeValidator(_token), WithJsonSchema({"type": "string"})]


class User(Keys):
    """A person who signs in with a password."""

    role: Role = Field("viewer", description="A viewer reads; an editor also triages, edits, retries and tests.")
    password: _Password = Field(description="What `monitor password` prints.")


class Token(Keys):
    """A program that signs in with a bearer token."""

    role: Role = Field("viewer", description="viewer or editor.")
    token: _Token = Field(description="What `monitor token` prints.")


class Proxy(Keys):
    """A proxy that has signed people in already, and names them in a header."""

    user_header: HeaderName = Field(description="The header with the name, such as Remote-User.")
    from_: tuple[Network, ...] = Field(alias="from", min_length=1, description="The proxy's own addresses; others' header is ignored.")
    role: Role = Field("viewer", description="The role of those it names.")


class WebKeys(Keys):
    """Dashboard, API and metrics."""

    listen: _Listen = Field(default_factory=lambda: Listen("127.0.0.1", 8642), description="host:port, or unix:/path.")
    base_url: _BaseUrl | None = Field(None, description="How others reach it: path prefix, links in messages, allowed host.")
    auth: Literal["auto", "required"] = Field("auto", description="auto: no sign-in on loopback alone.")
    users: dict[Name, User] = Field({}, description="Who may sign in.")
    tokens: dict[Name, Token] = Field({}, description="Programs that may ask the API.")
    proxy: Proxy | None = Field(None, description="A proxy that signs people in.")
    edit: Flag = Field(True, description="Whether feeds, rules and entities may be added in the dashboard.")

    @property
    def opened(self) -> tuple[Listen, str] | None:
        """Where to listen, and the path prefix of `base_url`; None where neither of the two is written."""
        if not self.model_fields_set & {"listen", "base_url"}:
            return None
        return self.listen, URL(self.base_url).path.rstrip("/") if self.base_url else ""
