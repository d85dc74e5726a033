"""What stands between us and a document: challenges, consent pages, sign-in, payment. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

_LOOK = 20_000  # bytes of the body that are looked at
_MARKUP = re.compile(rb"^\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body|!--)", re.IGNORECASE)
_CLOUDFLARE = (
    b"<title>just a moment...</title>",
    b"/cdn-cgi/challenge-platform/",
    b"cf-browser-verification",
    b"attention required! | cloudflare",
)
_DATADOME = (b"captcha-delivery.com", b"geo.captcha-delivery", b"datadome")
_CONSENT_HOST = re.compile(r"(?:^|\.)(?:consent|cmp|privacy-mgmt)\.|^cookieconsent\.")
_CONSENT_PATH = re.compile(r"/(?:consent|collectconsent|cookie-?consent|gdpr|privacy-?wall|cookiewall)(?:[/.?]|$)", re.IGNORECASE)
_CONSENT_WORDS = (
    b"consent.cmp",
    b'id="consent',
    b'class="consent',
    b"didomi-",
    b"onetrust-consent",
    b"sp_message_container",
    b"cookiewall",
)
_LOGIN_PATH = re.compile(r"/(?:log-?in|sign-?in|sso|oauth2?|saml|auth|accounts?/login)(?:[/.?]|$)", re.IGNORECASE)
_LOGIN_FORM = re.compile(rb"<input[^>]{0,200}type\s*=\s*[\"']?password", re.IGNORECASE)
_PAY_WORDS = (b"subscribe to continue", b"subscribers only", b"for subscribers", b"subscribe to read", b"paywall")


def wall(status: int, headers: Mapping[str, str], body: bytes, url: str) -> str | None:
    """Names the wall that an answer shows; None where it shows none. `headers` are those of an answer, any case.

    A feed that merely writes of walls is none: a body counts only where it is an HTML page.
    """
    if headers.get("cf-mitigated", "").lower() == "challenge":
        return "a Cloudflare challenge stands before it"
    if status in (401, 407):
        return "it asks for sign-in"
    if status == 402:
        return "it asks for payment"
    refused = status in (403, 429, 503)
    if refused and ("x-datadome" in headers or "x-dd-b" in headers):
        return "a DataDome challenge stands before it"
    if _MARKUP.match(body[:_LOOK]) is None:
        return None
    return _page(status, body[:_LOOK].lower(), url)


def _page(status: int, text: bytes, url: str) -> str | None:
    if any(mark in text for mark in _CLOUDFLARE[:1]) or (status >= 400 and any(mark in text for mark in _CLOUDFLARE)):
        return "a Cloudflare challenge stands before it"
    if any(mark in text for mark in _DATADOME[:2]) or (status >= 400 and _DATADOME[2] in text):
        return "a DataDome challenge stands before it"
    parts = urlsplit(url)
    if _CONSENT_HOST.search(parts.hostname or "") or _CONSENT_PATH.search(parts.path) or any(mark in text for mark in _CONSENT_WORDS):
        return "a consent page stands before it"
    if _LOGIN_PATH.search(parts.path) or _LOGIN_FORM.search(text):
        return "a sign-in page stands before it"
    if any(mark in text for mark in _PAY_WORDS):
        return "a paywall stands before it"
    return None
