from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from monitor.errors import ConfigError, FetchError
from monitor.net import AddressGuard
from monitor.net.ranges import embedded, parse_ipv4_any, why_forbidden

from .spellings import table

PUBLIC = (
    "8.8.8.8",
    "1.1.1.1",
    "93.184.215.14",
    "100.63.255.255",
    "100.128.0.1",
    "172.15.255.255",
    "172.32.0.1",
    "192.0.1.1",
    "192.169.0.1",
    "198.17.255.255",
    "198.20.0.1",
    "223.255.255.255",
    "2606:4700::1111",
    "2001:4860:4860::8888",
    "2a00:1450:4001:82a::200e",
    "2001:200::1",
    "3fff:1000::1",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
)


def test_the_table_is_large_enough() -> None:
    assert len(table()) >= 500


@pytest.mark.parametrize("host", table())
def test_every_spelling_is_refused(host: str) -> None:
    with pytest.raises(FetchError) as caught:
        AddressGuard().check_url(f"http://{host}:8080/feed")
    assert caught.value.code in ("forbidden-address", "bad-url")
    assert caught.value.permanent
    assert caught.value.remedy


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_pass(address: str) -> None:
    AddressGuard().check_address(address, 443)
    host = f"[{address}]" if ":" in address else address
    assert AddressGuard().check_url(f"https://{host}/").port == 443


@pytest.mark.parametrize(
    "url",
    [
        "https://www.koreaherald.com/rss/newsAll",
        "http://foo_bar.example.org/",
        "http://xn--r8jz45g.xn--zckzah/",
        "http://例え.テスト/道?問=答",
        "http://EXAMPLE.org.:8080/a b",
        "http://user:secret@example.org/",
        "http://0x.example/",
        "http://1.example/",
        "http://123abc/",
    ],
)
def test_names_pass_until_they_are_resolved(url: str) -> None:
    assert AddressGuard().check_url(url) == URL(url)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ftp://example.org/", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("//example.org/", "no scheme"),
        ("/etc/passwd", "no scheme"),
        ("", "no scheme"),
        ("http:", "no host"),
        ("http:///path", "no host"),
        ("http:example.org", "no host"),
        ("http://127.0.0.1:x/", "can't be read"),
        ("http://[::1]./", "can't be read"),
        ("http://example.org:99999/", "can't be read"),
        ("http://example.org:0/", "port 0"),
        ("http://exam\udcffple.org/", "can't be read"),
        ("http://example.org/" + "a" * 2_030, "longer than 2,048"),
    ],
)
def test_what_is_no_url_to_fetch(url: str, words: str) -> None:
    with pytest.raises(FetchError) as caught:
        AddressGuard().check_url(url)
    assert caught.value.code == "bad-url"
    assert words in caught.value.text


def test_a_password_does_not_get_into_the_error() -> None:
    with pytest.raises(FetchError) as caught:
        AddressGuard().check_url("http://user:hunter2@exam\\ple.org/")
    assert "hunter2" not in str(caught.value)


def test_the_parsed_url_is_checked_too() -> None:
    with pytest.raises(FetchError):
        AddressGuard().check_url(URL("http://2130706433/"))
    with pytest.raises(FetchError, match="longer"):
        AddressGuard().check_url(URL("http://example.org/" + "a" * 3_000))


def test_what_is_no_address_at_all() -> None:
    with pytest.raises(FetchError, match="is no address"):
        AddressGuard(["0.0.0.0/0"]).check_address("example.org", 80)


def test_allow_opens_its_networks_alone() -> None:
    guard = AddressGuard(["10.1.0.0/16", "fd00:1::/32"])
    guard.check_address("10.1.2.3", 80)
    guard.check_address("::ffff:10.1.2.3", 80)
    guard.check_address("fd00:1::5", 80)
    guard.check_url("http://10.1.515/")
    for address in ("10.2.0.1", "64:ff9b::10.1.2.3", "2002:a01:203::1", "::10.1.2.3", "127.0.0.1", "fd00:2::1"):
        with pytest.raises(FetchError, match="not to be reached"):
            guard.check_address(address, 80)


def test_a_single_address_may_be_allowed_and_host_bits_do_not_matter() -> None:
    guard = AddressGuard(["10.1.2.3", "192.168.7.9/16"])
    guard.check_address("10.1.2.3", 80)
    guard.check_address("192.168.0.1", 80)
    with pytest.raises(FetchError):
        guard.check_address("10.1.2.4", 80)


