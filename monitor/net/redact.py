"""Secrets taken out of what people or logs see: a webhook's URL is its password, and libraries write URLs into errors."""

from __future__ import annotations

import re
from collections.abc import Iterable

MASK = "***"

_USERINFO = re.compile(r"(?P<scheme>\b[a-z][a-z0-9+.-]{1,20}://)[^\s/?#\"'<>]*@", re.IGNORECASE)
_PARAMETER = re.compile(
    r"(?P<key>[?&;](?:[\w.-]{0,40}?(?:token|secret|passw(?:or)?d|pwd|signature|api[_-]?key|apikey|access[_-]?key|credential|session(?:id)?|auth)"
    r"[\w.-]{0,40}|key|sig|code|hash|pass|jwt|sid|s|k)=)[^&\s#\"'<>;]+",
    re.IGNORECASE,
)
_HEADER = re.compile(r"\b(?P<scheme>bearer|basic)\s+[A-Za-z0-9+/=._~-]{6,}", re.IGNORECASE)
_AUTHORIZATION = re.compile(
    r"(?P<name>\b(?:proxy-)?authorization|\b(?:set-)?cookie|\bx-api-key)(?P<sep>['\"]?\s*[:=]\s*['\"]?)[^\r\n'\"]+", re.IGNORECASE
)
# Services whose URL paths are the password. The host stays readable, the path goes.
_HOOK = re.compile(
    r"(?P<head>https?://(?:hooks\.slack(?:-gov)?\.com|(?:[a-z]+\.)?discord(?:app)?\.com/api/webhooks|api\.telegram\.org|"
    r"[a-z0-9.-]+\.webhook\.office\.com|[a-z0-9.-]+\.logic\.azure\.com(?::443)?|chat\.googleapis\.com|hooks\.zapier\.com|"
    r"maker\.ifttt\.com|open\.(?:feishu\.cn|larksuite\.com)|oapi\.dingtalk\.com|qyapi\.weixin\.qq\.com|hc-ping\.com))/[^\s\"'<>]*",
    re.IGNORECASE,
)
_URL = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?:[^\s/?#@]*@)?(?P<host>[^\s/?#@]+)", re.IGNORECASE)
_SHORTEST_SECRET = 4  # a shorter one would blot out ordinary text, and is no secret


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """`text` with `secrets`, user:password@, tokens in query strings and known webhook paths as ***."""
    for secret in sorted({secret for secret in secrets if len(secret) >= _SHORTEST_SECRET}, key=len, reverse=True):
        text = text.replace(secret, MASK)
    if "://" in text:
        text = _USERINFO.sub(rf"\g<scheme>{MASK}@", text)
        text = _HOOK.sub(rf"\g<head>/{MASK}", text)
    if "=" in text:
        text = _PARAMETER.sub(rf"\g<key>{MASK}", text)
    text = _AUTHORIZATION.sub(rf"\g<name>\g<sep>{MASK}", text)
    return _HEADER.sub(rf"\g<scheme> {MASK}", text)


def redact_url(url: str) -> str:
    """Scheme and host of `url` alone, for URLs that are passwords as a whole: "https://hooks.slack.com/***"."""
    match = _URL.match(url.strip())
    return f"{match['scheme'].lower()}://{match['host'].lower()}/{MASK}" if match else MASK
