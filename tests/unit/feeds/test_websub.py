"""WebSub: finding the hub, asking, answering, and trusting nothing that is not signed."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime
from random import Random
from urllib.parse import parse_qs

import pytest
from multidict import CIMultiDict

from monitor.feeds.websub import LEASE, SHORTEST_LEASE, Hub, confirm, find_hub, is_signed, renew_at, subscribe_form

ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><link rel="hub" href="https://hub.h/?a=1&amp;b=2"/><link rel='self' href='/atom'/>
<entry><link rel="hub" href="https://evil.h/"/></entry></feed>"""


def test_a_hub_named_in_the_document() -> None:
    assert find_hub(ATOM, "https://h/feed", {}) == Hub("https://hub.h/?a=1&b=2", "https://h/atom")
    rss = b"<rss xmlns:atom='u'><channel><atom:link href='https://hub.h/' rel='hub'/><item/></channel></rss>"
    assert find_hub(rss, "https://h/feed", {}) == Hub("https://hub.h/", "https://h/feed")


def test_headers_win() -> None:
    headers = CIMultiDict([("Link", '<https://hub2.h/>; rel="hub", <https://h/self>; rel=self'), ("Link", "<https://h/next>; rel=next")])
    assert find_hub(ATOM, "https://h/feed", headers) == Hub("https://hub2.h/", "https://h/self")


@pytest.mark.parametrize(
    "body", [b"", b"<rss/>", b"<entry><link rel='hub' href='https://evil.h/'/></entry>", b"<link rel='hub' href='javascript:x'/>", b"\xff"]
)
def test_no_hub(body: bytes) -> None:
    assert find_hub(body, "https://h/feed", {}) is None


def test_the_form() -> None:
    form = parse_qs(subscribe_form("https://h/a?b&c", "https://me/cb", "s3cret").decode())
    assert form == {
        "hub.mode": ["subscribe"],
        "hub.topic": ["https://h/a?b&c"],
        "hub.callback": ["https://me/cb"],
        "hub.secret": ["s3cret"],
        "hub.lease_seconds": ["864000"],
    }
    with pytest.raises(ValueError, match="200 bytes"):
        subscribe_form("https://h/", "https://me/", "x" * 200)


@pytest.mark.parametrize(
    ("query", "echo", "lease", "denied"),
    [
        ({"hub.mode": "subscribe", "hub.topic": "t", "hub.challenge": "c", "hub.lease_seconds": "7200"}, "c", 7200.0, None),
        ({"hub.mode": "subscribe", "hub.topic": "t", "hub.challenge": "c", "hub.lease_seconds": "1"}, "c", SHORTEST_LEASE, None),
        ({"hub.mode": "subscribe", "hub.topic": "t", "hub.challenge": "c", "hub.lease_seconds": "x"}, "c", LEASE, None),
        ({"hub.mode": "subscribe", "hub.topic": "other", "hub.challenge": "c"}, None, None, None),
        ({"hub.mode": "unsubscribe", "hub.topic": "t", "hub.challenge": "c"}, None, None, None),
        ({"hub.mode": "subscribe", "hub.topic": "t"}, None, None, None),
        ({"hub.mode": "denied", "hub.topic": "t", "hub.reason": "closed"}, "", None, "closed"),
        ({}, None, None, None),
    ],
)
def test_only_what_was_asked_for_is_confirmed(query: dict[str, str], echo: str | None, lease: float | None, denied: str | None) -> None:
    answer = confirm(query, "t")
    assert (answer.echo, answer.lease, answer.denied) == (echo, lease, denied)


@pytest.mark.parametrize("name", ["sha1", "sha256", "sha384", "sha512"])
def test_signatures(name: str) -> None:
    good = hmac.new(b"key", b"body", getattr(hashlib, name)).hexdigest()
    assert is_signed(b"body", "key", f"{name}={good}")
    assert is_signed(b"body", "key", f"{name.upper()}={good.upper()}")
    assert not is_signed(b"body!", "key", f"{name}={good}")
    assert not is_signed(b"body", "other", f"{name}={good}")


@pytest.mark.parametrize("signature", [None, "", "sha256", "sha256=", "md5=abc", "sha256=é", "=x"])
def test_no_signature_no_trust(signature: str | None) -> None:
    assert not is_signed(b"body", "key", signature)


def test_a_lease_is_renewed_before_it_ends() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    waits = [(renew_at(now, 1000, Random(seed)) - now).total_seconds() for seed in range(20)]
    assert all(700 <= wait <= 800 for wait in waits)
    assert len(set(waits)) > 10
