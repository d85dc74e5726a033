"""Which keys hold secrets, and which never do: what is filled in or written there must not be shown."""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel, SecretStr

from monitor.config.expand import MIN_SECRET, Expander

# A reference in any other key is taken for a secret: one key too many blackens a log, one too few tells a password.
_PLAIN_WORDS = """
    after again aliases all allow any articles auth author backlog base_url body ca_file channel days digest digest_empty edit examples
    feed from include interval item lang link listen match max_age members min_severity name none not notify on_unknown opml operations
    per_host query quiet_hours requests_per_minute robots role severity site size subject tag tags text throttle time timezone title to
    type user_agent user_header username workers
"""
_LITERAL_WORDS = "webhook_url token secret secrets password basic bearer cookie api_key key passphrase routing_key"
_PLAIN = frozenset(_PLAIN_WORDS.split())
_LITERAL = frozenset(_LITERAL_WORDS.split())
_SECRET_HEADER = re.compile(r"auth|token|key|secret|cookie|password|signature", re.IGNORECASE)
_USER_INFO = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#\s@:]*:([^/?#\s]*)@")
_URL_TOKEN = re.compile(r"[?&][^=&\s]*(?:token|key|secret|password|sig)[^=&\s]*=([^&#\s]+)", re.IGNORECASE)


def is_plain(key: str) -> bool:
    """Whether what is filled in at `key` may be shown."""
    return key in _PLAIN


def note_literal(key: str, value: str, expander: Expander) -> None:
    """Remembers secrets that are written into the file itself."""
    found: list[str] = []
    header = key.removeprefix("headers.") if key.startswith("headers.") else None
    if key in _LITERAL or (header is not None and _SECRET_HEADER.search(header)):
        found.append(value)
    if "://" in value or "?" in value:
        found += _USER_INFO.findall(value) + _URL_TOKEN.findall(value)
    expander.secrets.update(text for text in found if len(text) >= MIN_SECRET)


def note_declared(model: type[BaseModel], content: dict[str, Any], expander: Expander) -> None:
    """Remembers what stands under keys that a channel type's own model declares secret, right or wrong as the rest may be."""
    for name, field in model.model_fields.items():
        if _is_secret(field.annotation):
            expander.secrets.update(text for text in _texts(content.get(field.alias or name)) if len(text) >= MIN_SECRET)


def _is_secret(annotation: Any) -> bool:
    return annotation is SecretStr or any(_is_secret(part) for part in getattr(annotation, "__args__", ()))


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for item in items for text in _texts(item)]
