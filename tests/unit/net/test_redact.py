from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

import monitor.net
from monitor.net import redact, redact_url


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nothing to hide: https://example.org/a?b=c&page=2", "nothing to hide: https://example.org/a?b=c&page=2"),
        ("smtp://user:hunter2@mail.example.org:587", "smtp://***@mail.example.org:587"),
        ("http://user@example.org/", "http://***@example.org/"),
        ("see http://a:p%40ss@x.org/ and ftp://b:c@y.org", "see http://***@x.org/ and ftp://***@y.org"),
        ("https://x.org/feed?token=abc123&n=5", "https://x.org/feed?token=***&n=5"),
        ("https://x.org/feed?n=5&API_KEY=abc123", "https://x.org/feed?n=5&API_KEY=***"),
        ("https://x.org/?access_token=abc", "https://x.org/?access_token=***"),
        ("https://x.org/?X-Amz-Signature=abc&sig=9", "https://x.org/?X-Amz-Signature=***&sig=***"),
        ("https://x.org/?key=abc", "https://x.org/?key=***"),
        ("https://x.org/?monkey=1&passage=2", "https://x.org/?monkey=1&passage=2"),
        ("https://hooks.slack.com/services/T0/B0/xyz failed", "https://hooks.slack.com/*** failed"),
        ("https://discord.com/api/webhooks/1/abc", "https://discord.com/api/webhooks/***"),
        ("https://api.telegram.org/bot12:abc/sendMessage", "https://api.telegram.org/***"),
        ("https://acme.webhook.office.com/webhookb2/1@2/3", "https://acme.webhook.office.com/***"),
        ("Authorization: Bearer abc.def", "Authorization: ***"),
        ("{'Authorization': 'Basic dXNlcjpw', 'x': 1}", "{'Authorization': '***', 'x': 1}"),
        ("Cookie: session=1; id=2", "Cookie: ***"),
        ("sent Bearer abcdefgh to x", "sent Bearer *** to x"),
        ("a basic rule of thumb", "a basic rule of thumb"),
    ],
)
def test_redact(text: str, expected: str) -> None:
    assert redact(text) == expected


def test_given_secrets_go_wherever_they_stand() -> None:
    assert redact("pass hunter2 and hunter22, not ab", ["hunter2", "hunter22", "ab", ""]) == "pass *** and ***, not ab"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://hooks.slack.com/services/T0/B0/xyz", "https://hooks.slack.com/***"),
        ("https://user:pw@Relay.example.org:8443/x?y#z", "https://relay.example.org:8443/***"),
        ("smtp://u:p@mail.example.org", "smtp://mail.example.org/***"),
        ("not a url", "***"),
        ("", "***"),
    ],
)
def test_redact_url(url: str, expected: str) -> None:
    assert redact_url(url) == expected


@given(st.text(alphabet="abc:/@?=&; token", max_size=200), st.text(alphabet="XYZ", min_size=4, max_size=8))
def test_a_secret_never_survives(text: str, secret: str) -> None:
    assert secret not in redact(f"{text}{secret}{text}", [secret])
    assert secret not in redact(f"{text} http://u:{secret}@host/")
    assert secret not in redact_url(f"https://host/{secret}")


def test_redaction_is_quick_on_hostile_text() -> None:
    for text in ("?" * 20_000, "a://" * 10_000, "?token" * 10_000, "https://" + "a." * 10_000, "&" + "a" * 20_000):
        assert isinstance(redact(text), str)


def test_redaction_does_not_load_the_http_client() -> None:
    code = (
        "import sys; from monitor.net import redact; assert callable(redact); sys.exit('aiohttp' in sys.modules or 'yarl' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_all_that_is_promised_is_there() -> None:
    for name in monitor.net.__all__:
        assert getattr(monitor.net, name) is not None
    with pytest.raises(AttributeError):
        monitor.net.nonsense  # noqa: B018
