"""Which addresses of the internet may be reached, as one explicit list, and IPv4 addresses hidden inside IPv6 ones.

The lists follow IANA's special-purpose registries (RFC 6890 and its updates); `ipaddress.is_global` is no judge, it calls
loopback reached over NAT64 global.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_SPECIAL_V4: tuple[tuple[IPv4Network, str], ...] = tuple(
    (IPv4Network(network), what)
    for network, what in (
        ("0.0.0.0/8", "this host itself"),
        ("10.0.0.0/8", "a private network"),
        ("100.64.0.0/10", "a carrier's shared network"),
        ("127.0.0.0/8", "this machine (loopback)"),
        ("168.63.129.16/32", "a cloud's own services"),
        ("169.254.0.0/16", "the local link, where clouds keep their credentials"),
        ("172.16.0.0/12", "a private network"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("192.31.196.0/24", "protocol assignments (AS112)"),
        ("192.52.193.0/24", "protocol assignments (AMT)"),
        ("192.88.99.0/24", "6to4 relays"),
        ("192.168.0.0/16", "a private network"),
        ("192.175.48.0/24", "protocol assignments (AS112)"),
        ("198.18.0.0/15", "benchmarks"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("255.255.255.255/32", "broadcast"),
        ("240.0.0.0/4", "a reserved range"),
    )
)

_GLOBAL_V6 = IPv6Network("2000::/3")

_SPECIAL_V6: tuple[tuple[IPv6Network, str], ...] = tuple(
    (IPv6Network(network), what)
    for network, what in (
        ("2001::/23", "protocol assignments (Teredo, ORCHID, benchmarks)"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("2620:4f:8000::/48", "protocol assignments (AS112)"),
        ("3ffe::/16", "the former 6bone"),
        ("3fff::/20", "documentation"),
        ("::/128", "this host itself"),
        ("::1/128", "this machine (loopback)"),
        ("fc00::/7", "a private network"),
        ("fe80::/10", "the local link"),
        ("fec0::/10", "a private network (site-local)"),
        ("ff00::/8", "multicast"),
    )
)

_MAPPED = IPv6Network("::ffff:0:0/96")
_NAT64 = IPv6Network("64:ff9b::/96")

# Where an IPv4 address stands inside an IPv6 one: (range, name, bits to shift right, whether it is stored inverted).
_CARRIERS: tuple[tuple[IPv6Network, str, int, bool], ...] = (
    (_MAPPED, "IPv4-mapped", 0, False),
    (IPv6Network("::ffff:0:0:0/96"), "IPv4-translated", 0, False),
    (IPv6Network("::/96"), "IPv4-compatible", 0, False),
    (_NAT64, "NAT64", 0, False),
    (IPv6Network("64:ff9b:1::/48"), "local NAT64", 0, False),
    (IPv6Network("2002::/16"), "6to4", 80, False),
    (IPv6Network("2001::/32"), "Teredo", 0, True),
)

# What `allow_private` opens for one request: relays at home. Link-local stays shut, clouds hand out credentials there.
PRIVATE: tuple[Network, ...] = (
    IPv4Network("10.0.0.0/8"),
    IPv4Network("100.64.0.0/10"),
    IPv4Network("127.0.0.0/8"),
    IPv4Network("172.16.0.0/12"),
    IPv4Network("192.168.0.0/16"),
    IPv6Network("::1/128"),
    IPv6Network("fc00::/7"),
)


def embedded(address: IPv6Address) -> tuple[str, IPv4Address] | None:
    """The way and the IPv4 address that `address` carries inside; None if it carries none."""
    value = int(address)
    if value > 1:  # :: and ::1 are no IPv4-compatible addresses
        for network, way, shift, inverted in _CARRIERS:
            if address in network:
                bits = (value >> shift) & 0xFFFFFFFF
                return way, IPv4Address(bits ^ 0xFFFFFFFF if inverted else bits)
        if (value >> 32) & 0xFDFFFFFF == 0x5EFE:  # ISATAP, RFC 5214: interface 0[02]00:5efe:a.b.c.d
            return "ISATAP", IPv4Address(value & 0xFFFFFFFF)
    return None


def unmapped(address: Address) -> Address:
    """An IPv4-mapped address as the IPv4 address that the kernel really connects to; any other as it is."""
    if isinstance(address, IPv6Address):
        return address.ipv4_mapped or address
    return address


@lru_cache(maxsize=4096)
def why_forbidden(address: Address) -> str | None:
    """What makes `address` one that nobody outside may name, in words for people; None where it is public."""
    if isinstance(address, IPv4Address):
        for v4, what in _SPECIAL_V4:
            if address in v4:
                return f"it belongs to {what} ({v4})"
        return None
    if address.scope_id is not None:
        return "it names an interface of this machine"
    carried = embedded(address)
    if carried is not None:
        way, inner = carried
        reason = why_forbidden(inner)
        if reason is not None:
            return f"it hides {inner} ({way}), and {reason.removeprefix('it ')}"
        if address in _MAPPED or address in _NAT64:
            return None
        if way != "ISATAP":
            return f"it carries {inner} in a way that is no longer in use ({way})"
    for v6, what in _SPECIAL_V6:
        if address in v6:
            return f"it belongs to {what} ({v6})"
    if address not in _GLOBAL_V6:
        return "it lies outside the public range of IPv6 (2000::/3)"
    return None


def parse_address(text: str) -> Address | None:
    """`text` as an address in its usual spelling, with or without a zone; None if it is none."""
    try:
        return ip_address(text)
    except ValueError:
        return None


def parse_ipv4_any(text: str) -> IPv4Address | None:
    """`text` as an IPv4 address in any spelling that resolvers take: 127.1, 0x7f000001, 0177.0.0.1, 2130706433.

    None where the last part is no number, so that it is a name. Raises ValueError where it is a number but no address
    (WHATWG URL, "ends in a number").
    """
    parts = text.removesuffix(".").split(".")
    if not _is_number(parts[-1]):
        return None
    if len(parts) > 4:
        raise ValueError(f"{text!r} has more than four parts")
    numbers = [_number(part) for part in parts]
    if any(number > 255 for number in numbers[:-1]) or numbers[-1] >= 256 ** (5 - len(numbers)):
        raise ValueError(f"{text!r} has a part that is too large")
    value = numbers[-1]
    for index, number in enumerate(numbers[:-1]):
        value += number << (8 * (3 - index))
    return IPv4Address(value)


def _is_number(part: str) -> bool:
    if part.isascii() and part.isdigit():
        return True
    return part[:2] in ("0x", "0X") and all(char in "0123456789abcdefABCDEF" for char in part[2:])


def _number(part: str) -> int:
    if part[:2] in ("0x", "0X"):
        return int(part[2:] or "0", 16)
    if not (part.isascii() and part.isdigit()):
        raise ValueError(f"{part!r} is no number")
    return int(part, 8 if len(part) > 1 and part[0] == "0" else 10)
