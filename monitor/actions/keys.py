"""Passwords and tokens of the dashboard, as the configuration keeps them: hashes alone.

A password is `scrypt:n:r:p:salt:hash` (RFC 7914; salt and hash in base64 without padding), a token `sha256:` and the lower-case hex of
SHA-256 over its UTF-8: it has 256 random bits, so that nothing slower is needed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

_N, _R, _P = 2**15, 8, 1  # 32 MB and about 0.1 s
_MEMORY = 128 * _N * _R * 2


def hash_password(password: str, salt: bytes | None = None) -> str:
    """The hash of a password in UTF-8. `salt` is 16 random bytes unless a test gives it."""
    salt = secrets.token_bytes(16) if salt is None else salt
    made = hashlib.scrypt(password.encode(), salt=salt, n=_N, r=_R, p=_P, maxmem=_MEMORY, dklen=32)
    return f"scrypt:{_N}:{_R}:{_P}:{_text(salt)}:{_text(made)}"


def check_password(password: str, stored: str) -> bool:
    """Whether a password is the one of a hash; False for a hash that is none. Takes as long as making one."""
    try:
        kind, n, r, p, salt, made = stored.split(":")
        if kind != "scrypt":
            return False
        sizes = int(n), int(r), int(p)
        again = hashlib.scrypt(
            password.encode(), salt=_bytes(salt), n=sizes[0], r=sizes[1], p=sizes[2], maxmem=256 * sizes[0] * sizes[1], dklen=32
        )
        return hmac.compare_digest(again, _bytes(made))
    except (ValueError, MemoryError, OverflowError):
        return False


def new_token() -> str:
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    return "sha256:" + hashlib.sha256(token.encode()).hexdigest()


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii").rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
