"""Where each type of channel delivers in the runs of `kills_channels`: a real server, file or command, and what it has taken."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support import slack_rules
from tests.support.mail import MailSink
from tests.support.sinks import SlackSink, WebhookSink, verify_signature
from tests.unit.alerts.service import Answered, Asked, Service
from tests.unit.alerts.services import KINDS

_ITEM = re.compile(r"item(\d{6})x")  # stands in each alert's title
_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@dataclass(frozen=True)
class Taken:
    """A message that has arrived: which alerts it tells of, and its id where the service gets one."""

    items: tuple[str, ...]
    id: str | None


def taken(text: str, id_: str | None = None) -> Taken:
    found = tuple(dict.fromkeys(_ITEM.findall(text)))
    assert found, f"a message that tells of nothing: {text[:200]}"
    return Taken(found, id_)


class Receiver(ABC):
    """`keys` configure the channel. A service that is `idempotent` shows two messages of one id once."""

    keys: dict[str, Any]
    idempotent = False

    @property
    def connections(self) -> int:
        """Open connections: what a killed life has sent is read to its end first."""
        return 0

    @abstractmethod
    def taken(self, after: int) -> list[Taken]:
        """The messages that arrived, in order, without the first `after`."""


def _without_id(asked: Asked) -> str | None:
    return None


class _Http(Receiver):
    def __init__(
        self,
        service: Service,
        keys: dict[str, Any],
        rules: Callable[[Asked], Answered | None],
        id_of: Callable[[Asked], str | None] = _without_id,
    ) -> None:
        self.service, self.keys, self._id_of = service, {"allow_private": True, **keys}, id_of
        self.refused: list[Any] = []
        self._taken: list[Taken] = []

        def judge(asked: Asked) -> Answered | None:
            answer = rules(asked)
            if answer is None or answer[0] < 300:
                self._taken.append(taken(json.dumps(asked.json), self._id_of(asked)))
            else:
                self.refused.append(answer)
            return answer

        service.judge = judge

    @property
    def connections(self) -> int:
        return self.service.connections

    def taken(self, after: int) -> list[Taken]:
        assert not self.refused, self.refused[0]
        return self._taken[after:]


_IDS: dict[str, Callable[[Asked], str | None]] = {
    "matrix": lambda asked: asked.path.rpartition("/")[2],
    "pagerduty": lambda asked: str(asked.json["dedup_key"]),
    "ntfy": lambda asked: str(asked.json["sequence_id"]),
}
_IDEMPOTENT = {"matrix", "pagerduty"}


def _slack_api(asked: Asked) -> Answered | None:
    if asked.headers.get("Authorization") != "Bearer xoxb-token":
        return 401, {"ok": False, "error": "invalid_auth"}
    try:
        slack_rules.check(json.dumps(asked.json).encode())
    except slack_rules.Refused as refused:
        return 400, {"ok": False, "error": refused.code}
    return None


class _Sink(Receiver):
    def __init__(self, sink: WebhookSink, keys: dict[str, Any], *, signed: bool) -> None:
        self.sink, self.keys, self._signed = sink, {"allow_private": True, **keys}, signed

    @property
    def connections(self) -> int:
        return self.sink.connections

    def taken(self, after: int) -> list[Taken]:
        new = self.sink.received[after:]
        assert all(200 <= received.status < 300 for received in new)
        if self._signed:
            assert all(verify_signature(received, _SECRET) for received in new)
        return [taken(received.body.decode(), received.id or None) for received in new]


class _Mail(Receiver):
    def __init__(self, sink: MailSink) -> None:
        self.sink = sink
        to = ["a@example.org", "b@example.org"]
        self.keys = {"smtp": sink.url, "from": "monitor@example.org", "to": to, "allow_private": True}

    @property
    def connections(self) -> int:
        return self.sink.connections

    def taken(self, after: int) -> list[Taken]:
        return [taken(mail.part(), mail.message["Message-ID"]) for mail in self.sink.mails[after:]]


class _Lines(Receiver):
    """JSON lines: of a file, of what a command was given, or of a terminal."""

    def __init__(self, path: Path, keys: dict[str, Any], key: str | None) -> None:
        self.path, self.keys, self._key = path, keys, key
        path.touch()

    def taken(self, after: int) -> list[Taken]:
        found = []
        for line in self.path.read_text().splitlines()[after:]:
            value = json.loads(line)
            found.append(taken(line, str(value[self._key] if self._key else value["data"]["id"])))
        return found


@asynccontextmanager
async def receiving(name: str, folder: Path) -> AsyncIterator[Receiver]:
    """The receiver of a channel of NAMES."""
    lines = folder / f"{name}.jsonl"
    if name == "console":
        yield _Lines(folder / "paper.jsonl", {}, None)
    elif name == "file":
        yield _Lines(lines, {"path": str(lines)}, "delivery")
    elif name == "exec":
        yield _Lines(lines, {"command": ["/bin/sh", "-c", 'exec cat >> "$0"', str(lines)]}, "delivery")
    elif name == "email":
        async with MailSink() as mail:
            yield _Mail(mail)
    elif name == "webhook":
        async with WebhookSink() as sink:
            yield _Sink(sink, {"url": sink.url, "secret": _SECRET}, signed=True)
    elif name == "slack":
        async with SlackSink() as sink:
            yield _Sink(sink, {"webhook_url": sink.url}, signed=False)
    elif name == "apprise":
        async with Service() as service:
            receiver = _Http(service, {"url": f"json://127.0.0.1:{service.port}/"}, lambda asked: None)
            del receiver.keys["allow_private"]
            yield receiver
    elif name == "slack-bot":
        async with Service((200, {"ok": True, "ts": "1.1"})) as service:
            keys = {"token": "xoxb-token", "channel": "C0123", "api_url": service.url}
            yield _Http(service, keys, _slack_api)
    else:
        kind = next(kind for kind in KINDS if kind.name == name)
        async with Service(kind.usual) as service:
            receiver = _Http(service, kind.keys(service.url), kind.rules, _IDS.get(name, _without_id))
            receiver.idempotent = name in _IDEMPOTENT
            yield receiver


NAMES = ("webhook", "slack", "slack-bot", "email", "console", "file", "exec", "apprise", *sorted(kind.name for kind in KINDS))
