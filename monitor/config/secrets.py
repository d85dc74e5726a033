"""Which keys hold secrets, and which never do: what is filled in or written there must not be shown."""

from __future__ import annotations

import re

from monitor.config.expand import MIN_SECRET, Expander
from monitor.config.nodes import Scalar

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
_URL_TOKEN = re.compile(r"[?&][^=&]*(?:token|key|secret|password|sig)[^=&]*=([^&#]+)", re.IGNORECASE)


def is_plain(key: str) -> bool:
    """Whether what is filled in at `key` may be shown."""
    return key in _PLAIN


def note_literal(node: Scalar, key: str, value: str, expander: Expander) -> None:
    """Remembers secrets that are written into the file itself, and keeps them out of excerpts."""
    found: list[str] = []
    header = key.removeprefix("headers.") if key.startswith("headers.") else None
    if key in _LITERAL or (header is not None and _SECRET_HEADER.search(header)):
        found.append(value)
        if "${" not in node.text:
            node.source.hidden.append((node.start, node.end))
    for pattern in (_USER_INFO, _URL_TOKEN):
        for match in pattern.finditer(value):
            found.append(match[1])
            if "${" not in node.text and (at := node.source.text.find(match[1], node.start, node.end)) >= 0:
                node.source.hidden.append((at, at + len(match[1])))
    expander.secrets.update(text for text in found if len(text) >= MIN_SECRET)