def test_a_scope_is_passed_over_where_the_network_is_allowed() -> None:
    AddressGuard(["fe80::/10"]).check_address("fe80::1%eth0", 80)


def test_a_network_that_can_not_be_read_is_a_configuration_error() -> None:
    with pytest.raises(ConfigError, match=r"network\.allow: '10\.0\.0\.0/99'"):
        AddressGuard(["10.0.0.0/99"])


def test_private_is_open_to_one_guard_and_to_no_other() -> None:
    guard = AddressGuard()
    private = guard.with_private()
    for address in ("127.0.0.1", "10.0.0.1", "192.168.1.1", "172.20.0.1", "100.64.0.9", "::1", "fd00::1"):
        private.check_address(address, 80)
        with pytest.raises(FetchError):
            guard.check_address(address, 80)
    for address in ("169.254.169.254", "fe80::1", "0.0.0.0", "224.0.0.1", "fec0::1", "64:ff9b::127.0.0.1"):
        with pytest.raises(FetchError):
            private.check_address(address, 80)


@pytest.mark.parametrize(
    ("own", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.0.0.1", "::ffff:127.0.0.1"),
        ("127.0.0.1", "0.0.0.0"),
        ("0.0.0.0", "127.0.0.1"),
        ("0.0.0.0", "127.0.0.2"),
        ("::", "::1"),
        ("::", "127.0.0.1"),
        ("::1", "::"),
        ("localhost", "127.0.0.1"),
        ("localhost", "::1"),
        ("8.8.8.8", "8.8.8.8"),
    ],
)
def test_our_own_listener_is_refused_whatever_is_allowed(own: str, address: str) -> None:
    guard = AddressGuard(["0.0.0.0/0", "::/0"], [(own, 8642)])
    with pytest.raises(FetchError, match="where the program itself listens"):
        guard.check_address(address, 8642)
    with pytest.raises(FetchError):
        guard.with_private().check_address(address, 8642)
    guard.check_address(address, 8643)


def test_others_on_our_port_are_reached() -> None:
    guard = AddressGuard(["0.0.0.0/0"], [("0.0.0.0", 8642), ("unix", 8642), ("localhost", 8642)])
    guard.check_address("8.8.8.8", 8642)
    guard.check_address("10.99.98.97", 8642)


def test_the_reason_says_what_hides_where() -> None:
    with pytest.raises(FetchError) as caught:
        AddressGuard().check_url("http://[64:ff9b::7f00:1]/")
    assert "hides 127.0.0.1 (NAT64)" in caught.value.text
    assert "network.allow" in (caught.value.remedy or "")
    with pytest.raises(FetchError, match=r"127\.0\.0\.1 \(written 0x7f\.1\)"):
        AddressGuard().check_url("http://0x7f.1/")


@given(st.ip_addresses(v=4))
def test_a_hidden_address_is_judged_like_itself(address: IPv4Address) -> None:
    plain = why_forbidden(address)
    mapped = IPv6Address(b"\0" * 10 + b"\xff\xff" + address.packed)
    nat64 = IPv6Address(ip_address("64:ff9b::").packed[:12] + address.packed)
    assert (why_forbidden(mapped) is None) == (plain is None)
    assert (why_forbidden(nat64) is None) == (plain is None)
    assert embedded(nat64) == ("NAT64", address)
    for carrier in (b"\0" * 12 + address.packed, b"\x20\x02" + address.packed + b"\0" * 10):
        assert why_forbidden(IPv6Address(carrier)) is not None


@given(st.ip_addresses(v=6))
def test_outside_2000_3_nothing_is_public(address: IPv6Address) -> None:
    if why_forbidden(address) is None:
        first = address.packed[0]
        assert 0x20 <= first < 0x40 or embedded(address) is not None


@given(st.ip_addresses(v=4))
def test_liberal_spellings_are_read_as_resolvers_read_them(address: IPv4Address) -> None:
    value = int(address)
    for text in (str(address), str(value), hex(value), f"0{value:o}", f"{value >> 24}.{value & 0xFFFFFF}"):
        assert parse_ipv4_any(text) == IPv4Address(socket.inet_aton(text)) == address


@given(st.text(alphabet="0123456789abcdefxX.", max_size=20))
def test_whatever_the_system_takes_for_an_address_we_do(text: str) -> None:
    try:
        system = IPv4Address(socket.inet_aton(text))
    except OSError:
        return
    assert parse_ipv4_any(text) == system
