from __future__ import annotations

import asyncio
import socket
import threading

import pytest

from monitor.errors import FetchError
from monitor.net import AddressGuard
from monitor.net.names import GuardedResolver, Names, Refused, check_all, system_lookup, was_refused


async def test_a_look_up_that_hangs_holds_nobody_else_up() -> None:
    release = threading.Event()

    def lookup(host: str, port: int) -> list[str]:
        if host == "hangs":
            release.wait(60)
        return ["8.8.8.8"]

    names = Names(lookup, threads=3)
    hanging = [asyncio.create_task(names.find("hangs", 80)) for _ in range(2)]
    for task in hanging:
        await asyncio.sleep(0)
        task.cancel()
    # The threads of the cancelled two are busy all the same: the third must find one of its own.
    assert await asyncio.wait_for(names.find("quick", 80), 30) == ["8.8.8.8"]
    release.set()
    await asyncio.gather(*hanging, return_exceptions=True)
    names.close()


async def test_no_more_threads_than_allowed() -> None:
    before = threading.active_count()
    names = Names(lambda host, port: [host], threads=2)
    found = await asyncio.gather(*(names.find(f"10.0.0.{number}", 80) for number in range(20)))
    assert [addresses[0] for addresses in found] == [f"10.0.0.{number}" for number in range(20)]
    assert threading.active_count() <= before + 2
    names.close()


async def test_addresses_are_given_once_and_sixteen_at_most() -> None:
    names = Names(lambda host, port: ["8.8.8.8", "8.8.8.8", *(f"8.8.4.{number}" for number in range(100))])
    found = await names.find("many", 80)
    assert len(found) == 16
    assert found[:2] == ["8.8.8.8", "8.8.4.0"]
    names.close()


async def test_no_address_and_no_possible_name() -> None:
    def lookup(host: str, port: int) -> list[str]:
        if host == "long":
            raise UnicodeError("label too long")
        return []

    names = Names(lookup)
    for host in ("none", "long"):
        with pytest.raises(socket.gaierror):
            await names.find(host, 80)
    names.close()


async def test_the_resolver_passes_on_what_the_guard_lets_pass() -> None:
    names = Names(lambda host, port: ["10.0.0.1", "8.8.8.8", "2606:4700::1"])
    resolver = GuardedResolver(names, AddressGuard())
    found = await resolver.resolve("mixed", 443)
    assert [(entry["host"], entry["family"], entry["port"]) for entry in found] == [
        ("8.8.8.8", socket.AF_INET, 443),
        ("2606:4700::1", socket.AF_INET6, 443),
    ]
    await resolver.close()
    names.close()


def test_a_refusal_is_known_even_when_merged() -> None:
    refusal = Refused(FetchError("forbidden-address", "10.0.0.1 is private"))
    assert was_refused(refusal)
    assert was_refused(OSError(refusal.errno, "Multiple exceptions: a, b"))
    assert not was_refused(OSError(111, "refused"))
    assert not was_refused(None)


def test_the_first_refusal_names_the_host() -> None:
    passed, refusal = check_all(AddressGuard(), "x.example.org", 80, ["10.0.0.1", "127.0.0.1"])
    assert passed == []
    assert refusal is not None
    assert refusal.text.startswith("x.example.org leads to 10.0.0.1 ")


def test_the_systems_resolver() -> None:
    assert "127.0.0.1" in system_lookup("127.0.0.1", 80)
    with pytest.raises(OSError):
        system_lookup("nothing.invalid", 80)


async def test_a_loop_that_was_closed_meanwhile_ends_the_thread() -> None:
    release, done = threading.Event(), threading.Event()

    def lookup(host: str, port: int) -> list[str]:
        release.wait(60)
        done.set()
        return ["8.8.8.8"]

    names = Names(lookup)

    def run() -> None:
        async def ask() -> None:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.01):
                    await names.find("x", 80)

        asyncio.run(ask())

    await asyncio.to_thread(run)
    release.set()
    assert await asyncio.to_thread(done.wait, 60)
    names.close()
