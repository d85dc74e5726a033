"""Certificates for tests, made on the spot: ECDSA over P-256 (FIPS 186-5) in X.509 (RFC 5280), with integers alone.

No key lies in the repository, and no tool has to be installed for it. Not for anything but tests: nothing here runs in
constant time.
"""

from __future__ import annotations

import base64
import hashlib
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

PRIME = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
Point = tuple[int, int] | None
BASE: Point = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
CURVE = bytes.fromhex("06082a8648ce3d030107")  # prime256v1
EC_KEY = bytes.fromhex("06072a8648ce3d0201")  # id-ecPublicKey
ECDSA_SHA256 = bytes.fromhex("300a06082a8648ce3d040302")


def add(a: Point, b: Point) -> Point:
    if a is None or b is None:
        return a or b
    if a[0] == b[0] and (a[1] + b[1]) % PRIME == 0:
        return None
    slope = (3 * a[0] * a[0] - 3) * pow(2 * a[1], -1, PRIME) if a == b else (b[1] - a[1]) * pow(b[0] - a[0], -1, PRIME)
    x = (slope * slope - a[0] - b[0]) % PRIME
    return x, (slope * (a[0] - x) - a[1]) % PRIME


def times(scalar: int, point: Point) -> tuple[int, int]:
    result: Point = None
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    assert result is not None
    return result


def der(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    if len(body) < 128:
        return bytes((tag, len(body))) + body
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + body


def integer(value: int) -> bytes:
    return der(2, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def moment(when: datetime) -> bytes:
    return der(0x18, when.strftime("%Y%m%d%H%M%SZ").encode())


def name(common: str) -> bytes:
    return der(0x30, der(0x31, der(0x30, bytes.fromhex("0603550403"), der(0x0C, common.encode()))))


def extension(oid: str, value: bytes, critical: bool = False) -> bytes:
    return der(0x30, bytes.fromhex(oid), b"\x01\x01\xff" if critical else b"", der(4, value))


def pem(kind: str, data: bytes) -> str:
    text = base64.encodebytes(data).decode()
    return f"-----BEGIN {kind}-----\n{text}-----END {kind}-----\n"


@dataclass(frozen=True)
class Party:
    """A key with its name; `seed` makes it, so that runs are alike."""

    common: str
    seed: str

    @property
    def key(self) -> int:
        return int.from_bytes(hashlib.sha256(self.seed.encode()).digest(), "big") % ORDER

    @property
    def point(self) -> bytes:
        x, y = times(self.key, BASE)
        return b"\x04" + x.to_bytes(32, "big") + y.to_bytes(32, "big")

    @property
    def key_id(self) -> bytes:
        return hashlib.sha256(self.point).digest()[:20]

    def sign(self, data: bytes) -> bytes:
        digest = hashlib.sha256(data).digest()
        nonce = int.from_bytes(hashlib.sha512(digest + self.seed.encode()).digest(), "big") % ORDER
        r = times(nonce, BASE)[0] % ORDER
        s = pow(nonce, -1, ORDER) * (int.from_bytes(digest, "big") + r * self.key) % ORDER
        return der(0x30, integer(r), integer(s))

    def key_pem(self) -> str:
        body = der(0x30, integer(1), der(4, self.key.to_bytes(32, "big")), der(0xA0, CURVE), der(0xA1, der(3, b"\0" + self.point)))
        return pem("EC PRIVATE KEY", body)


def certificate(subject: Party, issuer: Party, hosts: tuple[str, ...] = (), valid: tuple[int, int] = (-1, 30)) -> str:
    """A certificate in PEM; without `hosts` one of an authority. `valid` are days from now."""
    now = datetime.now(UTC).replace(microsecond=0)
    names = b"".join(der(0x87, ip_address(host).packed) if host[0].isdigit() or ":" in host else der(0x82, host.encode()) for host in hosts)
    extensions = [
        extension("0603551d0e", der(4, subject.key_id)),
        extension("0603551d23", der(0x30, der(0x80, issuer.key_id))),
        extension("0603551d0f", b"\x03\x02\x07\x80" if hosts else b"\x03\x02\x01\x06", critical=True),
        extension("0603551d11", der(0x30, names)) if hosts else extension("0603551d13", der(0x30, b"\x01\x01\xff"), critical=True),
    ]
    body = der(
        0x30,
        der(0xA0, integer(2)),
        integer(int.from_bytes(hashlib.sha256(f"{subject}{hosts}{valid}".encode()).digest()[:8], "big")),
        ECDSA_SHA256,
        name(issuer.common),
        der(0x30, moment(now + timedelta(days=valid[0])), moment(now + timedelta(days=valid[1]))),
        name(subject.common),
        der(0x30, der(0x30, EC_KEY, CURVE), der(3, b"\0" + subject.point)),
        der(0xA3, der(0x30, *extensions)),
    )
    return pem("CERTIFICATE", der(0x30, body, ECDSA_SHA256, der(3, b"\0" + issuer.sign(body))))


AUTHORITY = Party("Test authority", "authority")
STRANGER = Party("Nobody's authority", "stranger")
SERVER = Party("server", "server")


def server_context(folder: Path, hosts: tuple[str, ...], issuer: Party = AUTHORITY, valid: tuple[int, int] = (-1, 30)) -> ssl.SSLContext:
    """What a server of `hosts` shows, its files written to `folder`."""
    chain = folder / "server.pem"
    chain.write_text(certificate(SERVER, issuer, hosts, valid) + SERVER.key_pem())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    return context
