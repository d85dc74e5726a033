from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from monitor.errors import ConfigError, FetchError
from monitor.net import Client

from .certificates import AUTHORITY, SERVER, STRANGER, Party, certificate, server_context
from .conftest import Site

HOST = "news.example.org"


@pytest.fixture
async def tls_client(open_client: Callable[..., Awaitable[Client]], tmp_path: Path) -> Client:
    ca_file = tmp_path / "authority.pem"
    ca_file.write_text(certificate(AUTHORITY, AUTHORITY))
    return await open_client(ca_file=str(ca_file), lookup=lambda host, port: ["127.0.0.1"])


async def test_an_authority_of_ones_own(tls_client: Client, open_site: Callable[..., Awaitable[Site]], tmp_path: Path) -> None:
    site = await open_site(ssl=server_context(tmp_path, (HOST, "127.0.0.1")))
    site.says("/", "safe")
    for url in (f"https://{HOST}:{site.port}/", f"https://{HOST}.:{site.port}/", site.url("/", "https")):
        assert (await tls_client.get(url)).body == b"safe"
        assert (await tls_client.get(url)).body == b"safe"
    assert (await tls_client.post(f"https://{HOST}:{site.port}/", body=b"{}")).status == 200
    assert len(site.connections) == 4


@pytest.mark.parametrize(
    ("hosts", "issuer", "valid", "words", "remedy"),
    [
        ((HOST,), STRANGER, (-1, 30), "of an authority that is not known here: unable to get local issuer certificate", "network.ca_file"),
        ((HOST,), SERVER, (-1, 30), "that it has signed itself: self-signed certificate", "network.ca_file"),
        (("other.example.org",), AUTHORITY, (-1, 30), "of another name: Hostname mismatch", "Check the URL's host"),
        (("127.0.0.9",), AUTHORITY, (-1, 30), "of another name", "Check the URL's host"),
        ((HOST,), AUTHORITY, (-30, -1), "that has run out: certificate has expired", "must renew it"),
        ((HOST,), AUTHORITY, (1, 30), "that is not valid yet: certificate is not yet valid", "this machine's clock"),
    ],
)
async def test_certificates_that_are_not_valid(
    tls_client: Client,
    open_site: Callable[..., Awaitable[Site]],
    tmp_path: Path,
    hosts: tuple[str, ...],
    issuer: Party,
    valid: tuple[int, int],
    words: str,
    remedy: str,
) -> None:
    site = await open_site(ssl=server_context(tmp_path, hosts, issuer, valid))
    for attempt in (tls_client.get(f"https://{HOST}:{site.port}/"), tls_client.post(f"https://{HOST}:{site.port}/", body=b"")):
        with pytest.raises(FetchError) as caught:
            await attempt
        assert caught.value.code == "certificate"
        assert words in caught.value.text
        assert HOST in caught.value.text
        assert remedy in (caught.value.remedy or "")
    assert site.requests == []


async def test_a_connection_tells_until_when_the_host_s_certificate_is_good(
    tls_client: Client, open_site: Callable[..., Awaitable[Site]], site: Site, tmp_path: Path
) -> None:
    safe = await open_site(ssl=server_context(tmp_path, (HOST,), valid=(-10, 20)))
    safe.says("/", "safe")
    site.says("/", "plain")
    assert tls_client.certificate(HOST) is None
    await tls_client.get(f"https://{HOST}:{safe.port}/")
    await tls_client.get(site.url("/"))
    shown = tls_client.certificate(HOST)
    assert shown is not None
    assert shown.until - shown.since == 30 * 86_400
    assert 19 * 86_400 < shown.until - time.time() <= 20 * 86_400
    assert tls_client.certificate("127.0.0.1") is None


async def test_without_the_authoritys_file_it_is_not_trusted(
    client: Client, open_site: Callable[..., Awaitable[Site]], tmp_path: Path
) -> None:
    site = await open_site(ssl=server_context(tmp_path, ("127.0.0.1",)))
    with pytest.raises(FetchError) as caught:
        await client.get(site.url("/", "https"))
    assert caught.value.code == "certificate"


async def test_https_where_http_is_spoken_and_the_other_way_round(
    tls_client: Client, site: Site, open_site: Callable[..., Awaitable[Site]], tmp_path: Path
) -> None:
    with pytest.raises(FetchError) as caught:
        await tls_client.get(site.url("/", "https"))
    assert caught.value.code == "certificate"
    assert "no TLS with 127.0.0.1" in caught.value.text
    safe = await open_site(ssl=server_context(tmp_path, (HOST,)))
    with pytest.raises(FetchError) as caught:
        await tls_client.get(safe.url("/"))
    assert caught.value.code in ("connect", "protocol")


async def test_a_server_that_ends_without_goodbye_has_sent_all(tls_client: Client, tmp_path: Path) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\nall there is")
        await writer.drain()
        writer.transport.abort()

    server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=server_context(tmp_path, ("127.0.0.1",)))
    async with server:
        answer = await tls_client.get(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
    assert answer.body == b"all there is"


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_file_of_authorities_that_can_not_be_used(tmp_path: Path, content: str | None) -> None:
    from monitor.net.transport import tls_context

    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content)
    with pytest.raises(ConfigError, match=r"network\.ca_file"):
        tls_context(str(file))
