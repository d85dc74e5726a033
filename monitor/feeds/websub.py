"""WebSub (W3C Recommendation, 2018): a hub tells of new entries at once; polling goes on as the net below. Pure, but for bytes.

The subscriber asks the hub by POST with `subscribe_form`; the hub asks back on the callback (`confirm`); its deliveries are
signed with the secret that was given (`is_signed`). A lease is renewed before it ends (`renew_at`).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from random import Random
from urllib.parse import urlencode

from . import links
from .charset import decode

LEASE = 10 * 86_400.0  # seconds that are asked for
SHORTEST_LEASE = 3_600.0
MOST_SECRET = 200  # bytes, by the recommendation less than that
_HASHES = {"sha1": hashlib.sha1, "sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}
_HEADER_LINK = re.compile(r"<([^<>]*)>\s*((?:;\s*[\w*-]+\s*=\s*(?:\"[^\"]*\"|[^\s,;]*)\s*)*)")
_REL = re.compile(r"rel\s*=\s*(?:\"([^\"]*)\"|([^\s,;]*))", re.I)
_ELEMENT = re.compile(r"<(?:[\w.-]+:)?link\s([^<>]{1,2000}?)/?>", re.I)
_ATTRIBUTE = re.compile(r"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_FIRST_ENTRY = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)[\s>]", re.I)


@dataclass(frozen=True, slots=True)
class Hub:
    """Where a feed's publisher sends what is new, and the address under which it knows the feed."""

    hub: str
    topic: str


def find_hub(body: bytes, url: str, headers: Mapping[str, str], content_type: str | None = None) -> Hub | None:
    """The hub that an answer names: in Link headers, which win, or in the head of its document; None where there is none.

    `headers` may be a multidict. A feed without `rel=self` is known by its URL.
    """
    getall = getattr(headers, "getall", None)
    written = ", ".join(getall("Link", []) if getall else [headers.get("Link", "")])
    found: dict[str, str] = {}
    for target, parameters in _HEADER_LINK.findall(written):
        rel = _REL.search(parameters)
        for name in ((rel[1] or rel[2]) if rel else "").lower().split():
            found.setdefault(name, target)
    if "hub" not in found:
        found = _in_document(body, content_type)
    hub = links.absolute(found.get("hub"), url)
    if hub is None:
        return None
    return Hub(hub, links.absolute(found.get("self"), url) or url)


def _in_document(body: bytes, content_type: str | None) -> dict[str, str]:
    head = decode(body[:100_000], content_type)[0]
    first = _FIRST_ENTRY.search(head)
    found: dict[str, str] = {}
    for attributes in _ELEMENT.findall(head[: first.start()] if first else head):
        values = {name.lower(): unescape(a or b) for name, a, b in _ATTRIBUTE.findall(attributes)}
        for name in values.get("rel", "").lower().split():
            found.setdefault(name, values.get("href", ""))
    return found


def subscribe_form(topic: str, callback: str, secret: str, *, lease: float = LEASE, mode: str = "subscribe") -> bytes:
    """The body of the POST to the hub (section 5.1), form-encoded. Raises ValueError for a secret that is too long."""
    if len(secret.encode("utf-8")) >= MOST_SECRET:
        raise ValueError(f"a hub's secret has less than {MOST_SECRET} bytes")
    fields = {"hub.mode": mode, "hub.topic": topic, "hub.callback": callback, "hub.secret": secret, "hub.lease_seconds": str(int(lease))}
    return urlencode(fields).encode("ascii")


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What the hub asked on the callback. `echo` is to be sent back with 200; None means 404: we did not ask for this."""

    echo: str | None
    lease: float | None = None  # seconds
    denied: str | None = None  # the hub's reason, where it refuses


def confirm(query: Mapping[str, str], topic: str, *, mode: str = "subscribe") -> Confirmed:
    """Answers the hub's verification of intent (section 5.3): only for the very topic, and what was asked for it."""
    if query.get("hub.topic") != topic:
        return Confirmed(None)
    asked = query.get("hub.mode")
    if asked == "denied":
        return Confirmed("", denied=query.get("hub.reason") or "no reason given")
    challenge = query.get("hub.challenge")
    if asked != mode or not challenge or len(challenge) > 10_000:
        return Confirmed(None)
    seconds = query.get("hub.lease_seconds", "")
    lease = float(seconds) if seconds.isascii() and seconds.isdigit() and len(seconds) < 12 else LEASE
    return Confirmed(challenge, max(lease, SHORTEST_LEASE))


def is_signed(body: bytes, secret: str, signature: str | None) -> bool:
    """Whether X-Hub-Signature (section 7.1) proves that the body comes from who knows the secret. In constant time."""
    method, _, digest = (signature or "").strip().partition("=")
    algorithm = _HASHES.get(method.strip().lower())
    if algorithm is None or not digest.isascii():
        return False
    expected = hmac.new(secret.encode("utf-8"), body, algorithm).hexdigest()
    return hmac.compare_digest(expected, digest.strip().lower())


def renew_at(now: datetime, lease: float, random: Random) -> datetime:
    """When to ask again: after four fifths of the lease, less up to a tenth, so that many leases don't fall due at once."""
    return now + timedelta(seconds=lease * (0.8 - random.uniform(0.0, 0.1)))
