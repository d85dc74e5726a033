"""Receivers of alerts for tests: a webhook that answers as told, and a Slack that judges as Slack does."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.support import slack_rules
from tests.support.faults import Fault, commit


@dataclass(frozen=True)
class Received:
    """One POST that reached the sink; `status` is what it was answered."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    status: int
    at: float  # monotonic

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def id(self) -> str:
        return self.headers.get("webhook-id", "")


@dataclass
class Answer:
    """What the sink says next. `fault` (a Fault) goes before status and body."""

    status: int = 200
    body: str = "ok"
    headers: dict[str, str] = field(default_factory=dict)
    fault: Fault | None = None


class WebhookSink:
    """Takes any POST. `received` holds all of them, `accepted` those that were answered with 2xx."""

    usual = Answer()

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.plan: deque[Answer] = deque()  # answers to the next requests, then `lasting`
        self.lasting: Answer = self.usual
        self.port = 0
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=50_000_000)
        app.router.add_route("*", "/{tail:.*}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for answer in [*self.plan, self.lasting]:
            if answer.fault is not None:
                answer.fault.healed.set()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def answer(
        self,
        status: int = 200,
        body: str = "",
        *,
        times: int | None = 1,
        retry_after: float | str | None = None,
        fault: Fault | None = None,
    ) -> None:
        """The next `times` requests get this answer, one planned earlier first; `times=None`: all from now on."""
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        answer = Answer(status, body or ("ok" if status < 300 else f"{status}"), headers, fault)
        if times is None:
            self.plan.clear()
            self.lasting = answer
        else:
            self.plan.extend([answer] * times)

    @property
    def connections(self) -> int:
        """How many are open; those of a process that is gone are read to their end first."""
        server = self._runner.server if self._runner is not None else None
        return len(server.connections) if server is not None else 0

    @property
    def accepted(self) -> list[Received]:
        return [r for r in self.received if 200 <= r.status < 300]

    def alerts(self) -> list[dict[str, Any]]:
        """The `data` of all that was accepted, digests taken apart, in the order of coming."""
        found: list[dict[str, Any]] = []
        for received in self.accepted:
            data = received.json["data"]
            found += data if isinstance(data, list) else [data]
        return found

    def pairs(self) -> list[tuple[str, str]]:
        """(rule, article's URL) of each accepted alert, in the order of coming."""
        return [(a["rule"]["name"], a["article"]["url"]) for a in self.alerts()]

    def judge(self, body: bytes) -> Answer | None:
        """The service's own opinion of a payload; None where it has none and the plan decides."""
        return None

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        answer = self.plan.popleft() if self.plan else self.lasting
        if answer.status < 300 and answer.fault is None:
            answer = self.judge(body) or answer
        self.received.append(
            Received(request.path_qs, request.headers.copy(), body, answer.status if not answer.fault else 0, time.monotonic())
        )
        if answer.fault is not None and (response := await commit(request, answer.fault)) is not None:
            return response
        return web.Response(status=answer.status, text=answer.body, headers=answer.headers)


def verify_signature(received: Received, secret: str) -> bool:
    """Whether one of the signatures is this secret's, by the Standard Webhooks rules (`whsec_` + base64 of the key)."""
    key = base64.b64decode(secret.removeprefix("whsec_")) if secret.startswith("whsec_") else secret.encode()
    signed = b".".join([received.headers["webhook-id"].encode(), received.headers["webhook-timestamp"].encode(), received.body])
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(expected, given) for given in received.headers["webhook-signature"].split(" "))


class SlackSink(WebhookSink):
    """An incoming webhook of Slack: payloads are judged by `slack_rules`; `burst` and `per_second` make it limit rates."""

    def __init__(self, *, burst: int | None = None, per_second: float = 1.0) -> None:
        super().__init__()
        self.refusals: list[str] = []  # why payloads were refused
        self._burst, self._per_second = burst, per_second
        self._tokens, self._filled = float(burst or 0), time.monotonic()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/services/T00000000/B00000000/secretsecretsecretsecret"

    def judge(self, body: bytes) -> Answer | None:
        if self._burst is not None and not self._take():
            return Answer(429, "rate_limited", {"Retry-After": "1"})
        try:
            slack_rules.check(body)
        except slack_rules.Refused as refused:
            self.refusals.append(f"{refused.code}: {refused.why}")
            return Answer(400, refused.code)
        return None

    def _take(self) -> bool:
        now = time.monotonic()
        self._tokens = min(float(self._burst or 0), self._tokens + (now - self._filled) * self._per_second)
        self._filled = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    @property
    def messages(self) -> list[slack_rules.Shown]:
        """What people would see of each accepted message."""
        return [slack_rules.shown(r.json) for r in self.accepted]
