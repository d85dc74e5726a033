"""webhook: one alert a request, as stored, signed by the Standard Webhooks rules.

Source: standard-webhooks specification 1.0.0 (headers, signature, 410, sizes) and the design's section 4, which fixes the body.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field, SecretStr, field_validator

from monitor.alerts.channels.base import NetOptions, Services
from monitor.alerts.http import Poster, Secrets, SecretUrl, redacted_url, to_json, url_secrets
from monitor.alerts.machine import Machine
from monitor.errors import FetchError
from monitor.model import Message, Outcome

_OWN_HEADERS = ("content-type", "content-length", "host", "user-agent", "transfer-encoding", "connection")


class Options(NetOptions):
    url: SecretUrl
    """Where alerts are posted."""
    secret: SecretStr | list[SecretStr] = Field(default_factory=list)
    """Signs each request; `whsec_…` is base64, anything else is used as it stands. Several while one is rotated."""
    headers: dict[str, SecretStr] = Field(default_factory=dict)
    """More headers of each request, such as Authorization."""

    @field_validator("secret")
    @classmethod
    def _usable(cls, value: SecretStr | list[SecretStr]) -> SecretStr | list[SecretStr]:
        for secret in value if isinstance(value, list) else [value]:
            key_of(secret.get_secret_value())
        return value

    @field_validator("headers")
    @classmethod
    def _fit_for_http(cls, value: dict[str, SecretStr]) -> dict[str, SecretStr]:
        for name, secret in value.items():
            text = secret.get_secret_value()
            if not name or not name.isascii() or not all(char.isalnum() or char in "!#$%&'*+-.^_`|~" for char in name):
                raise ValueError("a header's name has letters, digits and hyphens only")
            if name.casefold() in _OWN_HEADERS or name.casefold().startswith("webhook-"):
                raise ValueError(f"the header {name} is set by the program itself")
            if any(ord(char) < 0x20 or ord(char) == 0x7F for char in text):
                raise ValueError(f"the header {name} has a control character in its value")
        return value


def key_of(secret: str) -> bytes:
    """The bytes that sign: what follows `whsec_` decoded, another secret as UTF-8. Raises ValueError for an empty or ill-coded one."""
    if not secret.startswith("whsec_"):
        if not secret:
            raise ValueError("the secret is empty")
        return secret.encode()
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("what follows whsec_ is not base64")
    if not key:
        raise ValueError("the secret is empty")
    return key


def sign(keys: Sequence[bytes], delivery_id: str, timestamp: int, body: bytes) -> str:
    """The value of `webhook-signature`: a signature for each key, separated by spaces."""
    signed = f"{delivery_id}.{timestamp}.".encode() + body
    return " ".join(f"v1,{base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()}" for key in keys)


class Webhook(Machine):
    type = "webhook"

    def __init__(self, name: str, options: Options, services: Services) -> None:
        secrets = options.secret if isinstance(options.secret, list) else [options.secret]
        plain = [secret.get_secret_value() for secret in secrets]
        self.name = name
        self._url = options.url.get_secret_value()
        self._keys = [key_of(secret) for secret in plain]
        self._headers = {name: value.get_secret_value() for name, value in options.headers.items()}
        self._poster = Poster(
            services, Secrets(*url_secrets(self._url), *plain, *self._headers.values()), allow_private=options.allow_private
        )
        self.target = redacted_url(self._url)

    async def send(self, message: Message, previous: Mapping[str, str] | None = None) -> Outcome:
        body = to_json(message.payload)
        try:
            answer = await self._poster.post(self._url, body, self._all_headers(message.id, body))
        except FetchError as error:
            return self._poster.failed(error)
        gone = answer.status == 410
        return self._poster.judge(answer, final=gone, off=gone)

    def _all_headers(self, delivery_id: str, body: bytes) -> dict[str, Any]:
        timestamp = int(self._poster.services.clock().timestamp())
        headers = {**self._headers, "Content-Type": "application/json", "webhook-id": delivery_id, "webhook-timestamp": str(timestamp)}
        if self._keys:
            headers["webhook-signature"] = sign(self._keys, delivery_id, timestamp, body)
        return headers
