"""What the channels that speak HTTP share: addresses without secrets, one POST, and the judgement of its answer."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any, Literal
from urllib.parse import quote

import yarl
from pydantic import AfterValidator, SecretStr

from monitor.alerts.channels.base import HTTP_DEADLINE, Answer, Services
from monitor.alerts.clean import clean, cut
from monitor.errors import FetchError
from monitor.model import Outcome
from monitor.net import redact, retry_after

_STEERING = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
ANSWER_LIMIT = 500  # characters of an answer that are kept


def http_url(value: str) -> str:
    """A URL that can be posted to. Raises ValueError for any other."""
    try:
        url = yarl.URL(value)
    except ValueError:
        raise ValueError("this is not a URL")
    if url.scheme not in ("http", "https") or not url.host:
        raise ValueError("a URL begins with https:// or http:// and a host")
    return value


def _secret_url(value: SecretStr) -> SecretStr:
    http_url(value.get_secret_value())
    return value


HttpUrl = Annotated[str, AfterValidator(http_url)]
SecretUrl = Annotated[SecretStr, AfterValidator(_secret_url)]


def fingerprint(*parts: str) -> str:
    """Eight characters that tell one secret address from another without giving it away."""
    return hashlib.blake2s("\0".join(parts).encode(), digest_size=4).hexdigest()


def redacted_url(url: str) -> str:
    """A URL whose path may be its password: scheme and host, and a fingerprint, so that two on one host are two lanes."""
    parsed = yarl.URL(url)
    port = f":{parsed.explicit_port}" if parsed.explicit_port else ""
    return f"{parsed.scheme}://{parsed.host}{port}/*** {fingerprint(url)}"


def url_secrets(url: str) -> tuple[str, ...]:
    """What of a URL must not be shown: all of it, its path and query, and who it signs in as."""
    parsed = yarl.URL(url)
    parts = [url, str(parsed), parsed.password or "", parsed.raw_query_string]
    if len(parsed.raw_path_qs) > 8:  # a short path such as /hook is no password, and hiding it would maim texts
        parts += [parsed.raw_path_qs, parsed.raw_path_qs.lstrip("/"), *(part for part in parsed.raw_parts if len(part) > 8)]
    return tuple(part for part in parts if part)


class Secrets:
    """The secrets of one channel, in the spellings in which an answer or an error might show them."""

    def __init__(self, *values: str) -> None:
        spellings: set[str] = set()
        for value in values:
            if len(value) >= 4:
                spellings |= {value, quote(value, safe=""), quote(value), value.replace("/", "\\/")}
        ordered = sorted(spellings, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, ordered))) if ordered else None

    def hide(self, text: str) -> str:
        return redact(self._pattern.sub("***", text) if self._pattern else text)


def answer_text(answer: Answer, secrets: Secrets) -> str:
    """What was answered, for people: status, phrase and the head of the body, without secrets."""
    try:
        phrase = HTTPStatus(answer.status).phrase
    except ValueError:
        phrase = ""
    head = f"{answer.status} {phrase}".strip()
    body = cut(clean(secrets.hide(answer.body[:4000].decode("utf-8", "replace"))), ANSWER_LIMIT)
    return f"{head}: {body}" if body and body.casefold() != phrase.casefold() else head


def failure(error: FetchError, secrets: Secrets) -> Outcome:
    """A request that brought no answer: tried again, whatever it was (a forbidden address may be allowed tomorrow)."""
    text = cut(clean(secrets.hide(str(error))), ANSWER_LIMIT)
    return Outcome(delivered=False, text=text, status=error.status, retry_after=error.retry_after)


def to_json(value: Any) -> bytes:
    """Compact JSON in UTF-8; a lone surrogate, which UTF-8 can't say, becomes "?" and shifts no offset."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def json_line(value: Any) -> str:
    """JSON on one line that a terminal may show: what could steer it stands as \\uXXXX, the value is the same."""
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", to_json(value).decode()) + "\n"


class Poster:
    """One channel's way to its service."""

    def __init__(self, services: Services, secrets: Secrets, *, allow_private: bool, deadline: float = HTTP_DEADLINE) -> None:
        self.services = services
        self.secrets = secrets
        self.allow_private = allow_private
        self.deadline = deadline

    async def post(self, url: str, body: bytes, headers: Mapping[str, str], *, method: Literal["POST", "PUT"] = "POST") -> Answer:
        """Sends once. Raises FetchError where no answer came, a redirect included."""
        return await self.services.client.post(
            url,
            body=body,
            headers={"User-Agent": self.services.user_agent, **headers},
            deadline=self.deadline,
            allow_private=self.allow_private,
            method=method,
        )

    async def post_json(
        self, url: str, value: Any, headers: Mapping[str, str] | None = None, *, method: Literal["POST", "PUT"] = "POST"
    ) -> Answer:
        return await self.post(url, to_json(value), {"Content-Type": "application/json", **(headers or {})}, method=method)

    def failed(self, error: FetchError) -> Outcome:
        return failure(error, self.secrets)

    def judge(self, answer: Answer, *, final: bool = False, off: bool = False) -> Outcome:
        """2xx is delivered; anything else has failed, for good if the caller says so."""
        return Outcome(
            delivered=200 <= answer.status < 300,
            text=answer_text(answer, self.secrets),
            status=answer.status,
            final=final,
            off=off,
            retry_after=retry_after(answer.headers, self.services.clock()),
        )
