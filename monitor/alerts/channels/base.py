"""What every channel is: the protocol, what it is built with, and the base of its options."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from monitor.alerts.lanes import Rate
from monitor.model import AlertView, Message, Notice, Outcome

HTTP_DEADLINE = 15.0
SMTP_DEADLINE = 30.0


class Answer(Protocol):
    """What an HTTP request brought; `monitor.net.Response` is one."""

    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def body(self) -> bytes: ...


class Client(Protocol):
    """What channels need of `monitor.net.Client`: it guards addresses, follows no redirect, and raises FetchError."""

    async def post(
        self,
        url: str,
        *,
        body: bytes,
        headers: Mapping[str, str],
        deadline: float = 15.0,
        limit: int = 64_000,
        allow_private: bool = False,
        method: Literal["POST", "PUT"] = "POST",
    ) -> Answer: ...

    async def check_host(self, host: str, port: int, *, allow_private: bool = False) -> list[str]: ...


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _no_terminal(_: str) -> None:
    raise OSError("there is no terminal to write to")


@dataclass(frozen=True, slots=True)
class Services:
    """What a channel is built with. `write` takes text for the terminal; `tty` says that a person reads there (else JSON lines)."""

    client: Client
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    base_url: str | None = None
    write: Callable[[str], None] = _no_terminal
    tty: bool = False
    color: bool = False
    random: Random = field(default_factory=Random)
    clock: Callable[[], datetime] = _utc_now  # an answer's Retry-After and a signature need the moment of sending
    user_agent: str = "news-monitor"
    ca_file: str | None = None  # more certificates to trust, for mail; the client brings its own


class Options(BaseModel):
    """Keys of one channel type. Values come from the configuration with `${ENV}` already filled in; an error never repeats them."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, str_strip_whitespace=True, use_attribute_docstrings=True
    )


class NetOptions(Options):
    """Keys of channels that reach a service over the network."""

    allow_private: bool = False
    """The service may stand on a private address; opens nothing to feeds."""


class Channel(Protocol):
    """Composes messages, sends them, and judges the answers.

    `human` channels tell all alerts of one story in one message; others get one alert a message. `target` names where messages go without a
    secret, the same for the same place: it is the lane's key. `deadline` bounds one send, in seconds; `rate` is what the service bears.
    A channel with an attribute `threads` that is true hangs later messages of a story on the first: its outcomes have an `anchor`, which
    the alerts of the story bear as `thread` from then on.
    """

    type: str
    name: str
    human: bool
    target: str
    deadline: float
    rate: Rate | None

    def compose(self, alerts: Sequence[AlertView], *, now: datetime, zone: ZoneInfo, base_url: str | None) -> Message: ...

    def compose_digest(
        self,
        alerts: Sequence[AlertView],
        *,
        now: datetime,
        zone: ZoneInfo,
        base_url: str | None,
        delivery_id: str | None = None,
        reason: str = "digest",
    ) -> Message:
        """One message of many alerts. `delivery_id` is the digest's own (else the first alert's); `reason` says why they come together."""
        ...

    def compose_notice(
        self, notice: Notice | Sequence[Notice], *, now: datetime, zone: ZoneInfo, base_url: str | None, delivery_id: str | None = None
    ) -> Message:
        """One message of a notice, or of several at once for a human channel."""
        ...

    async def send(self, message: Message, previous: Mapping[str, str] | None = None) -> Outcome:
        """Sends once. `previous` is `Outcome.recipients` of the last try. Never raises for what the service or the network did."""
        ...


def notices(notice: Notice | Sequence[Notice]) -> tuple[Notice, ...]:
    return (notice,) if isinstance(notice, Notice) else tuple(notice)
